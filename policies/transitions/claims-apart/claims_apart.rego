# METADATA
# title: A System is named, and claims, where nobody else's say is taken
# description: |
#   Asks whether each System that comes, or claims another namespace, has a name of its own; and whether one that claims a namespace in
#   production stands in one.
#
#   A System says what is asked of all that it claims. Whoever may write in any namespace could otherwise declare, there, a System of a name that
#   is taken, or one that claims production and requires nothing of it, and have what runs there judged by that one.
# custom:
#   level: 1
#   kind: transition
#   principle: declaration
#   severity: critical
#   remediation: Give the System a name that no other one has, and declare it in a namespace that it claims and that is in production.
package pocdr.transitions.claims_apart

import data.pocdr.lib.system

sees := {"own": own, "claims": claims, "production": production}

# production tells of each namespace that is declared whether it is in production.
production := {n.name: labelled | some n in input.facts.namespace; labelled := n.production == true}

# own are the namespaces of the system; of what no System claims, those of its workloads.
own := {n | some n in system.spec.namespaces} if {
	input.system.declared
} else := {w.namespace | some w in system.workloads}

claims contains object.filter(s, ["at", "name", "namespace", "namespaces"]) if some s in input.facts.system

earlier := {s.at: s | some s in input.before.claims}

refuses[s.at] contains sprintf("System %v is declared already, in namespace %v", [s.name, first.namespace]) if {
	some s in input.after.claims
	not earlier[s.at]
	s.name == input.system.name
	some first in input.after.claims
	earlier[first.at]
	first.name == s.name
}

refuses[s.at] contains sprintf("System %v claims namespace %v, which is in production, and stands in namespace %v, which is not", [s.name, n, s.namespace]) if {
	some s in input.after.claims
	some n in s.namespaces
	n in foreign | input.after.own
	not claimed(s, n)
	input.after.production[n]
	input.after.production[s.namespace] == false
}

# foreign are the namespaces that were the system's before.
foreign := input.before.own if {
	input.before
} else := set()

claimed(s, n) if n in earlier[s.at].namespaces
