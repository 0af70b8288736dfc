package pocdr.checks.repair.observed_test

import data.pocdr.checks.repair.observed
import data.pocdr.fixture

spec := {"plants": {name: {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": name}]} | some name in ["a", "b"]}}

workload(name) := {"kind": "Deployment", "namespace": "payments", "name": name, "podLabels": {"app": name, "team": "water"}, "lasting": true}

workloads := fixture.facts("workload", [workload("a"), workload("b"), object.union(workload("tool"), {"podLabels": {"team": "tools"}})])

monitor(target, namespaces, selector) := fixture.facts("monitor", [{"namespace": "monitoring", "target": target, "namespaces": namespaces, "selector": selector}])

service(name, selector) := fixture.facts("service", [{"namespace": "payments", "name": name, "labels": {"metrics": "yes", "of": name}, "selector": selector}])

under(list) := fixture.snapshot(spec, array.concat([workloads], list))

said(snapshot) := missing if {
	missing := observed.missing with input as snapshot
	fixture.strays(observed) == set() with input as snapshot
}

nobody := "no monitor collects the metrics of its pods"

neither := {["workload/a"]: {nobody}, ["workload/b"]: {nobody}}

test_pass_pods if {
	every namespaces in [null, ["payments", "orders"]] {
		fixture.outcome(observed) == "pass" with input as under([monitor("pod", namespaces, {"matchLabels": {"team": "water"}})])
	}
	said(under([monitor("pod", null, {})])) == {}
}

test_pass_service if fixture.outcome(observed) == "pass" with input as under([
	service("a", {"app": "a"}), service("both", {"team": "water"}),
	monitor("service", ["payments"], {"matchExpressions": [{"key": "metrics", "operator": "Exists"}]}),
])

test_missing if {
	said(under([])) == neither
	said(under([monitor("pod", ["orders"], {})])) == neither
	said(under([monitor("pod", null, {"matchLabels": {"app": "a"}})])) == {["workload/b"]: {nobody}}
	said(under([monitor("pod", null, {"matchLabels": {"app": "a", "team": "air"}})])) == neither
}

test_missing_service if {
	said(under([monitor("service", null, {})])) == neither
	said(under([monitor("service", null, {}), service("headless", {})])) == neither
	said(under([monitor("service", null, {"matchLabels": {"of": "b"}}), service("a", {"app": "a"}), service("b", {"app": "b"})])) == {["workload/a"]: {nobody}}
}

# of_port is a monitor that collects from a port by its name.
of_port(target, name) := fixture.facts("monitor", [{"namespace": "monitoring", "target": target, "namespaces": null, "selector": {}, "ports": [name]}])

test_ports if {
	offering := fixture.facts("workload", [object.union(workload(name), {"ports": ["http", "metrics"]}) | some name in ["a", "b"]])
	fixture.outcome(observed) == "pass" with input as fixture.snapshot(spec, [offering, of_port("pod", "metrics")])
	fixture.outcome(observed) == "pass" with input as fixture.snapshot(spec, [offering, of_port("pod", "metric"), of_port("pod", "metrics")])
	unnamed := "monitors of its pods collect from ports that they do not name: metric"
	said(fixture.snapshot(spec, [offering, of_port("pod", "metric")])) == {["workload/a"]: {unnamed}, ["workload/b"]: {unnamed}}
}

named(ports) := fixture.facts("service", [{"namespace": "payments", "name": "both", "selector": {"team": "water"}, "ports": ports}])

test_ports_of_services if {
	fixture.outcome(observed) == "pass" with input as under([named(["metrics"]), of_port("service", "metrics")])
	unnamed := "monitors of its pods collect from ports that they do not name: metrics"
	said(under([named(["http"]), of_port("service", "metrics")])) == {["workload/a"]: {unnamed}, ["workload/b"]: {unnamed}}
}

test_missing_workload if said(fixture.snapshot(spec, [fixture.facts("workload", [workload("a")]), monitor("pod", null, {})])) == {["system", "spec", "plants", "b", "workloads", 0]: {"Deployment payments/b is not declared"}}

test_fail_without_plants if {
	s := fixture.snapshot({}, [workloads])
	observed.fails == {["system", "spec", "plants"]: {"spec.plants names no plant"}} with input as s
	said(s) == {}
}

test_undeclared if {
	run := object.union(workload("run"), {"kind": "Job", "lasting": false})
	s := fixture.undeclared([workloads, fixture.facts("workload", [run]), monitor("pod", null, {"matchLabels": {"team": "water"}})])
	said(s) == {["workload/tool"]: {nobody}}
	fixture.outcome(observed) == "unknown" with input as fixture.undeclared([])
}
