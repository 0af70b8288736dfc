# METADATA
# title: The partitions of an ordered intake are as many as before
# description: |
#   Asks whether an intake whose records cannot be processed in any order keeps its number of partitions, and whether the logs that are outlets of such an intake, those
#   of the plants included, keep theirs.
#
#   Which partition a record goes to follows from its key and that number. Once it changes, later records of a key are in another
#   partition than earlier ones, and nothing keeps the later from being processed first, by the other writer, by the valve, or by who drinks from the outlet.
# custom:
#   level: 2
#   kind: transition
#   principle: intake
#   severity: critical
#   remediation: Keep the number of partitions; to have more, make a new log with them, let producers write there once the old one is drained, and let a new plant, or the valve, drink from it.
package pocdr.transitions.partitions_kept

import data.pocdr.lib.access
import data.pocdr.lib.logs
import data.pocdr.lib.system

sees := {"parallel": object.get(system.spec.intake, "parallel", false), "logs": {object.filter(logs.complete(l), ["at", "platform", "scope", "name", "partitions"]) |
	some r in access.references
	some l in access.logs(r.ref)
}} if input.system.declared

refuses[l.at] contains sprintf("has %v partitions, and %v before; the intake is not parallel", [l.partitions, was.partitions]) if {
	not input.before.parallel
	some was in input.before.logs
	some l in input.after.logs
	[l.platform, l.scope, l.name] == [was.platform, was.scope, was.name]
	not null in {l.partitions, was.partitions}
	l.partitions != was.partitions
}
