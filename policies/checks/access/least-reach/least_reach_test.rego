package pocdr.checks.access.least_reach_test

import data.pocdr.checks.access.least_reach
import data.pocdr.fixture
import data.pocdr.scenario

plant(name) := ["system", "spec", "plants", name]

valve := ["system", "spec", "valve"]

granted(grant) := scenario.plus([fixture.facts("grant", [grant])])

test_pass if {
	fixture.outcome(least_reach) == "pass" with input as scenario.plus([])
	fixture.strays(least_reach) == set() with input as scenario.plus([])
	least_reach.subjects == {plant("a"), plant("b"), valve} with input as scenario.plus([])
}

test_fail_wildcard if {
	s := granted(scenario.may("log:b", ["read"], {"at": ["rule"], "types": ["log"], "excess": "wildcard"}))
	least_reach.fails == {
		["rule"]: {"log:b has a grant with a wildcard; it is in the reach of Deployment payments/b"},
		plant("b"): {"reaches log:b, which has more than it needs"},
	} with input as s
	fixture.strays(least_reach) == set() with input as s
}

test_denials_are_no_excess if {
	fixture.outcome(least_reach) == "pass" with input as granted(scenario.may("log:b", ["read"], {"effect": "deny", "excess": "wildcard"}))
}

test_fail_by_role if {
	s := scenario.plus([
		fixture.facts("obtains", [{"at": ["binding"], "from": scenario.account("a"), "to": "cluster:Group/ops", "how": "is a member"}]),
		fixture.facts("grant", [scenario.may("cluster:Group/ops", ["administer"], {"at": ["rule"], "excess": "escalation"})]),
	])
	least_reach.fails == {
		["rule"]: {"cluster:Group/ops has a grant that is a way to more rights; it is in the reach of Deployment payments/a"},
		plant("a"): {"reaches cluster:Group/ops, which has more than it needs"},
	} with input as s
}

test_fail_superuser_mounted if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("b", "root")]), fixture.facts("credential", [scenario.credential("root", "store:root")])])
	least_reach.fails[["principal/"]] == {"store:root is not bound by what is granted; it is in the reach of Deployment payments/b"} with input as s
	least_reach.fails[plant("b")] == {"reaches store:root, which has more than it needs"} with input as s
	fixture.strays(least_reach) == set() with input as s
}

# What is granted to everybody is in the reach of each.
test_fail_everybody if {
	s := granted(scenario.may("log:*", ["write"], {"at": ["rule"], "types": ["log"], "excess": "wildcard"}))
	least_reach.fails[["rule"]] == {"log:* has a grant with a wildcard; it is in the reach of everybody"} with input as s
	least_reach.fails[plant("a")] with input as s
}

# Who can act as anybody reaches what anybody has; that is not listed.
test_fail_as_anybody if {
	s := scenario.plus([
		fixture.facts("obtains", [{"at": ["binding"], "from": scenario.account("b"), "to": "cluster:*", "how": "impersonates"}]),
		fixture.facts("grant", [scenario.may("cluster:Group/ops", ["administer"], {"at": ["rule"], "excess": "superuser"})]),
	])
	least_reach.fails == {["Deployment/b"]: {"can act as anybody of cluster: cluster:ServiceAccount/payments/b impersonates"}, plant("b"): {"can act as anybody"}} with input as s
	fixture.strays(least_reach) == set() with input as s
}

# A credential that is mounted needs no other reason.
test_fail_as_anybody_by_a_secret if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("b", "authority")]), fixture.facts("credential", [scenario.credential("authority", "log:*")])])
	least_reach.fails == {["Deployment/b"]: {"can act as anybody of log"}, plant("b"): {"can act as anybody"}} with input as s
}

# What makes everybody anybody is said once, where it stands.
test_fail_everybody_as_anybody if {
	s := scenario.plus([fixture.facts("obtains", [{"at": ["binding"], "from": "cluster:*", "to": "log:*", "how": "reads secrets in namespace payments"}])])
	least_reach.fails == {
		["binding"]: {"everybody can act as anybody of log: cluster:* reads secrets in namespace payments"},
		plant("a"): {"can act as anybody"}, plant("b"): {"can act as anybody"}, valve: {"can act as anybody"},
	} with input as s
	fixture.strays(least_reach) == set() with input as s
}

