package pocdr.checks.declaration.claimed_test

import data.pocdr.checks.declaration.claimed
import data.pocdr.fixture

workloads := fixture.facts("workload", [
	{"kind": "Deployment", "namespace": "payments", "name": "a", "lasting": true, "labels": {"app": "payments"}},
	{"kind": "Deployment", "namespace": "payments", "name": "b", "lasting": true},
	{"kind": "Job", "namespace": "payments", "name": "c", "labels": {"app": "orders"}},
	{"kind": "ReplicaSet", "namespace": "payments", "name": "a-1", "owner": "Deployment/a"},
])

spec := {"labels": {"app": "payments"}, "plants": {"b": {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": "b"}]}}}

orders(labels) := fixture.facts("system", [{"name": "orders", "namespaces": ["orders", "payments"], "labels": labels}])

test_pass if {
	fixture.outcome(claimed) == "pass" with input as fixture.snapshot({}, [workloads])
	fixture.outcome(claimed) == "pass" with input as fixture.snapshot(spec, [workloads, orders({"app": "orders"})])
}

test_fail if {
	s := fixture.snapshot(spec, [workloads, orders({"app": "other"})])
	claimed.fails == {["workload/c"]: {"no System claims Job payments/c"}} with input as s
	fixture.strays(claimed) == set() with input as s
}

test_pass_what_runs_bedrock if {
	bedrock := fixture.facts("bedrock", [{"namespace": "payments", "labels": {"app": "orders"}}, {"namespace": "orders", "labels": {}}])
	fixture.outcome(claimed) == "pass" with input as fixture.snapshot(spec, [workloads, bedrock])
	claimed.fails == {["workload/c"]: {"no System claims Job payments/c"}} with input as fixture.snapshot(spec, [workloads, fixture.facts("bedrock", [{"namespace": "payments", "labels": {"app": "other"}}])])
}

test_undeclared if {
	s := fixture.undeclared([workloads])
	claimed.missing == {
		["workload/a"]: {"no System claims Deployment payments/a"},
		["workload/b"]: {"no System claims Deployment payments/b"},
	} with input as s
	fixture.strays(claimed) == set() with input as s
}

test_unknown_without_workloads if {
	every s in [fixture.snapshot({}, []), fixture.undeclared([])] {
		fixture.outcome(claimed) == "unknown" with input as s
		{m | some m in claimed.unknowns[_]} == {"no workload is declared here"} with input as s
	}
}
