package pocdr.checks.radius.candidate_bounded_test

import data.pocdr.checks.radius.candidate_bounded
import data.pocdr.fixture

# Two plants in namespaces of their own, each with a log of its own; the switch selects "a".

plant(name) := {"workloads": [{"kind": "Deployment", "namespace": name, "name": name}], "outlets": [{"platform": "streams", "name": name}]}

spec := {
	"intake": {"platform": "streams", "name": "orders"},
	"plants": {"a": plant("a"), "b": plant("b")},
	"outlets": [{"platform": "streams", "name": "entries"}],
	"switch": {"mechanism": "Valve", "ref": {"kind": "Config", "namespace": "payments", "name": "switch"}, "field": "data.selected", "values": {"a": "a", "b": "b"}},
}

selects(value) := fixture.facts("setting", [{"kind": "Config", "namespace": "payments", "name": "switch", "field": "data.selected", "value": value}])

runs(name) := object.union_n([
	fixture.facts("workload", [{"kind": "Deployment", "namespace": name, "name": name, "principal": concat("/", ["cluster:", name])}]),
	fixture.facts("mount", [{"workloadKind": "Deployment", "namespace": name, "workload": name, "what": "secret", "name": name}]),
	fixture.facts("credential", [{"namespace": name, "secret": name, "principal": concat(":", ["streams", name])}]),
])

container(name, fields) := fixture.facts("container", [object.union({"name": name, "workloadKind": "Deployment", "namespace": name, "workload": name, "role": "main"}, fields)])

limited := {"cpuLimit": 1, "memoryLimit": 1000}

quota(name, limits) := fixture.facts("quota", [{"platform": "streams", "principal": concat(":", ["streams", name]), "limits": limits}])

both := {"read-rate": 1000, "write-rate": 1000}

logs := fixture.facts("log", [{"platform": "streams", "name": name} | some name in ["orders", "entries", "a", "b"]])

# beside(list) is the incumbent "a", without any bounds, and what the candidate has.
beside(list) := array.concat([logs, selects("a"), runs("a"), container("a", {}), runs("b")], list)

whole := beside([container("b", limited), quota("b", both)])

said(snapshot) := answers if {
	answers := all with input as snapshot
	fixture.strays(candidate_bounded) == set() with input as snapshot
}

all := {rule: messages |
	some rule in ["fails", "missing", "unknowns"]
	messages := candidate_bounded[rule]
	count(messages) > 0
}

at(name) := ["system", "spec", "plants", name]

test_pass if {
	fixture.outcome(candidate_bounded) == "pass" with input as fixture.snapshot(spec, whole)
	said(fixture.snapshot(spec, whole)) == {}
}

test_missing_quota if {
	said(fixture.snapshot(spec, beside([container("b", limited)]))) == {"missing": {at("b"): {"streams:b has no quota on its read-rate", "streams:b has no quota on its write-rate"}}}
	said(fixture.snapshot(spec, beside([container("b", limited), quota("b", {"read-rate": 5, "write-rate": 0})]))) == {"missing": {at("b"): {"streams:b has no quota on its write-rate"}}}
}

test_pass_quota_for_everybody if fixture.outcome(candidate_bounded) == "pass" with input as fixture.snapshot(spec, beside([container("b", limited), quota("*", both)]))

# What bounds it in another instance bounds it nowhere else.
test_missing_quota_of_this_instance if {
	elsewhere := fixture.facts("quota", [{"platform": "streams", "scope": "elsewhere", "principal": "streams:*", "limits": both}])
	here := {"facts": {"log": [object.union(l, {"scope": "main"}) | some l in logs.log]}}
	snapshot := object.union(fixture.snapshot(spec, beside([container("b", limited)])), here)
	said(object.union(snapshot, {"facts": elsewhere})) == {"missing": {at("b"): {"streams:b has no quota on its read-rate", "streams:b has no quota on its write-rate"}}}
	said(object.union(snapshot, {"facts": {"quota": [object.union(elsewhere.quota[0], {"scope": "main"})]}})) == {}
}