test_fail_commands_its_node if {
	w := object.union(scenario.workload("b"), {"commandsNode": ["container x is privileged"]})
	s := scenario.less("workload", [scenario.workload("a"), w, scenario.workload("valve")])
	least_reach.fails == {
		["Deployment/b"]: {"commands the node that it runs on, and with it whatever else runs there: container x is privileged"},
		plant("b"): {"commands the nodes that it runs on"},
	} with input as s
	fixture.strays(least_reach) == set() with input as s
}

test_fail_of_a_workload_that_is_no_actor if {
	s := scenario.plus([
		fixture.facts("workload", [scenario.workload("report")]),
		fixture.facts("grant", [scenario.may(scenario.account("report"), ["read"], {"at": ["rule"], "types": null, "excess": "wildcard"})]),
	])
	least_reach.fails == {["rule"]: {"cluster:ServiceAccount/payments/report has a grant with a wildcard; it is in the reach of Deployment payments/report"}} with input as s
}

test_fail_corrector if {
	s := granted(scenario.may("store:corrector", ["write"], {"at": ["rule"], "types": ["store"], "excess": "wildcard"}))
	least_reach.fails == {["rule"]: {"store:corrector has a grant with a wildcard; it is in the reach of the corrector"}} with input as s
}

test_unheld_superusers_are_not_asked_about if {
	fixture.outcome(least_reach) == "pass" with input as granted(scenario.may("cluster:Group/admins", ["administer"], {"excess": "superuser"}))
}

test_unknown_secret if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("b", "legacy")])])
	least_reach.unknowns == {plant("b"): {"nothing says whom secret payments/legacy authenticates, which plant b mounts"}} with input as s
	fixture.outcome(least_reach) == "unknown" with input as s
}

test_unknown_workload if {
	s := object.union(scenario.plus([]), {"facts": fixture.facts("workload", [scenario.workload("b"), scenario.workload("valve")])})
	least_reach.unknowns == {plant("a"): {"Deployment payments/a is not declared"}} with input as s
}

test_unknown_what_is_granted_elsewhere if {
	s := object.union(scenario.plus([]), {"profile": {"spec": {"authorities": []}}})
	least_reach.unknowns[plant("a")] == {
		"what else is granted in cluster payments is not known: no approved authority says that all of it is declared here",
		"what else is granted in log main is not known: no approved authority says that all of it is declared here",
		"what else is granted in store main is not known: no approved authority says that all of it is declared here",
	} with input as s
	fixture.outcome(least_reach) == "unknown" with input as s
}

test_fail_not_enforced if {
	s := scenario.less("enforcement", [{"at": ["enforcement"], "platform": "log", "scope": "main", "authenticates": false, "authorises": true}])
	least_reach.fails == {["enforcement"]: {"log main does not enforce what is granted: it lets in whoever comes"}} with input as s
	fixture.strays(least_reach) == set() with input as s
}

test_fail_no_plants if {
	s := scenario.without("plants")
	least_reach.fails == {["system", "spec", "plants"]: {"spec.plants names no plant"}} with input as s
	fixture.strays(least_reach) == set() with input as s
}

test_undeclared if {
	s := fixture.undeclared([fixture.facts("workload", [scenario.workload("a")])])
	least_reach.unknowns == {[""]: {"no System declares who acts here, or who is the authority for what is granted"}} with input as s
	t := fixture.undeclared([fixture.facts("workload", [scenario.workload("a")]), fixture.facts("grant", [scenario.may(scenario.account("a"), ["administer"], {"at": ["rule"], "excess": "escalation"})])])
	least_reach.fails == {["rule"]: {"cluster:ServiceAccount/payments/a has a grant that is a way to more rights; it is in the reach of Deployment payments/a"}} with input as t
	fixture.strays(least_reach) == set() with input as t
}
