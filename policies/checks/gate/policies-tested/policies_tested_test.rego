package pocdr.checks.gate.policies_tested_test

import data.pocdr.checks.gate.policies_tested
import data.pocdr.fixture

holding(modules) := fixture.snapshot({}, [fixture.facts("policy", [{"at": [file], "package": p, "rules": rules, "tests": tests} | some [file, p, rules, tests] in modules])])

said(snapshot) := fails if {
	fails := policies_tested.fails with input as snapshot
	fixture.strays(policies_tested) == set() with input as snapshot
}

test_pass if {
	every modules in [
		[["images.rego", "team.images", 2, 0], ["images_test.rego", "team.images_test", 1, 3]],
		[["images.rego", "team.images", 2, 0], ["images_test.rego", "team.images", 0, 3]],
		[["images.rego", "team.images", 2, 1]],
	] {
		fixture.outcome(policies_tested) == "pass" with input as holding(modules)
		said(holding(modules)) == {}
	}
}

test_fail if {
	said(holding([["images.rego", "team.images", 2, 0], ["names.rego", "team.names", 1, 0], ["names_test.rego", "team.names_test", 0, 1]])) == {
		["images.rego"]: {"package team.images has rules and no test"},
	}
	said(holding([["images.rego", "team.images", 2, 0], ["images_test.rego", "team.images_test", 1, 0]])) == {["images.rego"]: {"package team.images has rules and no test"}}
}

test_not_applicable if {
	every modules in [[], [["data.rego", "team.data", 0, 0]]] {
		fixture.outcome(policies_tested) == "not-applicable" with input as holding(modules)
		policies_tested.not_applicable == "the repository holds no policies of its own" with input as holding(modules)
	}
}
