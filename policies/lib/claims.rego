# Whose workloads are.
package pocdr.lib.claims

import data.pocdr.lib.index
import data.pocdr.lib.labels

# by_system(w) holds where a System claims a workload by namespace and labels.
by_system(w) if {
	some s in index.at(systems, w.namespace)
	labels.has(w.labels, s.labels)
}

# by_bedrock(w) holds where a workload has the labels by which an operator knows what it makes for declared bedrock.
by_bedrock(w) if {
	some b in index.at(bedrock, w.namespace)
	labels.has(w.labels, b.labels)
}

systems := index.of([[namespace, s] | some s in input.facts.system; some namespace in s.namespaces])

bedrock := index.of([[b.namespace, b] | some b in input.facts.bedrock])
