package pocdr.checks.declaration.system_declared_test

import data.pocdr.checks.declaration.system_declared
import data.pocdr.fixture

# One log in, a log and a part of a store out, two plants and a valve; the switch is a config.

workload(name) := {"kind": "Deployment", "namespace": "payments", "name": name}

spec := {
	"intake": {"platform": "streams", "name": "payments"},
	"outlets": [{"platform": "streams", "name": "entries"}, {"platform": "rows", "name": "ledger/entries"}],
	"plants": {
		"a": {"workloads": [workload("a")], "outlets": [{"platform": "rows", "name": "ledger_a"}]},
		"b": {"workloads": [workload("b")]},
	},
	"valve": {"workloads": [workload("valve")]},
	"switch": {"mechanism": "Valve", "ref": {"kind": "Config", "namespace": "payments", "name": "switch"}, "field": "data.selected", "values": {"a": "a", "b": "b"}},
}

rest := [
	fixture.facts("log", [{"platform": "streams", "scope": "x/streams", "name": name} | some name in ["payments", "entries"]]),
	fixture.facts("store", [{"platform": "rows", "scope": "x/rows", "name": name} | some name in ["ledger", "ledger_a"]]),
	fixture.facts("schema", [{"platform": "rows", "name": "ledger/entries", "store": "ledger"}]),
	fixture.facts("workload", [workload(name) | some name in ["a", "b", "valve"]]),
]

switch := fixture.facts("object", [{"at": ["switch"], "kind": "Config", "namespace": "payments", "name": "switch"}])

setting(value) := fixture.facts("setting", [{"kind": "Config", "namespace": "payments", "name": "switch", "field": "data.selected", "value": value}])

declared := array.concat(rest, [switch, setting("a")])

at(path) := array.concat(["system", "spec"], path)

said(rule, snapshot) := all if {
	all := system_declared[rule] with input as snapshot
	fixture.strays(system_declared) == set() with input as snapshot
}

test_pass if {
	s := fixture.snapshot(spec, declared)
	fixture.outcome(system_declared) == "pass" with input as s
	said("passes", s) == {at(path) |
		some path in [
			["intake"], ["outlets", 0], ["outlets", 1], ["plants", "a", "outlets", 0], ["plants", "a", "workloads", 0],
			["plants", "b", "workloads", 0], ["valve", "workloads", 0], ["switch", "ref"], ["switch", "field"],
		]
	}
}

test_fail_undeclared if {
	said("fails", fixture.undeclared([])) == {[""]: {"no System declares this"}}
	system_declared.subjects == {[""]} with input as fixture.undeclared([])
}

test_fail_empty if said("fails", fixture.snapshot({}, [])) == {
	at(["intake"]): {"spec.intake names no log"},
	at(["outlets"]): {"spec.outlets names no outlet"},
	at(["plants"]): {"spec.plants names no plant"},
	at(["switch"]): {"spec.switch names no switch"},
}

test_fail_without_valve if {
	said("fails", fixture.snapshot(object.remove(spec, ["valve"]), declared)) == {at(["valve"]): {"the switch's mechanism is Valve, and spec.valve names no workload"}}
	fixture.outcome(system_declared) == "pass" with input as fixture.snapshot(object.union(object.remove(spec, ["valve"]), {"switch": {"mechanism": "Selector"}}), declared)
}

test_missing if said("missing", fixture.snapshot(spec, [])) == {
	at(["intake"]): {"no log payments is declared in streams"},
	at(["outlets", 0]): {"no log or store entries is declared in streams"},
	at(["outlets", 1]): {"no log or store ledger/entries is declared in rows"},
	at(["plants", "a", "outlets", 0]): {"no log or store ledger_a is declared in rows"},
	at(["plants", "a", "workloads", 0]): {"Deployment payments/a is not declared"},
	at(["plants", "b", "workloads", 0]): {"Deployment payments/b is not declared"},
	at(["valve", "workloads", 0]): {"Deployment payments/valve is not declared"},
	at(["switch", "ref"]): {"Config payments/switch is not declared"},
}

test_missing_intake_is_no_store if said("missing", fixture.snapshot(object.union(spec, {"intake": {"platform": "rows", "scope": "x/rows", "name": "ledger"}}), declared)) == {
	at(["intake"]): {"no log ledger is declared in rows x/rows"},
}

test_missing_part if {
	ref := {"platform": "rows", "scope": "x/rows", "name": "ledger/totals"}
	others := fixture.facts("schema", [{"platform": "rows", "scope": "x/other", "name": "ledger/totals"}, {"platform": "cells", "name": "ledger/totals"}])
	said("missing", fixture.snapshot(object.union(spec, {"outlets": [ref]}), array.concat(declared, [others]))) == {
		at(["outlets", 0]): {"store ledger is declared, and nothing declares ledger/totals in it"},
	}
}

