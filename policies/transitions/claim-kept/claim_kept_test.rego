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
	claim_kept.refuses == {} with input as change(sees({"namespaces": ["other"]}, [], [{"at": ["other"], "name": "other", "namespaces": ["payments"], "labels": {"team": "x"}}]), [])
}

test_unclaimed if {
	claim_kept.refuses == said with input as change(sees({"namespaces": ["other"]}, [], []), [])
	claim_kept.refuses == said with input as change(sees({"labels": {"team": "y"}}, [extra({"team": "x"})], []), [])
	claim_kept.refuses == said with input as change(sees({"namespaces": ["other"]}, [], [{"at": ["other"], "name": "other", "namespaces": ["payments"], "labels": {"team": "y"}}]), [])
}

test_absent if {
	claim_kept.refuses == {} with input as object.remove(change(before, []), ["before"])
	claim_kept.refuses == {} with input as object.remove(change(before, []), ["after"])
	not claim_kept.sees with input as fixture.undeclared([])
}
