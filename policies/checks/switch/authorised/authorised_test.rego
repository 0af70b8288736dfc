package pocdr.checks.switch.authorised_test

import data.pocdr.checks.switch.authorised
import data.pocdr.fixture

spec := {
	"authority": [{"platform": "cluster", "name": "payments"}],
	"plants": {"a": {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": "a"}]}},
	"switch": {"ref": {"kind": "Config", "namespace": "payments", "name": "switch"}, "authorised": ["cluster:pipeline"]},
}

workload := fixture.facts("workload", [{"kind": "Deployment", "namespace": "payments", "name": "a", "principal": "cluster:a"}])

switch := fixture.facts("object", [{"platform": "cluster", "kind": "Config", "type": "configs", "namespace": "payments", "name": "switch"}])

# grants(list) are on the switch, standing in a document that is named for the principal.
grants(list) := fixture.facts("grant", [object.union(
	{"at": [g.principal], "platform": "cluster", "scope": "payments", "actions": ["write"], "types": ["configs"], "names": ["switch"], "match": "exact"},
	g,
) |
	some g in list
])

approved(snapshot) := object.union(snapshot, {"profile": {"spec": {
	"authorities": [{"system": "payments", "platform": "cluster"}],
	"switchers": ["cluster:pipe*", "cluster:keyholder"],
}}})

with_facts(facts) := approved(fixture.snapshot(spec, array.concat([workload, switch, grants([{"principal": "cluster:pipeline"}])], facts)))

with_spec(changes) := approved(fixture.snapshot(object.union(spec, changes), [workload, switch]))

said(rule, snapshot) := all if {
	all := authorised[rule] with input as snapshot
	fixture.strays(authorised) == set() with input as snapshot
}

ref := ["system", "spec", "switch", "ref"]

test_pass if {
	fixture.outcome(authorised) == "pass" with input as with_facts([])
	said("passes", with_facts([])) == {ref, ["cluster:pipeline"], ["system", "spec", "switch", "authorised", 0]}
	fixture.outcome(authorised) == "pass" with input as with_facts([grants([
		{"principal": "cluster:reader", "actions": ["read", "create"]},
		{"principal": "cluster:other", "names": ["another"]},
		{"principal": "cluster:elsewhere", "scope": "orders"},
	])])
}

test_fail_stranger if said("fails", with_facts([grants([
	{"principal": "cluster:a", "names": null},
	{"principal": "cluster:cleaner", "actions": ["delete"]},
	{"principal": "cluster:admin", "types": null, "names": null, "scope": null, "excess": "superuser"},
])])) == {
	["cluster:a"]: {"cluster:a may change the switch and is not authorised"},
	["cluster:cleaner"]: {"cluster:cleaner may change the switch and is not authorised"},
	["cluster:admin"]: {"cluster:admin may change the switch and is not authorised"},
	ref: {"cluster:admin is not bound by what is granted, or can come to act as one that is not, and is not authorised"},
}

# An operator may do to the switch what it may do to all; not more.
test_operators if {
	keeper := {"principal": "cluster:keeper", "names": null}
	operated := {"profile": {"spec": {"operators": ["cluster:keeper"]}}}
	fixture.outcome(authorised) == "fail" with input as with_facts([grants([keeper])])
	fixture.outcome(authorised) == "pass" with input as object.union(with_facts([grants([keeper])]), operated)
	root := fixture.facts("principal", [{"platform": "cluster", "principal": "cluster:keeper", "superuser": true}])
	fixture.outcome(authorised) == "fail" with input as with_facts([root])
	fixture.outcome(authorised) == "pass" with input as object.union(with_facts([root]), operated)
	said("fails", object.union(with_facts([grants([{"principal": "cluster:keeper"}])]), operated)) == {["cluster:keeper"]: {"cluster:keeper may change the switch, which the grant names, and is not authorised"}}
}

test_fail_indirect if {
	said("fails", with_facts([fixture.facts("obtains", [{"from": "cluster:dev", "to": "cluster:pipeline"}])])) == {
		["cluster:pipeline"]: {"cluster:dev can come to act as cluster:pipeline, which may change the switch, and is not authorised"},
	}
	said("fails", with_facts([fixture.facts("obtains", [{"from": "cluster:dev", "to": "cluster:pipeline"}, {"from": "cluster:ops", "to": "cluster:dev"}])])) == {
		["cluster:pipeline"]: {"cluster:dev, cluster:ops can come to act as cluster:pipeline, which may change the switch, and are not authorised"},
	}
}

test_fail_outside_the_profile if {
	s := with_spec({"switch": {"authorised": ["cluster:pipeline", "cluster:keyholder", "cluster:intern"]}})
	said("fails", s) == {["system", "spec", "switch", "authorised", 2]: {"the Profile does not list cluster:intern among the switchers"}}
	open := object.union(s, {"profile": {"spec": {"switchers": []}}})
	fixture.outcome(authorised) == "pass" with input as open
}

test_fail_unsaid if {
	said("fails", fixture.undeclared([])) == {[""]: {"no System declares who may turn the switch"}}
	said("fails", fixture.snapshot({}, [])) == {["system", "spec", "switch"]: {"spec.switch names no switch"}}
	said("fails", with_spec({"switch": {"authorised": []}})) == {["system", "spec", "switch", "authorised"]: {"spec.switch.authorised names nobody"}}
}

test_missing if said("missing", approved(fixture.snapshot(spec, [workload]))) == {ref: {"Config payments/switch is not declared"}}

test_unknown_where_grants_are_open if {
	s := fixture.snapshot(spec, [workload, switch])
	fixture.outcome(authorised) == "unknown" with input as s
	said("unknowns", s) == {ref: {"what else is granted in cluster payments is not known: no approved authority says that all of it is declared here"}}
}
