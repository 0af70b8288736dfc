package pocdr.checks.access.one_writer_test

import data.pocdr.checks.access.one_writer
import data.pocdr.fixture
import data.pocdr.scenario

ledger := ["system", "spec", "outlets", 0]

entries(name) := ["system", "spec", "plants", name, "outlets", 0]

token(name, field) := ["system", "spec", "plants", name, field]

write(principal, name) := object.union(scenario.may(principal, ["write"], scenario.on(type(principal), name)), {"at": ["rule"]})

type(principal) := scenario.platform(principal)

granted(list) := scenario.plus([fixture.facts("grant", list)])

obtained(from, to) := fixture.facts("obtains", [{"at": ["binding"], "from": from, "to": to, "how": "reads secrets"}])

stranger(who, how, name) := sprintf("%v %v %v, and is neither a plant's, the valve's nor the corrector's", [who, how, name])

test_pass if {
	fixture.outcome(one_writer) == "pass" with input as scenario.plus([])
	fixture.strays(one_writer) == set() with input as scenario.plus([])
	one_writer.subjects == {ledger, entries("a"), entries("b"), token("a", "group"), token("b", "group"), token("a", "transactionalId"), token("b", "transactionalId")} with input as scenario.plus([])
}

# --- Plants

test_pass_one_plant_writes if fixture.outcome(one_writer) == "pass" with input as granted([write("log:a", "entries-a")])

# In turn: the switch is the grant.
in_turn(list) := object.union(
	json.remove(scenario.both({"outlets": [scenario.log("entries-a")], "switch": {"mechanism": "Grant"}}, [fixture.facts("grant", list)]), ["system/spec/plants/a/outlets", "system/spec/plants/b/outlets"]),
	{"facts": {"setting": []}},
)

test_in_turn if {
	fixture.outcome(one_writer) == "pass" with input as in_turn([])
	one_writer.fails == {
		["rule"]: {"entries-a can be written by plant a and plant b"},
		["grant/log:a write", "rule"]: {"entries-a can be written by plant a and plant b"},
		ledger: {"entries-a can be written by plant a and plant b"},
	} with input as in_turn([write("log:b", "entries-a")])
	fixture.strays(one_writer) == set() with input as in_turn([write("log:b", "entries-a")])
}

test_fail_prefix if {
	s := granted([object.union(write("log:b", "entries-"), {"match": "prefix"})])
	one_writer.fails[["rule"]] == {"entries-a can be written by plant a and plant b"} with input as s
	one_writer.fails[entries("a")] == {"entries-a can be written by plant a and plant b"} with input as s
	not entries("b") in object.keys(one_writer.fails) with input as s
}

test_fail_by_inheritance if {
	s := scenario.plus([obtained("log:b", "log:writers"), fixture.facts("grant", [write("log:writers", "entries-a")]), fixture.facts("principal", [{"platform": "log", "principal": "log:writers"}])])
	{at | some at, _ in one_writer.fails} == {entries("a"), ["rule"], ["binding"], ["grant/log:a write", "rule"]} with input as s
	one_writer.fails[["binding"]] == {"entries-a can be written by plant a and plant b"} with input as s
}

test_fail_by_second_secret if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("b", "log-a")])])
	one_writer.fails[entries("a")] == {"entries-a can be written by plant a and plant b"} with input as s
}

test_fail_two_principals_of_a_plant if {
	s := scenario.plus([
		fixture.facts("mount", [scenario.mount("a", "more")]),
		fixture.facts("credential", [scenario.credential("more", "log:a2")]),
		fixture.facts("grant", [write("log:a2", "entries-a")]),
	])
	one_writer.fails[entries("a")] == {"entries-a can be written by plant a as log:a and as log:a2"} with input as s
}

test_fail_outlet_of_the_other_plant if {
	s := scenario.with_spec({"plants": {"b": {"outlets": [scenario.log("entries-c")]}}})
	t := object.union(s, {"facts": fixture.facts("grant", array.concat(scenario.grants, [write("log:a", "entries-c")]))})
	one_writer.fails[entries("b")] == {"entries-c, the outlet of plant b, can be written by plant a"} with input as t
}

test_fail_right_to_give_rights if {
	s := granted([object.union(scenario.may("log:b", ["administer"], scenario.on("log", "entries-a")), {"at": ["rule"]})])
	one_writer.fails[entries("a")] == {"entries-a can be written by plant a and plant b"} with input as s
}

