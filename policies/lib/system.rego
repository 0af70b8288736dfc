# What the system under judgement declares, and the facts that are its own.
package pocdr.lib.system

spec := input.system.spec

# at(path) is the place of a field of the System: a subject for questions about the declaration.
at(path) := array.concat(input.system.at, path)

# key is the identity by which a workload is named.
key(w) := [w.kind, w.namespace, w.name]

# title(w) names a workload to people.
title(w) := concat(" ", [w.kind, concat("/", [w.namespace, w.name])])

# listed(names) names the first three of a set to people.
listed(names) := concat(", ", names) if count(names) <= 3

listed(names) := sprintf("%v and %v more", [concat(", ", array.slice(sort(names), 0, 3)), count(names) - 3]) if count(names) > 3

# all_by_key has every workload in the system's namespaces, owned ones left out: they are judged with their owner. Objects of two API
# groups may share a key. (What indexes many facts is written so that it takes one pass: the set of keys, and for each key a
# comprehension that ends in an equation. A partial rule with the key in its head takes a pass for each.)
all_by_key := {k: all |
	some k in {key(w) | some w in input.facts.workload; w.owner == null}
	all := {w | some w in input.facts.workload; w.owner == null; k = key(w)}
}

# workloads_by_key has one workload for each key.
workloads_by_key := {k: w | some k, all in all_by_key; w := [w | some w in all][0]}

# who(w) is a workload but for its labels, and the number of its pods: what asks for no more is not asked again where it is labelled or scaled.
who(w) := {
	"at": w.at, "kind": w.kind, "namespace": w.namespace, "name": w.name, "owner": w.owner, "ports": w.ports,
	"principal": w.principal, "identityDeclared": w.identityDeclared, "tokenMounted": w.tokenMounted,
	"lasting": w.lasting, "ordinal": w.ordinal, "surges": w.surges, "revisionsKept": w.revisionsKept,
	"commandsNode": w.commandsNode, "nodeNetwork": w.nodeNetwork,
}

# labels, pod_labels and replicas have the rest of it, by the place of a workload.
labels := {w.at: w.labels | some w in input.facts.workload}

pod_labels := {w.at: w.podLabels | some w in input.facts.workload}

replicas := {w.at: w.replicas | some w in input.facts.workload}

# neighbours are all workloads in the system's namespaces.
neighbours := [who(w) | some all in all_by_key; some w in all]

# workloads are the system's own: those that its labels select, and those that it names.
workloads := [who(w) | some all in all_by_key; some w in all; ours(w)]

ours(_) if not input.system.declared

ours(w) if {
	input.system.declared
	w.namespace in spec.namespaces
	every name, value in object.get(spec, "labels", {}) {
		w.labels[name] == value
	}
}

ours(w) if named[key(w)]

# named has the key of every workload that the System names as part of an actor.
named contains reference_key(ref) if {
	some actor in actors
	some ref in actor.workloads
}

reference_key(ref) := [ref.kind, ref.namespace, ref.name]

# actors are the plants and the valve, by name: "a", "b", "valve".
actors[name] := plant if some name, plant in plants

actors.valve := spec.valve

plants.a := spec.plants.a

plants.b := spec.plants.b

# called(name) names an actor to people, and place(name) says where it is declared.
called("valve") := "the valve"

called(name) := concat(" ", ["plant", name]) if plants[name]

place("valve") := at(["spec", "valve"])

place(name) := at(["spec", "plants", name]) if plants[name]

# plantless says, by place, why there is no plant to ask about.
plantless[at([])] := "no System declares a plant" if not input.system.declared

plantless[at(["spec", "plants"])] := "spec.plants names no plant" if {
	input.system.declared
	count(plants) == 0
}

# actor_workloads[name] are the declared workloads of an actor.
actor_workloads[name] := [who(w) |
	some k in {reference_key(ref) | some ref in actor.workloads}
	some w in all_by_key[k]
] if {
	some name, actor in actors
}

# absent_workloads[name] has what an actor names and nothing declares: its place, and what it is called.
absent_workloads[name] contains {"at": array.concat(place(name), ["workloads", i]), "title": title(ref)} if {
	some name, actor in actors
	some i, ref in actor.workloads
	not all_by_key[reference_key(ref)]
}

# incomplete holds as long as something that acts for the system is not declared: who it acts as cannot be told then.
incomplete if count(object.union(plantless, absent_workloads)) > 0

our_keys contains key(w) if some w in workloads

# images are what the pods of the system's own workloads are made from, ephemeral containers left out: containers, and volumes that are images.
images := [c |
	some c in input.facts.container
	[c.workloadKind, c.namespace, c.workload] in our_keys
	c.role != "ephemeral"
]

# containers are those of them that run.
containers := [c | some c in images; c.role != "volume"]

# containers_of(w) are the containers of one workload.
containers_of(w) := object.get(containers_by_key, [key(w)], set())

containers_by_key := {k: all |
	some k in {[c.workloadKind, c.namespace, c.workload] | some c in input.facts.container}
	all := {c | some c in input.facts.container; k = [c.workloadKind, c.namespace, c.workload]}
}

mounts_by_key := {k: all |
	some k in {[m.workloadKind, m.namespace, m.workload] | some m in input.facts.mount}
	all := {m | some m in input.facts.mount; k = [m.workloadKind, m.namespace, m.workload]}
}

# mounts_of(w) are the configs and secrets that one workload takes.
mounts_of(w) := object.get(mounts_by_key, [key(w)], set())

templates_by_key := {k: all |
	some k in {[t.kind, t.namespace, t.name] | some t in input.facts.template}
	all := {t | some t in input.facts.template; k = [t.kind, t.namespace, t.name]}
}

# templates_of(w) has what one workload runs: as often as it is declared.
templates_of(w) := object.get(templates_by_key, [key(w)], set())

# selected is the value that the switch has, where it can be seen.
selected := value if {
	values := {s.value | some s in input.facts.setting; is_switch(s)}
	count(values) == 1
	some value in values
}

is_switch(s) if {
	s.kind == spec.switch.ref.kind
	s.namespace == spec.switch.ref.namespace
	s.name == spec.switch.ref.name
	s.field == spec.switch.field
}

# incumbent is the name of the selected plant; other the name of the other one. Both are undefined where the switch cannot be read.
incumbent := name if {
	names := [n | some n in ["a", "b"]; spec.switch.values[n] == selected]
	count(names) == 1
	name := names[0]
}

other := {"a": "b", "b": "a"}[incumbent]

# serving are the plants that serve: the selected one; each of them, where it cannot be told which that is, or where the one that there is is changed in place.
serving := {incumbent} if {
	incumbent
} else := object.keys(plants)
