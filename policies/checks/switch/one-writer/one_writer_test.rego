package pocdr.checks.switch.one_writer_test

import data.pocdr.checks.switch.one_writer
import data.pocdr.fixture

ref(name) := {"kind": "StatefulSet", "namespace": "payments", "name": name}

spec := {
	"intake": {"platform": "streams", "name": "payments"},
	"outlets": [{"platform": "rows", "name": "ledger", "contract": {"schema": "org.Entry"}}],
	"plants": {
		"a": {"workloads": [ref("a")], "outlets": [{"platform": "rows", "scope": "x/rows", "name": "ledger_a"}], "transactionalId": "tx-a"},
		"b": {"workloads": [ref("b")], "transactionalId": "tx-b"},
	},
}

single := {"ordinal": true, "lasting": true, "replicas": 1}

workload(name, fields) := fixture.facts("workload", [object.union(object.union(ref(name), single), fields)])

# fenced(fence, of_b, facts) is a system with this fence whose plant b has a workload with these fields.
fenced(fence, of_b, facts) := fixture.snapshot(object.union(spec, {"fence": fence}), array.concat([workload("a", {}), workload("b", of_b)], facts))

said(rule, snapshot) := all if {
	all := one_writer[rule] with input as snapshot
	fixture.strays(one_writer) == set() with input as snapshot
}

outcome(snapshot) := o if o := fixture.outcome(one_writer) with input as snapshot

at(path) := array.concat(["system", "spec"], path)

# --- Whether there is a fence

test_not_applicable if outcome(fixture.snapshot(object.union(spec, {"intake": {"parallel": true}, "fence": {"mechanism": "Singleton"}}), [])) == "not-applicable"

test_fail_without_fence if {
	every parallel in [{}, {"intake": {"parallel": false}}] {
		said("fails", fixture.snapshot(object.union(spec, parallel), [])) == {at(["fence"]): {"spec.fence declares nothing that keeps two writers apart"}}
	}
	said("fails", fixture.undeclared([])) == {[""]: {"no System declares what keeps two writers apart"}}
}

test_fail_without_plants if said("fails", fixture.snapshot({"fence": {"mechanism": "Idempotent"}}, [])) == {at(["plants"]): {"spec.plants names no plant"}}

# --- Singleton

singleton := {"mechanism": "Singleton"}

autoscaler(fields) := fixture.facts("autoscaler", [object.union(ref("b"), fields)])

test_singleton_pass if {
	outcome(fenced(singleton, {}, [])) == "pass"
	outcome(fenced(singleton, {"replicas": 0}, [])) == "pass"
	said("passes", fenced(singleton, {}, [])) == {["workload/a"], ["workload/b"]}
}

test_singleton_fail if {
	said("fails", fenced(singleton, {"ordinal": false}, [])) == {["workload/b"]: {"StatefulSet payments/b is not ordinal: a pod may start before the one that it replaces is gone"}}
	said("fails", fenced(singleton, {"replicas": 2}, [])) == {["workload/b"]: {"StatefulSet payments/b runs 2 pods"}}
	said("fails", fenced(singleton, {}, [autoscaler({"max": 1})])) == {["workload/b"]: {"an autoscaler changes how many pods StatefulSet payments/b runs"}}
}

test_singleton_unknown if {
	s := fenced(singleton, {"replicas": null}, [])
	outcome(s) == "unknown"
	said("unknowns", s) == {["workload/b"]: {"how many pods StatefulSet payments/b runs is not declared"}}
}

test_singleton_missing if said("missing", fixture.snapshot(object.union(spec, {"fence": singleton}), [workload("a", {})])) == {
	at(["plants", "b", "workloads", 0]): {"StatefulSet payments/b is not declared"},
}

# --- Idempotent

test_idempotent if {
	outcome(fenced({"mechanism": "Idempotent"}, {"ordinal": false, "replicas": 3}, [])) == "pass"
	said("fails", fenced({"mechanism": "Idempotent"}, {"surges": true}, [])) == {["workload/b"]: {"a rollout of StatefulSet payments/b may run an old and a new pod at once"}}
}

# --- Lease and Conditional

lease(facts) := fenced({"mechanism": "Lease", "token": "epoch"}, {"ordinal": false, "replicas": 3}, facts)

