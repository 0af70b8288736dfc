# METADATA
# title: What passes for bedrock is made by its operator
# description: |
#   Asks who makes a workload that has the labels by which an operator knows what it makes for declared bedrock (the brokers of its logs, the nodes of its
#   stores), where no System claims it, and who gives it something else to run. Only an operator that the Profile names may. Debugging containers and resources are left out.
#
#   Such workloads belong to bedrock: no System need claim them, and none of the checks on a System's own workloads is about them. Whoever put a label on
#   a pod could otherwise run beside what serves what nobody answers for.
# custom:
#   level: 1
#   kind: transition
#   principle: declaration
#   severity: high
#   remediation: Have the Profile name the operator in operators, if it is one; else take the labels off, and name the workload in a System.
package pocdr.transitions.bedrock_apart

import data.pocdr.lib.claims
import data.pocdr.lib.system

sees := passing if count(passing) > 0

# passing has what each workload that passes for bedrock is called.
passing[w.at] := system.title(w) if {
	input.system.declared
	count(input.facts.bedrock) > 0
	some all in system.all_by_key
	some w in all
	not system.key(w) in system.our_keys
	not claims.by_system(w)
	claims.by_bedrock(w)
}

refuses[o.at] contains sprintf("%v has the labels of bedrock's own workloads, and is not made by an operator that the Profile names", [input.after[o.at]]) if {
	some o in input.change.operations
	input.after[o.at]
	made(o)
	not by_operator
}

# made(o) holds where what passes for bedrock begins to, or is given something else to run.
made(o) if not o.at in object.keys(object.get(input, "before", {}))

made(o) if {
	some path in o.paths
	path[0] == "spec"
	count({"ephemeralContainers", "resources"} & {step | some step in path}) == 0
}

# To be of a group of operators is not enough: administrators are.
by_operator if input.change.principal.names[0] in input.profile.spec.operators
