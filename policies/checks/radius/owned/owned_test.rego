package pocdr.checks.radius.owned_test

import data.pocdr.checks.radius.owned
import data.pocdr.fixture

approvers(document, owners) := fixture.facts("ownership", [{"document": document, "owners": owners}])

whole := fixture.snapshot({"owners": ["@city/water"]}, [approvers("system", ["@city/water"])])

test_pass if fixture.outcome(owned) == "pass" with input as whole

test_fail_without_owners if {
	some owners in [[], [" "]]
	s := fixture.snapshot({"owners": owners}, [approvers("system", ["@city/water"])])
	owned.fails == {["system", "spec", "owners"]: {"spec.owners names nobody"}} with input as s
	fixture.strays(owned) == set() with input as s
}

test_fail_without_approval if {
	every facts in [approvers("system", []), approvers("another", ["@city/water"]), {}] {
		s := fixture.snapshot({"owners": ["@city/water"]}, [facts])
		owned.fails == {["system"]: {"no owner must approve changes of the file that declares it"}} with input as s
		fixture.strays(owned) == set() with input as s
	}
}

test_fail_undeclared if {
	owned.fails == {[""]: {"no System declares who owns what runs here"}} with input as fixture.undeclared([approvers("", ["@city/water"])])
	owned.subjects == {[""]} with input as fixture.undeclared([])
}
