# METADATA
# title: The configuration of what serves is not replaced under it
# description: |
#   Asks whether the content of each config stays that a workload of the selected plant, or of the valve, takes before the change and after it. The
#   switch is left out, and so are secrets: credentials are rotated.
#
#   What is changed in place reaches some pods at once and others at their next restart, without a delivery, and without
#   a release that one could go back to.
# custom:
#   level: 2
#   kind: transition
#   principle: declaration
#   severity: high
#   remediation: Write the new configuration as a config of another name, let the standby take it, and deliver it by the switch.
package pocdr.transitions.config_kept

import data.pocdr.lib.index
import data.pocdr.lib.objects
import data.pocdr.lib.system

sees := {"taken": taken} if input.system.declared

# taken has the configs that serve, each with its documents: one, where all is well.
taken contains {"config": concat("/", [m.namespace, m.name]), "by": system.title(w), "documents": documents} if {
	some name in {"valve"} | system.serving
	some w in system.actor_workloads[name]
	some m in system.mounts_of(w)
	m.what == "config"
	documents := {c.at[0] | some c in index.at(by_name, [m.namespace, m.name])} - switches
}

by_name := index.of([[[c.namespace, c.name], c] | some c in input.facts.config; c.what == "config"])

switches := {o.at[0] | some o in objects.switches}

# kept pairs what is taken before the change with what is taken in its place after it.
kept contains {"was": was, "now": now} if {
	some was in input.before.taken
	some now in input.after.taken
	[now.config, now.by] == [was.config, was.by]
}

refuses[array.concat(o.at, path)] contains sprintf("config %v is replaced under %v, which serves", [k.was.config, k.was.by]) if {
	some k in kept
	some o in input.change.operations
	o.at[0] in k.was.documents
	some path in o.paths
	path[0] in {"data", "binaryData"}
}

# What can no longer be read is taken away as well: no operation tells of it.
refuses[[document]] contains sprintf("config %v is taken away under %v, which serves", [k.was.config, k.was.by]) if {
	some k in kept
	some document in k.was.documents - k.now.documents
}
