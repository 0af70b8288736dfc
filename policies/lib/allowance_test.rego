package pocdr.lib.allowance_test

import data.pocdr.fixture
import data.pocdr.lib.allowance
import data.pocdr.scenario

sees(snapshot) := seen if seen := allowance.sees with input as snapshot

cut(name, before, after) := {message | some [_, message] in all} if {
	all := allowance.cut(name, "serves") with input as {"before": {"allowance": sees(before)}, "after": {"allowance": sees(after)}}
}

# --- Rates

# limited(principal, limits) is the scenario, where 1 MiB a second comes in, with a quota of a principal of the log.
limited(principal, limits) := scenario.plus([rate(principal, "main", limits)])

rate(principal, scope, limits) := fixture.facts("quota", [{"platform": "log", "scope": scope, "principal": principal, "limits": limits}])

free := scenario.plus([])

low := "plant a serves, and log:a may read no more than 1000 bytes a second, less than before and than the intake's peak rate of 1048576"

test_rate_lowered if {
	cut("a", free, limited("log:a", {"read-rate": 1000})) == {low}
	cut("a", free, limited("log:*", {"read-rate": 1000})) == {low}
	cut("a", limited("log:a", {"read-rate": 2000}), limited("log:a", {"read-rate": 1000})) == {low}
	cut("a", free, limited("log:a", {"write-rate": 1})) == {"plant a serves, and log:a may write no more than 1 bytes a second, less than before and than the intake's peak rate of 1048576"}
	cut("a", free, limited("log:a", {"request-share": 50})) == {"plant a serves, and log:a may take no more than 50 percent of what serves requests, less than before"}
}

test_rate_kept if {
	cut("a", free, limited("log:a", {"read-rate": 1048576})) == set()
	cut("a", limited("log:a", {"read-rate": 1000}), limited("log:a", {"read-rate": 1000})) == set()
	cut("a", limited("log:a", {"read-rate": 1000}), limited("log:a", {"read-rate": 2000})) == set()
	cut("a", limited("log:a", {"read-rate": 1000}), free) == set()
	cut("b", free, limited("log:a", {"read-rate": 1000})) == set()
	cut("a", free, scenario.plus([rate("log:a", "elsewhere", {"read-rate": 1000})])) == set()
	own := rate("log:a", null, {"read-rate": 1048576})
	cut("a", free, scenario.plus([own, rate("log:*", "main", {"read-rate": 1000})])) == set()
}

# The valve writes a store: how fast it may write a log is nothing to it.
test_rate_that_nobody_uses if {
	cut("valve", free, limited("log:valve", {"write-rate": 0})) == set()
	count(cut("valve", free, limited("log:valve", {"read-rate": 0}))) == 1
}

test_no_peak if {
	unmeasured := {"intake": object.union(scenario.log("commands"), {"peakRate": "0"})}
	cut("a", scenario.with_spec(unmeasured), scenario.both(unmeasured, [rate("log:a", "main", {"read-rate": 1000})])) == {"plant a serves, and log:a may read no more than 1000 bytes a second, less than before; no peak rate of the intake says whether that is enough"}
}

# What an actor did not do before is not bounded anew.
test_rate_not_used_before if cut("a", scenario.without("intake"), scenario.both({"plants": {"a": object.remove(scenario.plant("a"), ["outlets"])}}, [rate("log:a", "main", {"read-rate": 1000})])) == set()

# --- Room

container(name, fields) := object.union({"workloadKind": "Deployment", "namespace": "payments", "workload": name, "name": "main", "role": "main", "cpuRequest": 1, "cpuLimit": 2, "memoryRequest": 1000, "memoryLimit": 1000}, fields)

