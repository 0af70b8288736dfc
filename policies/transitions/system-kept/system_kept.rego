# METADATA
# title: A System stays until it is retired
# description: |
#   Asks whether a System is deleted, or renamed, only once its lifecycle is Retiring and nobody is declared downstream of it; whether
#   it starts to retire only when nobody was before; whether the last one is taken off downstream only where it is seen that nobody reads the outlets; and
#   whether it goes on naming an owner.
#
#   A System that is gone holds nothing to its floor any more, and the things of one that retires may be deleted: whoever could delete it, or
#   say in one change that nobody drinks from it and that it retires, could take away what others live on. Who reads is seen where the grants are:
#   of a store whose grants are no objects of the cluster, a cluster shows none.
# custom:
#   level: 1
#   kind: transition
#   principle: gate
#   severity: critical
#   remediation: Go on naming an owner. Retire the System by three changes, one after the other, which empty spec.downstream once nobody reads the outlets, set spec.lifecycle to Retiring and delete it. Where it is not shown who reads, an Exemption for transitions/system-kept about spec.downstream lets the first one pass.
package pocdr.transitions.system_kept

import data.pocdr.lib.readers
import data.pocdr.lib.system

sees := {
	"at": input.system.at, "name": input.system.name, "retiring": system.spec.lifecycle == "Retiring",
	"owners": count(object.get(system.spec, "owners", [])), "downstream": {d.name | some d in system.spec.downstream}, "reading": reading,
} if input.system.declared

# reading says, where nobody is declared downstream, why that is not so or not seen.
reading contains message if {
	count(object.get(system.spec, "downstream", [])) == 0
	some message in readers.unsettled
}

refuses[input.before.at] contains sprintf("the System %v is deleted, and was not retired before", [input.before.name]) if {
	input.before
	not input.after
	not retired
}

retired if {
	input.before.retiring
	input.before.downstream == set()
}

refuses[place("lifecycle")] contains sprintf("the System %v starts to retire, and %v is still downstream of it", [input.after.name, system.listed(input.after.downstream)]) if {
	starts
	count(input.after.downstream) > 0
}

refuses[place("lifecycle")] contains sprintf("the System %v starts to retire by the change that takes %v off downstream", [input.after.name, system.listed(gone)]) if {
	starts
	gone := input.before.downstream - input.after.downstream
	count(gone) > 0
}

starts if {
	input.after.retiring
	not input.before.retiring
}

refuses[place("downstream")] contains sprintf("nobody is declared downstream any more, and not seen to be gone: %v", [system.listed(input.after.reading)]) if {
	count(input.before.downstream) > 0
	count(input.after.reading) > 0
}

refuses[place("owners")] contains "nobody answers for the system any more" if {
	input.before.owners > 0
	input.after.owners == 0
}

place(field) := array.concat(input.after.at, ["spec", field])
