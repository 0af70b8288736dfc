package pocdr.checks.standby.warm_test

import data.pocdr.checks.standby.warm
import data.pocdr.fixture

plant(name) := {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": name}]}

two := {"standby": {"maxLag": "30s"}, "plants": {"a": plant("a"), "b": plant("b")}, "switch": {
	"mechanism": "Valve", "field": "data.selected", "values": {"a": "a", "b": "b"},
	"ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "payments", "name": "switch"},
}}

selecting(value) := fixture.facts("setting", [{"kind": "ConfigMap", "namespace": "payments", "name": "switch", "field": "data.selected", "value": value}])

workload(name, fields) := fixture.facts("workload", [object.union({"kind": "Deployment", "namespace": "payments", "name": name}, fields)])

replicas(name, n) := workload(name, {"replicas": n})

autoscaler(of, low, high) := fixture.facts("autoscaler", [{"kind": "Deployment", "namespace": "payments", "name": of, "min": low, "max": high}])

serving_a(list) := fixture.snapshot(two, array.concat([selecting("a")], list))

said(snapshot) := fails if {
	fails := warm.fails with input as snapshot
	fixture.strays(warm) == set() with input as snapshot
}

lag := {["system", "spec", "standby"]: {"how far the standby is behind is seen in evidence only"}}

# The most that a repository can say.
seen(list) if {
	fixture.outcome(warm) == "unknown" with input as serving_a(list)
	warm.unknowns == lag with input as serving_a(list)
	warm.passes == {["workload/b"]} with input as serving_a(list)
}

test_unknown if {
	seen([replicas("a", 3), replicas("b", 3)])
	seen([replicas("a", 3), replicas("b", 4)])
	seen([replicas("a", 1), replicas("b", 1), autoscaler("a", 2, 9), autoscaler("b", 2, 9)])
	seen([replicas("a", null), replicas("b", null)])
}

test_fail_scale if {
	said(serving_a([replicas("a", 3), replicas("b", 1)])) == {["workload/b"]: {"is declared with 1 pod, and Deployment payments/a with 3 pods"}}
	said(serving_a([replicas("a", 3), replicas("b", 3), autoscaler("a", 2, 9)])) == {["workload/b"]: {"is declared with 3 pods, and Deployment payments/a with 2 to 9 pods"}}
	said(serving_a([replicas("a", 0), replicas("b", 0)])) == {["workload/b"]: {"may have no pod at all: it is declared with 0 pods"}}
	said(serving_a([replicas("a", 3), replicas("b", 3), autoscaler("b", 0, 3)])) == {["workload/b"]: {
		"is declared with 0 to 3 pods, and Deployment payments/a with 3 pods",
		"may have no pod at all",
	}}
	said(fixture.snapshot(two, [selecting("b"), replicas("a", 1), replicas("b", 3)])) == {["workload/a"]: {"is declared with 1 pod, and Deployment payments/b with 3 pods"}}
}

test_unknown_scale if {
	every list in [[replicas("a", 3), replicas("b", null)], [replicas("a", null), replicas("b", 1)], [replicas("a", 2), replicas("b", 2), autoscaler("b", 2, null)]] {
		s := serving_a(list)
		fixture.outcome(warm) == "unknown" with input as s
		warm.unknowns == object.union(lag, {["workload/b"]: {"how its number of pods compares with that of Deployment payments/a cannot be told"}}) with input as s
		said(s) == {}
	}
}

test_missing if {
	s := serving_a([replicas("a", 3)])
	warm.missing == {["system", "spec", "plants", "b", "workloads", 0]: {"Deployment payments/b is not declared"}} with input as s
	said(s) == {}
}

test_fail_uneven if {
	spec := object.union(two, {"plants": {"b": {"workloads": array.concat(plant("b").workloads, plant("c").workloads)}}})
	s := fixture.snapshot(spec, [selecting("a"), replicas("a", 1), replicas("b", 1), replicas("c", 1)])
	said(s) == {["system", "spec", "plants"]: {"the plants are made up of different numbers of workloads: not each has a counterpart"}}
}

test_fail_lag if {
	pair := [selecting("a"), replicas("a", 1), replicas("b", 1)]
	said(fixture.snapshot(object.remove(two, ["standby"]), pair)) == {["system", "spec", "standby"]: {"spec.standby.maxLag is not declared"}}
	said(fixture.snapshot(object.union(two, {"standby": {"maxLag": "0s"}}), pair)) == {["system", "spec", "standby"]: {"spec.standby.maxLag is 0s"}}
}

test_unknown_switch if {
	s := fixture.snapshot(two, [replicas("a", 3), replicas("b", 1)])
	fixture.outcome(warm) == "unknown" with input as s
	warm.unknowns == object.union(lag, {["system", "spec", "switch", "field"]: {"which plant is the standby cannot be told: the switch cannot be read"}}) with input as s
}

test_fail_without_standby if {
	said(fixture.snapshot({"plants": {"a": plant("a")}}, [replicas("a", 3)])) == {["system", "spec", "plants"]: {"there are not two plants: there is no standby"}}
	said(fixture.undeclared([replicas("a", 3)])) == {[""]: {"no System declares a second plant"}}
}