# What may be dropped, cut short or given another shape is changed without a single write.
test_fail_right_to_take_away if {
	every action in ["alter", "delete"] {
		s := granted([object.union(scenario.may("store:etl", [action], scenario.on("store", "ledger")), {"at": ["rule"]})])
		one_writer.fails[ledger] == {stranger("store:etl", "may write", "ledger")} with input as s
	}
	fixture.outcome(one_writer) == "pass" with input as granted([scenario.may("store:etl", ["read", "create"], scenario.on("store", "ledger"))])
}

# Whom the Profile names may keep the outlet's shape, and write nothing.
test_keeper_of_the_shape if {
	keeper := {"profile": {"spec": {"operators": ["store:etl"]}}}
	fixture.outcome(one_writer) == "pass" with input as object.union(granted([scenario.may("store:etl", ["create", "alter", "delete"], scenario.on("store", "ledger"))]), keeper)
	every action in ["write", "administer"] {
		fixture.outcome(one_writer) == "fail" with input as object.union(granted([scenario.may("store:etl", ["alter", action], scenario.on("store", "ledger"))]), keeper)
	}
}

test_denied if {
	s := granted([object.union(write("log:b", "entries-"), {"match": "prefix"}), object.union(write("log:b", "entries-a"), {"effect": "deny"})])
	fixture.outcome(one_writer) == "pass" with input as s
}

# --- Others

test_fail_stranger if {
	s := granted([write("store:etl", "ledger/entry")])
	one_writer.fails == {
		["rule"]: {stranger("store:etl", "may write", "ledger")},
		ledger: {stranger("store:etl", "may write", "ledger")},
	} with input as s
	fixture.strays(one_writer) == set() with input as s
}

test_fail_everybody if {
	s := granted([write("log:*", "entries-a")])
	one_writer.fails[["rule"]] == {"entries-a can be written by plant a and plant b", stranger("log:*", "may write", "entries-a")} with input as s
}

# A binding in this namespace, for an account of another one.
test_fail_reader_of_the_secret if {
	s := scenario.plus([obtained("cluster:ServiceAccount/batch/rogue", "log:a")])
	one_writer.fails == {
		["binding"]: {stranger("cluster:ServiceAccount/batch/rogue", "can come to act as one who may write", "entries-a")},
		entries("a"): {stranger("cluster:ServiceAccount/batch/rogue", "can come to act as one who may write", "entries-a")},
	} with input as s
	fixture.strays(one_writer) == set() with input as s
}

test_fail_reader_of_a_secret_that_only_the_system_explains if {
	s := granted([object.union(scenario.may("cluster:ServiceAccount/batch/rogue", ["read"], scenario.on("secrets", "valve-store")), {"at": ["rule"]})])
	one_writer.fails == {
		["rule"]: {stranger("cluster:ServiceAccount/batch/rogue", "can come to act as one who may write", "ledger")},
		ledger: {stranger("cluster:ServiceAccount/batch/rogue", "can come to act as one who may write", "ledger")},
	} with input as s
}

test_fail_starter_of_pods if {
	s := scenario.plus([obtained("cluster:Group/developers", scenario.account("valve"))])
	one_writer.fails[ledger] == {stranger("cluster:Group/developers", "can come to act as one who may write", "ledger")} with input as s
}

test_fail_of_several_outlets if {
	s := granted([object.union(write("log:etl", "entries-"), {"match": "prefix"})])
	one_writer.fails[["rule"]] == {stranger("log:etl", "may write", "entries-a, entries-b")} with input as s
}

test_fail_anybody if {
	s := scenario.plus([obtained("cluster:Group/developers", "cluster:*")])
	one_writer.fails[entries("b")] == {stranger("cluster:Group/developers", "can come to act as one who may write", "entries-b")} with input as s
	one_writer.fails[["binding"]] with input as s
}

# Those who deliver the plants can become them; they may not write the outlet themselves.
test_deliverers if {
	fixture.outcome(one_writer) == "pass" with input as scenario.plus([obtained("cluster:Group/release", scenario.account("a"))])
	s := object.union(granted([write("store:release", "ledger")]), {"system": {"spec": {"switch": {"authorised": ["store:release"]}}}})
	fixture.outcome(one_writer) == "fail" with input as s
}

# Who commands a node may have a plant beside it there.
test_fail_by_the_node if {
	agent := object.union(scenario.workload("agent"), {"commandsNode": ["container x is privileged"]})
	s := scenario.plus([fixture.facts("workload", [agent])])
	message := stranger(scenario.account("agent"), "can come to act as one who may write", "entries-a, entries-b, ledger")
	one_writer.fails[["Deployment/agent"]] == {message} with input as s
	fixture.strays(one_writer) == set() with input as s
}

