package pocdr.transitions.claim_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.claim_kept

own := {"at": ["system"], "name": "payments", "namespaces": ["payments"]}

sees(patch, workloads, systems) := seen if {
	snapshot := object.union(scenario.both(patch, [fixture.facts("system", array.concat([own], systems))]), {"facts": {"workload": [w | some w in fixture.facts("workload", workloads).workload]}})
	seen := claim_kept.sees with input as snapshot
}

extra(labels) := object.union(scenario.workload("extra"), {"labels": labels, "owner": null})

before := sees({}, [extra({"team": "x"})], [])

change(after, operations) := fixture.change(before, after, operations)

gone := fixture.operation("delete", "Deployment/extra", {})

said := {["Deployment/extra"]: {"Deployment payments/extra belonged to this System, and belongs to none now"}}

test_kept if {
	claim_kept.refuses == {} with input as change(before, [])
	claim_kept.refuses == {} with input as change(sees({}, [], []), [gone])
	claim_kept.refuses == {} with input as change(sees({"namespaces": ["other"]}, [], [{"at": ["other"], "name": "other", "namespaces": ["payments"], "labels": {"team": "x"}, "requiredLevel": 1}]), [])
}

# A controller takes on what somebody left behind: it is judged with its owner from then on.
test_adopted if {
	adopted := object.union(extra({"team": "x"}), {"owner": "Deployment/plant"})
	claim_kept.refuses == {} with input as change(sees({}, [adopted], []), [fixture.operation("update", "Deployment/extra", {})])
}

test_unclaimed if {
	claim_kept.refuses == said with input as change(sees({"namespaces": ["other"]}, [], []), [])
	claim_kept.refuses == said with input as change(sees({"labels": {"team": "y"}}, [extra({"team": "x"})], []), [])
	claim_kept.refuses == said with input as change(sees({"namespaces": ["other"]}, [], [{"at": ["other"], "name": "other", "namespaces": ["payments"], "labels": {"team": "y"}}]), [])
}

to(levels) := change(sees({"namespaces": ["other"]}, [], [{"at": [name], "name": name, "namespaces": ["payments"], "labels": {}, "requiredLevel": level} | some name, level in levels]), [])

# It may go to a System that asks as much of it, and to no other.
test_claimed_for_less if {
	claim_kept.refuses == {} with input as to({"strict": 2, "loose": 0})
	claim_kept.refuses == {["Deployment/extra"]: {"Deployment payments/extra belonged to this System, which requires level 1, and belongs to System loose now, which requires level 0"}} with input as to({"loose": 0})
}

test_absent if {
	claim_kept.refuses == {} with input as object.remove(change(before, []), ["before"])
	claim_kept.refuses == {} with input as object.remove(change(before, []), ["after"])
	not claim_kept.sees with input as fixture.undeclared([])
}
