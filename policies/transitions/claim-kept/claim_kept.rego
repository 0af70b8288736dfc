# METADATA
# title: What a System answers for, it goes on answering for
# description: |
#   Asks whether each workload that belonged to the System belongs to it after the change, belongs to another System that requires as high a level, or is taken away.
#
#   A workload that nobody claims is judged by nobody's rules: what the System required of it yesterday, no check asks today.
# custom:
#   level: 1
#   kind: transition
#   principle: declaration
#   severity: high
#   remediation: Keep spec.namespaces, spec.labels and the workload's labels; or declare the System that the workload goes to in the same change.
package pocdr.transitions.claim_kept

import data.pocdr.lib.labels
import data.pocdr.lib.system

sees := {"workloads": workloads, "owned": {system.title(w) | some w in input.facts.workload; w.owner != null}, "others": others, "requires": system.spec.requiredLevel} if input.system.declared

workloads contains {"at": w.at, "called": system.title(w), "namespace": w.namespace, "labels": system.labels[w.at]} if some w in system.workloads

# others are the claims of other Systems.
others := [object.filter(s, ["name", "namespaces", "labels", "requiredLevel"]) | some s in input.facts.system; s.at != input.system.at]

refuses[was.at] contains sprintf("%v belonged to this System, and belongs to none now", [was.called]) if {
	some was in lost
	count(claimants(was)) == 0
}

refuses[was.at] contains sprintf("%v belonged to this System, which requires level %v, and belongs to System %v now, which requires level %v", [was.called, input.before.requires, s.name, s.requiredLevel]) if {
	some was in lost
	some s in claimants(was)
	every other in claimants(was) {
		other.requiredLevel < input.before.requires
	}
}

# lost are the workloads that belong to the System no longer, and are there by themselves.
lost := [was |
	input.after
	some was in input.before.workloads
	not was.called in {now.called | some now in input.after.workloads}
	not was.called in input.after.owned
	not deleted(was)
]

deleted(was) if {
	some o in input.change.operations
	o.operation == "delete"
	o.at[0] == was.at[0]
}

claimants(was) := [s |
	some s in input.after.others
	was.namespace in s.namespaces
	labels.has(was.labels, s.labels)
]
