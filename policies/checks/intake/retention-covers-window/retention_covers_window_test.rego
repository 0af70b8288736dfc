package pocdr.checks.intake.retention_covers_window_test

import data.pocdr.checks.intake.retention_covers_window
import data.pocdr.fixture
import data.pocdr.lib.windows
import data.pocdr.scenario

place := ["log/commands"]

commands(fields) := scenario.less("log", [object.union(object.union(scenario.kept, {"platform": "log", "name": "commands"}), fields)])

# The scenario's windows add up to 72h + 72h + 48h: eight days.
exactly := commands({"retention": 691200})

test_pass if {
	fixture.outcome(retention_covers_window) == "pass" with input as exactly
	fixture.strays(retention_covers_window) == set() with input as exactly
}

test_pass_for_ever if {
	fixture.outcome(retention_covers_window) == "pass" with input as commands({"retention": -1})
	fixture.outcome(retention_covers_window) == "pass" with input as commands({"expires": false, "retention": 1, "retentionBytes": null})
}

test_fail if {
	retention_covers_window.fails == {place: {"keeps records for 7d; the windows add up to 8d"}} with input as commands({"retention": 604800.5})
	fixture.strays(retention_covers_window) == set() with input as commands({"retention": 604800})
}

test_detection_counts_where_it_is_longer if {
	s := object.union(exactly, {"system": {"spec": {"correction": {"timeToDetect": "96h"}}}})
	retention_covers_window.fails == {place: {"keeps records for 8d; the windows add up to 9d"}} with input as s
}

test_profile_bounds if {
	s := object.union(exactly, {"profile": {"spec": {"proof": {"minWindow": "96h"}, "rollback": {"minWindow": "96h"}}}})
	retention_covers_window.fails == {place: {"keeps records for 8d; the windows add up to 10d"}} with input as s
}

test_negative_window_is_none if {
	s := object.union(commands({"retention": 518400}), {"system": {"spec": {"correction": {"timeToRepair": "-240h"}}}})
	fixture.outcome(retention_covers_window) == "pass" with input as s
	windows.needed == 518400 with input as s
}

test_fail_compacted if retention_covers_window.fails == {place: {"keeps only the newest record of each key"}} with input as commands({"compacted": true, "retention": -1})

# 3 partitions of 230.4 GiB at 1 MiB a second: eight days.
test_size_limit if {
	fixture.outcome(retention_covers_window) == "pass" with input as commands({"retentionBytes": 230400 * 1048576})
	retention_covers_window.fails == {place: {"fills its size limit in 4d at the peak rate; the windows add up to 8d"}} with input as commands({"retentionBytes": 115200 * 1048576})
	retention_covers_window.fails == {place: {"fills its size limit in 0s at the peak rate; the windows add up to 8d"}} with input as commands({"retentionBytes": 0})
}

test_fail_windows_not_declared if {
	s := json.remove(exactly, ["system/spec/proof", "system/spec/rollback/window", "system/spec/correction/timeToRepair"])
	retention_covers_window.fails == {
		["system", "spec", "proof"]: {"spec.proof.window is not declared"},
		["system", "spec", "rollback"]: {"spec.rollback.window is not declared"},
		["system", "spec", "correction"]: {"spec.correction.timeToRepair is not declared"},
	} with input as s
	not place in retention_covers_window.subjects with input as s
	fixture.strays(retention_covers_window) == set() with input as s
}

test_fail_intake_not_named if {
	retention_covers_window.fails == {["system", "spec", "intake"]: {"spec.intake names no log"}} with input as scenario.without("intake")
	fixture.strays(retention_covers_window) == set() with input as scenario.without("intake")
}

test_missing if {
	retention_covers_window.missing == {["system", "spec", "intake"]: {"no log commands is declared in log main"}} with input as scenario.less("log", [])
	fixture.strays(retention_covers_window) == set() with input as scenario.less("log", [])
}

test_unknown if {
	s := commands({"retention": null, "retentionBytes": null, "compacted": null})
	retention_covers_window.unknowns == {place: {
		"the retention is not declared, and the platform's default is not known",
		"whether its size is limited is not declared, and the platform's default is not known",
		"whether it keeps only the newest record of each key is not declared, and the platform's default is not known",
	}} with input as s
	fixture.outcome(retention_covers_window) == "unknown" with input as s
}

test_unknown_without_rate if {
	s := json.remove(commands({"retentionBytes": 1048576}), ["system/spec/intake/peakRate"])
	retention_covers_window.unknowns == {place: {"its size is limited, and without a spec.intake.peakRate above 0 nobody can say how soon the limit is reached"}} with input as s
	retention_covers_window.unknowns[place] with input as object.union(commands({"retentionBytes": 1048576}), {"system": {"spec": {"intake": {"peakRate": 0}}}})
}

test_unknown_without_partitions if {
	retention_covers_window.unknowns == {place: {"the number of partitions, each of which has a size limit, is not declared, and the platform's default is not known"}} with input as commands({"retentionBytes": 1048576, "partitions": null})
}

test_unknown_no_system if retention_covers_window.unknowns == {[""]: {"no System declares an intake"}} with input as fixture.undeclared([])

test_default if {
	defaults := {"facts": fixture.facts("log_defaults", [{"platform": "log", "scope": "main", "retention": 691200}])}
	fixture.outcome(retention_covers_window) == "pass" with input as object.union(commands({"retention": null}), defaults)
}