schema(fields) := fixture.facts("schema", [object.union({"platform": "rows", "name": "ledger_a/entries", "store": "ledger_a", "fields": ["epoch", "id"]}, fields)])

test_token_pass if {
	outcome(lease([schema({})])) == "pass"
	outcome(lease([schema({"scope": "x/rows", "name": "ledger_a", "store": null})])) == "pass"
	outcome(lease([schema({"platform": "records", "name": "org.Entry", "store": null})])) == "pass"
	outcome(fenced({"mechanism": "Conditional", "token": "id"}, {}, [schema({})])) == "pass"
}

test_token_fail if {
	said("fails", fenced({"mechanism": "Conditional"}, {}, [schema({})])) == {at(["fence", "token"]): {"spec.fence.token names no field by which an outlet refuses an outdated writer"}}
	said("fails", lease([schema({"fields": ["id"]})])) == {at(["fence", "token"]): {"no schema of an outlet has the field epoch"}}
}

test_token_missing if {
	every facts in [[], [schema({"scope": "y/rows"})], [schema({"platform": "cells"})], [schema({"name": "orders/all", "store": "orders"})]] {
		said("missing", lease(facts)) == {at(["fence", "token"]): {"no schema of an outlet is declared"}}
	}
}

test_token_unknown if {
	s := lease([schema({"fields": ["id", "epoch"]}), migrated({"removes": null})])
	outcome(s) == "unknown"
	said("unknowns", s) == {at(["fence", "token"]): {"whether a schema of an outlet has the field epoch cannot be told: one document has it, another takes it away"}}
}

test_token_of_a_migration if {
	s := lease([schema({"fields": ["id"]}), migrated({"adds": ["epoch"], "removes": []})])
	[said("fails", s), said("unknowns", s)] == [{}, {}]
}

migrated(fields) := fixture.facts("schema_change", [object.union({"at": ["migration"], "platform": "rows", "store": "ledger_a", "schema": "ledger_a/entries"}, fields)])

# --- Transaction

transaction(of_b, facts) := fenced({"mechanism": "Transaction"}, object.union({"ordinal": false, "surges": true}, of_b), facts)

log(fields) := fixture.facts("log", [object.union({"platform": "streams", "name": "payments"}, fields)])

id(name) := at(["plants", name, "transactionalId"])

test_transaction_pass if {
	outcome(transaction({}, [])) == "pass"
	outcome(transaction({"replicas": 3}, [log({"partitions": 3})])) == "pass"
	outcome(transaction({"replicas": 3, "lasting": false}, [])) == "pass"
	outcome(transaction({}, [log({"partitions": 3}), autoscaler({"max": 3})])) == "pass"
	said("passes", transaction({}, [])) == {id("a"), id("b")}
}

test_transaction_fail_without_id if {
	anonymous := {"fence": {"mechanism": "Transaction"}, "plants": {"a": {"workloads": [ref("a")]}}}
	said("fails", fixture.snapshot(anonymous, [workload("a", {})])) == {id("a"): {"plant a has no transactional id"}}
}

test_transaction_fail_shared_id if {
	s := object.union(transaction({}, []), {"system": {"spec": {"plants": {"b": {"transactionalId": "tx-a"}}}}})
	said("fails", s) == {
		id("a"): {"plant a writes as tx-a, and so does plant b: each stops the other one"},
		id("b"): {"plant b writes as tx-a, and so does plant a: each stops the other one"},
	}
}

test_transaction_fail_writers if {
	message := {id("b"): {"plant b runs 4 writers, and the intake has 3 partitions to share out"}}
	said("fails", transaction({"replicas": 4}, [log({"partitions": 3})])) == message
	said("fails", transaction({}, [log({"partitions": 3}), autoscaler({"max": 4})])) == message
}

test_transaction_fail_without_intake if {
	s := fixture.snapshot(
		{"fence": {"mechanism": "Transaction"}, "plants": {"b": {"workloads": [ref("b")], "transactionalId": "tx-b"}}},
		[workload("b", {"replicas": 2})],
	)
	said("fails", s) == {id("b"): {"spec.intake names no log"}}
}

test_transaction_missing if said("missing", transaction({"replicas": 2}, [])) == {id("b"): {"no log payments is declared in streams"}}

