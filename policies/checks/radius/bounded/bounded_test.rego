package pocdr.checks.radius.bounded_test

import data.pocdr.checks.radius.bounded
import data.pocdr.fixture

container(fields) := fixture.facts("container", [object.union({"name": "app", "workloadKind": "Deployment", "namespace": "payments", "workload": "a"}, fields)])

whole := {"memoryRequest": 1, "memoryLimit": 2, "cpuRequest": 0.1}

workload(name, replicas) := {"kind": "Deployment", "namespace": "payments", "name": name, "podLabels": {"app": name, "team": "water"}, "replicas": replicas}

budget(name, fields) := object.union(selecting({"matchLabels": {"app": name}}, fields), {"at": [name]})

selecting(selector, fields) := object.union({"namespace": "payments", "selector": selector}, fields)

# running(replicas, budgets, more) is a workload "a", with one other beside it.
running(replicas, budgets, more) := fixture.snapshot({}, array.concat(more, [
	fixture.facts("workload", [workload("a", replicas), workload("b", 1), object.union(workload("daemon", 0), {"kind": "DaemonSet", "replicas": null})]),
	fixture.facts("disruption_budget", budgets),
	container(whole),
]))

# said(snapshot) is all that is said of the workload "a".
said(snapshot) := messages | {"passes" | passes[["workload/a"]]} if {
	messages := all with input as snapshot
	passes := bounded.passes with input as snapshot
	fixture.strays(bounded) == set() with input as snapshot
}

all := {message | some rule in ["fails", "missing", "unknowns"]; some message in bounded[rule][["workload/a"]]}

test_pass if fixture.outcome(bounded) == "pass" with input as running(3, [budget("a", {"maxUnavailable": "1"})], [])

test_fail_container if {
	s := running(1, [], [container({"name": "free", "memoryRequest": 1})])
	bounded.fails == {["container/free", "resources"]: {"container free has no CPU request, no memory limit"}} with input as s
	fixture.strays(bounded) == set() with input as s
}

test_pass_container_by_default_of_its_namespace if fixture.outcome(bounded) == "pass" with input as running(1, [], [
	container({"name": "free", "memoryRequest": 1}),
	fixture.facts("quota", [{"namespace": "payments", "limits": {"container-cpu-request": 1, "container-memory-request": 1000, "container-memory-limit": 1000}}]),
])

test_single_writer if {
	said(running(1, [], [])) == {"passes"}
	said(running(0, [budget("a", {"minAvailable": "1"})], [])) == {"passes"}
	said(running(1, [budget("a", {"maxUnavailable": "1"})], [])) == {"passes"}
	said(running(1, [budget("a", {"minAvailable": "0"})], [])) == {"passes"}
	said(running(1, [budget("a", {"minAvailable": "1"})], [])) == {"a disruption budget lets no pod go (at least 1 of 1 must stay), so that a drain never ends"}
	said(running(1, [budget("a", {"minAvailable": "100%"})], [])) == {"a disruption budget lets no pod go (at least 100% of 1 must stay), so that a drain never ends"}
	said(running(1, [budget("a", {"maxUnavailable": "0"})], [])) == {"a disruption budget lets no pod go (at most 0 of 1 may go), so that a drain never ends"}
	said(running(1, [budget("a", {"maxUnavailable": "0%"})], [])) == {"a disruption budget lets no pod go (at most 0% of 1 may go), so that a drain never ends"}
}

test_several_pods if {
	said(running(3, [], [])) == {"runs 3 pods, and no disruption budget selects them"}
	said(running(3, [budget("b", {"maxUnavailable": "1"})], [])) == {"runs 3 pods, and no disruption budget selects them"}
	said(running(3, [object.union(budget("a", {"maxUnavailable": "1"}), {"namespace": "orders"})], [])) == {"runs 3 pods, and no disruption budget selects them"}
	said(running(3, [budget("a", {"minAvailable": "60%"})], [])) == {"passes"}
	said(running(3, [budget("a", {"minAvailable": "67%"})], [])) == {"a disruption budget lets no pod go (at least 67% of 3 must stay), so that a drain never ends"}
}

test_budget_of_several_workloads if said(running(1, [selecting({}, {"minAvailable": "1"})], [])) == {"passes"}

every_app := {"matchExpressions": [{"key": "app", "operator": "Exists"}]}

test_fail_two_budgets if said(running(3, [budget("a", {"maxUnavailable": "1"}), selecting(every_app, {"maxUnavailable": "1"})], [])) == {"2 disruption budgets select its pods, and what more than one selects cannot be drained"}

scaled(most) := fixture.facts("autoscaler", [{"kind": "Deployment", "namespace": "payments", "name": "a", "min": 1, "max": most}])

test_autoscaled if {
	said(running(1, [], [scaled(4)])) == {"runs 1 to 4 pods, and no disruption budget selects them"}
	said(running(1, [budget("a", {"minAvailable": "1"})], [scaled(4)])) == {"passes"}
	said(running(3, [], [scaled(1)])) == {"passes"}
}

test_unknown if {
	said(running(1, [], [scaled(null)])) == {"its autoscaler does not say how many pods it runs at most"}
	every fields in [{}, {"maxUnavailable": "some"}, {"minAvailable": "half"}] {
		said(running(3, [budget("a", fields)], [])) == {"how many pods its disruption budget lets go cannot be told"}
	}
	fixture.outcome(bounded) == "unknown" with input as running(3, [budget("a", {})], [])
	fixture.outcome(bounded) == "unknown" with input as fixture.snapshot({}, [])
}

test_undeclared if fixture.outcome(bounded) == "fail" with input as fixture.undeclared([fixture.facts("workload", [workload("a", 2)])])
