package pocdr.transitions.bedrock_apart_test

import data.pocdr.fixture
import data.pocdr.transitions.bedrock_apart

workload(name, labels) := {"kind": "Pod", "namespace": "payments", "name": name, "labels": labels}

sees(list) := seen if {
	seen := bedrock_apart.sees with input as fixture.snapshot({"labels": {"app": "payments"}}, [
		fixture.facts("workload", list),
		fixture.facts("bedrock", [{"namespace": "payments", "labels": {"log": "payments"}}]),
		fixture.facts("system", [{"namespaces": ["payments"], "labels": {"app": "other"}}]),
	])
} else := null

broker := workload("broker", {"log": "payments"})

test_sees if {
	sees([broker, workload("x", {})]) == {["workload/broker"]: "Pod payments/broker"}
	sees([workload("a", {"log": "payments", "app": "payments"}), workload("b", {"log": "payments", "app": "other"})]) == null
	not bedrock_apart.sees with input as fixture.undeclared([])
}

said(before, after, operation, who) := refused if {
	change := object.union(fixture.change(before, after, [operation]), {"profile": {"spec": {"operators": ["p:operator"]}}})
	refused := bedrock_apart.refuses with input as object.union(change, {"change": {"principal": who}})
}

create := fixture.operation("create", "workload/broker", {})

update(path) := fixture.operation("update", "workload/broker", {"paths": [path]})

refused := {["workload/broker"]: {"Pod payments/broker has the labels of bedrock's own workloads, and is not made by an operator that the Profile names"}}

mallory := {"names": ["p:mallory", "p:operator"]}

test_made if {
	said({}, sees([broker]), create, mallory) == refused
	said({}, sees([broker]), create, null) == refused
	said({}, sees([broker]), create, {"names": ["p:operator"]}) == {}
	said({}, sees([broker]), update(["metadata", "labels", "log"]), mallory) == refused
	bedrock_apart.refuses == refused with input as object.remove(fixture.change(null, sees([broker]), [create]), ["before"])
}

test_given_something_else_to_run if {
	known := sees([broker])
	said(known, known, update(["spec", "containers", 0, "image"]), mallory) == refused
	said(known, known, update(["spec", "containers", 0, "image"]), {"names": ["p:operator"]}) == {}
	every path in [["metadata", "annotations", "restart"], ["spec", "ephemeralContainers"], ["spec", "containers", 0, "resources", "limits"]] {
		said(known, known, update(path), mallory) == {}
	}
}

test_gone if {
	said(sees([broker]), {}, fixture.operation("delete", "workload/broker", {}), mallory) == {}
	bedrock_apart.refuses == {} with input as object.remove(fixture.change(sees([broker]), null, [fixture.operation("delete", "workload/broker", {})]), ["after"])
}