test_fail_container if said(fixture.snapshot(spec, beside([container("b", {"cpuLimit": 1}), quota("b", both)]))) == {"fails": {["container/b", "resources"]: {"container b has no limit on its memory"}}}

spaced(namespace, limits) := fixture.facts("quota", [{"platform": "cluster", "namespace": namespace, "limits": limits}])

test_pass_by_namespace if {
	every limits in [{"container-cpu-limit": 1, "container-memory-limit": 1}, {"cpu-limit": 1, "memory-request": 1}] {
		fixture.outcome(candidate_bounded) == "pass" with input as fixture.snapshot(spec, beside([container("b", {}), quota("b", both), spaced("b", limits)]))
	}
}

test_fail_shared_namespace if {
	valve := {"workloads": [{"kind": "Deployment", "namespace": "b", "name": "valve"}]}
	s := fixture.snapshot(object.union(spec, {"valve": valve}), beside([
		container("b", {"cpuLimit": 1}), quota("b", both), spaced("b", {"cpu-limit": 1, "memory-limit": 1}),
		fixture.facts("workload", [{"kind": "Deployment", "namespace": "b", "name": "valve"}]),
	]))
	said(s) == {"fails": {["container/b", "resources"]: {"container b has no limit on its memory"}}}
}

test_both_where_the_switch_cannot_be_read if {
	facts := [logs, runs("a"), container("a", {}), runs("b"), container("b", limited), quota("b", both)]
	said(fixture.snapshot(spec, facts)) == {
		"fails": {["container/a", "resources"]: {"container a has no limit on its cpu", "container a has no limit on its memory"}},
		"missing": {at("a"): {"streams:a has no quota on its read-rate", "streams:a has no quota on its write-rate"}},
	}
}

# A plant that writes a store is bounded in what it reads of the intake.
test_store if {
	plants := {"plants": {"b": {"outlets": [{"platform": "rows", "name": "ledger"}]}}}
	facts := beside([container("b", limited), quota("b", {"read-rate": 1}), fixture.facts("store", [{"platform": "rows", "name": "ledger"}])])
	said(fixture.snapshot(object.union(spec, plants), facts)) == {}
}

# A plant without an outlet of its own writes the system's.
test_outlet_in_turn if {
	plants := {"plants": {"b": {"outlets": []}}}
	said(fixture.snapshot(object.union(spec, plants), beside([container("b", limited), quota("b", {"read-rate": 1})]))) == {"missing": {at("b"): {"streams:b has no quota on its write-rate"}}}
}

test_missing_workload if said(fixture.snapshot(spec, [logs, selects("a"), quota("b", both)])) == {
	"missing": {at("b"): {"Deployment b/b is not declared"}},
	"unknowns": {at("b"): {"with which principal plant b uses streams cannot be told"}},
}

test_unknown if {
	open := object.union(object.remove(spec, ["intake"]), {"plants": {"b": {"outlets": [{"platform": "streams", "name": "gone"}]}}})
	s := fixture.snapshot(open, whole)
	fixture.outcome(candidate_bounded) == "unknown" with input as s
	said(s) == {"unknowns": {at("b"): {
		"spec.intake is not declared, so what the plant reads cannot be told",
		"outlet gone is not declared, so whether it is a log cannot be told",
	}}}
	bare := fixture.snapshot(object.union(object.remove(spec, ["outlets"]), {"plants": {"b": {"outlets": []}}}), whole)
	said(bare) == {"unknowns": {at("b"): {"no outlet is declared, so what the plant writes cannot be told"}}}
}

test_fail_without_plants if {
	said(fixture.snapshot(object.remove(spec, ["plants"]), whole)) == {"fails": {at("b"): {"plant b is not declared"}}}
	said(fixture.snapshot(object.union(object.remove(spec, ["plants"]), {"plants": {"a": plant("a")}, "switch": {"mechanism": "InPlace"}}), [runs("a"), container("a", {})])) == {"fails": {at("b"): {"plant b is not declared"}}}
	said(fixture.snapshot({}, [])) == {"fails": {at("a"): {"plant a is not declared"}, at("b"): {"plant b is not declared"}}}
	said(fixture.undeclared([])) == {"fails": {[""]: {"no System declares plants"}}}
}
