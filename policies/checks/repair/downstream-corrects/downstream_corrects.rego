# METADATA
# title: Each downstream declares how it applies a correction
# description: |
#   Asks whether each downstream of the System says how it applies a correction.
#
#   A correction that is written and not applied has repaired nothing: the bill was sent, the report was
#   filed. What a reader does about a record that turns out wrong has to be agreed before there is one.
# custom:
#   level: 4
#   kind: goal
#   severity: high
#   remediation: Agree with the owner of each downstream how it applies a correction, and say it in its field corrects.
package pocdr.checks.repair.downstream_corrects

import data.pocdr.lib.system

subjects contains system.at([]) if not input.system.declared

subjects contains at(i) if some i, _ in system.spec.downstream

passes contains at(i) if {
	some i, d in system.spec.downstream
	corrects(d)
}

fails[system.at([])] contains "no System declares who is downstream" if not input.system.declared

fails[at(i)] contains sprintf("downstream %v does not say how it applies a correction", [d.name]) if {
	some i, d in system.spec.downstream
	not corrects(d)
}

not_applicable := "spec.downstream names nobody" if input.system.declared

corrects(d) if trim_space(d.corrects) != ""

at(i) := system.at(["spec", "downstream", i])
