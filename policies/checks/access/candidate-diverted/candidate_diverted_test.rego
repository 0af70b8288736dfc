package pocdr.checks.access.candidate_diverted_test

import data.pocdr.checks.access.candidate_diverted
import data.pocdr.fixture
import data.pocdr.scenario

b := ["system", "spec", "plants", "b"]

rule(principal, actions, fields) := fixture.facts("grant", [object.union(scenario.may(principal, actions, fields), {"at": ["rule"]})])

granted(principal, actions, fields) := scenario.plus([rule(principal, actions, fields)])

# said(messages, places) is what is said of the candidate and of the places.
said(message, places) := {at: {message} | some at in {b} | places}

test_pass if {
	fixture.outcome(candidate_diverted) == "pass" with input as scenario.plus([])
	fixture.strays(candidate_diverted) == set() with input as scenario.plus([])
	candidate_diverted.subjects == {b} with input as scenario.plus([])
}

# --- What it may not do

test_fail_intake if {
	s := granted("log:b", ["write"], scenario.on("log", "commands"))
	candidate_diverted.fails == said("plant b can write or change commands, by what log:b is granted", {["rule"]}) with input as s
	fixture.strays(candidate_diverted) == set() with input as s
	fixture.outcome(candidate_diverted) == "fail" with input as granted("log:b", ["delete"], scenario.on("log", "commands"))
	fixture.outcome(candidate_diverted) == "pass" with input as granted("log:b", ["read"], scenario.on("log", "commands"))
}

test_fail_outlet if {
	s := granted("store:b", ["write"], scenario.on("store", "ledger/entry"))
	with_credential := {"facts": {
		"mount": array.concat(s.facts.mount, fixture.facts("mount", [scenario.mount("b", "store-b")]).mount),
		"credential": array.concat(s.facts.credential, fixture.facts("credential", [scenario.credential("store-b", "store:b")]).credential),
	}}
	candidate_diverted.fails == said("plant b can write or change ledger, by what store:b is granted", {["rule"]}) with input as object.union(s, with_credential)
	fixture.outcome(candidate_diverted) == "pass" with input as s
}

test_fail_outlet_of_the_other_plant if {
	s := granted("log:b", ["write"], {"types": ["log"], "names": ["entries-"], "match": "prefix"})
	candidate_diverted.fails == said("plant b can write or change entries-a, by what log:b is granted", {["rule"]}) with input as s
}

test_fail_everybody if {
	s := granted("log:*", ["write"], {"types": ["log"]})
	candidate_diverted.fails[["rule"]] == {
		"plant b can write or change commands, by what log:* is granted",
		"plant b can write or change entries-a, by what log:* is granted",
	} with input as s
}

test_denied if {
	s := scenario.plus([
		rule("log:b", ["write"], {"types": ["log"], "names": ["entries-"], "match": "prefix"}),
		fixture.facts("grant", [object.union(scenario.may("log:b", ["write"], scenario.on("log", "entries-a")), {"effect": "deny"})]),
	])
	fixture.outcome(candidate_diverted) == "pass" with input as s
}

test_fail_group if {
	s := granted("log:b", ["read"], scenario.on("group", "group-a"))
	candidate_diverted.fails == said("plant b can join the group group-a of plant a, by what log:b is granted", {["rule"]}) with input as s
}

test_fail_group_shared if {
	s := scenario.with_spec({"plants": {"a": {"group": "group-b"}}})
	candidate_diverted.fails == said("plant b can join the group group-b of plant a, by what log:b is granted", {["group", "b"]}) with input as s
}

test_fail_transactional_id if {
	message := "plant b can use the transactional id tx-a of plant a, by what log:b is granted"
	candidate_diverted.fails == said(message, {["rule"]}) with input as granted("log:b", ["write"], scenario.on("transaction", "tx-a"))
	candidate_diverted.fails == said(message, {["rule"]}) with input as granted("log:b", ["write"], scenario.on("transaction", "tx-a-1"))
	candidate_diverted.fails == said(message, {["rule"]}) with input as granted("log:b", ["write"], {"types": ["transaction"], "names": ["tx"], "match": "prefix"})
}

test_fail_more_rights if {
	s := granted("log:b", ["administer"], {"types": ["cluster"], "excess": "escalation"})
	candidate_diverted.fails == said("plant b can give itself more rights, by what log:b is granted", {["rule"]}) with input as s
}

test_fail_superuser if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("b", "root")]), fixture.facts("credential", [scenario.credential("root", "store:root")])])
	candidate_diverted.fails[["principal/"]] == {"plant b can act as store:root, which is not bound by what is granted"} with input as s
}

