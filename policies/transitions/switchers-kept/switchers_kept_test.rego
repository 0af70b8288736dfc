package pocdr.transitions.switchers_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.switchers_kept

sees(fields) := seen if seen := switchers_kept.sees with input as scenario.with_spec({"switch": fields})

change(after) := fixture.change(sees({}), sees(after), [])

none := seen if seen := switchers_kept.sees with input as scenario.without("switch")

test_kept if {
	switchers_kept.refuses == {} with input as change({})
	switchers_kept.refuses == {} with input as change({"authorised": []})
	switchers_kept.refuses == {} with input as fixture.change(none, sees({}), [])
}

test_gained if {
	switchers_kept.refuses == {["system", "spec", "switch", "authorised"]: {"authorises cluster:User/eve, whom it did not authorise before"}} with input as change({"authorised": ["cluster:Group/release", "cluster:User/eve"]})
}

test_changed if {
	switchers_kept.refuses == {["system", "spec", "switch", "field"]: {"field was data.selected, and is data.other"}} with input as change({"field": "data.other"})
	switchers_kept.refuses == {["system", "spec", "switch", "values"]: {"values was a=a b=b, and is a=b b=a"}} with input as change({"values": {"a": "b", "b": "a"}})
	switchers_kept.refuses[["system", "spec", "switch", "ref"]] with input as change({"ref": {"name": "other"}})
}

test_taken_away if {
	switchers_kept.refuses == {["system", "spec", "switch"]: {"names a switch no longer"}} with input as fixture.change(sees({}), none, [])
}

test_absent_before if {
	switchers_kept.refuses == {} with input as object.remove(change({"field": "x"}), ["before"])
	not switchers_kept.sees with input as fixture.undeclared([])
}
