package pocdr.transitions.partitions_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.partitions_kept

snapshot(partitions, parallel) := object.union(
	scenario.less("log", [object.union(scenario.kept, {"platform": "log", "name": "commands", "partitions": partitions})]),
	{"system": {"spec": {"intake": {"parallel": parallel}}}},
)

sees(partitions, parallel) := seen if seen := partitions_kept.sees with input as snapshot(partitions, parallel)

change(was, is) := fixture.change(sees(was, false), sees(is, false), [])

test_kept if {
	partitions_kept.refuses == {} with input as change(12, 12)
	partitions_kept.refuses == {} with input as change(12, null)
	partitions_kept.refuses == {} with input as change(null, 12)
	partitions_kept.refuses == {} with input as fixture.change(sees(12, true), sees(24, false), [])
}

test_changed if {
	partitions_kept.refuses == {["log/commands"]: {"has 24 partitions, and 12 before; the intake is not parallel"}} with input as change(12, 24)
	partitions_kept.refuses == {["log/commands"]: {"has 6 partitions, and 12 before; the intake is not parallel"}} with input as change(12, 6)
	partitions_kept.refuses == {["log/commands"]: {"has 24 partitions, and 12 before; the intake is not parallel"}} with input as fixture.change(sees(12, false), sees(24, true), [])
}

outlets(partitions) := seen if {
	seen := partitions_kept.sees with input as scenario.less("log", [object.union(scenario.kept, {"platform": "log", "name": name, "partitions": n}) | some name, n in partitions])
}

test_outlet_changed if {
	wider := fixture.change(outlets({"entries-a": 12, "other": 12}), outlets({"entries-a": 24, "other": 24}), [])
	partitions_kept.refuses == {["log/entries-a"]: {"has 24 partitions, and 12 before; the intake is not parallel"}} with input as wider
}

test_absent_before if {
	partitions_kept.refuses == {} with input as object.remove(change(12, 24), ["before"])
	not partitions_kept.sees with input as scenario.without("intake")
	not partitions_kept.sees with input as fixture.undeclared([])
}
