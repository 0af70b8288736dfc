# What the system under judgement declares, and the facts that are its own.
package pocdr.lib.system

spec := input.system.spec

# at(path) is the place of a field of the System: a subject for questions about the declaration.
at(path) := array.concat(input.system.at, path)

# key is the identity by which a workload is named.
key(w) := [w.kind, w.namespace, w.name]

# workloads_by_key has every workload in the system's namespaces, owned ones left out: they are judged with their owner.
workloads_by_key[key(w)] := w if {
	some w in input.facts.workload
	w.owner == null
}

# workloads are the system's own: those that its labels select, and those that it names.
workloads := [w | some w in workloads_by_key; ours(w)]

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
named contains [ref.kind, ref.namespace, ref.name] if {
	some actor in actors
	some ref in actor.workloads
}

# actors are the plants and the valve, by name: "a", "b", "valve".
actors[name] := plant if some name, plant in plants

actors.valve := spec.valve

plants.a := spec.plants.a

plants.b := spec.plants.b

# actor_workloads[name] are the declared workloads of an actor.
actor_workloads[name] := [w |
	some ref in actor.workloads
	w := workloads_by_key[[ref.kind, ref.namespace, ref.name]]
] if {
	some name, actor in actors
}

our_keys contains key(w) if some w in workloads

# containers are those of the system's own workloads, ephemeral ones left out.
containers := [c |
	some c in input.facts.container
	[c.workloadKind, c.namespace, c.workload] in our_keys
	c.role != "ephemeral"
]

# containers_of(w) are the containers of one workload.
containers_of(w) := object.get(containers_by_key, [key(w)], [])

containers_by_key[k] contains c if {
	some c in input.facts.container
	k := [c.workloadKind, c.namespace, c.workload]
}

mounts_by_key[k] contains m if {
	some m in input.facts.mount
	k := [m.workloadKind, m.namespace, m.workload]
}

# mounts_of(w) are the configs and secrets that one workload takes.
mounts_of(w) := object.get(mounts_by_key, [key(w)], set())

# selected is the value that the switch has, where it can be seen.
selected := value if {
	ref := spec.switch.ref
	some s in input.facts.setting
	s.kind == ref.kind
	s.namespace == ref.namespace
	s.name == ref.name
	s.field == spec.switch.field
	value := s.value
}

# incumbent is the name of the selected plant; other the name of the other one. Both are undefined where the switch cannot be read.
incumbent := name if {
	some name in ["a", "b"]
	spec.switch.values[name] == selected
}

other := {"a": "b", "b": "a"}[incumbent]
