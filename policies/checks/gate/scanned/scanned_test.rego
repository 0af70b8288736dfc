package pocdr.checks.gate.scanned_test

import data.pocdr.checks.gate.scanned
import data.pocdr.fixture

guard := {"name": "guard", "changes": true, "scans": true, "doubts": [], "tolerant": false}

job(name, fields) := object.union_n([guard, {"name": name}, fields])

running(jobs) := fixture.snapshot({}, [fixture.facts("pipeline", jobs)])

said(snapshot) := fails if {
	fails := scanned.fails with input as snapshot
	fixture.strays(scanned) == set() with input as snapshot
}

test_pass if {
	every jobs in [[guard], [guard, job("nightly", {"changes": false}), job("advice", {"tolerant": true})]] {
		fixture.outcome(scanned) == "pass" with input as running(jobs)
		said(running(jobs)) == {}
	}
	fixture.outcome(scanned) == "pass" with input as fixture.undeclared([fixture.facts("pipeline", [guard])])
}

test_fail if {
	said(running([job("nightly", {"changes": false}), job("advice", {"tolerant": true}), job("build", {"scans": false})])) == {
		["pipeline/nightly"]: {"runs the scan, and not on every change"},
		["pipeline/advice"]: {"runs the scan, and the pipeline does not fail where it does"},
	}
}

test_doubts if {
	doubted := job("elsewhere", {"doubts": ["scans /tmp"]})
	fixture.outcome(scanned) == "unknown" with input as running([doubted, job("nightly", {"changes": false})])
	scanned.unknowns == {["pipeline/elsewhere"]: {"scans /tmp"}} with input as running([doubted])
	fixture.outcome(scanned) == "pass" with input as running([doubted, guard])
	fixture.outcome(scanned) == "fail" with input as running([job("advice", {"doubts": ["scans /tmp"], "tolerant": true})])
}

test_missing if {
	s := running([job("build", {"scans": false})])
	scanned.missing == {["system"]: {"no pipeline runs the scan"}} with input as s
	fixture.outcome(scanned) == "fail" with input as s
	said(s) == {}
	fixture.outcome(scanned) == "fail" with input as fixture.undeclared([])
}