# --- Whom it may not be

test_fail_other_plant_by_a_binding if {
	s := scenario.plus([fixture.facts("obtains", [{"at": ["binding"], "from": scenario.account("b"), "to": scenario.account("a"), "how": "takes tokens"}])])
	candidate_diverted.fails[["binding"]] == {"plant b can act as cluster:ServiceAccount/payments/a, which is plant a"} with input as s
	candidate_diverted.fails[b] == {
		"plant b can act as cluster:ServiceAccount/payments/a, which is plant a",
		"plant b can act as log:a, which is plant a",
		"plant b can join the group group-a of plant a, by what log:a is granted",
		"plant b can use the transactional id tx-a of plant a, by what log:a is granted",
		"plant b can write or change entries-a, by what log:a is granted",
	} with input as s
	fixture.strays(candidate_diverted) == set() with input as s
}

test_fail_as_anybody if {
	s := scenario.plus([fixture.facts("obtains", [{"at": ["binding"], "from": scenario.account("b"), "to": "cluster:*", "how": "impersonates"}])])
	candidate_diverted.fails == said("plant b can act as anybody of cluster", {["binding"]}) with input as s
	fixture.strays(candidate_diverted) == set() with input as s
}

test_fail_other_plant_by_a_mount if {
	s := scenario.plus([fixture.facts("mount", [scenario.mount("b", "log-valve")])])
	candidate_diverted.fails == said("plant b can act as log:valve, which is the valve", {["Deployment/b", "volumes", "log-valve"]}) with input as s
}

test_fail_other_plant_by_a_readable_secret if {
	s := granted(scenario.account("b"), ["read"], scenario.on("secrets", "valve-store"))
	candidate_diverted.fails[b] == {
		"plant b can act as store:valve, which is the valve",
		"plant b can write or change ledger, by what store:valve is granted",
	} with input as s
}

test_fail_downstream_or_corrector if {
	candidate_diverted.fails[b] == {"plant b can act as log:b, which is downstream fraud"} with input as scenario.with_spec({"downstream": [{"name": "fraud", "principals": ["log:b"]}]})
	candidate_diverted.fails[b] == {"plant b can act as log:b, which is the corrector"} with input as scenario.with_spec({"correction": {"corrector": "log:b"}})
}

# --- The cluster's objects

test_fail_switch if {
	s := granted(scenario.account("b"), ["alter"], scenario.on("configmaps", "switch"))
	candidate_diverted.fails == said("plant b can change ConfigMap switch, by what cluster:ServiceAccount/payments/b is granted", {["rule"]}) with input as s
	fixture.outcome(candidate_diverted) == "pass" with input as granted(scenario.account("b"), ["read"], scenario.on("configmaps", "switch"))
}

test_fail_objects_of_the_other_plant if {
	s := granted(scenario.account("b"), ["delete"], {"types": ["apps/deployments"]})
	candidate_diverted.fails[["rule"]] == {
		"plant b can change Deployment a, by what cluster:ServiceAccount/payments/b is granted",
		"plant b can change Deployment valve, by what cluster:ServiceAccount/payments/b is granted",
	} with input as s
}

test_fail_config_of_the_other_plant if {
	s := scenario.plus([
		fixture.facts("mount", [object.union(scenario.mount("a", "rules"), {"what": "config"})]),
		fixture.facts("config", [{"at": ["ConfigMap/rules"], "what": "config", "namespace": "payments", "name": "rules"}]),
		fixture.facts("object", [scenario.object_fact("ConfigMap", "configmaps", "rules")]),
		rule(scenario.account("b"), ["write"], scenario.on("configmaps", "rules")),
	])
	candidate_diverted.fails == said("plant b can change ConfigMap rules, by what cluster:ServiceAccount/payments/b is granted", {["rule"]}) with input as s
}

declared(id) := object.union(scenario.object_fact("X", "example.org/xs", "x"), {"at": [id]})

# Whoever changes the object that declares a log, or a grant, changes the log, or the grant.
test_fail_declarations if {
	mighty := rule(scenario.account("b"), ["alter"], scenario.on("example.org/xs", "x"))
	every id in ["log/commands", "grant/log:b read", "grant/store:valve write"] {
		fixture.outcome(candidate_diverted) == "fail" with input as scenario.plus([fixture.facts("object", [declared(id)]), mighty])
	}
	fixture.outcome(candidate_diverted) == "pass" with input as scenario.plus([fixture.facts("object", [declared("log/entries-b")]), mighty])
}

