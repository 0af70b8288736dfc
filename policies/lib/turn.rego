# How a change turns the switch of a system. `sees` is of one snapshot; `turn` compares what it sees before a change and after it.
package pocdr.lib.turn

import data.pocdr.lib.objects
import data.pocdr.lib.system

sees := {
	"value": system.selected, "plant": system.incumbent, "switch": [o.at[0] | some o in objects.switches],
	"field": system.spec.switch.field, "authorised": object.get(system.spec.switch, "authorised", []),
	"window": system.spec.rollback.window,
}

turned if {
	input.before.plant
	input.after.plant != input.before.plant
}

turn := "back" if {
	goes_back
	alone
} else := "bundled" if {
	goes_back
} else := "forward" if turned

# goes_back holds where who may turns the switch to the plant that served before, inside the window. A plant that is known to run another
# release by now never served by that one.
goes_back if {
	turned
	may
	not input.change.served.same == false
	input.change.served.value == input.after.value
	lately
}

# lately holds where the plant that served before did so within the rollback window.
lately if input.change.served.until + time.parse_duration_ns(input.before.window) >= input.now

# open holds while the rollback window is open: while going back is promised. Where it is not known when another plant served, it is taken to be open.
open if input.change.served == null

open if lately

# because says why the window is open.
because := "; when another plant served is not known here, so that the rollback window is taken to be open" if {
	input.change.served == null
} else := sprintf(", within the rollback window of %v", [input.before.window])

# alone holds where the switch's field is all that changes of the system. What else may not change, the engine sees.
alone if {
	count(others) == 0
	turning := [o | some o in input.change.operations; is_switch(o)]
	count(turning) == 1
	turning[0].operation == "update"
	{concat(".", path) | some path in turning[0].paths} == {input.before.field}
}

# others are what the change does to the system beside turning its switch.
others := [o | some o in input.change.operations; o.ours; not is_switch(o)]

is_switch(o) if o.at[0] in input.before.switch

# may holds where who asks is authorised, or where the entrance does not know who asks.
may if input.change.principal == null

may if {
	some name in input.change.principal.names
	name in input.before.authorised
}
