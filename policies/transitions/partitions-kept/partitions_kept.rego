# METADATA
# title: The partitions of an ordered intake are as many as before
# description: |
#   Asks whether an intake whose records cannot be processed in any order keeps its number of partitions.
#
#   Which partition a record goes to follows from its key and that number. Once it changes, later records of a key are in another
#   partition than earlier ones, and nothing keeps the later from being processed first, by the other writer.
# custom:
#   level: 2
#   kind: transition
#   principle: intake
#   severity: critical
#   remediation: Keep the number of partitions; to have more, make a new log with them, let producers write there once the old one is drained, and let a new plant drink from it.
package pocdr.transitions.partitions_kept

import data.pocdr.lib.logs
import data.pocdr.lib.system

sees := {"parallel": object.get(system.spec.intake, "parallel", false), "logs": {object.filter(l, ["at", "platform", "scope", "name", "partitions"]) | some l in logs.intake}} if input.system.declared

refuses[l.at] contains sprintf("has %v partitions, and %v before; the intake is not parallel", [l.partitions, was.partitions]) if {
	not input.before.parallel
	some was in input.before.logs
	some l in input.after.logs
	[l.platform, l.scope, l.name] == [was.platform, was.scope, was.name]
	not null in {l.partitions, was.partitions}
	l.partitions != was.partitions
}