test_unknown_objects_that_are_not_seen if {
	s := granted(scenario.account("b"), ["write"], {"types": ["leases", "volumes"]})
	candidate_diverted.unknowns == {b: {"plant b may change every leases and volumes in payments, what plant a keeps there among them, by what cluster:ServiceAccount/payments/b is granted"}} with input as s
	fixture.outcome(candidate_diverted) == "unknown" with input as s
	candidate_diverted.unknowns[b] == {"plant b may change every object in payments, what plant a keeps there among them, by what cluster:ServiceAccount/payments/b is granted"} with input as granted(scenario.account("b"), ["write"], {})
	fixture.outcome(candidate_diverted) == "pass" with input as granted(scenario.account("b"), ["write"], object.union(scenario.on("leases", "b"), {}))
	fixture.outcome(candidate_diverted) == "pass" with input as granted(scenario.account("b"), ["write"], {"types": ["leases"], "scope": "elsewhere"})
}

test_unknown_secrets_that_can_be_read if {
	candidate_diverted.unknowns == {b: {"nothing says whom all the secrets authenticate that plant b may read, by what cluster:ServiceAccount/payments/b is granted"}} with input as granted(scenario.account("b"), ["read"], {"types": ["secrets"], "scope": "elsewhere"})
	candidate_diverted.unknowns == {b: {"nothing says whom secret legacy authenticates, which plant b may read"}} with input as granted(scenario.account("b"), ["read"], scenario.on("secrets", "legacy"))
	fixture.outcome(candidate_diverted) == "pass" with input as granted(scenario.account("b"), ["read"], scenario.on("secrets", "log-b"))
	fixture.outcome(candidate_diverted) == "pass" with input as granted(scenario.account("b"), ["read"], {"types": ["configmaps"]})
	fixture.outcome(candidate_diverted) == "unknown" with input as granted(scenario.account("b"), ["read"], {"types": ["secrets"], "names": ["log-b"], "match": "prefix"})
}

# --- Where its pods connect to

egress(list) := scenario.less("egress", list)

test_missing_egress if {
	s := egress([{"at": ["deny"], "namespace": "payments", "selector": {"matchLabels": {"app": "a"}}}])
	message := "no egress rule set selects the pods of Deployment payments/b: they connect to whatever they like"
	candidate_diverted.missing == said(message, {["Deployment/b"]}) with input as s
	fixture.strays(candidate_diverted) == set() with input as s
	fixture.outcome(candidate_diverted) == "fail" with input as egress([{"namespace": "elsewhere"}])
}

test_fail_open_egress if {
	message := "the pods of Deployment payments/b connect to whatever they like"
	candidate_diverted.fails == said(message, {["open"]}) with input as egress([{"at": ["deny"], "namespace": "payments"}, {"at": ["open"], "namespace": "payments", "selector": {"matchLabels": {"app": "b"}}, "open": true}])
	candidate_diverted.fails == said(message, {["halves"]}) with input as egress([{"at": ["halves"], "namespace": "payments", "blocks": ["0.0.0.0/1", "128.0.0.0/1"]}])
	fixture.outcome(candidate_diverted) == "pass" with input as egress([{"namespace": "payments", "selector": {"matchLabels": {"app": "b"}}}, {"at": ["a"], "namespace": "payments", "selector": {"matchLabels": {"app": "a"}}, "open": true}])
}

mail(cidrs) := scenario.with_spec({"effects": [{"name": "mail", "hosts": ["mail.example.org"], "cidrs": cidrs}]})

test_fail_effect if {
	candidate_diverted.fails == said("the pods of Deployment payments/b can connect to 10.0.0.0/24, where effect mail is (10.0.0.7/32)", {["deny"]}) with input as mail(["10.0.0.7/32"])
	fixture.outcome(candidate_diverted) == "fail" with input as mail(["10.0.0.0/8"])
	fixture.outcome(candidate_diverted) == "pass" with input as mail(["192.0.2.0/24"])
	fixture.outcome(candidate_diverted) == "pass" with input as mail(["2001:db8::/32"])
}

test_unknown_effect if {
	candidate_diverted.unknowns == {b: {"effect mail says no address block: whether it can be connected to is not known"}} with input as mail([])
	candidate_diverted.unknowns == {b: {`"192.0.2.7" of effect mail is no address block`}} with input as mail(["192.0.2.7"])
	fixture.outcome(candidate_diverted) == "unknown" with input as mail(["192.0.2.7"])
	candidate_diverted.unknowns == {b: {`"somewhere" of an egress rule set of Deployment payments/b is no address block`}} with input as egress([{"namespace": "payments", "blocks": ["somewhere"]}])
}

