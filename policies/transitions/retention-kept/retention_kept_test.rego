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

# --- Outlets

# outlet(name, fields) is the scenario, where plant a serves, with another log in the place of one.
outlet(name, fields) := seen if {
	list := [object.union(object.union(scenario.kept, {"platform": "log", "name": n}), object.get({name: fields}, n, {})) | some n in ["commands", "entries-a", "entries-b"]]
	seen := retention_kept.sees with input as scenario.less("log", list)
}

lowers(name, fields, served) := refused if {
	change := object.union(fixture.change(outlet("", {}), outlet(name, fields), []), {"change": {"served": served}})
	refused := retention_kept.refuses with input as change
}

lately := {"value": "b", "until": 1767225600000000000}

test_outlets if {
	said := "its retention is lowered to 7d; the windows add up to 8d"
	lowers("entries-a", kept_for(7), lately) == {["log/entries-a"]: {said}}
	lowers("entries-b", kept_for(7), lately) == {["log/entries-b"]: {concat("", [said, ", within the rollback window of 72h"])}}
	lowers("entries-b", kept_for(7), {"value": "b", "until": 0}) == {}
	lowers("entries-a", kept_for(8), lately) == {}
}

test_outlets_by_size if {
	lowers("entries-a", {"retentionBytes": 1000}, lately) == {["log/entries-a"]: {"its size limit is lowered to 1000 bytes a partition; how soon that is full is not known"}}
	retention_kept.refuses == {} with input as fixture.change(outlet("entries-a", {"retentionBytes": 1000}), outlet("entries-a", {"retentionBytes": 1000}), [])
	retention_kept.refuses == {} with input as fixture.change(outlet("entries-a", {"retentionBytes": 1000}), outlet("entries-a", {"retentionBytes": 2000}), [])
}

test_compacted if {
	lowers("entries-a", {"compacted": true}, lately) == {["log/entries-a"]: {"is made to keep only the newest record of each key"}}
	retention_kept.refuses == {} with input as fixture.change(outlet("entries-a", {"compacted": true}), outlet("entries-a", {"compacted": true}), [])
}

# Who drinks from a log that is an outlet of the system reads it as the valve reads a plant's.
test_outlet_of_the_system if {
	spec := {"outlets": [scenario.log("drunk")]}
	seen := [s | some days in [14, 7]; s := retention_kept.sees with input as scenario.both(spec, [fixture.facts("log", [object.union(object.union(scenario.kept, {"platform": "log", "name": "drunk"}), kept_for(days))])])]
	retention_kept.refuses == {["log/drunk"]: {"its retention is lowered to 7d; the windows add up to 8d"}} with input as fixture.change(seen[0], seen[1], [])
}

# Without a peak rate nobody knows how soon the intake is full either.
test_no_peak_rate if {
	seen := [s | some bytes in [2000, 1000]; s := retention_kept.sees with input as object.union(snapshot({"retentionBytes": bytes}), {"system": {"spec": {"intake": {"peakRate": "0"}}}})]
	retention_kept.refuses == {["log/commands"]: {"its size limit is lowered to 1000 bytes a partition; how soon that is full is not known"}} with input as fixture.change(seen[0], seen[1], [])
}
