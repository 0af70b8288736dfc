package pocdr.checks.standby.same_release_test

import data.pocdr.checks.standby.same_release
import data.pocdr.fixture

plant(name) := {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": name}]}

two := {"plants": {"a": plant("a"), "b": plant("b")}, "switch": {
	"mechanism": "Valve", "field": "data.selected", "values": {"a": "a", "b": "b"},
	"ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "payments", "name": "switch"},
}}

selecting(value) := fixture.facts("setting", [{"kind": "ConfigMap", "namespace": "payments", "name": "switch", "field": "data.selected", "value": value}])

workloads := fixture.facts("workload", [{"kind": "Deployment", "namespace": "payments", "name": "b"}])

said(snapshot) := answers if {
	answers := [same_release.fails, same_release.missing, same_release.unknowns] with input as snapshot
}

history := {["system", "spec", "plants", "b"]: {"whether plant b runs the release that served before is in the history only"}}

test_unknown if {
	s := fixture.snapshot(two, [selecting("a"), workloads])
	fixture.outcome(same_release) == "unknown" with input as s
	said(s) == [{}, {}, history]
}

test_unknown_without_switch if {
	s := fixture.snapshot(two, [workloads])
	fixture.outcome(same_release) == "unknown" with input as s
	said(s) == [{}, {}, {["system", "spec", "switch", "field"]: {"which plant is the standby cannot be told: the switch cannot be read"}}]
}

test_missing if {
	s := fixture.snapshot(two, [selecting("a")])
	fixture.outcome(same_release) == "fail" with input as s
	fixture.strays(same_release) == set() with input as s
	said(s) == [{}, {["system", "spec", "plants", "b", "workloads", 0]: {"Deployment payments/b is not declared"}}, history]
}

test_fail if {
	s := fixture.snapshot({"plants": {"a": plant("a")}}, [])
	fixture.outcome(same_release) == "fail" with input as s
	said(s) == [{["system", "spec", "plants"]: {"there are not two plants: there is no standby"}}, {}, {}]
	said(fixture.undeclared([])) == [{[""]: {"no System declares a second plant"}}, {}, {}]
}