# spaced(limits, more) is the scenario with three pods for each workload, with a quota of its namespace, and with other containers.
spaced(limits, more) := object.union(s, {"facts": fixture.facts("workload", [object.union(scenario.workload(name), {"replicas": 3}) | some name in ["a", "b", "valve"]])}) if {
	s := scenario.plus([
		fixture.facts("container", array.concat([container(name, {}) | some name in ["a", "b", "valve"]], more)),
		fixture.facts("quota", [{"platform": "cluster", "namespace": "payments", "limits": l} | some l in limits]),
		fixture.facts("quota", [{"platform": "cluster", "namespace": "elsewhere", "limits": {"pods": 0}}]),
	])
}

less(limits) := cut("a", spaced([], []), spaced([limits], []))

needs(given, needed) := {sprintf("plant a serves, and namespace payments is given %v, less than before and than the %v that what is to run there needs", [given, needed])}

test_room_taken if {
	less({"pods": 0}) == needs("0 pods", 6)
	less({"pods": 5}) == needs("5 pods", 6)
	less({"cpu-request": 5}) == needs("5 cores for requests", 6)
	less({"cpu-limit": 5}) == needs("5 cores for limits", 12)
	less({"memory-request": 5}) == needs("5 bytes of memory for requests", 6000)
	less({"memory-limit": 5}) == needs("5 bytes of memory for limits", 6000)
	cut("a", spaced([{"pods": 5}], []), spaced([{"pods": 4}], [])) == needs("4 pods", 6)
}

test_room_kept if {
	less({"pods": 6, "cpu-request": 6, "cpu-limit": 12, "memory-request": 6000, "memory-limit": 6000, "container-cpu-limit": 0.1}) == set()
	cut("a", spaced([{"pods": 4}], []), spaced([{"pods": 5}], [])) == set()
	cut("a", spaced([{"pods": 4}], []), spaced([{"pods": 4}], [])) == set()
	cut("a", spaced([{"pods": 4}], []), spaced([], [])) == set()
}

# What stands by needs room beside what serves.
test_room_of_standby if {
	count(cut("b", spaced([], []), spaced([{"pods": 6}], []))) == 1
	cut("b", spaced([], []), spaced([{"pods": 9}], [])) == set()
}

# How many pods a node-wide workload has is not declared; it has one at least.
test_room_of_any_number if {
	s := scenario.both({}, [fixture.facts("quota", [{"namespace": "payments", "limits": {"pods": 1}}])])
	cut("a", scenario.plus([]), s) == {"plant a serves, and namespace payments is given 1 pods, less than before and than the 2 that what is to run there needs"}
}

# --- Containers

test_ceiling if {
	less({"container-memory-max": 999}) == {"plant a serves, and namespace payments lets a container have 999 bytes of memory, and container main asks for 1000"}
	less({"container-cpu-max": 1}) == {"plant a serves, and namespace payments lets a container have 1 cores, and container main asks for 2"}
	less({"container-cpu-max": 2, "container-memory-max": 1000}) == set()
}

silent := [container("a", {"name": "silent", "cpuLimit": null})]

# A quota counts what each container says, so that one which says nothing is not let in.
test_silence if {
	said := {"plant a serves, and namespace payments counts cores for limits, and container silent says none, so that no pod is made with it"}
	cut("a", spaced([], silent), spaced([{"cpu-limit": 100}], silent)) == said
	cut("a", spaced([{"cpu-limit": 100}, {"container-cpu-limit": 1}], silent), spaced([{"cpu-limit": 100}], silent)) == said
	cut("a", spaced([{"cpu-limit": 100}], silent), spaced([{"cpu-limit": 90}], silent)) == set()
	cut("a", spaced([], silent), spaced([{"cpu-limit": 100}, {"container-cpu-limit": 1}], silent)) == set()
	cut("a", spaced([], silent), spaced([{"memory-limit": 90000}], silent)) == set()
}

# What a pod says for all of its containers, each of them has.
test_said_of_the_pod if {
	template := fixture.facts("template", [{"kind": "Deployment", "namespace": "payments", "name": "a", "fields": {"resources.limits.cpu": 4}}])
	s := spaced([{"cpu-limit": 100}], silent)
	cut("a", spaced([], silent), object.union(s, {"facts": template})) == set()
}
