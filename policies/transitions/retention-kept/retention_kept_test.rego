package pocdr.transitions.retention_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.retention_kept

day := 86400

# The scenario's windows add up to eight days.
snapshot(fields) := scenario.less("log", [object.union(object.union(scenario.kept, {"platform": "log", "name": "commands"}), fields)])

sees(fields) := seen if seen := retention_kept.sees with input as snapshot(fields)

change(was, is) := fixture.change(sees(was), sees(is), [])

kept_for(days) := {"retention": days * day}

# 3 partitions of so much each, at 1 MiB a second, are so many days.
sized(days) := {"retentionBytes": ((days * day) / 3) * 1048576}

test_kept if {
	retention_kept.refuses == {} with input as change(kept_for(14), kept_for(8))
	retention_kept.refuses == {} with input as change(kept_for(6), kept_for(7))
	retention_kept.refuses == {} with input as change(kept_for(7), kept_for(7))
	retention_kept.refuses == {} with input as change(kept_for(7), {"retention": -1})
	retention_kept.refuses == {} with input as change({}, sized(9))
	retention_kept.refuses == {} with input as change(kept_for(14), object.union(kept_for(1), {"expires": false}))
}

test_lowered if {
	said := {["log/commands"]: {"its retention is lowered to 7d; the windows add up to 8d"}}
	retention_kept.refuses == said with input as change(kept_for(14), kept_for(7))
	retention_kept.refuses == said with input as change({"retention": -1}, kept_for(7))
	retention_kept.refuses == {["log/commands"]: {"its retention is lowered to 5d; the windows add up to 8d"}} with input as change(kept_for(6), kept_for(5))
}

test_sized if {
	retention_kept.refuses == {["log/commands"]: {"its size limit is lowered to 6d; the windows add up to 8d"}} with input as change({}, sized(6))
	retention_kept.refuses == {["log/commands"]: {"its size limit is lowered to 6d; the windows add up to 8d"}} with input as change(sized(9), sized(6))
}

test_not_known_for_how_long if {
	after := object.union(sees(kept_for(7)), {"needed": set()})
	retention_kept.refuses == {["log/commands"]: {"its retention is lowered to 7d; for how long it is needed is not declared"}} with input as fixture.change(sees(kept_for(14)), after, [])
	retention_kept.sees.needed == set() with input as scenario.without("proof")
}

test_absent_before if {
	retention_kept.refuses == {} with input as object.remove(change(kept_for(14), kept_for(7)), ["before"])
	not retention_kept.sees with input as fixture.undeclared([])
}