test_fail_network_of_the_node if {
	b := object.union(scenario.workload("b"), {"nodeNetwork": true})
	s := scenario.less("workload", [scenario.workload("a"), b, scenario.workload("valve")])
	candidate_diverted.fails == said("the pods of Deployment payments/b use the network of their node, which no egress rule set bounds", {["Deployment/b"]}) with input as s
}

# --- Who is asked

selecting(value) := scenario.less("setting", [{"kind": "ConfigMap", "namespace": "payments", "name": "switch", "field": "data.selected", "value": value}])

test_the_other_one if {
	candidate_diverted.subjects == {["system", "spec", "plants", "a"]} with input as selecting("b")
	candidate_diverted.subjects == {b, ["system", "spec", "plants", "a"]} with input as selecting("c")
	fixture.outcome(candidate_diverted) == "pass" with input as selecting("c")
}

test_fail_one_plant if {
	s := json.remove(scenario.plus([]), ["system/spec/plants/b"])
	candidate_diverted.fails == {["system", "spec", "plants"]: {"there are not two plants: a candidate would run in the incumbent's place"}} with input as s
	fixture.strays(candidate_diverted) == set() with input as s
}

test_fail_nothing_to_be_diverted_from if {
	candidate_diverted.fails == {["system", "spec", "outlets"]: {"spec.outlets names no outlet"}} with input as scenario.without("outlets")
	candidate_diverted.fails == {["system", "spec", "intake"]: {"spec.intake names no log"}} with input as scenario.without("intake")
	fixture.strays(candidate_diverted) == set() with input as scenario.without("intake")
}

test_unknown_no_system if candidate_diverted.unknowns == {[""]: {"no System declares plants"}} with input as fixture.undeclared([])

test_fail_not_enforced if {
	s := scenario.less("enforcement", [{"at": ["enforcement"], "platform": "log", "scope": "main", "authenticates": true, "authorises": false}, {"platform": "store", "scope": "main", "authenticates": true, "authorises": true}])
	candidate_diverted.fails == {["enforcement"]: {"log main does not enforce what is granted: what is not granted is not denied"}} with input as s
	fixture.strays(candidate_diverted) == set() with input as s
}

# --- What cannot be told

test_unknown_secret if {
	every name in ["a", "b", "valve"] {
		fixture.outcome(candidate_diverted) == "unknown" with input as scenario.plus([fixture.facts("mount", [scenario.mount(name, "legacy")])])
	}
	candidate_diverted.unknowns == {b: {"nothing says whom secret payments/legacy authenticates, which plant b mounts"}} with input as scenario.plus([fixture.facts("mount", [scenario.mount("b", "legacy")])])
}

test_unknown_workload if {
	s := object.union(scenario.plus([]), {"facts": fixture.facts("workload", [scenario.workload("a"), scenario.workload("valve")])})
	candidate_diverted.unknowns == {b: {"Deployment payments/b is not declared"}} with input as s
	fixture.outcome(candidate_diverted) == "unknown" with input as s
}

test_unknown_what_is_granted_elsewhere if {
	s := object.union(scenario.plus([]), {"profile": {"spec": {"authorities": [{"system": "payments", "platform": "log"}, {"system": "payments", "platform": "store"}]}}})
	candidate_diverted.unknowns == {b: {"what else is granted in cluster payments is not known: no approved authority says that all of it is declared here"}} with input as s
}

test_unknown_binding_of_the_other_plant if {
	candidate_diverted.unknowns == {b: {"plant a declares no group: whether plant b can join it is not known"}} with input as json.remove(scenario.plus([]), ["system/spec/plants/a/group"])
	fenced := scenario.with_spec({"fence": {"mechanism": "Transaction"}})
	fixture.outcome(candidate_diverted) == "pass" with input as fenced
	candidate_diverted.unknowns == {b: {"plant a declares no transactional id: whether plant b can use it is not known"}} with input as json.remove(fenced, ["system/spec/plants/a/transactionalId"])
}

test_unknown_switch if {
	s := scenario.less("object", [])
	candidate_diverted.unknowns == {b: {"the switch is not declared: whether it can be changed is not known"}} with input as s
	fixture.outcome(candidate_diverted) == "unknown" with input as json.remove(scenario.plus([]), ["system/spec/switch"])
}
