package pocdr.checks.radius.downstream_declared_test

import data.pocdr.checks.radius.downstream_declared
import data.pocdr.fixture

# Two outlets, a log and a store, each with one reader; a plant that reads and writes both.

spec := {
	"authority": [{"platform": "streams"}, {"platform": "rows", "name": "x/rows"}],
	"plants": {"a": {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": "a"}]}},
	"outlets": [{"platform": "streams", "name": "entries"}, {"platform": "rows", "name": "ledger"}],
	"downstream": [
		{"name": "reports", "owner": "@city/reports", "principals": ["streams:reports"]},
		{"name": "statements", "owner": "@city/statements", "principals": ["rows:statements"]},
	],
	"correction": {"corrector": "rows:corrector"},
}

declared := [
	fixture.facts("log", [{"platform": "streams", "scope": "x/streams", "name": "entries"}]),
	fixture.facts("store", [{"platform": "rows", "scope": "x/rows", "name": "ledger"}]),
	enforcement(true),
	fixture.facts("workload", [{"kind": "Deployment", "namespace": "payments", "name": "a", "principal": "cluster:a"}]),
	fixture.facts("mount", [{"workloadKind": "Deployment", "namespace": "payments", "workload": "a", "what": "secret", "name": "a"}]),
	fixture.facts("credential", [{"namespace": "payments", "secret": "a", "principal": "streams:a"}]),
	grants([{"principal": "streams:reports", "actions": ["read"]}, {"principal": "streams:a", "actions": ["read", "write"]}]),
	fixture.facts("grant", [
		object.union(on_rows, {"at": ["statements"], "principal": "rows:statements", "names": ["ledger/entries"]}),
		object.union(on_rows, {"at": ["corrector"], "principal": "rows:corrector", "names": ["ledger"]}),
	]),
]

enforcement(authorises) := fixture.facts("enforcement", [
	{"platform": "streams", "scope": "x/streams", "authenticates": true, "authorises": authorises},
	{"platform": "rows", "scope": "x/rows", "authenticates": true, "authorises": true},
	{"platform": "rows", "scope": "x/other", "authenticates": true, "authorises": false},
])

on_rows := {"platform": "rows", "scope": "x/rows", "actions": ["read"], "types": ["store"], "match": "under"}

# grants(list) are on the log, standing in a document that is named for the principal.
grants(list) := fixture.facts("grant", [object.union(
	{"at": [g.principal], "platform": "streams", "scope": "x/streams", "types": ["log"], "names": ["entries"], "match": "exact"},
	g,
) |
	some g in list
])

# The Profile approves less of streams than the System states.
approved(snapshot) := object.union(snapshot, {"profile": {"spec": {"authorities": [
	{"system": "payments", "platform": "streams", "name": "x/streams"},
	{"system": "*", "platform": "rows"},
]}}})

with_facts(more) := approved(fixture.snapshot(spec, array.concat(declared, more)))

with_spec(changes) := approved(fixture.snapshot(object.union(spec, changes), declared))

test_pass if {
	fixture.outcome(downstream_declared) == "pass" with input as with_facts([])
	fixture.strays(downstream_declared) == set() with input as with_facts([])
}

said(snapshot) := fails if {
	fails := downstream_declared.fails with input as snapshot
	fixture.strays(downstream_declared) == set() with input as snapshot
}

test_fail_undeclared_reader if said(with_facts([grants([
	{"principal": "streams:nosy", "actions": ["read"]},
	{"principal": "streams:*", "actions": ["read"]},
	{"principal": "streams:writer", "actions": ["write"]},
	{"principal": "streams:other", "actions": ["read"], "names": ["orders"]},
	{"principal": "streams:refused", "actions": ["read"]},
	{"principal": "streams:refused", "actions": ["read"], "effect": "deny"},
])])) == {
	["streams:nosy"]: {"streams:nosy may read outlet entries and is not declared downstream"},
	["streams:*"]: {"streams:* may read outlet entries and is not declared downstream"},
}

test_fail_undeclared_reader_of_a_part if said(with_facts([fixture.facts("grant", [
	object.union(on_rows, {"at": ["part"], "principal": "rows:nosy", "names": ["ledger/secrets"]}),
	object.union(on_rows, {"at": ["beside"], "principal": "rows:beside", "names": ["ledger2/secrets"]}),
])])) == {["part"]: {"rows:nosy may read outlet ledger and is not declared downstream"}}

test_fail_reader_by_role if said(with_facts([
	grants([{"principal": "streams:team", "actions": ["read"]}]),
	fixture.facts("principal", [{"principal": "streams:team", "active": false}, {"principal": "streams:nosy", "active": true}]),
	fixture.facts("obtains", [
		{"from": "streams:nosy", "to": "streams:team"},
		{"from": "streams:reports", "to": "streams:team"},
		{"from": "cluster:admin", "to": "streams:team"},
	]),
])) == {["streams:team"]: {"streams:nosy, as streams:team, may read outlet entries and is not declared downstream"}}

test_pass_declared_by_role if fixture.outcome(downstream_declared) == "pass" with input as approved(fixture.snapshot(
	object.union(spec, {"downstream": array.concat(spec.downstream, [{"name": "team", "owner": "@city/team", "principals": ["streams:member"]}])}),
	array.concat(declared, [
		grants([{"principal": "streams:team", "actions": ["read"]}]),
		fixture.facts("principal", [{"principal": "streams:team", "active": false}]),
		fixture.facts("obtains", [{"from": "streams:member", "to": "streams:team"}]),
	]),
))

superuser := grants([{"principal": "streams:admin", "actions": ["read", "administer"], "names": null, "types": null, "excess": "superuser"}])

test_pass_administrator if {
	fixture.outcome(downstream_declared) == "pass" with input as with_facts([superuser])
	fixture.outcome(downstream_declared) == "pass" with input as with_facts([
		fixture.facts("principal", [{"principal": "streams:root", "active": true, "superuser": true}]),
		fixture.facts("obtains", [{"from": "streams:deputy", "to": "streams:root"}]),
		grants([{"principal": "streams:deputy", "actions": ["read"]}]),
	])
}

test_fail_administrator_that_a_workload_is if said(with_facts([
	superuser,
	fixture.facts("credential", [{"namespace": "payments", "secret": "admin", "principal": "streams:admin"}]),
	fixture.facts("mount", [{"workloadKind": "Job", "namespace": "payments", "workload": "b", "what": "secret", "name": "admin"}]),
]))[["streams:admin"]] == {
	"streams:admin may read outlet entries and is not declared downstream",
}

test_fail_where_grants_do_not_bind if said(with_facts([enforcement(false)])) == {["system", "spec", "outlets", 0]: {"who may read outlet entries is not bounded by grants: what is not granted is not denied"}}

test_fail_downstream if said(with_spec({"downstream": array.concat(spec.downstream, [{"name": "audit", "owner": " "}])})) == {["system", "spec", "downstream", 2]: {
	"downstream audit has no owner",
	"downstream audit names no principal with which it reads",
}}

audit := [{"name": "audit", "owner": "@city/audit", "principals": ["streams:audit"]}]

test_missing_grant if {
	s := with_spec({"downstream": array.concat(spec.downstream, audit)})
	downstream_declared.missing == {["system", "spec", "downstream", 2]: {"streams:audit is declared downstream and may read no outlet"}} with input as s
	said(s) == {}
}

test_pass_where_everybody_is_declared if fixture.outcome(downstream_declared) == "pass" with input as approved(fixture.snapshot(
	object.union(spec, {"downstream": array.concat(spec.downstream, [{"name": "all", "owner": "@city", "principals": ["streams:*", "streams:audit"]}])}),
	array.concat(declared, [grants([{"principal": "streams:*", "actions": ["read"]}])]),
))

# A reader may be a plant's own as long as not all that the System names is declared.
test_unknown_before_the_plants if {
	s := approved(fixture.snapshot(object.union(spec, {"plants": {"a": spec.plants.a, "b": {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": "b"}]}}}), array.concat(declared, [grants([{"principal": "streams:b", "actions": ["read"]}])])))
	said(s) == {}
	downstream_declared.unknowns == {["streams:b"]: {"streams:b may read outlet entries and is not declared downstream; whether that is one of the system's own cannot be told: not all of its workloads are declared"}} with input as s
}

test_unknown_where_grants_are_open if {
	s := fixture.snapshot(object.union(spec, {"downstream": array.concat(spec.downstream, audit)}), declared)
	fixture.outcome(downstream_declared) == "unknown" with input as s
	downstream_declared.unknowns == {
		["system", "spec", "outlets", 0]: {"what else is granted in streams x/streams is not known: no approved authority says that all of it is declared here"},
		["system", "spec", "outlets", 1]: {"what else is granted in rows x/rows is not known: no approved authority says that all of it is declared here"},
		["system", "spec", "downstream", 2]: {"no grant that is declared here lets streams:audit read an outlet"},
	} with input as s
}

test_unknown_without_the_outlet if {
	s := with_spec({"outlets": array.concat(spec.outlets, [{"platform": "streams", "name": "gone"}])})
	fixture.outcome(downstream_declared) == "unknown" with input as s
	downstream_declared.unknowns == {["system", "spec", "outlets", 2]: {
		"outlet gone is not declared, so nothing says who may read it",
		"what else is granted in streams is not known: no approved authority says that all of it is declared here",
	}} with input as s
}

# The last reader is gone, and seen to be; or nobody says so.
test_without_downstream if {
	alone := object.union(spec, {"downstream": []})
	nobody := {["system", "spec", "downstream"]: {"spec.downstream names nobody who drinks from the outlets"}}
	fixture.outcome(downstream_declared) == "pass" with input as approved(fixture.snapshot(alone, array.slice(declared, 0, 6)))
	said(fixture.snapshot(alone, array.slice(declared, 0, 6))) == nobody
	said(approved(fixture.snapshot(alone, declared)))[["system", "spec", "downstream"]] == nobody[["system", "spec", "downstream"]]
	fixture.outcome(downstream_declared) == "pass" with input as approved(fixture.snapshot(object.union(alone, {"lifecycle": "Retiring"}), array.slice(declared, 0, 6)))
}

test_fail_without_outlets if {
	said(fixture.snapshot({"lifecycle": "Retiring"}, [])) == {["system", "spec", "outlets"]: {"spec.outlets names no outlet"}}
	said(fixture.undeclared([])) == {[""]: {"no System declares an outlet", "no System declares who is downstream"}}
}
