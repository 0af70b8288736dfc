package pocdr.checks.access.enforced_test

import data.pocdr.checks.access.enforced
import data.pocdr.fixture
import data.pocdr.scenario

log(fields) := object.union({"at": ["enforcement/log"], "platform": "log", "scope": "main", "authenticates": true, "authorises": true}, fields)

store(fields) := object.union({"at": ["enforcement/store"], "platform": "store", "scope": "main", "authenticates": true, "authorises": true}, fields)

with_log(fields) := scenario.less("enforcement", [log(fields), store({})])

test_pass if {
	fixture.outcome(enforced) == "pass" with input as scenario.plus([])
	fixture.strays(enforced) == set() with input as scenario.plus([])
}

test_fail if {
	enforced.fails == {["enforcement/log"]: {"log main does not enforce what is granted: listener plain asks nobody who they are"}} with input as with_log({"authenticates": false, "gap": "listener plain asks nobody who they are"})
	enforced.fails == {["enforcement/log"]: {"log main does not enforce what is granted: it lets in whoever comes"}} with input as with_log({"authenticates": false})
	enforced.fails == {["enforcement/log"]: {"log main does not enforce what is granted: what is not granted is not denied"}} with input as with_log({"authorises": false})
	fixture.strays(enforced) == set() with input as with_log({"authorises": false})
}

test_of_another_instance if {
	fixture.outcome(enforced) == "pass" with input as scenario.plus([fixture.facts("enforcement", [log({"at": ["test"], "scope": "test", "authorises": false})])])
}

test_unknown if {
	enforced.unknowns == {["enforcement/log"]: {"whether log main enforces what is granted cannot be told: not all of it is declared"}} with input as with_log({"authorises": null})
	enforced.unknowns == {["enforcement/log"]: {"whether log main enforces what is granted cannot be told: rules are kept elsewhere"}} with input as with_log({"authorises": null, "gap": "rules are kept elsewhere"})
	fixture.outcome(enforced) == "unknown" with input as with_log({"gap": "rules are kept elsewhere"})
}

test_unknown_without_fact if {
	s := scenario.less("enforcement", [log({})])
	enforced.unknowns == {["system", "spec", "outlets", 0]: {"nothing declares whether store main enforces what is granted"}} with input as s
	fixture.outcome(enforced) == "unknown" with input as s
}

# A reference without a scope, to a store of an instance that is not declared, may mean any instance.
unscoped(list) := json.remove(object.union(scenario.less("enforcement", list), {"facts": fixture.facts("store", [{"platform": "store", "scope": null, "name": "ledger"}])}), ["system/spec/outlets/0/scope"])

test_scope_not_known if {
	fixture.outcome(enforced) == "pass" with input as unscoped([log({}), store({})])
	fixture.outcome(enforced) == "fail" with input as unscoped([log({}), store({"authorises": false})])
	s := unscoped([log({}), store({}), store({"at": ["test"], "scope": "test", "authorises": false})])
	{"does not enforce what is granted, and whether it is the instance that the System names is not known"} == enforced.unknowns[["test"]] with input as s
	fixture.outcome(enforced) == "unknown" with input as s
}

test_fail_not_named if {
	enforced.fails == {["system", "spec", "outlets"]: {"spec.outlets names no outlet"}} with input as scenario.without("outlets")
	enforced.fails == {["system", "spec", "intake"]: {"spec.intake names no log"}} with input as scenario.without("intake")
	fixture.strays(enforced) == set() with input as scenario.without("intake")
}

test_undeclared if {
	fixture.outcome(enforced) == "pass" with input as fixture.undeclared([fixture.facts("enforcement", [log({})])])
	s := fixture.undeclared([fixture.facts("enforcement", [log({"authenticates": false})])])
	enforced.fails == {["enforcement/log"]: {"log main does not enforce what is granted: it lets in whoever comes"}} with input as s
	fixture.strays(enforced) == set() with input as s
	fixture.outcome(enforced) == "unknown" with input as fixture.undeclared([])
}