test_transaction_unknown if {
	partitions := transaction({"replicas": 2}, [log({})])
	outcome(partitions) == "unknown"
	said("unknowns", partitions) == {id("b"): {"whether the intake has a partition for each of the 2 writers of plant b is not declared"}}
	every s in [transaction({"replicas": null}, []), transaction({}, [autoscaler({})])] {
		outcome(s) == "unknown"
		said("unknowns", s) == {id("b"): {"how many pods write for plant b is not declared"}}
	}
}

# --- The valve is a writer as well, and the last one

valved(fence, of_valve, fields) := object.union(fenced(fence, {}, [workload("valve", fields)]), {"system": {"spec": {"valve": object.union({"workloads": [ref("valve")]}, of_valve)}}})

test_valve if {
	said("fails", valved(singleton, {}, {"replicas": 3})) == {["workload/valve"]: {"StatefulSet payments/valve runs 3 pods"}}
	said("fails", valved({"mechanism": "Idempotent"}, {}, {"surges": true})) == {["workload/valve"]: {"a rollout of StatefulSet payments/valve may run an old and a new pod at once"}}
}

# Of a valve of two workloads each is a writer; one that does not last is none.
of_two(fields) := object.union(fenced(singleton, {}, [workload("valve", {}), workload("valve-2", fields)]), {"system": {"spec": {"valve": {"workloads": [ref("valve"), ref("valve-2")]}}}})

test_valve_of_two if {
	two := "the valve is made up of StatefulSet payments/valve, StatefulSet payments/valve-2: each writes what the other one does not know of"
	said("fails", of_two({})) == {["workload/valve"]: {two}, ["workload/valve-2"]: {two}}
	outcome(of_two({"lasting": false})) == "pass"
}

# What the plants write in transactions fences them, and no valve that writes outside of any.
test_valve_beside_transactions if {
	outcome(transacting({}, {}, [])) == "pass"
	said("fails", transacting({}, {"replicas": 3}, [])) == {["workload/valve"]: {"StatefulSet payments/valve runs 3 pods"}}
}

test_valve_in_transactions if {
	outcome(transacting(own, {"ordinal": false}, [])) == "pass"
	outcome(transacting(own, {"replicas": 3}, [entries({"partitions": 3})])) == "pass"
	said("fails", transacting(own, {"replicas": 4}, [entries({"partitions": 3})])) == {valve_id: {"the valve runs 4 writers, and ledger_a has 3 partitions to share out"}}
	said("unknowns", transacting(own, {"replicas": 2}, [])) == {valve_id: {"whether ledger_a has a partition for each of the 2 writers of the valve is not declared"}}
	s := object.union(transacting(own, {"replicas": 2}, []), {"system": {"spec": {"plants": {"a": {"outlets": []}}}}})
	said("unknowns", s) == {valve_id: {"what the valve reads is not declared, and so not whether it has a partition for each of its writers"}}
	said("fails", transacting({"transactionalId": "tx-a"}, {}, [])) == {
		id("a"): {"plant a writes as tx-a, and so does the valve: each stops the other one"},
		valve_id: {"the valve writes as tx-a, and so does plant a: each stops the other one"},
	}
}

# No transaction of a log fences what is written to a store.
test_stores_beside_transactions if {
	store := fixture.facts("store", [{"platform": "rows", "name": "ledger"}])
	outcome(transacting(own, {}, [store])) == "pass"
	said("fails", transacting(own, {"replicas": 3}, [store])) == {["workload/valve"]: {"StatefulSet payments/valve runs 3 pods"}}
	of_a := fixture.facts("store", [{"platform": "rows", "scope": "x/rows", "name": "ledger_a"}])
	said("passes", transaction({}, [of_a])) == {["workload/a"], id("b")}
}

transacting(of_valve, fields, facts) := object.union(transaction({}, array.concat([workload("valve", fields)], facts)), {"system": {"spec": {"valve": object.union({"workloads": [ref("valve")]}, of_valve)}}})

own := {"transactionalId": "tx-valve"}

entries(fields) := fixture.facts("log", [object.union({"platform": "rows", "scope": "x/rows", "name": "ledger_a"}, fields)])

valve_id := at(["valve", "transactionalId"])
