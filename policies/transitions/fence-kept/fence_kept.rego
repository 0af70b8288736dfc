# METADATA
# title: What keeps two writers apart is not taken back
# description: |
#   Asks whether an intake whose records cannot be processed in any order is still said to be such, and whether the System still declares a fence, of a mechanism that
#   shows as much: that a platform keeps (Singleton, Transaction), that an outlet's schema shows (Lease, Conditional), or that the
#   System states alone (Idempotent). A system that is retiring is not asked.
#
#   What guards the one writer starts from these two fields. Whoever says that the records may be processed in any order, or that writes can be repeated, opens
#   the way for a second writer and for more partitions; and says so without anything that would show it.
# custom:
#   level: 1
#   kind: transition
#   principle: switch
#   severity: critical
#   remediation: Keep spec.intake.parallel and spec.fence; or write an Exemption for transitions/fence-kept, with the System as its subject, and have it approved by who answers for the order of the records.
package pocdr.transitions.fence_kept

import data.pocdr.lib.kept
import data.pocdr.lib.system

sees := {
	"retiring": system.spec.lifecycle == "Retiring", "parallel": object.get(system.spec, ["intake", "parallel"], false), "declares": kept.weighed(rows),
} if input.system.declared

rows := [
	{"name": "spec.intake.parallel", "field": ["intake", "parallel"], "weights": {"true": 0}},
	{"name": "spec.fence.mechanism", "field": ["fence", "mechanism"], "weights": {"Singleton": 3, "Transaction": 3, "Lease": 2, "Conditional": 2}},
]

# Where records may be processed in any order, nobody rests on a fence.
refuses[at] contains message if {
	not input.before.parallel
	some at, messages in kept.lighter
	some message in messages
}
