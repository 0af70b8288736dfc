package pocdr.transitions.system_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.system_kept

sees(spec) := seen if seen := system_kept.sees with input as fixture.snapshot(spec, [])

drunk := {"downstream": [{"name": "statements"}]}

retiring := {"lifecycle": "Retiring"}

said(before, after) := refused if refused := system_kept.refuses with input as fixture.change(before, after, [])

deleted(before) := refused if refused := system_kept.refuses with input as object.remove(fixture.change(before, null, []), ["after"])

test_kept if {
	said(sees(drunk), sees(drunk)) == {}
	said(sees({}), sees(retiring)) == {}
	system_kept.refuses == {} with input as object.remove(fixture.change(null, sees(drunk), []), ["before"])
	not system_kept.sees with input as fixture.undeclared([])
}

test_deleted if {
	unretired := {["system"]: {"the System payments is deleted, and was not retired before"}}
	deleted(sees(drunk)) == unretired
	deleted(sees({})) == unretired
	deleted(sees(object.union(drunk, retiring))) == unretired
	deleted(sees(retiring)) == {}
}

test_retiring_too_early if {
	said(sees(drunk), sees(object.union(drunk, retiring))) == {["system", "spec", "lifecycle"]: {"the System payments starts to retire, and statements is still downstream of it"}}
	said(sees(object.union(drunk, retiring)), sees(object.union(drunk, retiring))) == {}
}

# The scenario's System, with nobody downstream; what is granted to statements is gone where list says so.
alone(list) := seen if seen := system_kept.sees with input as object.union(scenario.without("downstream"), {"facts": fixture.facts("grant", list)})

whole := seen if seen := system_kept.sees with input as scenario.plus([])

revoked := [g | some g in scenario.grants; g.principal != "store:statements"]

test_nobody_downstream if {
	said(whole, alone(revoked)) == {}
	said(alone(revoked), object.union(alone(revoked), {"retiring": true})) == {}
}

test_retiring_at_once if said(whole, object.union(alone(revoked), {"retiring": true})) == {["system", "spec", "lifecycle"]: {"the System payments starts to retire by the change that takes statements off downstream"}}

test_somebody_reads if said(whole, alone(scenario.grants)) == {["system", "spec", "downstream"]: {"nobody is declared downstream any more, and not seen to be gone: store:statements may read outlet ledger"}}

# Of one of several downstream, it is the checks' question.
test_one_goes if {
	two := object.union(drunk, {"downstream": [{"name": "statements"}, {"name": "fraud"}]})
	said(sees(two), sees(drunk)) == {}
}

test_not_seen if said(sees(drunk), sees({"outlets": [{"platform": "p", "name": "ledger"}]})) == {["system", "spec", "downstream"]: {concat("", [
	"nobody is declared downstream any more, and not seen to be gone: ",
	"outlet ledger is not declared, so nothing says who may read it, what else is granted in p is not known: no approved authority says that all of it is declared here, whether p enforces what is granted is not known",
])}}

test_owners if {
	said(sees({"owners": ["@city/water"]}), sees({"owners": []})) == {["system", "spec", "owners"]: {"nobody answers for the system any more"}}
	said(sees({"owners": ["@city/water"]}), sees({"owners": ["@city/sewage"]})) == {}
}
