# METADATA
# title: What was acknowledged to the intake survives the loss of a copy
# description: |
#   Asks whether the intake has enough copies, whether enough of them must have a record before it counts as
#   written (and not all of them, so that one may be down), whether a copy that lacks records can never take
#   over, and whether the producers wait for all that must have it.
#
#   Each of the four undoes the others: three copies of which one may acknowledge alone lose what only
#   that one had; a copy that takes over without having everything shortens the log; and a producer
#   that does not wait never learns of it. Input that is lost is in no proof, and no replay brings it back.
# related_resources:
# - ref: https://kafka.apache.org/documentation/#design_ha
#   description: Copies that are in sync, and what an unclean election loses
# custom:
#   level: 2
#   kind: invariant
#   severity: critical
#   remediation: Give the log three copies of which two must have a record, forbid the election of a copy that lacks records, let producers wait for all, and say so in spec.intake.acknowledge.
#   parameters:
#     min-replicas: {default: 3, description: Copies that there must be.}
#     min-insync: {default: 2, description: Copies that must have a record before it is acknowledged.}
package pocdr.checks.intake.replicated

import data.pocdr.lib.logs
import data.pocdr.lib.system

params := input.params["intake/replicated"]

subjects contains at if some at, _ in logs.absent

subjects contains at if some at, _ in logs.undeclared

subjects contains l.at if some l in logs.intake

subjects contains acknowledgement if system.spec.intake

missing[at] contains message if some at, message in logs.undeclared

passes contains l.at if {
	some l in logs.intake
	l.replicas >= params["min-replicas"]
	l.minInsync >= params["min-insync"]
	l.minInsync < l.replicas
	l.uncleanElection == false
}

fails[l.at] contains sprintf("has %v copies of each record; %v are asked for", [l.replicas, params["min-replicas"]]) if {
	some l in logs.intake
	l.replicas != null
	l.replicas < params["min-replicas"]
}

fails[l.at] contains sprintf("acknowledges a record that %v copies have; %v are asked for", [l.minInsync, params["min-insync"]]) if {
	some l in logs.intake
	l.minInsync != null
	l.minInsync < params["min-insync"]
}

fails[l.at] contains sprintf("takes no more records once one of its %v copies is down, since %v must have each", [l.replicas, l.minInsync]) if {
	some l in logs.intake
	l.replicas != null
	l.minInsync >= l.replicas
}

fails[l.at] contains "lets a copy that lacks records take over" if {
	some l in logs.intake
	l.uncleanElection == true
}

unknowns[l.at] contains sprintf("%v is not declared, and the platform's default is not known", [what]) if {
	some l in logs.intake
	some field, what in words
	l[field] == null
}

words := {
	"replicas": "how many copies of each record there are",
	"minInsync": "how many copies must have a record before it is acknowledged",
	"uncleanElection": "whether a copy that lacks records may take over",
}

acknowledgement := system.at(["spec", "intake", "acknowledge"])

passes contains acknowledgement if system.spec.intake.acknowledge == "All"

fails[acknowledgement] contains sprintf("producers wait for %v; what is not waited for can be lost unseen", [system.spec.intake.acknowledge]) if {
	system.spec.intake.acknowledge != "All"
}

fails[acknowledgement] contains "spec.intake.acknowledge does not say what producers wait for" if {
	system.spec.intake
	not system.spec.intake.acknowledge
}

fails[at] contains message if {
	some at, message in logs.absent
	input.system.declared
}

unknowns[at] contains message if {
	some at, message in logs.absent
	not input.system.declared
}
