# METADATA
# title: A second plant stands beside the first, with a group and outlets of its own
# description: |
#   Asks whether two plants are declared, of workloads of their own, each reading the intake with a group of its own
#   and writing outlets of its own.
#
#   What cannot be tried on a part of the input can be tried on all of it, beside the plant that serves. For that the candidate must read every
#   record, and not share them with the incumbent as members of one group do; and its output must
#   go where nobody drinks it, to be compared. A system that is changed in place has nowhere to do so.
# custom:
#   level: 3
#   kind: goal
#   severity: high
#   remediation: Declare plants a and b, each with its workloads, a group and outlets that neither the other plant nor the System has.
package pocdr.checks.delivery.second_plant

import data.pocdr.lib.access
import data.pocdr.lib.system

place(path) := system.at(array.concat(["spec"], path))

rivals := {"a": "b", "b": "a"}

subjects contains system.at([]) if not input.system.declared

fails[system.at([])] contains "no System declares a second plant" if not input.system.declared

in_place if system.spec.switch.mechanism == "InPlace"

subjects contains place(["switch", "mechanism"]) if in_place

fails[place(["switch", "mechanism"])] contains "the mechanism is InPlace: a candidate would run in the incumbent's place" if in_place

asked contains name if {
	input.system.declared
	not in_place
	some name in ["a", "b"]
}

subjects contains place(["plants", name]) if some name in asked

passes contains place(["plants", name]) if {
	some name in asked
	count(faults(name)) == 0
	count(absences(name)) == 0
}

fails[place(["plants", name])] contains message if {
	some name in asked
	some message in faults(name)
}

missing[place(["plants", name])] contains message if {
	some name in asked
	some message in absences(name)
}

absences(name) := {sprintf("%v is not declared", [w.title]) | some w in system.absent_workloads[name]}

faults(name) := {sprintf("spec.plants.%v is not declared", [name]) | not system.plants[name]} |
	{"has no group with which it reads the intake" | plant := system.plants[name]; not plant.group} |
	{"has no outlet of its own, so that there is nothing to compare while nobody drinks from it" | plant := system.plants[name]; count(object.get(plant, "outlets", [])) == 0} |
	shared(name)

shared(name) := {sprintf("reads with the group %v, as %v does, so that each misses what the other one reads", [group, system.called(rivals[name])]) |
	group := system.plants[name].group
	group == system.plants[rivals[name]].group
} | {sprintf("writes %v, which is an outlet of %v too", [mine.name, system.called(rivals[name])]) |
	some mine in system.plants[name].outlets
	some other in system.plants[rivals[name]].outlets
	overlap(mine, other)
} | {sprintf("writes %v, which is an outlet that downstream drinks from", [mine.name]) |
	some mine in system.plants[name].outlets
	some other in system.spec.outlets
	overlap(mine, other)
} | {sprintf("%v makes up %v too", [system.title(w), system.called(rivals[name])]) |
	some w in system.plants[name].workloads
	some other in system.plants[rivals[name]].workloads
	system.key(w) == system.key(other)
}

# overlap(x, y) holds where one of two references names what the other one does, or a part of it.
overlap(x, y) if {
	x.platform == y.platform
	access.same_scope(scope(x), scope(y))
	some [name, above] in [[x.name, y.name], [y.name, x.name]]
	access.below(name, above)
}

scope(ref) := access.resource(ref).scope
