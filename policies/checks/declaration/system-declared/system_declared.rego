# METADATA
# title: The System names its intake, plants, switch and outlets, and each of them is declared
# description: |
#   Asks whether the System names its intake, at least one plant, its switch and its outlets, and whether each thing that it names is itself declared:
#   the log, the stores and their parts, the workloads, the valve where the switch is one, the switch's object and the field of it that selects a plant,
#   which can be changed; and whether a service that is the switch stands in front of pods of the selected plant, and of no others.
#
#   Everything else that is asked starts from these names. A name that leads to nothing is a system
#   that exists on paper: whoever turns a switch that is not there, or goes back to a plant that was
#   never declared, finds out when it matters.
# custom:
#   level: 1
#   kind: goal
#   severity: high
#   exemptible: false
#   remediation: Write a System that names intake, outlets, plants and switch; declare what it names, or correct the name.
package pocdr.checks.declaration.system_declared

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.labels
import data.pocdr.lib.objects
import data.pocdr.lib.system

place(path) := system.at(array.concat(["spec"], path))

# unnamed says, by place, what the System does not name.
unnamed[system.at([])] := "no System declares this" if not input.system.declared

unnamed[place(path)] := message if {
	input.system.declared
	some [path, message] in gaps
}

gaps contains [["intake"], "spec.intake names no log"] if not system.spec.intake

gaps contains [["outlets"], "spec.outlets names no outlet"] if count(object.get(system.spec, "outlets", [])) == 0

gaps contains [["plants"], "spec.plants names no plant"] if count(system.plants) == 0

gaps contains [["switch"], "spec.switch names no switch"] if not system.spec.switch

gaps contains [["valve"], "the switch's mechanism is Valve, and spec.valve names no workload"] if {
	system.spec.switch.mechanism == "Valve"
	not system.spec.valve
}

# faults, absences and doubts say, by place, what is wrong with a thing that is named, that nothing declares it, or why that cannot be told.

# --- Logs and stores

named contains system.at(r.path) if some r in access.references

absences[system.at(r.path)] contains sprintf("no %v %v is declared in %v", [sort_of(r), r.ref.name, where]) if {
	some r in access.references
	count(found(r)) == 0
	where := concat(", ", {access.instance_title(i) | some i in access.instances_of(r.ref)})
}

absences[system.at(r.path)] contains sprintf("store %v is declared, and nothing declares %v in it", [s.name, r.ref.name]) if {
	some r in access.references
	some s in found(r)
	count({f | some f in found(r); f.name == r.ref.name}) == 0
	count({part | some part in contracts.named(r.ref.name); part.platform == s.platform; access.same_scope(part.scope, s.scope)}) == 0
}

doubts[system.at(r.path)] contains sprintf("%v is declared in %v; no scope says which of them is meant", [r.ref.name, concat(" and ", scopes)]) if {
	some r in access.references
	scopes := {f.scope | some f in found(r)} - {null}
	count(scopes) > 1
}

# The intake is a log; an outlet may be either.
found(r) := access.logs(r.ref) if r.path == ["spec", "intake"]

found(r) := array.concat(access.logs(r.ref), access.stores(r.ref)) if r.path != ["spec", "intake"]

sort_of(r) := "log" if r.path == ["spec", "intake"]

sort_of(r) := "log or store" if r.path != ["spec", "intake"]

# --- Workloads

named contains array.concat(system.place(name), ["workloads", i]) if {
	some name, actor in system.actors
	some i, _ in actor.workloads
}

absences[w.at] contains sprintf("%v is not declared", [w.title]) if {
	some all in system.absent_workloads
	some w in all
	not faults[w.at]
}

faults[array.concat(system.place(name), ["workloads", i])] contains sprintf("%v is in a namespace that spec.namespaces does not list", [objects.title(ref)]) if {
	some name, actor in system.actors
	some i, ref in actor.workloads
	not ref.namespace in system.spec.namespaces
}

# --- The switch

ref := system.spec.switch.ref

named contains place(["switch", "ref"]) if ref

absences[place(["switch", "ref"])] contains sprintf("%v is not declared", [objects.title(ref)]) if count(objects.switches) == 0

faults[place(["switch", "ref"])] contains sprintf("%v is immutable: nobody can turn it, there or back", [objects.title(ref)]) if {
	some o in objects.switches
	some c in input.facts.config
	c.at[0] == o.at[0]
	c.immutable
}

field := place(["switch", "field"])

named contains field if readable

# readable holds where the fields of such an object can be seen: those of configs and services, and whatever else shows its settings.
readable if {
	some o in objects.switches
	some fact in array.concat([s | some s in input.facts.service], [c | some c in input.facts.config; c.what == "config"])
	fact.at[0] == o.at[0]
}

readable if {
	some o in objects.switches
	some s in input.facts.setting
	s.kind == o.kind
}

values := {s.value | some s in input.facts.setting; system.is_switch(s)}

absences[field] contains sprintf("%v has no short text at %v", [objects.title(ref), system.spec.switch.field]) if {
	readable
	count(values) == 0
}

doubts[field] contains sprintf("%v is declared more than once, with different values: %v", [objects.title(ref), concat(", ", values)]) if count(values) > 1

faults[field] contains sprintf("%v is %q, which selects %v", [system.spec.switch.field, value, names]) if {
	system.spec.switch.mechanism in {"Valve", "Selector"}
	some value in values
	names := {0: "none of the plants", 2: "both plants"}[count({n | some n, _ in system.plants; system.spec.switch.values[n] == value})]
}

# fronts are the services that are the switch, and behind has the workloads in front of whose pods they stand: what is drunk is theirs.
fronts := [s |
	system.spec.switch.mechanism == "Selector"
	some o in objects.switches
	some s in input.facts.service
	s.at[0] == o.at[0]
]

behind := {w |
	some s in fronts
	count(s.selector) > 0
	some w in system.neighbours
	w.namespace == s.namespace
	labels.selects({"matchLabels": s.selector}, system.pod_labels[w.at])
}

selected := {w | some w in system.actor_workloads[system.incumbent]}

faults[field] contains sprintf("%v stands in front of the pods of %v, and selects %v, which does not name them", [objects.title(ref), system.listed(strangers), system.called(system.incumbent)]) if {
	strangers := {system.title(w) | some w in behind - selected}
	count(strangers) > 0
}

faults[field] contains sprintf("%v selects %v, and stands in front of no pod of it", [objects.title(ref), system.called(system.incumbent)]) if {
	count(fronts) > 0
	count(selected) > 0
	count(behind & selected) == 0
}

# --- Answers

subjects contains at if some at, _ in unnamed

fails[at] contains message if some at, message in unnamed

subjects contains at if some at in named

passes contains at if {
	some at in named
	not faults[at]
	not absences[at]
	not doubts[at]
}

fails[at] contains message if some message in faults[at]

missing[at] contains message if some message in absences[at]

unknowns[at] contains message if some message in doubts[at]
