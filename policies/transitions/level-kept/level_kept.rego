# METADATA
# title: The level that a system requires is not lowered
# description: |
#   Asks whether a System keeps its requiredLevel, or raises it.
#
#   The required level is the floor that every other change is held to. Who could lower it in passing could do anything
#   in the next change. Lowering it takes an Exemption, which has an owner, a reason and an end.
# custom:
#   level: 1
#   kind: transition
#   principle: gate
#   severity: high
#   remediation: Keep requiredLevel; or write an Exemption for transitions/level-kept, with the System as its subject, and have it approved.
package pocdr.transitions.level_kept

import data.pocdr.lib.system

sees := {"at": system.at(["spec", "requiredLevel"]), "level": system.spec.requiredLevel} if input.system.declared

refuses[input.after.at] contains sprintf("requires level %v, and level %v before", [input.after.level, input.before.level]) if {
	input.after.level < input.before.level
}
