package pocdr.lib.system_test

import data.pocdr.fixture
import data.pocdr.lib.system
import data.pocdr.scenario

names(list) := {w.name | some w in list}

workload(fields) := fixture.facts("workload", [object.union(scenario.workload("x"), fields)])

test_at if system.at(["spec", "switch"]) == ["system", "spec", "switch"] with input as scenario.plus([])

test_listed if {
	system.listed({"b", "a"}) == "a, b"
	system.listed({"e", "d", "c", "b", "a"}) == "a, b, c and 2 more"
}

test_workloads_of_the_namespaces if {
	names(system.workloads) == {"a", "b", "valve", "x"} with input as scenario.plus([workload({})])
	names(system.workloads) == {"a", "b", "valve"} with input as scenario.plus([workload({"namespace": "elsewhere"})])
	names(system.workloads) == {"a", "b", "valve"} with input as scenario.plus([workload({"owner": "ReplicaSet/x"})])
}

test_workloads_by_label if {
	s := scenario.both({"labels": {"team": "payments"}}, [workload({"labels": {"team": "payments"}})])
	names(system.workloads) == {"a", "b", "valve", "x"} with input as s # the others are named
	t := scenario.both({"labels": {"team": "payments"}}, [workload({"labels": {"team": "other"}})])
	names(system.workloads) == {"a", "b", "valve"} with input as t
}

test_workloads_named_elsewhere if {
	s := object.union(scenario.plus([workload({"namespace": "elsewhere"})]), {"system": {"spec": {"valve": {"workloads": [{"kind": "Deployment", "namespace": "elsewhere", "name": "x"}]}}}})
	"x" in names(system.workloads) with input as s
}

test_workloads_of_no_system if names(system.workloads) == {"x"} with input as fixture.undeclared([workload({"namespace": "anywhere"})])

# Two kinds of one name, of different API groups: neither hides the other.
test_workloads_of_one_key if {
	s := scenario.plus([workload({"name": "a", "at": ["other"]})])
	count(system.workloads) == 4 with input as s
	count(system.actor_workloads.a) == 2 with input as s
	system.workloads_by_key[["Deployment", "payments", "a"]].name == "a" with input as s
}

test_actors if {
	object.keys(system.actors) == {"a", "b", "valve"} with input as scenario.plus([])
	object.keys(system.plants) == {"a", "b"} with input as scenario.plus([])
	names(system.actor_workloads.valve) == {"valve"} with input as scenario.plus([])
	system.actors == {} with input as fixture.undeclared([])
}

test_called if {
	[system.called("a"), system.called("valve")] == ["plant a", "the valve"] with input as scenario.plus([])
	[system.place("a"), system.place("valve")] == [["system", "spec", "plants", "a"], ["system", "spec", "valve"]] with input as scenario.plus([])
}

test_plantless if {
	system.plantless == {} with input as scenario.plus([])
	system.plantless == {["system", "spec", "plants"]: "spec.plants names no plant"} with input as scenario.without("plants")
	system.plantless == {[""]: "no System declares a plant"} with input as fixture.undeclared([])
}

test_absent_workloads if {
	system.absent_workloads == {} with input as scenario.plus([])
	s := scenario.with_spec({"valve": {"workloads": [scenario.ref("valve"), scenario.ref("tap")]}})
	system.absent_workloads == {"valve": {{"at": ["system", "spec", "valve", "workloads", 1], "title": "Deployment payments/tap"}}} with input as s
}

container(fields) := object.union({"at": ["container"], "workloadKind": "Deployment", "namespace": "payments", "workload": "a", "name": "app"}, fields)

test_containers if {
	s := scenario.plus([fixture.facts("container", [
		container({}), container({"name": "debug", "role": "ephemeral"}), container({"name": "stranger", "workload": "unknown"}),
	])])
	[c.name | some c in system.containers] == ["app"] with input as s
	names(system.containers_of(scenario.workload("a"))) == {"app", "debug"} with input as s
	names(system.containers_of(scenario.workload("b"))) == set() with input as s
}

test_mounts if {
	names(system.mounts_of(scenario.workload("valve"))) == {"log-valve", "valve-store", "ca"} with input as scenario.plus([])
	system.mounts_of(scenario.workload("x")) == set() with input as scenario.plus([])
}

setting(value) := {"at": [value], "kind": "ConfigMap", "namespace": "payments", "name": "switch", "field": "data.selected", "value": value}

switch_at(values) := scenario.less("setting", [setting(v) | some v in values])

test_switch if {
	[system.selected, system.incumbent, system.other] == ["a", "a", "b"] with input as scenario.plus([])
	[system.incumbent, system.other] == ["b", "a"] with input as switch_at(["b"])
}

test_switch_not_seen if {
	not system.selected with input as switch_at([])
	not system.incumbent with input as switch_at(["c"])
	not system.other with input as switch_at(["c"])
	not system.selected with input as scenario.without("switch")
}

# What says two things, or one thing of both, says nothing.
test_switch_ambiguous if {
	not system.selected with input as switch_at(["a", "b"])
	not system.incumbent with input as scenario.with_spec({"switch": {"values": {"b": "a"}}})
}
