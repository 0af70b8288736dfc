package pocdr.checks.delivery.second_plant_test

import data.pocdr.checks.delivery.second_plant
import data.pocdr.fixture

plant(name) := {
	"workloads": [{"kind": "Deployment", "namespace": "payments", "name": name}],
	"group": concat("-", ["payments", name]),
	"outlets": [{"platform": "rows", "name": concat("_", ["ledger", name])}],
}

spec := {
	"outlets": [{"platform": "rows", "name": "ledger"}],
	"plants": {"a": plant("a"), "b": plant("b")},
}

workloads := fixture.facts("workload", [{"kind": "Deployment", "namespace": "payments", "name": name} | some name in ["a", "b"]])

said(rule, snapshot) := all if {
	all := second_plant[rule] with input as snapshot
	fixture.strays(second_plant) == set() with input as snapshot
}

with_b(changes) := fixture.snapshot(object.union(spec, {"plants": {"b": changes}}), [workloads])

a := ["system", "spec", "plants", "a"]

b := ["system", "spec", "plants", "b"]

test_pass if {
	fixture.outcome(second_plant) == "pass" with input as fixture.snapshot(spec, [workloads])
	said("passes", fixture.snapshot(spec, [workloads])) == {a, b}
}

test_fail_undeclared if said("fails", fixture.undeclared([workloads])) == {[""]: {"no System declares a second plant"}}

test_fail_in_place if said("fails", fixture.snapshot(object.union(spec, {"switch": {"mechanism": "InPlace"}}), [workloads])) == {
	["system", "spec", "switch", "mechanism"]: {"the mechanism is InPlace: a candidate would run in the incumbent's place"},
}

test_fail_one_plant if said("fails", fixture.snapshot({"plants": {"a": plant("a")}}, [workloads])) == {b: {"spec.plants.b is not declared"}}

test_fail_without_group_or_outlet if said("fails", fixture.snapshot(
	{"plants": {"a": plant("a"), "b": object.remove(plant("b"), ["group", "outlets"])}},
	[workloads],
))[b] == {
	"has no group with which it reads the intake",
	"has no outlet of its own, so that there is nothing to compare while nobody drinks from it",
}

test_fail_same_group if said("fails", with_b({"group": "payments-a"})) == {
	a: {"reads with the group payments-a, as plant b does, so that each misses what the other one reads"},
	b: {"reads with the group payments-a, as plant a does, so that each misses what the other one reads"},
}

test_fail_same_outlet if said("fails", with_b({"outlets": [{"platform": "rows", "name": "ledger_a/entries"}]})) == {
	a: {"writes ledger_a, which is an outlet of plant b too"},
	b: {"writes ledger_a/entries, which is an outlet of plant a too"},
}

test_pass_same_name_elsewhere if {
	fixture.outcome(second_plant) == "pass" with input as with_b({"outlets": [{"platform": "cells", "name": "ledger_a"}]})
	fixture.outcome(second_plant) == "pass" with input as fixture.snapshot(
		object.union(spec, {"plants": {
			"a": {"outlets": [{"platform": "rows", "scope": "x/rows", "name": "out"}]},
			"b": {"outlets": [{"platform": "rows", "scope": "y/rows", "name": "out"}]},
		}}),
		[workloads],
	)
}

test_fail_outlet_of_the_system if said("fails", with_b({"outlets": [{"platform": "rows", "name": "ledger"}]})) == {b: {"writes ledger, which is an outlet that downstream drinks from"}}

test_fail_same_workload if said("fails", with_b({"workloads": [{"kind": "Deployment", "namespace": "payments", "name": "a"}]})) == {
	a: {"Deployment payments/a makes up plant b too"},
	b: {"Deployment payments/a makes up plant a too"},
}

test_missing if said("missing", fixture.snapshot(spec, [])) == {
	a: {"Deployment payments/a is not declared"},
	b: {"Deployment payments/b is not declared"},
}
