# METADATA
# title: The repository's own policies have tests
# description: |
#   Asks whether each package of Rego that the repository holds is tested.
#
#   A policy that is not tested refuses what it should admit, or admits what it should
#   refuse, and it is found out in production.
# custom:
#   level: 2
#   kind: goal
#   severity: medium
#   remediation: Add a module to the package, or to the same package with _test at its end, with rules whose names start with test_.
package pocdr.checks.gate.policies_tested

rules := [p | some p in input.facts.policy; p.rules > 0; not endswith(p.package, "_test")]

subjects contains p.at if some p in rules

passes contains p.at if {
	some p in rules
	tested[p.package]
}

fails[p.at] contains sprintf("package %v has rules and no test", [p.package]) if {
	some p in rules
	not tested[p.package]
}

tested contains trim_suffix(p.package, "_test") if {
	some p in input.facts.policy
	p.tests > 0
}

not_applicable := "the repository holds no policies of its own" if count(rules) == 0