# Likewise those who keep the cluster, by the platform team's word. Whoever can become one of them still counts.
test_operators if {
	operator := "cluster:ServiceAccount/operators/keeper"
	reading := obtained(operator, scenario.account("a"))
	fixture.outcome(one_writer) == "fail" with input as scenario.plus([reading])
	named := {"profile": {"spec": {"operators": [operator]}}}
	fixture.outcome(one_writer) == "pass" with input as object.union(scenario.plus([reading]), named)
	fixture.outcome(one_writer) == "fail" with input as object.union(scenario.plus([reading, obtained("cluster:Group/developers", operator)]), named)
	fixture.outcome(one_writer) == "fail" with input as object.union(granted([write("store:keeper", "ledger")]), {"profile": {"spec": {"operators": ["store:keeper"]}}})
}

test_administrators if {
	admins := fixture.facts("grant", [scenario.may("cluster:Group/admins", ["administer"], {"excess": "superuser"})])
	fixture.outcome(one_writer) == "pass" with input as scenario.plus([admins, obtained("cluster:Group/admins", "cluster:*")])
	fixture.outcome(one_writer) == "pass" with input as scenario.plus([obtained("store:alice", "store:root")])
}

test_fail_superuser_downstream if {
	s := scenario.plus([obtained("store:statements", "store:root")])
	one_writer.fails == {
		["binding"]: {stranger("store:statements", "can come to act as one who may write", "ledger")},
		ledger: {stranger("store:statements", "can come to act as one who may write", "ledger")},
	} with input as s
}

test_fail_superuser_that_a_workload_can_become if {
	s := scenario.plus([fixture.facts("workload", [scenario.workload("console")]), obtained(scenario.account("console"), "store:root")])
	one_writer.fails == {
		["binding"]: {stranger(scenario.account("console"), "can come to act as one who may write", "ledger")},
		ledger: {stranger("store:root", "may write", "ledger"), stranger(scenario.account("console"), "can come to act as one who may write", "ledger")},
		["grant/store:root read,write,create,alter,delete,administer", "rule"]: {stranger("store:root", "may write", "ledger")},
	} with input as s
}

# Who can read an administrator's secret is none.
test_fail_reader_of_the_administrators_secret if {
	s := scenario.plus([obtained("cluster:ServiceAccount/batch/rogue", "store:root")])
	one_writer.fails[ledger] == {stranger("cluster:ServiceAccount/batch/rogue", "can come to act as one who may write", "ledger")} with input as s
}

test_roles_that_nobody_signs_in_as if {
	role := fixture.facts("grant", [write("store:writers", "ledger")])
	asleep := fixture.facts("principal", [{"platform": "store", "principal": "store:writers", "active": false}])
	awake := fixture.facts("principal", [{"platform": "store", "principal": "store:writers", "active": true}])
	fixture.outcome(one_writer) == "pass" with input as scenario.plus([role, asleep])
	fixture.outcome(one_writer) == "fail" with input as scenario.plus([role, asleep, awake])
}

# --- What cannot be told

test_unknown_secret if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("a", "legacy")]), fixture.facts("grant", [write("store:etl", "ledger")])])
	one_writer.unknowns[ledger] == {
		"store:etl may write it, or come to; whether that is one of the system's own cannot be told",
		"nothing says whom secret payments/legacy authenticates, which plant a mounts",
	} with input as s
	fixture.outcome(one_writer) == "unknown" with input as s
	fixture.outcome(one_writer) == "fail" with input as scenario.plus([fixture.facts("mount", [scenario.mount("a", "legacy")]), fixture.facts("grant", [write("store:*", "ledger")])])
}

# A system is built up object by object: before the workload is there, nobody knows whose grant it is.
test_unknown_workload if {
	s := object.union(scenario.plus([]), {"facts": fixture.facts("workload", [scenario.workload("b"), scenario.workload("valve")])})
	one_writer.unknowns[entries("a")] == {
		"Deployment payments/a is not declared",
		"log:a may write it, or come to; whether that is one of the system's own cannot be told",
	} with input as s
	fixture.outcome(one_writer) == "unknown" with input as s
}

test_unknown_what_is_granted_elsewhere if {
	s := object.union(scenario.plus([]), {"profile": {"spec": {"authorities": [{"system": "payments", "platform": "cluster", "name": "payments"}, {"system": "payments", "platform": "log"}, {"system": "other", "platform": "store"}]}}})
	one_writer.unknowns == {ledger: {"what else is granted in store main is not known: no approved authority says that all of it is declared here"}} with input as s
	fixture.outcome(one_writer) == "unknown" with input as s
}

