# METADATA
# title: Nobody more may turn the switch, and it stays the switch
# description: |
#   Asks whether spec.switch authorises nobody whom it did not authorise before, and goes on to name the same object, field and values.
#
#   Who may turn the switch may decide what is drunk. A System that names another object is judged by that one, while the first
#   goes on selecting; and with its values exchanged, what every rule takes for the standby serves.
# custom:
#   level: 2
#   kind: transition
#   principle: switch
#   severity: critical
#   remediation: Keep spec.switch; or write an Exemption for transitions/switchers-kept, with the System as its subject, and have it approved by who answers for the system.
package pocdr.transitions.switchers_kept

import data.pocdr.lib.system

sees := {"at": system.at(["spec", "switch"]), "switch": object.get(system.spec, "switch", {})} if input.system.declared

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

# named holds where the System named its switch before.
named if input.before.switch.ref

words(value) := value if is_string(value)

words(value) := concat(" ", [sprintf("%v=%v", [k, value[k]]) | some k in sort(object.keys(value))]) if is_object(value)
