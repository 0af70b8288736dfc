# METADATA
# title: A System stays until it is retired
# description: |
#   Asks whether a System is deleted, or renamed, only once its lifecycle is Retiring and nobody is declared downstream of it; and whether
#   it starts to retire only when nobody is.
#
#   A System that is gone holds nothing to its floor any more: whoever could delete it could do anything after that. Retiring it first is a
#   change that its owners see, and that says who still drinks from it.
# custom:
#   level: 1
#   kind: transition
#   principle: gate
#   severity: critical
#   remediation: Set spec.lifecycle to Retiring once spec.downstream is empty, have that delivered, and delete the System then.
package pocdr.transitions.system_kept

import data.pocdr.lib.system

sees := {
	"at": input.system.at, "name": input.system.name, "lifecycle": system.at(["spec", "lifecycle"]),
	"retiring": system.spec.lifecycle == "Retiring", "downstream": {d.name | some d in system.spec.downstream},
} if input.system.declared

refuses[input.before.at] contains sprintf("the System %v is deleted, and was not retired before", [input.before.name]) if {
	input.before
	not input.after
}

refuses[input.after.lifecycle] contains sprintf("the System %v starts to retire, and %v is still downstream of it", [input.after.name, system.listed(input.after.downstream)]) if {
	input.after.retiring
	not input.before.retiring
	count(input.after.downstream) > 0
}
