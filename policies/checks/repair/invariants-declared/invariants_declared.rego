# METADATA
# title: Invariants of the output are declared, each with an alert rule
# description: |
#   Asks whether the System declares at least one invariant of its output, and whether each has an alert rule that carries
#   its name in the label `invariant` and can both fire and be silent.
#
#   Wrong output looks like output: no error rate shows it. It is found by what must always hold, such as debits equal to
#   credits, and only if something watches it. A rule that reads no metric watches nothing.
# related_resources:
# - ref: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
#   description: Alert rules and their labels
# custom:
#   level: 2
#   kind: goal
#   severity: high
#   remediation: Declare invariants of the output in spec.invariants, and for each an alert rule with the label invariant, set to its name.
package pocdr.checks.repair.invariants_declared

import data.pocdr.lib.system

none := system.at(["spec", "invariants"])

subjects contains system.at([]) if not input.system.declared

fails[system.at([])] contains "no System declares an invariant" if not input.system.declared

subjects contains none if nothing

fails[none] contains "spec.invariants names nothing that must always hold" if nothing

nothing if {
	input.system.declared
	count(object.get(system.spec, "invariants", [])) == 0
}

subjects contains at(i) if some i, _ in system.spec.invariants

passes contains at(i) if {
	some i, invariant in system.spec.invariants
	some a in alerts[invariant.name]
	not a.constant
}

missing[at(i)] contains sprintf("no alert rule has the label invariant: %v", [invariant.name]) if {
	some i, invariant in system.spec.invariants
	not alerts[invariant.name]
}

fails[at(i)] contains sprintf("alert %v of invariant %v reads no metric (%v)", [a.name, invariant.name, a.expression]) if {
	some i, invariant in system.spec.invariants
	every a in alerts[invariant.name] {
		a.constant
	}
	some a in alerts[invariant.name]
}

alerts[a.labels.invariant] contains a if some a in input.facts.alert

at(i) := system.at(["spec", "invariants", i])
