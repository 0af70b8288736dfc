package pocdr.checks.delivery.health_declared_test

import data.pocdr.checks.delivery.health_declared
import data.pocdr.fixture

workload(name) := {"kind": "Deployment", "namespace": "payments", "name": name, "lasting": true}

spec := {"plants": {"a": {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": "a"}]}}}

workloads := fixture.facts("workload", [workload("a"), workload("beside")])

container(of, fields) := fixture.facts("container", [object.union({"workloadKind": "Deployment", "namespace": "payments", "workload": of}, fields)])

well := {"name": "app", "readiness": true, "liveness": true}

starting := {"name": "helper", "role": "sidecar", "readiness": true, "startup": true}

unready := {"name": "log", "liveness": true}

silent := {"name": "web", "readiness": true}

test_pass if {
	s := fixture.snapshot(spec, [workloads, container("a", well), container("a", starting), container("a", {"name": "migrate", "role": "init"}), container("beside", unready)])
	fixture.outcome(health_declared) == "pass" with input as s
}

test_fail if {
	s := fixture.snapshot(spec, [workloads, container("a", well), container("a", unready), container("a", silent)])
	health_declared.fails == {
		["container/log"]: {"container log declares no readiness"},
		["container/web"]: {"container web declares neither startup nor liveness"},
	} with input as s
	fixture.strays(health_declared) == set() with input as s
}

test_pass_where_liveness_is_waived if {
	s := fixture.snapshot(spec, [workloads, container("a", silent)])
	fixture.outcome(health_declared) == "pass" with input as s with input.params as {"delivery/health-declared": {"require-liveness": false}}
}

test_fail_without_plants if {
	s := fixture.snapshot({}, [workloads, container("a", well)])
	health_declared.fails == {["system", "spec", "plants"]: {"spec.plants names no plant"}} with input as s
	fixture.strays(health_declared) == set() with input as s
}

test_missing if {
	s := fixture.snapshot(spec, [container("a", well)])
	health_declared.missing == {["system", "spec", "plants", "a", "workloads", 0]: {"Deployment payments/a is not declared"}} with input as s
	fixture.strays(health_declared) == set() with input as s
}

test_undeclared if {
	fixture.outcome(health_declared) == "pass" with input as fixture.undeclared([workloads, container("a", well), container("beside", starting)])
	fixture.outcome(health_declared) == "fail" with input as fixture.undeclared([workloads, container("a", well), container("beside", unready)])
	fixture.outcome(health_declared) == "unknown" with input as fixture.undeclared([])
}

test_unknown_without_containers if {
	s := fixture.snapshot(spec, [workloads])
	fixture.outcome(health_declared) == "unknown" with input as s
	health_declared.unknowns == {["workload/a"]: {"no container of Deployment payments/a can be seen"}} with input as s
}

test_not_applicable if {
	s := fixture.snapshot(spec, [fixture.facts("workload", [object.union(workload("a"), {"lasting": false})]), container("a", unready)])
	fixture.outcome(health_declared) == "not-applicable" with input as s
}
