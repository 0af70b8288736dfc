# METADATA
# title: Two writers are kept apart where the intake cannot be shared out
# description: |
#   Asks whether a fence is declared where the intake is not parallel, and whether it is one: workloads, those of the valve among them, of which it has one, of one pod that is replaced, never doubled, and that
#   nothing scales; leader election or conditional writes with a token that the outlet's schema has; transactional ids of each plant's own,
#   no more writers than partitions, and a valve that writes in transactions or is of one pod; or writes that can be repeated, and no rollout that runs an old and a new pod at once.
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

# fenced(mechanism) are the workloads that this one keeps apart. A valve that writes outside of transactions is not fenced by those of the plants.
fenced(mechanism) := [w |
	some name, all in system.actor_workloads
	relies(name, mechanism)
	some w in all
]

relies(_, mechanism) if fence.mechanism == mechanism

relies("valve", "Singleton") if {
	fence.mechanism == "Transaction"
	not system.spec.valve.transactionalId
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

faults[w.at] contains sprintf("%v runs %v pods", [system.title(w), w.replicas]) if {
	some w in singles
	w.replicas > 1
	w.replicas != null
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
	w.replicas == null
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

ids[name] := place(["plants", name, "transactionalId"]) if {
	fence.mechanism == "Transaction"
	some name, _ in system.plants
}

asked contains at if some at in ids

faults[ids[name]] contains sprintf("%v has no transactional id", [system.called(name)]) if {
	some name, _ in ids
	not system.plants[name].transactionalId
}

faults[at] contains sprintf("plants a and b both write as %v: each stops the other one", [system.plants.a.transactionalId]) if {
	system.plants.a.transactionalId == system.plants.b.transactionalId
	some at in ids
}

faults[ids[name]] contains sprintf("the valve and %v both write as %v: each stops the other one", [system.called(name), system.spec.valve.transactionalId]) if {
	some name, _ in ids
	system.plants[name].transactionalId == system.spec.valve.transactionalId
}

# pods[name] has how many pods each lasting workload of a plant runs at most.
pods[name] := [most(w) | some w in system.actor_workloads[name]; w.lasting] if some name, _ in ids

most(w) := max(numbers) if {
	numbers := {most | some most in index.at(scaled, system.key(w))} | {w.replicas}
	not null in numbers
} else := null

partitions := {l.partitions | some l in logs.intake}

doubts[ids[name]] contains sprintf("how many pods write for %v is not declared", [system.called(name)]) if {
	some name, counts in pods
	null in counts
}

writers[name] := sum(counts) if {
	some name, counts in pods
	not null in counts
}

faults[ids[name]] contains sprintf("%v runs %v writers, and the intake has %v partitions to share out", [system.called(name), n, available]) if {
	some name, n in writers
	certain
	some available in partitions
	n > available
	n > 1
}

faults[ids[name]] contains message if {
	some name, n in writers
	n > 1
	some _, message in logs.absent
}

absences[ids[name]] contains message if {
	some name, n in writers
	n > 1
	some _, message in logs.undeclared
}

doubts[ids[name]] contains sprintf("whether the intake has a partition for each of the %v writers of %v is not declared", [n, system.called(name)]) if {
	some name, n in writers
	n > 1
	not certain
}

certain if {
	count(partitions) == 1
	not null in partitions
}