test_fail_workload_elsewhere if {
	s := fixture.snapshot(object.union(spec, {"valve": {"workloads": [{"kind": "Deployment", "namespace": "edge", "name": "valve"}]}}), declared)
	said("fails", s) == {at(["valve", "workloads", 0]): {"Deployment edge/valve is in a namespace that spec.namespaces does not list"}}
	system_declared.missing == {} with input as s
}

test_unknown_scope if {
	s := fixture.snapshot(spec, array.concat(declared, [
		fixture.facts("log", [{"platform": "streams", "scope": "x/other", "name": "payments"}]),
		fixture.facts("store", [{"platform": "rows", "name": "ledger_a"}]),
	]))
	fixture.outcome(system_declared) == "unknown" with input as s
	said("unknowns", s) == {at(["intake"]): {"payments is declared in x/other and x/streams; no scope says which of them is meant"}}
}

# --- The switch

with_switch(changes, facts) := fixture.snapshot(object.union(spec, {"switch": changes}), array.concat(rest, facts))

test_missing_field if {
	every facts in [
		fixture.facts("setting", [{"kind": "Config", "name": "another"}]),
		fixture.facts("config", [{"at": ["switch"], "what": "config"}]),
		fixture.facts("service", [{"at": ["switch"]}]),
	] {
		said("missing", with_switch({}, [switch, facts])) == {at(["switch", "field"]): {"Config payments/switch has no short text at data.selected"}}
	}
}

test_pass_where_no_field_can_be_seen if {
	fixture.outcome(system_declared) == "pass" with input as with_switch({}, [switch])
	fixture.outcome(system_declared) == "pass" with input as with_switch({}, [switch, fixture.facts("config", [{"at": ["switch"], "what": "secret"}])])
}

test_fail_value if {
	said("fails", with_switch({}, [switch, setting("c")])) == {at(["switch", "field"]): {`data.selected is "c", which selects none of the plants`}}
	said("fails", with_switch({"values": {"a": "x", "b": "x"}}, [switch, setting("x")])) == {at(["switch", "field"]): {`data.selected is "x", which selects both plants`}}
	fixture.outcome(system_declared) == "pass" with input as with_switch({"mechanism": "Grant"}, [switch, setting("c")])
}

test_unknown_value if {
	s := with_switch({}, [switch, setting("a"), setting("b")])
	fixture.outcome(system_declared) == "unknown" with input as s
	said("unknowns", s) == {at(["switch", "field"]): {"Config payments/switch is declared more than once, with different values: a, b"}}
}

fixed(immutable) := fixture.facts("config", [{"at": ["switch"], "what": "config", "immutable": immutable}])

# A switch that cannot be changed is none.
test_immutable_switch if {
	said("fails", with_switch({}, [switch, setting("a"), fixed(true)])) == {at(["switch", "ref"]): {"Config payments/switch is immutable: nobody can turn it, there or back"}}
	fixture.outcome(system_declared) == "pass" with input as with_switch({}, [switch, setting("a"), fixed(false)])
}

# --- A service as the switch

front(selector) := fixture.facts("service", [{"at": ["switch"], "namespace": "payments", "name": "switch", "selector": selector}])

pods(labels) := fixture.facts("workload", [object.union(workload(name), {"podLabels": all}) | some name, all in labels])

# behind(selector, labels) is a system whose switch is a service with this selector, before workloads with these labels.
behind(selector, labels) := fixture.snapshot(
	object.union(object.remove(spec, ["valve"]), {"switch": {"mechanism": "Selector"}}),
	[rest[0], rest[1], rest[2], switch, setting("a"), front(selector), pods(labels)],
)

test_pass_front if fixture.outcome(system_declared) == "pass" with input as behind({"app": "x", "plant": "a"}, {"a": {"app": "x", "plant": "a"}, "b": {"app": "x", "plant": "b"}})

test_fail_front_of_others if {
	said("fails", behind({"app": "x"}, {"a": {"app": "x"}, "b": {"app": "x"}, "c": {"app": "x"}})) == {at(["switch", "field"]): {"Config payments/switch stands in front of the pods of Deployment payments/b, Deployment payments/c, and selects plant a, which does not name them"}}
}

test_fail_front_of_nobody if {
	every selector in [{"app": "y"}, {}] {
		said("fails", behind(selector, {"a": {"app": "x"}, "b": {"app": "x"}})) == {at(["switch", "field"]): {"Config payments/switch selects plant a, and stands in front of no pod of it"}}
	}
}

# What is not there yet is told of as such.
test_front_of_what_comes if {
	s := behind({"app": "x"}, {"b": {"app": "y"}})
	said("fails", s) == {}
	at(["plants", "a", "workloads", 0]) in object.keys(said("missing", s))
}
