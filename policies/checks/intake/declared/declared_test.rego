package pocdr.checks.intake.declared_test

import data.pocdr.checks.intake.declared
import data.pocdr.fixture
import data.pocdr.scenario

place := ["system", "spec", "intake"]

test_pass if {
	fixture.outcome(declared) == "pass" with input as scenario.plus([])
	fixture.strays(declared) == set() with input as scenario.plus([])
}

test_fail_nothing_named if {
	declared.fails == {place: {"spec.intake names no log"}} with input as scenario.without("intake")
	fixture.strays(declared) == set() with input as scenario.without("intake")
}

test_fail_no_system if declared.fails == {[""]: {"no System declares an intake"}} with input as fixture.undeclared([])

test_missing if {
	s := scenario.less("log", [{"platform": "log", "scope": "main", "name": "other"}])
	declared.missing == {place: {"no log commands is declared in log main"}} with input as s
	fixture.outcome(declared) == "fail" with input as s
}

test_missing_in_another_instance if {
	s := scenario.less("log", [{"platform": "log", "scope": "test", "name": "commands"}])
	declared.missing == {place: {"no log commands is declared in log main"}} with input as s
}

test_unknown_which if {
	s := scenario.both({"intake": {"scope": null}}, [fixture.facts("log", [{"platform": "log", "name": "commands", "scope": null}])])
	declared.unknowns == {place: {"log commands is declared in an instance that is not named, main; spec.intake.scope does not say which of them is meant"}} with input as unscoped(s)
	fixture.outcome(declared) == "unknown" with input as unscoped(s)
}

unscoped(s) := json.remove(s, ["system/spec/intake/scope"])
