package pocdr.checks.repair.downstream_corrects_test

import data.pocdr.checks.repair.downstream_corrects
import data.pocdr.fixture

reading(list) := fixture.snapshot({"downstream": list}, [])

reports := {"name": "reports", "corrects": "Reads the correction and restates the month."}

said(snapshot) := fails if {
	fails := downstream_corrects.fails with input as snapshot
	fixture.strays(downstream_corrects) == set() with input as snapshot
}

test_pass if fixture.outcome(downstream_corrects) == "pass" with input as reading([reports])

test_fail if said(reading([reports, {"name": "audit"}, {"name": "bills", "corrects": " "}])) == {
	["system", "spec", "downstream", 1]: {"downstream audit does not say how it applies a correction"},
	["system", "spec", "downstream", 2]: {"downstream bills does not say how it applies a correction"},
}

test_fail_without_system if said(fixture.undeclared([])) == {[""]: {"no System declares who is downstream"}}

# Whether that is so is another check's question.
test_not_applicable if fixture.outcome(downstream_corrects) == "not-applicable" with input as reading([])
