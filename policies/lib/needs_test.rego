package pocdr.lib.needs_test

import data.pocdr.fixture
import data.pocdr.lib.needs
import data.pocdr.scenario

sees(snapshot) := seen if seen := needs.sees with input as snapshot

# granting(list) is the scenario with these grants in the place of the valve's to the store.
granting(list) := scenario.less("grant", array.concat([g | some g in scenario.grants; g.principal != "store:valve"], list))

part(name, actions) := scenario.may("store:valve", actions, scenario.on("store", name))

wide := scenario.may("store:valve", ["write"], {"types": ["store"], "names": ["ledger"], "match": "under"})

lost(before, after) := {message | some [_, message] in all} if {
	all := needs.lost("valve", "serves") with input as {"before": {"needs": sees(granting(before))}, "after": {"needs": sees(granting(after))}}
}

said := {"the valve serves, and may write the outlet ledger no longer"}

# A part of an outlet that may be written no longer is lost; one that is granted with the whole is not.
test_parts if {
	lost([part("ledger/a", ["write"]), part("ledger/b", ["write"])], [part("ledger/a", ["write"])]) == said
	lost([part("ledger/a", ["write"])], [wide]) == set()
	lost([wide], [part("ledger/a", ["write"])]) == set()
	lost([wide], []) == said
	lost([part("ledger/a", ["write", "read"])], [part("ledger/a", ["write"])]) == set()
	lost([part("ledger/a", ["read"])], []) == set()
	lost([wide], [scenario.may("store:valve", ["write"], {"types": null, "names": null})]) == set()
}

# What an actor does not need any more, it does not lose.
test_needed_no_longer if {
	before := sees(scenario.plus([]))
	after := sees(scenario.with_spec({"plants": {"a": object.union(scenario.plant("a"), {"group": "another"})}}))
	needs.lost("a", "serves") == set() with input as {"before": {"needs": before}, "after": {"needs": after}}
}

# Where the switch is a change of grants, a plant's right to write its outlets is what it changes.
test_grants_as_switch if {
	seen := sees(scenario.with_spec({"switch": {"mechanism": "Grant"}}))
	not ["a", "write its outlet entries-a"] in seen.asked
	["a", "read the intake commands"] in seen.asked
}

# A plant that writes what is drunk itself is for that.
test_no_valve if {
	s := scenario.without("valve")
	seen := sees(object.union(s, {"system": {"spec": {"plants": {"a": object.union(scenario.plant("a"), {"outlets": []})}}}}))
	{deed | some ["a", deed] in seen.asked} & {"write the outlet ledger", "write its outlet entries-a"} == {"write the outlet ledger"}
	{deed | some ["b", deed] in seen.asked} & {"write the outlet ledger", "write its outlet entries-b"} == {"write its outlet entries-b"}
}

test_nothing if sees(fixture.undeclared([])) == {"rests": set(), "lacks": set(), "asked": set(), "rights": set()}

test_valve_group if {
	valve := object.union(scenario.spec.valve, {"group": "group-valve"})
	joins := scenario.may("log:valve", ["read"], scenario.on("group", "group-valve"))
	seen := sees(scenario.both({"valve": valve}, [fixture.facts("grant", [joins])]))
	["valve", "the valve", "join its group group-valve", "group-valve", joins.at] in seen.rights
}
