package pocdr.checks.radius.budgeted_test

import data.pocdr.checks.radius.budgeted
import data.pocdr.fixture

declaring(fields) := fixture.snapshot({"objective": object.union({"statement": "entries within 5 s", "target": "99.9", "window": "720h0m0s"}, fields)}, [])

budget := {"budget": {"whenSpent": "No change but repairs, until it is earned again."}}

said(snapshot) := fails if {
	fails := budgeted.fails with input as snapshot
	fixture.strays(budgeted) == set() with input as snapshot
}

at := ["system", "spec", "objective"]

test_pass if {
	fixture.outcome(budgeted) == "pass" with input as declaring(budget)
	said(declaring(budget)) == {}
}

test_fail if {
	said(declaring({})) == {at: {"spec.objective.budget.whenSpent does not say what happens when the budget is spent"}}
	said(declaring({"budget": {"whenSpent": " "}})) == {at: {"spec.objective.budget.whenSpent does not say what happens when the budget is spent"}}
	said(declaring(object.union(budget, {"target": "100.0"}))) == {at: {"an objective of 100% leaves no budget"}}
}

test_fail_without_objective if {
	said(fixture.snapshot({}, [])) == {at: {"spec.objective is not declared"}}
	said(fixture.undeclared([])) == {[""]: {"no System declares an objective"}}
}
