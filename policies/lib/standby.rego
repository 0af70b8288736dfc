# The plant to go back to, and why there may be none.
package pocdr.lib.standby

import data.pocdr.lib.system

in_place if system.spec.switch.mechanism == "InPlace"

# paired holds where one plant can stand by while the other one serves.
paired if {
	count(system.plants) == 2
	not in_place
}

# absent says, by place, why there is no standby to ask about.
absent[system.at([])] := "no System declares a second plant" if not input.system.declared

absent[system.at(["spec", "switch", "mechanism"])] := "the mechanism is InPlace: there is no standby" if in_place

absent[system.at(["spec", "plants"])] := "there are not two plants: there is no standby" if {
	input.system.declared
	not in_place
	not paired
}

absent[system.at(["spec", "switch"])] := "spec.switch names no switch: neither plant is the standby" if {
	paired
	not system.spec.switch
}

# unread says, by place, why it cannot be told which plant is the standby.
unread[system.at(["spec", "switch", "field"])] := "which plant is the standby cannot be told: the switch cannot be read" if {
	paired
	system.spec.switch
	not system.other
}
