package pocdr.checks.access.own_identity_test

import data.pocdr.checks.access.own_identity
import data.pocdr.fixture
import data.pocdr.scenario

place(name) := ["system", "spec", "plants", name]

test_pass if {
	fixture.outcome(own_identity) == "pass" with input as scenario.plus([])
	fixture.strays(own_identity) == set() with input as scenario.plus([])
}

workloads(list) := fixture.facts("workload", [object.union(scenario.workload(name), fields) | some [name, fields] in list])

instead(list) := object.union(scenario.plus([]), {"facts": workloads(list)})

test_fail_default if {
	s := instead([["a", {"principal": "cluster:ServiceAccount/payments/default", "identityDeclared": false}], ["b", {}], ["valve", {}]])
	own_identity.fails == {["Deployment/a"]: {"acts as the default identity, cluster:ServiceAccount/payments/default"}} with input as s
	fixture.strays(own_identity) == set() with input as s
}

test_fail_shared_with_the_other_plant if {
	s := instead([["a", {}], ["b", {"principal": scenario.account("a")}], ["valve", {}]])
	own_identity.fails == {
		["Deployment/a"]: {"acts as cluster:ServiceAccount/payments/a, which is also Deployment payments/b"},
		["Deployment/b"]: {"acts as cluster:ServiceAccount/payments/a, which is also Deployment payments/a"},
	} with input as s
	fixture.strays(own_identity) == set() with input as s
}

test_fail_shared_with_what_is_not_of_the_system if {
	s := scenario.plus([workloads([["report", {"principal": scenario.account("a"), "kind": "CronJob"}]])])
	own_identity.fails == {["Deployment/a"]: {"acts as cluster:ServiceAccount/payments/a, which is also CronJob payments/report"}} with input as s
}

# A pod that is owned is its owner.
test_owned if {
	s := scenario.plus([workloads([["a-1", {"principal": scenario.account("a"), "kind": "Pod", "owner": "ReplicaSet/a"}]])])
	fixture.outcome(own_identity) == "pass" with input as s
}

test_shared_within_a_plant if {
	s := scenario.both({"plants": {"a": {"workloads": [scenario.ref("a"), scenario.ref("a-writer")]}}}, [
		workloads([["a-writer", {"principal": scenario.account("a")}]]),
		fixture.facts("mount", [scenario.mount("a-writer", "log-a")]),
	])
	fixture.outcome(own_identity) == "pass" with input as s
}

test_fail_one_workload_for_both_plants if {
	s := scenario.with_spec({"plants": {"b": {"workloads": [scenario.ref("a")]}}})
	own_identity.fails[["Deployment/a"]] == {"acts as cluster:ServiceAccount/payments/a, which is also Deployment payments/a"} with input as s
}

test_fail_credential_mounted_twice if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("b", "log-a")])])
	own_identity.fails == {
		["Deployment/a", "volumes", "log-a"]: {"by secret log-a it is log:a, which is also Deployment payments/b"},
		["Deployment/b", "volumes", "log-a"]: {"by secret log-a it is log:a, which is also Deployment payments/a"},
	} with input as s
	fixture.strays(own_identity) == set() with input as s
}

test_fail_two_secrets_of_one_principal if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("b", "copy")]), fixture.facts("credential", [scenario.credential("copy", "log:a")])])
	own_identity.fails[["Deployment/b", "volumes", "copy"]] == {"by secret copy it is log:a, which is also Deployment payments/a"} with input as s
}

test_fail_stated_of_another if {
	s := scenario.with_spec({"valve": {"credentials": [{"secret": "elsewhere", "principal": "log:a"}, {"secret": "ca", "principal": "none"}]}})
	own_identity.fails == {["Deployment/a", "volumes", "log-a"]: {"by secret log-a it is log:a, which is also the valve"}} with input as s
}

