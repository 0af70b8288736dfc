package pocdr.transitions.reach_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.reach_kept

sees(grants) := seen if seen := reach_kept.sees with input as scenario.plus([fixture.facts("grant", grants)])

change(before, after) := fixture.change(sees(before), sees(after), [])

writes(fields) := scenario.may("log:b", ["write"], object.union(scenario.on("log", "entries-c"), fields))

said(fields, about) := {writes(fields).at: {sprintf("plant b reaches more than before: log:b may write %v", [about])}}

test_kept if {
	reach_kept.refuses == {} with input as change([], [])
	reach_kept.refuses == {} with input as change([writes({})], [object.union(writes({}), {"at": ["elsewhere"]})])
	reach_kept.refuses == {} with input as change([], [writes({"names": ["entries-b"]})])
	reach_kept.refuses == {} with input as change([], [object.union(writes({}), {"actions": ["read"]})])
	reach_kept.refuses == {} with input as change([], [writes({"types": ["group"]})])
	reach_kept.refuses == {} with input as change([], [writes({"effect": "deny"})])
	reach_kept.refuses == {} with input as change([], [object.union(writes({}), {"principal": "log:other"})])
	reach_kept.refuses == {} with input as change([], [scenario.may("store:valve", ["write"], scenario.on("store", "ledger/entries"))])
}

test_widened if {
	reach_kept.refuses == said({}, "entries-c") with input as change([], [writes({})])
	reach_kept.refuses == said({}, "entries*") with input as change([], [writes({"names": ["entries"], "match": "prefix"})])
	reach_kept.refuses == said({}, "whatever there is") with input as change([], [writes({"names": null})])
	reach_kept.refuses == said({}, "whatever there is") with input as change([], [writes({"types": null, "names": null})])
	reach_kept.refuses == said({}, "entries-b") with input as change([], [writes({"names": ["entries-b"], "excess": "wildcard"})])
}

ends(principal, actions) := scenario.may(principal, actions, scenario.on("log", "commands"))

ended(actions) := {ends("log:gateway", ["write"]).at: {sprintf("log:gateway may %v the intake, and could not before", [actions])}}

at_gateway(actions) := object.union(ends("log:gateway", actions), {"at": ends("log:gateway", ["write"]).at})

# Those who fill the intake need not be able to end it.
test_intake if {
	reach_kept.refuses == ended("delete") with input as change([at_gateway(["write"])], [at_gateway(["write", "delete"])])
	reach_kept.refuses == ended("alter and delete") with input as change([], [at_gateway(["alter", "delete"])])
	reach_kept.refuses == ended("administer") with input as change([], [object.union(at_gateway(["administer"]), {"names": ["com"], "match": "prefix"})])
}

test_intake_kept if {
	reach_kept.refuses == {} with input as change([], [at_gateway(["read", "write", "create"])])
	reach_kept.refuses == {} with input as change([], [object.union(at_gateway(["delete"]), {"names": ["commands-of-others"]})])
	reach_kept.refuses == {} with input as change([at_gateway(["alter", "delete"])], [ends("log:gateway", ["delete"])])
	operated := object.union(change([], [at_gateway(["delete"])]), {"profile": {"spec": {"operators": ["log:gateway"]}}})
	reach_kept.refuses == {} with input as operated
}

# What acts for the system is told so once.
test_intake_of_a_plant if {
	g := ends("log:b", ["delete"])
	reach_kept.refuses == {g.at: {"plant b reaches more than before: log:b may delete commands"}} with input as change([], [g])
}

test_absent_before if {
	reach_kept.refuses == {} with input as object.remove(change([], [writes({})]), ["before"])
	not reach_kept.sees with input as fixture.undeclared([])
}
