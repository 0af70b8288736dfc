package pocdr.checks.radius.objective_declared_test

import data.pocdr.checks.radius.objective_declared
import data.pocdr.fixture

declaring(target) := fixture.snapshot({"objective": {"statement": "entries within 5 s", "target": target, "window": "720h0m0s"}}, [])

test_pass if {
	fixture.outcome(objective_declared) == "pass" with input as declaring("99.9")
	fixture.outcome(objective_declared) == "pass" with input as declaring("100")
}

test_fail if {
	objective_declared.fails == {["system", "spec", "objective"]: {"spec.objective promises 0%"}} with input as declaring("0")
	objective_declared.fails == {["system", "spec", "objective"]: {"spec.objective is not declared"}} with input as fixture.snapshot({}, [])
	fixture.strays(objective_declared) == set() with input as fixture.snapshot({}, [])
}

test_fail_undeclared if {
	objective_declared.fails == {[""]: {"no System declares an objective"}} with input as fixture.undeclared([])
	fixture.strays(objective_declared) == set() with input as fixture.undeclared([])
}
