# METADATA
# title: What a System answers for, it goes on answering for
# description: |
#   Asks whether each workload that belonged to the System belongs to it after the change, belongs to another System, or is taken away.
#
#   A workload that nobody claims is judged by nobody's rules: what the System required of it yesterday, no check asks today.
# custom:
#   level: 1
#   kind: transition
#   principle: declaration
#   severity: high
#   remediation: Keep spec.namespaces, spec.labels and the workload's labels; or declare the System that the workload goes to in the same change.
package pocdr.transitions.claim_kept

import data.pocdr.lib.system

sees := {"workloads": workloads, "others": others} if input.system.declared

workloads contains {"at": w.at, "called": system.title(w), "namespace": w.namespace, "labels": w.labels} if some w in system.workloads

# others are the claims of other Systems.
others := [object.filter(s, ["namespaces", "labels"]) | some s in input.facts.system; s.at != input.system.at]

refuses[was.at] contains sprintf("%v belonged to this System, and belongs to none now", [was.called]) if {
	input.after
	some was in input.before.workloads
	not was.called in {now.called | some now in input.after.workloads}
	not deleted(was)
	not claimed(was)
}

deleted(was) if {
	some o in input.change.operations
	o.operation == "delete"
	o.at[0] == was.at[0]
}

claimed(was) if {
	some s in input.after.others
	was.namespace in s.namespaces
	every name, value in s.labels {
		was.labels[name] == value
	}
}