test_unknown_where_the_credential_is_kept if {
	elsewhere := object.union(scenario.credential("log-a", "log:a"), {"namespace": "brokers"})
	s := object.union(scenario.plus([fixture.facts("credential", [elsewhere])]), {"profile": {"spec": {"authorities": [{"system": "*", "platform": "cluster", "name": "payments"}, {"system": "*", "platform": "log"}, {"system": "*", "platform": "store"}]}}})
	one_writer.unknowns == {entries("a"): {"what else is granted in cluster brokers is not known: no approved authority says that all of it is declared here"}} with input as s
}

test_unknown_enforcement if {
	s := scenario.less("enforcement", [{"platform": "log", "scope": "main", "authenticates": true, "authorises": true}])
	one_writer.unknowns == {ledger: {"whether store main enforces what is granted is not known"}} with input as s
}

test_fail_not_enforced if {
	s := scenario.less("enforcement", [{"at": ["enforcement"], "platform": "log", "scope": "main", "authenticates": true, "authorises": false}])
	one_writer.fails == {["enforcement"]: {"log main does not enforce what is granted: what is not granted is not denied"}} with input as s
	fixture.strays(one_writer) == set() with input as s
}

test_fail_no_outlets if {
	one_writer.fails[["system", "spec", "outlets"]] == {"spec.outlets names no outlet"} with input as scenario.without("outlets")
	fixture.strays(one_writer) == set() with input as scenario.without("outlets")
}

test_fail_no_plants if {
	s := object.union(scenario.without("plants"), {"system": {"spec": {"outlets": [scenario.log("entries-a")]}}})
	one_writer.fails == {["system", "spec", "plants"]: {"spec.plants names no plant"}} with input as s
	one_writer.unknowns == {["system", "spec", "outlets", 0]: {"log:a may write it, or come to; whether that is one of the system's own cannot be told"}} with input as s
	fixture.strays(one_writer) == set() with input as s
}

test_unknown_no_system if one_writer.unknowns == {[""]: {"no System declares an outlet"}} with input as fixture.undeclared([])

# --- What tells the one writer from others

use(principal, actions, on) := fixture.facts("grant", [object.union(scenario.may(principal, actions, on), {"at": ["rule"]})])

test_fail_group if {
	said := stranger("log:reporting", "may join", "group group-a")
	s := scenario.plus([use("log:reporting", ["read"], scenario.on("group", "group-a"))])
	one_writer.fails == {["rule"]: {said}, token("a", "group"): {said}} with input as s
	fixture.strays(one_writer) == set() with input as s
	every action in ["delete", "alter"] {
		fixture.outcome(one_writer) == "fail" with input as scenario.plus([use("log:reporting", [action], scenario.on("group", "group-b"))])
	}
}

test_fail_groups_by_prefix if {
	s := scenario.plus([use("log:reporting", ["read"], {"types": ["group"], "names": ["group-"], "match": "prefix"})])
	one_writer.fails[["rule"]] == {stranger("log:reporting", "may join", "group group-a, group group-b")} with input as s
}

test_fail_transactional_id if {
	said := stranger("log:*", "may use", "transactional id tx-a")
	one_writer.fails == {["rule"]: {said}, token("a", "transactionalId"): {said}} with input as scenario.plus([use("log:*", ["write"], scenario.on("transaction", "tx-a"))])
}

# The other plant's group is a question about candidates; another group than theirs, and to look at one, is none.
test_pass_groups if {
	every grant in [
		use("log:b", ["read"], scenario.on("group", "group-a")),
		use("log:reporting", ["read"], scenario.on("group", "reporting")),
		use("log:reporting", ["read"], scenario.on("transaction", "tx-a")),
	] {
		fixture.outcome(one_writer) == "pass" with input as scenario.plus([grant])
	}
}

test_fail_group_of_the_valve if {
	valve := object.union(scenario.spec.valve, {"group": "group-valve"})
	s := scenario.both({"valve": valve}, [use("log:reporting", ["read"], scenario.on("group", "group-valve"))])
	one_writer.fails[["system", "spec", "valve", "group"]] == {stranger("log:reporting", "may join", "group group-valve")} with input as s
	one_writer.passes & {["system", "spec", "valve", "group"]} == set() with input as s
	["system", "spec", "valve", "group"] in one_writer.passes with input as scenario.with_spec({"valve": valve})
}
