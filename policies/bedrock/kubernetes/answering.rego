# METADATA
# title: Answering webhooks
# description: How many pods answer an admission webhook of this engine.
# custom:
#   joins: [enforcer, service, workload, autoscaler]
#   emits: [answerer]
package pocdr.bedrock.kubernetes.answering

import data.pocdr.lib.labels

facts contains {
	"fact": "answerer",
	"at": s.at,
	"namespace": s.namespace,
	"name": s.name,
	"replicas": total([least | some least in numbers]),
} if {
	some s in input.facts.service
	[s.namespace, s.name] in asked
	numbers := behind(s)
	count(numbers) > 0
}

asked := {[e.serviceNamespace, e.service] | some e in input.facts.enforcer}

# behind(s) has the least number of pods of each workload behind a service. What is declared twice is there once, with the lesser number.
behind(s) := {key: min({n | some w in by_namespace[s.namespace]; selected(s, w); identity(w) == key; some n in numbers(w)}) |
	count(s.selector) > 0
	some of in by_namespace[s.namespace]
	selected(s, of)
	key := identity(of)
}

selected(s, w) if labels.selects({"matchLabels": s.selector}, w.podLabels)

by_namespace[w.namespace] contains w if {
	some w in input.facts.workload
	w.namespace in {namespace | some [namespace, _] in asked}
	w.lasting
	w.owner == null
}

identity(w) := [w.kind, w.namespace, w.name]

# numbers(w) are those that a workload may be at the least at.
numbers(w) := scaled[identity(w)] if {
	scaled[identity(w)]
} else := {w.replicas}

scaled[[a.kind, a.namespace, a.name]] contains a.min if some a in input.facts.autoscaler

total(numbers) := null if {
	null in numbers
} else := sum(numbers)
