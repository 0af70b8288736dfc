# METADATA
# title: Two writers are kept apart where the intake cannot be shared out
# description: |
#   Asks whether a fence is declared where the intake is not parallel, and whether it is one: workloads, those of the valve among them, of which it has one, of one pod that is replaced, never doubled, and that
#   nothing scales; leader election or conditional writes with a token that the outlet's schema has; transactional ids of each one's own
#   and no more writers than partitions where logs are written, and such workloads of one pod where stores are, which take no part in transactions, or where the valve
#   has no id; or writes that can be repeated, and no rollout that runs an old and a new pod at once.
#
#   Where order matters, two writers for one moment are enough: a rollout that starts the new pod first, an autoscaler at a peak, a
#   process that was taken for dead and comes back. Each writes what the other one does not know of, and no
#   reader can tell afterwards which of the two was right.
# related_resources:
# - ref: https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html
#   description: Why a lock needs a fencing token
# custom:
#   level: 1
#   kind: invariant
#   severity: critical
#   remediation: Declare in spec.fence what keeps two writers apart, and make the workloads such as it asks for; or state in spec.intake.parallel that records may be processed in any order and by several writers at once.
package pocdr.checks.switch.one_writer

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.index
import data.pocdr.lib.logs
import data.pocdr.lib.system

place(path) := system.at(array.concat(["spec"], path))

not_applicable := "spec.intake.parallel says that several writers may process the intake at once" if system.spec.intake.parallel

fence := system.spec.fence if not system.spec.intake.parallel

unfenced[system.at([])] := "no System declares what keeps two writers apart" if not input.system.declared

unfenced[place(["fence"])] := "spec.fence declares nothing that keeps two writers apart" if {
	input.system.declared
	not system.spec.intake.parallel
	not fence
}

unfenced[at] := message if {
	fence
	some at, message in system.plantless
}

subjects contains at if some at, _ in unfenced

fails[at] contains message if some at, message in unfenced

# asked are the places that a fence is about; faults, absences and doubts say what is wrong there.

subjects contains at if some at in asked

passes contains at if {
	some at in asked
	not faults[at]
	not absences[at]
	not doubts[at]
}

fails[at] contains message if some message in faults[at]

missing[at] contains message if some message in absences[at]

unknowns[at] contains message if some message in doubts[at]

# --- Singleton and Idempotent: the workloads of all that write, the valve among them

# fenced(mechanism) are the workloads that this one keeps apart. Who writes outside of transactions is not fenced by those of others.
fenced(mechanism) := [w |
	some name, all in system.actor_workloads
	relies(name, mechanism)
	some w in all
]

relies(_, mechanism) if fence.mechanism == mechanism

relies(name, "Singleton") if {
	fence.mechanism == "Transaction"
	not ids[name]
}

singles := fenced("Singleton")

repeaters := fenced("Idempotent")

workloads := array.concat(singles, repeaters)

asked contains w.at if some w in workloads

asked contains at if some at, _ in absences

absences[w.at] contains sprintf("%v is not declared", [w.title]) if {
	fence.mechanism in {"Singleton", "Idempotent", "Transaction"}
	some all in system.absent_workloads
	some w in all
}

faults[w.at] contains sprintf("%v is not ordinal: a pod may start before the one that it replaces is gone", [system.title(w)]) if {
	some w in singles
	not w.ordinal
}

faults[w.at] contains sprintf("%v runs %v pods", [system.title(w), n]) if {
	some w in singles
	n := system.replicas[w.at]
	n > 1
	n != null
}

faults[w.at] contains sprintf("an autoscaler changes how many pods %v runs", [system.title(w)]) if {
	some w in singles
	count(index.at(scaled, system.key(w))) > 0
}

# The valve is all that writes for downstream: two workloads of one pod each are two writers.
faults[w.at] contains sprintf("the valve is made up of %v: each writes what the other one does not know of", [system.listed({system.title(v) | some v in lasting})]) if {
	lasting := [v | some v in system.actor_workloads.valve; v.lasting]
	count(lasting) > 1
	some w in lasting
	w in singles
}

doubts[w.at] contains sprintf("how many pods %v runs is not declared", [system.title(w)]) if {
	some w in singles
	system.replicas[w.at] == null
}

scaled := index.of([[[a.kind, a.namespace, a.name], a.max] | some a in input.facts.autoscaler])

faults[w.at] contains sprintf("a rollout of %v may run an old and a new pod at once", [system.title(w)]) if {
	some w in repeaters
	w.surges
}

