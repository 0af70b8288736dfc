# METADATA
# title: What is in production stays in production
# description: |
#   Asks whether each namespace of the System, and each in which it states that it is the authority, keeps the label of production where it has it, and stays.
#
#   The label is what the cluster's gate goes by. Taking it off opens the gate for everything in the namespace, and
#   deleting the namespace deletes the system without anybody having named what goes. What keeps the outlet, and who may write it, may stand in a namespace of its own.
# custom:
#   level: 1
#   kind: transition
#   principle: gate
#   severity: critical
#   remediation: Keep the label; retire the System before its namespaces go, and delete it before they are used for something else.
package pocdr.transitions.production_kept

import data.pocdr.lib.system

sees := {"own": {n | some n in system.spec.namespaces} | {a.name | some a in system.spec.authority}, "production": {n.name: n.at | some n in input.facts.namespace; n.production == true}} if input.system.declared

refuses[at] contains sprintf("namespace %v is no longer in production", [name]) if {
	input.after
	some name in input.before.own
	at := input.before.production[name]
	not input.after.production[name]
}
