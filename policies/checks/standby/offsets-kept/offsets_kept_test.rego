package pocdr.checks.standby.offsets_kept_test

import data.pocdr.checks.standby.offsets_kept
import data.pocdr.fixture

plant(name) := {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": name}]}

two := {"plants": {"a": plant("a"), "b": plant("b")}, "switch": {"mechanism": "Valve"}, "intake": {"platform": "stream", "name": "input"}}

log := fixture.facts("log", [{"platform": "stream", "scope": "north", "name": "input"}])

keeping(scope, seconds) := fixture.facts("log_defaults", [{"at": [scope], "platform": "stream", "scope": scope, "positionsKept": seconds}])

under(list) := fixture.snapshot(two, list)

said(snapshot) := fails if {
	fails := offsets_kept.fails with input as snapshot
	fixture.strays(offsets_kept) == set() with input as snapshot
}

test_pass if {
	s := under([log, keeping("north", 259200), keeping("south", 60)])
	fixture.outcome(offsets_kept) == "pass" with input as s
	said(s) == {}
}

test_fail if {
	said(under([log, keeping("north", 43200)])) == {["north"]: {"keeps the position of a group that reads nothing for 12h; going back is promised for 3d"}}
}

# A window that is shorter than the Profile asks for counts as what that asks for.
test_fail_short_window if {
	s := fixture.snapshot(object.union(two, {"rollback": {"window": "1h0m0s"}}), [log, keeping("north", 43200)])
	said(s) == {["north"]: {"keeps the position of a group that reads nothing for 12h; going back is promised for 1d"}}
}

test_unknown if {
	s := under([log, keeping("north", null)])
	fixture.outcome(offsets_kept) == "unknown" with input as s
	offsets_kept.unknowns == {["north"]: {"for how long it keeps the position of a group that reads nothing is not known"}} with input as s
	said(s) == {}
}

test_unknown_instance if {
	s := under([log, keeping("south", 259200)])
	fixture.outcome(offsets_kept) == "unknown" with input as s
	offsets_kept.unknowns == {["system", "spec", "intake"]: {"stream north, which keeps the intake, is not declared here: for how long it keeps a position is not known"}} with input as s
	fixture.outcome(offsets_kept) == "unknown" with input as under([keeping("north", 259200)])
}

test_fail_without_intake if said(fixture.snapshot(object.remove(two, ["intake"]), [])) == {["system", "spec", "intake"]: {"spec.intake names no log"}}

test_fail_without_standby if {
	said(fixture.snapshot({"intake": two.intake}, [log, keeping("north", 259200)])) == {["system", "spec", "plants"]: {"there are not two plants: there is no standby"}}
	said(fixture.undeclared([])) == {[""]: {"no System declares a second plant"}}
}