# --- Lease and Conditional: the token

token := place(["fence", "token"])

by_token if fence.mechanism in {"Lease", "Conditional"}

asked contains token if by_token

faults[token] contains "spec.fence.token names no field by which an outlet refuses an outdated writer" if {
	by_token
	not fence.token
}

absences[token] contains "no schema of an outlet is declared" if {
	by_token
	count(schemas) == 0
}

faults[token] contains sprintf("no schema of an outlet has the field %v", [fence.token]) if {
	unmatched
	not taken_perhaps
}

doubts[token] contains sprintf("whether a schema of an outlet has the field %v cannot be told: one document has it, another takes it away", [fence.token]) if {
	unmatched
	taken_perhaps
}

taken_perhaps if {
	some s in schemas
	contracts.doubtful(s, fence.token)
}

unmatched if {
	by_token
	count(schemas) > 0
	count({s | some s in schemas; fence.token in contracts.fields(s)}) == 0
}

# schemas are those of the outlets, the plants' own among them.
schemas contains s if {
	some outlet in outlets
	some s in input.facts.schema
	s.platform == outlet.platform
	outlet.name in {s.store, s.name}
	access.same_scope(s.scope, object.get(outlet, "scope", null))
}

schemas contains s if {
	some outlet in outlets
	some s in contracts.schemas(outlet)
}

outlets contains r.ref if {
	some r in access.references
	r.path != ["spec", "intake"]
}

# --- Transaction: the ids, and how many write with them

# A store takes no part in the transactions of a log; a valve may do without them.
ids[name] := array.concat(system.place(name), ["transactionalId"]) if {
	fence.mechanism == "Transaction"
	some name, actor in system.actors
	transacts(name, actor)
	every outlet in outlets_of(name) { access.type_of(outlet) != "store" }
}

transacts(name, _) if system.plants[name]

transacts("valve", valve) if valve.transactionalId

outlets_of("valve") := object.get(system.spec, "outlets", [])

outlets_of(name) := object.get(system.plants[name], "outlets", [])

asked contains at if some at in ids

faults[ids[name]] contains sprintf("%v has no transactional id", [system.called(name)]) if {
	some name, _ in ids
	not system.actors[name].transactionalId
}

faults[at] contains sprintf("%v writes as %v, and so does %v: each stops the other one", [system.called(name), id, system.called(other)]) if {
	some name, at in ids
	id := system.actors[name].transactionalId
	some other, actor in system.actors
	other != name
	actor.transactionalId == id
}

# pods[name] has how many pods each lasting workload of an actor runs at most.
pods[name] := [most(w) | some w in system.actor_workloads[name]; w.lasting] if some name, _ in ids

most(w) := max(numbers) if {
	numbers := {most | some most in index.at(scaled, system.key(w))} | {system.replicas[w.at]}
	not null in numbers
} else := null

doubts[ids[name]] contains sprintf("how many pods write for %v is not declared", [system.called(name)]) if {
	some name, counts in pods
	null in counts
}

# several[name] is how many write for an actor, where it is more than one.
several[name] := n if {
	some name, counts in pods
	not null in counts
	n := sum(counts)
	n > 1
}

# inlets[name] has what an actor's writers share out, each as [what, the numbers of partitions that it is declared with]: the valve reads what the plants write.
inlets[name] contains ["the intake", {l.partitions | some l in logs.intake}] if some name, _ in system.plants

inlets.valve contains [outlet.name, {logs.complete(l).partitions | some l in access.logs(outlet)}] if {
	some plant in system.plants
	some outlet in plant.outlets
}

faults[ids[name]] contains sprintf("%v runs %v writers, and %v has %v partitions to share out", [system.called(name), n, what, available]) if {
	some name, n in several
	some [what, partitions] in inlets[name]
	certain(partitions)
	some available in partitions
	n > available
}

faults[ids[name]] contains message if {
	some name, _ in several
	system.plants[name]
	some _, message in logs.absent
}

absences[ids[name]] contains message if {
	some name, _ in several
	system.plants[name]
	some _, message in logs.undeclared
}

doubts[ids[name]] contains sprintf("whether %v has a partition for each of the %v writers of %v is not declared", [what, n, system.called(name)]) if {
	some name, n in several
	some [what, partitions] in inlets[name]
	not certain(partitions)
}

doubts[ids.valve] contains "what the valve reads is not declared, and so not whether it has a partition for each of its writers" if {
	several.valve
	not inlets.valve
}

certain(partitions) if {
	count(partitions) == 1
	not null in partitions
}
