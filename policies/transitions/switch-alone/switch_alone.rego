# METADATA
# title: The switch is turned by a change of its own
# description: |
#   Asks whether a change that turns the switch changes the switch's field, and nothing else of the system.
#
#   Delivery is one change to one object, so that its inverse is a revert. What is bundled with the switch serves
#   without having been proven, and goes back with it, wanted or not.
# custom:
#   level: 2
#   kind: transition
#   principle: switch
#   severity: critical
#   remediation: Deliver the other changes first, each by itself, and turn the switch by a change of its own.
package pocdr.transitions.switch_alone

import data.pocdr.lib.turn

sees := turn.sees

refuses[o.at] contains sprintf("the switch is turned from plant %v to %v, and this is changed with it", [input.before.plant, input.after.plant]) if {
	turn.turned
	some o in turn.others
}

refuses[array.concat(o.at, path)] contains sprintf("the switch is turned from plant %v to %v, and this is changed with it", [input.before.plant, input.after.plant]) if {
	turn.turned
	some o in input.change.operations
	turn.is_switch(o)
	some path in o.paths
	concat(".", path) != input.before.field
}
