package pocdr.transitions.standby_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.standby_kept

# pods(counts) is the scenario, where plant a serves, with these workloads.
pods(counts) := scenario.less("workload", [object.union(scenario.workload(name), {"replicas": n, "owner": null}) | some name, n in counts])

sees(counts) := seen if seen := standby_kept.sees with input as pods(counts)

whole := {"a": 3, "b": 3, "valve": 1}

hour := 3600000000000

change(counts) := fixture.change(sees(whole), sees(counts), [])

# served(hours, counts) is a change where plant b served until so many hours ago.
served(hours, counts) := object.union(change(counts), {"change": {"served": {"value": "b", "until": 1767225600000000000 - (hours * hour)}}})

test_kept if {
	standby_kept.refuses == {} with input as change(whole)
	standby_kept.refuses == {} with input as change({"a": 1, "b": 5})
	standby_kept.refuses == {} with input as served(73, {"a": 3})
	standby_kept.refuses == {} with input as served(73, {"a": 3, "b": 1})
}

test_taken_away if {
	standby_kept.refuses == {["Deployment/b"]: {"Deployment payments/b is taken from the standby, within the rollback window of 72h"}} with input as served(71, {"a": 3})
	standby_kept.refuses == {["Deployment/b"]: {"Deployment payments/b is taken from the standby; when another plant served is not known here, so that the rollback window is taken to be open"}} with input as change({"a": 3})
}

test_scaled_down if {
	said := "Deployment payments/b of the standby has 2 pods, and 3 pods before"
	standby_kept.refuses == {["Deployment/b"]: {concat("", [said, ", within the rollback window of 72h"])}} with input as served(1, {"a": 3, "b": 2})
	standby_kept.refuses == {["Deployment/b"]: {concat("", [said, "; when another plant served is not known here, so that the rollback window is taken to be open"])}} with input as change({"a": 3, "b": 2})
}

# shorter(hours) makes the window shorter, where plant b served until so many hours ago.
shorter(hours) := object.union(served(hours, whole), {"after": object.union(sees(whole), {"window": "48h"})})

test_shortened if {
	standby_kept.refuses == {["system", "spec", "rollback", "window"]: {"is 48h, and was 72h when the switch was turned: going back is promised until then"}} with input as shorter(71)
	standby_kept.refuses == {} with input as shorter(73)
	standby_kept.refuses == {} with input as object.union(shorter(71), {"change": {"served": null}})
}

# Its autoscaler brings nothing back that is switched off.
test_switched_off if {
	scaled := fixture.facts("autoscaler", [{"kind": "Deployment", "namespace": "payments", "name": name, "min": 3, "max": 5} | some name in ["a", "b"]])
	seen := [s |
		some counts in [whole, object.union(whole, {"b": 0})]
		s := standby_kept.sees with input as object.union(pods(counts), {"facts": object.union(pods(counts).facts, scaled)})
	]
	[message] := [m | some _, all in standby_kept.refuses; some m in all] with input as fixture.change(seen[0], seen[1], [])
	startswith(message, "Deployment payments/b of the standby has 0 to 5 pods, and 3 to 5 pods before")
}

test_absent_before if {
	standby_kept.refuses == {} with input as object.remove(change({"a": 3}), ["before"])
	standby_kept.sees.standby == set() with input as scenario.without("switch")
	not standby_kept.sees with input as fixture.undeclared([])
}

revoked(places) := seen if {
	seen := standby_kept.sees with input as scenario.less("grant", [g | some g in scenario.grants; not g.at in places])
}

test_revoked if {
	lost := object.union(fixture.change(revoked(set()), revoked({["group", "b"], ["group", "a"]}), []), {"change": {"served": {"value": "b", "until": 1767225600000000000}}})
	standby_kept.refuses == {["group", "b"]: {"plant b stands by, and may join its group group-b no longer, within the rollback window of 72h"}} with input as lost
	standby_kept.refuses == {} with input as object.union(lost, {"change": {"served": {"until": 0}}})
}

bounded(limits) := seen if seen := standby_kept.sees with input as scenario.plus([fixture.facts("quota", [{"namespace": "payments", "limits": l} | some l in limits])])

test_starved if {
	starved := object.union(fixture.change(bounded([]), bounded([{"pods": 2}]), []), {"change": {"served": {"value": "b", "until": 1767225600000000000}}})
	standby_kept.refuses == {["quota/"]: {"plant b stands by, and namespace payments is given 2 pods, less than before and than the 3 that what is to run there needs, within the rollback window of 72h"}} with input as starved
	standby_kept.refuses == {} with input as object.union(starved, {"change": {"served": {"until": 0}}})
}
