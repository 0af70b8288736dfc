package pocdr.transitions.outlet_alone_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.outlet_alone

plants(outlet) := {"plants": {"a": object.union(scenario.plant("a"), {"outlets": [scenario.log(outlet)]}), "b": scenario.plant("b")}}

sees(outlet) := seen if seen := outlet_alone.sees with input as scenario.with_spec(plants(outlet))

change(operations) := fixture.change(sees("entries-a"), sees("entries-c"), operations)

repointing := fixture.operation("update", "system", {"paths": [["spec", "plants", "a", "outlets", 0, "name"]]})

other := fixture.operation("update", "Deployment/a", {})

test_alone if {
	outlet_alone.refuses == {} with input as change([repointing])
	outlet_alone.refuses == {} with input as change([repointing, object.union(other, {"ours": false})])
	outlet_alone.refuses == {} with input as fixture.change(sees("entries-a"), sees("entries-a"), [other])
}

said := {"spec.plants.a.outlets is repointed, and this is changed with it"}

test_bundled if {
	outlet_alone.refuses == {["Deployment/a"]: said} with input as change([repointing, other])
	more := object.union(repointing, {"paths": array.concat(repointing.paths, [["spec", "plants", "b", "group"]])})
	outlet_alone.refuses == {["system", "spec", "plants", "b", "group"]: said} with input as change([more])
}

test_absent_before if {
	outlet_alone.refuses == {} with input as object.remove(change([other]), ["before"])
	not outlet_alone.sees with input as fixture.undeclared([])
}
