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

# told(fields) is what is seen of a valve with these in its template.
told(fields) := seen if {
	seen := switchers_kept.sees with input as scenario.plus([fixture.facts("template", [{"kind": "Deployment", "namespace": "payments", "name": "valve", "fields": fields}])])
}

inlets := {"env.A": "entries-a", "env.B": "entries-b", "env.SWITCH": "payments/switch", "env.LEVEL": "info"}

messages(after) := said["Deployment/valve"] if {
	refusals := switchers_kept.refuses with input as fixture.change(told(inlets), told(after), [])
	said := {at[0]: all | some at, all in refusals}
}

test_told_otherwise if {
	messages(object.union(inlets, {"env.A": "entries-b", "env.B": "entries-a"})) == {
		"Deployment payments/valve was told entries-a by env.A, and is told entries-b",
		"Deployment payments/valve was told entries-b by env.B, and is told entries-a",
	}
	messages(object.union(inlets, {"env.SWITCH": "payments/other"})) == {"Deployment payments/valve was told payments/switch by env.SWITCH, and nothing tells it any more"}
	not messages(object.union(inlets, {"env.LEVEL": "debug"}))
	not messages({"env.LEFT": "entries-a", "env.RIGHT": "entries-b", "env.SWITCH": "payments/switch"})
}

test_absent_before if {
	switchers_kept.refuses == {} with input as object.remove(change({"field": "x"}), ["before"])
	not switchers_kept.sees with input as fixture.undeclared([])
}
