# METADATA
# title: The metrics of each plant are collected
# description: |
#   Asks whether a declared monitor selects the pods of each workload of the plants: directly, or by a service in front
#   of them, and collects from a port that they have. Where no System is declared, each workload that runs until stopped is asked about.
#
#   What nobody measures cannot be seen to be wrong, and a candidate cannot be compared with the incumbent.
# related_resources:
# - ref: https://prometheus-operator.dev/docs/developer/getting-started/
#   description: Monitors of pods and of services
# custom:
#   level: 1
#   kind: goal
#   severity: high
#   remediation: Declare a monitor whose selector selects the labels of the pods, or of a service that selects the pods, in their namespace.
package pocdr.checks.repair.observed

import data.pocdr.lib.index
import data.pocdr.lib.labels
import data.pocdr.lib.system

subjects contains plants if no_plants

fails[plants] contains "spec.plants names no plant" if no_plants

plants := system.at(["spec", "plants"])

no_plants if {
	input.system.declared
	count(system.plants) == 0
}

# A workload that a plant names is declared.

subjects contains w.at if {
	some name, _ in system.plants
	some w in system.absent_workloads[name]
}

missing[w.at] contains sprintf("%v is not declared", [w.title]) if {
	some name, _ in system.plants
	some w in system.absent_workloads[name]
}

# watched are the workloads that are asked about.
watched contains w if {
	some name, _ in system.plants
	some w in system.actor_workloads[name]
}

watched contains w if {
	not input.system.declared
	some w in system.workloads
	w.lasting
}

subjects contains w.at if some w in watched

passes contains w.at if {
	some w in watched
	collected[w.at]
}

missing[w.at] contains "no monitor collects the metrics of its pods" if {
	some w in watched
	count(aims[w.at]) == 0
}

missing[w.at] contains sprintf("monitors of its pods collect from ports that they do not name: %v", [concat(", ", sort(names))]) if {
	some w in watched
	not collected[w.at]
	names := {name | some [m, _] in aims[w.at]; some name in m.ports}
	count(names) > 0
}

collected := {at |
	some at, all in aims
	some [m, offered] in all
	met(m, offered)
}

met(m, _) if m.ports == null

met(m, offered) if {
	some name in m.ports
	name in offered
}

# aims has, by workload, the monitors that select its pods, or a service in front of them, each with the ports that are there.
aims := {w.at: aimed_at(w, system.pod_labels[w.at]) | some w in watched}

aimed_at(w, has) := {[m, w.ports] | some m in selecting("pod", w.namespace, has)} | {[m, service.ports] |
	some handle in labels.handles(has)
	some service in index.at(services, [w.namespace, handle])
	labels.selects({"matchLabels": service.selector}, has)
	some m in selecting("service", w.namespace, service.labels)
}

# selecting(target, namespace, has) are the monitors of pods or of services that select one in this namespace that has these labels.
selecting(target, namespace, has) := {m |
	some place in {namespace, null}
	some handle in labels.handles(has)
	some m in index.at(monitors, [target, place, handle])
	labels.selects(m.selector, has)
}

monitors := index.of([[[m.target, place, labels.handle(m.selector)], m] | some m in input.facts.monitor; some place in places(m)])

places(m) := [null] if m.namespaces == null

places(m) := m.namespaces if m.namespaces != null

services := index.of([[[s.namespace, labels.handle({"matchLabels": s.selector})], s] | some s in input.facts.service; count(s.selector) > 0])
