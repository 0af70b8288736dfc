# METADATA
# title: Nobody more may turn the switch, and it stays the switch
# description: |
#   Asks whether spec.switch authorises nobody whom it did not authorise before, and goes on to name the same object, field and values; and whether what tells the valve's pods
#   by name which outlets of the plants they drink from, and which switch they watch, goes on to tell them so.
#
#   Who may turn the switch may decide what is drunk. A System that names another object is judged by that one, while the first
#   goes on selecting; and with its values exchanged, or the outlets that the valve reads, what every rule takes for the standby serves.
# custom:
#   level: 2
#   kind: transition
#   principle: switch
#   severity: critical
#   remediation: Keep spec.switch, and what the valve is told of outlets and switch; or write an Exemption for transitions/switchers-kept, with the System or the valve's workload as its subject, and have it approved by who answers for the system.
package pocdr.transitions.switchers_kept

import data.pocdr.lib.system

sees := {"at": system.at(["spec", "switch"]), "switch": object.get(system.spec, "switch", {}), "told": told, "names": names} if input.system.declared

# told has what the valve's workloads are told by name: the fields of their templates that say it, by workload.
told[system.title(w)] := {"at": w.at, "fields": fields} if {
	some w in system.actor_workloads.valve
	fields := {field: value |
		some t in system.templates_of(w)
		some field, value in t.fields
		value in names
	}
}

names contains outlet.name if {
	some plant in system.plants
	some outlet in plant.outlets
}

names contains name if {
	ref := system.spec.switch.ref
	some name in [ref.name, concat("/", [ref.namespace, ref.name])]
}

refuses[array.concat(input.after.at, ["authorised"])] contains sprintf("authorises %v, whom it did not authorise before", [system.listed(gained)]) if {
	named
	gained := {p | some p in input.after.switch.authorised} - {p | some p in object.get(input.before.switch, "authorised", [])}
	count(gained) > 0
}

refuses[array.concat(input.after.at, [field])] contains sprintf("%v was %v, and is %v", [field, was, is]) if {
	named
	some field in ["ref", "field", "values"]
	was := words(input.before.switch[field])
	is := words(input.after.switch[field])
	was != is
}

refuses[input.after.at] contains "names a switch no longer" if {
	named
	not input.after.switch.ref
}

refuses[now.at] contains sprintf("%v was told %v by %v, and is told %v", [title, name, field, other]) if {
	some title, was in input.before.told
	now := input.after.told[title]
	some field, name in was.fields
	other := now.fields[field]
	other != name
}

# A field may have another name, as long as something tells it.
refuses[now.at] contains sprintf("%v was told %v by %v, and nothing tells it any more", [title, name, field]) if {
	some title, was in input.before.told
	now := input.after.told[title]
	some field, name in was.fields
	name in input.after.names
	not name in {told | some told in now.fields}
}

# named holds where the System named its switch before.
named if input.before.switch.ref

words(value) := value if is_string(value)

words(value) := concat(" ", [sprintf("%v=%v", [k, value[k]]) | some k in sort(object.keys(value))]) if is_object(value)