test_fail_corrector_or_downstream if {
	own_identity.fails == {["Deployment/a", "volumes", "log-a"]: {"by secret log-a it is log:a, which is also the corrector"}} with input as scenario.with_spec({"correction": {"corrector": "log:a"}})
	s := scenario.with_spec({"downstream": [{"name": "fraud", "principals": ["log:b"]}]})
	own_identity.fails == {["Deployment/b", "volumes", "log-b"]: {"by secret log-b it is log:b, which is also downstream fraud"}} with input as s
}

# A secret that authenticates nobody may be anybody's.
test_harmless if {
	s := scenario.both({"plants": {"a": {"credentials": [{"secret": "ca", "principal": "none"}]}}}, [fixture.facts("mount", [scenario.mount("a", "ca")])])
	fixture.outcome(own_identity) == "pass" with input as s
}

test_unknown_secret_mounted_twice if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("a", "legacy"), scenario.mount("b", "legacy")])])
	own_identity.unknowns == {
		["Deployment/a", "volumes", "legacy"]: {"secret legacy is also mounted by Deployment payments/b, and nothing says whom it authenticates"},
		["Deployment/b", "volumes", "legacy"]: {"secret legacy is also mounted by Deployment payments/a, and nothing says whom it authenticates"},
	} with input as s
	fixture.outcome(own_identity) == "unknown" with input as s
}

test_unknown_without_credentials if {
	s := scenario.less("mount", [scenario.mount("a", "log-a")])
	none := "no secret is mounted that could be a credential: how bedrock tells it from others is not seen"
	own_identity.unknowns == {place("b"): {none}, ["system", "spec", "valve"]: {none}} with input as s
	fixture.outcome(own_identity) == "unknown" with input as s
}

test_identity_is_the_credential_on_its_own_platform if {
	spec := {"intake": {"platform": "cluster"}, "outlets": [{"platform": "cluster", "name": "x"}], "plants": {"a": {"outlets": []}, "b": {"outlets": []}}}
	s := object.union(scenario.less("mount", []), {"system": {"spec": spec}})
	fixture.outcome(own_identity) == "pass" with input as s
}

test_unknown_workload_not_declared if {
	s := instead([["b", {}], ["valve", {}]])
	own_identity.unknowns == {place("a"): {"Deployment payments/a is not declared"}} with input as s
	fixture.outcome(own_identity) == "unknown" with input as s
}

test_fail_no_plants if {
	own_identity.fails == {["system", "spec", "plants"]: {"spec.plants names no plant"}} with input as scenario.without("plants")
	fixture.strays(own_identity) == set() with input as scenario.without("plants")
}

test_undeclared if {
	s := fixture.undeclared([workloads([["x", {}], ["job", {"lasting": false}]])])
	fixture.outcome(own_identity) == "pass" with input as s
	own_identity.subjects == {["Deployment/x"]} with input as s
}

test_undeclared_default if {
	s := fixture.undeclared([workloads([["x", {"principal": "cluster:ServiceAccount/payments/default", "identityDeclared": false}]])])
	own_identity.fails == {["Deployment/x"]: {"acts as the default identity, cluster:ServiceAccount/payments/default"}} with input as s
	fixture.strays(own_identity) == set() with input as s
}

test_undeclared_shared if {
	s := fixture.undeclared([workloads([["x", {}], ["y", {"principal": scenario.account("x")}]])])
	own_identity.unknowns[["Deployment/x"]] == {"acts as cluster:ServiceAccount/payments/x, which is also Deployment payments/y; no System says whether they are one plant"} with input as s
	fixture.outcome(own_identity) == "unknown" with input as s
}

test_fail_shared_with_the_valve if {
	s := instead([["a", {}], ["b", {}], ["valve", {}], ["other", {"principal": scenario.account("valve")}]])
	own_identity.fails == {["Deployment/valve"]: {"acts as cluster:ServiceAccount/payments/valve, which is also Deployment payments/other"}} with input as s
}
