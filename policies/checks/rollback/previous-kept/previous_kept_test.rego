package pocdr.checks.rollback.previous_kept_test

import data.pocdr.checks.rollback.previous_kept
import data.pocdr.fixture

plant(name) := {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": name}]}

one := {"plants": {"a": plant("a")}}

two := {"plants": {"a": plant("a"), "b": plant("b")}, "switch": {
	"mechanism": "Valve", "field": "data.selected", "values": {"a": "a", "b": "b"},
	"ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "payments", "name": "switch"},
}}

in_place := object.union(two, {"switch": object.union(two.switch, {"mechanism": "InPlace"})})

selecting(value) := fixture.facts("setting", [{"kind": "ConfigMap", "namespace": "payments", "name": "switch", "field": "data.selected", "value": value}])

workload(name, fields) := fixture.facts("workload", [object.union({"kind": "Deployment", "namespace": "payments", "name": name, "lasting": true, "revisionsKept": 10}, fields)])

container(of, tag) := fixture.facts("container", [{
	"workloadKind": "Deployment", "namespace": "payments", "workload": of,
	"name": of, "image": sprintf("%v:%v", [of, tag]), "tag": tag,
}])

running(name, tag) := object.union(workload(name, {}), container(name, tag))

moves(name) := {[sprintf("container/%v", [name]), "image"]: {sprintf("image %[1]v:latest of container %[1]v has the tag latest, which moves", [name])}}

said(snapshot) := fails if {
	fails := previous_kept.fails with input as snapshot
	fixture.strays(previous_kept) == set() with input as snapshot
}

# --- Two plants

test_pass_other_plant if {
	s := fixture.snapshot(two, [selecting("a"), running("a", "latest"), running("b", "1.2"), {}])
	fixture.outcome(previous_kept) == "pass" with input as s
	said(s) == {}
}

test_fail_other_plant if said(fixture.snapshot(two, [selecting("b"), running("a", "latest"), running("b", "1.2")])) == moves("a")

test_fail_either_plant_without_switch if {
	said(fixture.snapshot(two, [running("a", "latest"), running("b", "latest")])) == object.union(moves("a"), moves("b"))
}

test_missing_workload if {
	s := fixture.snapshot(two, [selecting("a"), running("a", "1.2")])
	previous_kept.missing == {["system", "spec", "plants", "b", "workloads", 0]: {"Deployment payments/b is not declared"}} with input as s
	said(s) == {}
}

test_revisions_of_a_plant_do_not_matter if {
	fixture.outcome(previous_kept) == "pass" with input as fixture.snapshot(two, [selecting("a"), workload("b", {"revisionsKept": 0}), container("b", "1.2")])
}

test_unknown_image if {
	s := fixture.snapshot(two, [selecting("a"), running("b", "$TAG")])
	fixture.outcome(previous_kept) == "unknown" with input as s
	previous_kept.unknowns == {["container/b", "image"]: {"image b:$TAG of container b is filled in elsewhere"}} with input as s
}

test_unknown_without_containers if {
	s := fixture.snapshot(two, [selecting("a"), workload("b", {})])
	previous_kept.unknowns == {["workload/b"]: {"no container of Deployment payments/b can be seen"}} with input as s
	fixture.outcome(previous_kept) == "unknown" with input as s
}

# --- One plant

test_pass_one_plant if {
	fixture.outcome(previous_kept) == "pass" with input as fixture.snapshot(one, [running("a", "1.2")])
	fixture.outcome(previous_kept) == "pass" with input as fixture.snapshot(in_place, [running("a", "1.2"), running("b", "1.2")])
}

test_fail_one_plant if {
	said(fixture.snapshot(one, [workload("a", {"revisionsKept": 0}), container("a", "latest")])) == object.union(moves("a"), {["workload/a"]: {"keeps no earlier revision"}})
}

test_unknown_one_plant if {
	every kept, why in {
		null: {"keeps no revisions of its own: what ran before is in the history only"},
		1: {"no container of Deployment payments/a can be seen"},
	} {
		containers := [container("a", "1.2") | kept == null]
		s := fixture.snapshot(one, array.concat([workload("a", {"revisionsKept": kept})], containers))
		fixture.outcome(previous_kept) == "unknown" with input as s
		previous_kept.unknowns == {["workload/a"]: why} with input as s
	}
}

test_unknown_fleeting if {
	s := fixture.snapshot(one, [workload("a", {"lasting": false}), container("a", "1.2")])
	fixture.outcome(previous_kept) == "unknown" with input as s
	previous_kept.unknowns == {["system"]: {"nothing here runs until stopped: what ran before is in the history only"}} with input as s
}

test_fail_without_plants if said(fixture.snapshot({}, [running("a", "1.2")])) == {["system", "spec", "plants"]: {"spec.plants names no plant"}}

# --- No System

test_undeclared if {
	fixture.outcome(previous_kept) == "pass" with input as fixture.undeclared([running("a", "1.2"), workload("once", {"lasting": false}), container("once", "latest")])
	said(fixture.undeclared([running("a", "latest")])) == moves("a")
	fixture.outcome(previous_kept) == "unknown" with input as fixture.undeclared([])
}
