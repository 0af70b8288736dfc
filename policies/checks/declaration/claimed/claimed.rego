# METADATA
# title: Every workload belongs to a System
# description: |
#   Asks whether each workload in the System's namespaces belongs to this System or to another one, by namespace and labels or by name; or runs bedrock
#   that is declared, such as the brokers of its logs.
#
#   What no System claims is judged by nobody: it may read the same intake, write the same outlet or starve the node, and no
#   proof mentions it. Where a change goes wrong, it is found last.
# custom:
#   level: 1
#   kind: goal
#   severity: medium
#   remediation: Name the workload in a System, widen a System's namespaces or labels, or remove the workload.
package pocdr.checks.declaration.claimed

import data.pocdr.lib.claims
import data.pocdr.lib.system

asked := [w | some all in system.all_by_key; some w in all; counts(w)]

counts(_) if input.system.declared

counts(w) if {
	not input.system.declared
	w.lasting
}

subjects contains w.at if some w in asked

passes contains w.at if {
	some w in asked
	claimed(w)
}

fails[w.at] contains unclaimed(w) if {
	input.system.declared
	some w in asked
	not claimed(w)
}

# Where no System is declared yet, it is the System that is missing.
missing[w.at] contains unclaimed(w) if {
	not input.system.declared
	some w in asked
	not claimed(w)
}

unclaimed(w) := sprintf("no System claims %v", [system.title(w)])

claimed(w) if {
	input.system.declared
	system.key(w) in system.our_keys
}

claimed(w) if claims.by_system(w)

claimed(w) if claims.by_bedrock(w)

subjects contains system.at([]) if count(asked) == 0

unknowns[system.at([])] contains "no workload is declared here" if count(asked) == 0
