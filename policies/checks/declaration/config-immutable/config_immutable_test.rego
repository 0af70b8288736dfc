package pocdr.checks.declaration.config_immutable_test

import data.pocdr.checks.declaration.config_immutable
import data.pocdr.fixture

workload := fixture.facts("workload", [{"kind": "Deployment", "namespace": "payments", "name": "a"}])

mounts(list) := fixture.facts("mount", [object.union({"workloadKind": "Deployment", "namespace": "payments", "workload": "a", "what": "config"}, m) | some m in list])

configs(list) := fixture.facts("config", [object.union({"namespace": "payments", "what": "config"}, c) | some c in list])

fixed := configs([{"name": "rates", "immutable": true}, {"name": "limits-abc", "contentNamed": true}])

snapshot(facts) := fixture.snapshot({"switch": {"ref": {"kind": "Config", "namespace": "payments", "name": "switch"}}}, array.concat([workload], facts))

test_pass if fixture.outcome(config_immutable) == "pass" with input as snapshot([fixed, mounts([{"name": "rates"}, {"name": "limits-abc"}])])

test_fail if {
	s := snapshot([fixed, configs([{"name": "tuning"}, {"name": "unused"}]), mounts([{"name": "rates"}, {"name": "tuning"}])])
	config_immutable.fails == {["config/tuning"]: {"config payments/tuning is neither immutable nor named by its content"}} with input as s
	fixture.strays(config_immutable) == set() with input as s
	fixture.outcome(config_immutable) == "fail" with input as object.union(s, {"system": {"declared": false, "spec": {"namespaces": []}}})
}

test_missing if {
	s := snapshot([configs([{"name": "rates", "what": "secret"}]), mounts([{"name": "rates"}])])
	config_immutable.missing == {["mount/rates"]: {"config payments/rates is not declared"}} with input as s
	fixture.strays(config_immutable) == set() with input as s
	config_immutable.fails == {} with input as s
}

switch := [
	fixture.facts("config", [{"at": ["switch"], "namespace": "payments", "what": "config", "name": "switch"}]),
	mounts([{"name": "switch"}]),
]

test_not_applicable if {
	every facts in [
		[],
		[mounts([{"name": "rates", "what": "secret"}])],
		[mounts([{"name": "rates", "optional": true}])],
		array.concat(switch, [fixture.facts("object", [{"at": ["switch"], "kind": "Config", "namespace": "payments", "name": "switch"}])]),
	] {
		fixture.outcome(config_immutable) == "not-applicable" with input as snapshot(facts)
	}
}

test_fail_where_the_switch_is_another_object if {
	every facts in [[], [fixture.facts("object", [{"at": ["another"], "kind": "Config", "namespace": "payments", "name": "switch"}])]] {
		fixture.outcome(config_immutable) == "fail" with input as snapshot(array.concat(switch, facts))
	}
}

test_unknown_without_workloads if fixture.outcome(config_immutable) == "unknown" with input as fixture.snapshot({}, [])
