package pocdr.transitions.served_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.served_kept

spec := {
	"intake": {"platform": "p", "name": "commands"}, "outlets": [{"platform": "p", "name": "entries"}],
	"plants": {
		"a": {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": "a"}]},
		"b": {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": "b"}]},
	},
	"valve": {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": "valve"}]},
	"switch": {"mechanism": "Valve", "ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "payments", "name": "switch"}, "field": "data.selected", "values": {"a": "a", "b": "b"}},
}

all := {
	"log": [{"platform": "p", "scope": "s", "name": "commands"}],
	"store": [{"platform": "p", "scope": "s", "name": "entries"}],
	"object": [{"platform": "kubernetes", "kind": "ConfigMap", "namespace": "payments", "name": "switch"}],
	"setting": [{"kind": "ConfigMap", "namespace": "payments", "name": "switch", "field": "data.selected", "value": "a"}],
	"workload": [{"kind": "Deployment", "namespace": "payments", "name": n, "replicas": 1} | some n in ["a", "b", "valve"]],
}

sees(facts) := seen if {
	seen := served_kept.sees with input as fixture.snapshot(spec, [fixture.facts(kind, list) | some kind, list in object.union(all, facts)])
}

workloads(replicas) := {"workload": [{"kind": "Deployment", "namespace": "payments", "name": n, "replicas": r} | some n, r in replicas]}

selects(plant) := {"setting": [object.union(all.setting[0], {"value": plant})]}

refused(after) := messages if {
	said := served_kept.refuses with input as fixture.change(sees({}), sees(after), [])
	messages := {message | some message in said[_]}
}

test_kept if {
	refused({}) == set()
	refused(selects("b")) == set()
	refused(workloads({"a": 1, "b": 0, "valve": 1})) == set()
	refused(workloads({"a": 2, "valve": null})) == set()
	not served_kept.sees with input as fixture.undeclared([])
}

# A store that two statements make is one store.
test_declared_again if {
	twice := {"store": [{"platform": "p", "scope": "s", "name": "entries", "at": [at]} | some at in ["one", "two"]]}
	again := fixture.change(sees(twice), sees({"store": []}), [])
	served_kept.refuses == {[at]: {"the outlet entries serves, and is taken away"} | some at in ["one", "two"]} with input as again
	refused(twice) == set()
}

test_taken_away if {
	refused(workloads({"b": 1, "valve": 1})) == {"Deployment payments/a serves, and is taken away"}
	refused(workloads({"a": 0, "b": 1, "valve": 1})) == {"Deployment payments/a serves, and is taken away"}
	refused(workloads({"a": 1, "b": 1})) == {"Deployment payments/valve serves, and is taken away"}
	refused({"autoscaler": [{"kind": "Deployment", "namespace": "payments", "name": "a", "min": 0, "max": 3}]}) == {"Deployment payments/a serves, and is taken away"}
	refused({"log": []}) == {"the intake commands serves, and is taken away"}
	refused({"store": []}) == {"the outlet entries serves, and is taken away"}
	refused({"object": []}) == {"the switch switch serves, and is taken away"}
}

renamed := seen if {
	other := object.union(spec, {"outlets": [{"platform": "p", "name": "others"}]})
	seen := served_kept.sees with input as fixture.snapshot(other, [fixture.facts(kind, list) | some kind, list in all])
}

test_no_longer_named if {
	served_kept.refuses[["system", "spec", "outlets"]] == {"the outlet entries serves, and the System no longer names it"} with input as fixture.change(sees({}), renamed, [])
}

# --- What the pods do not start without

account(name) := concat("", ["p:", name])

needy := {
	"workload": [object.union(w, {"principal": account(w.name), "identityDeclared": w.name != "valve"}) | some w in all.workload],
	"principal": [{"principal": account(name)} | some name in ["a", "b", "valve"]],
	"mount": [object.union({"workloadKind": "Deployment", "namespace": "payments"}, m) | some m in [
		{"workload": "a", "what": "config", "name": "rules"}, {"workload": "a", "what": "secret", "name": "key-a"}, {"workload": "a", "what": "secret", "name": "extra", "optional": true},
		{"workload": "b", "what": "secret", "name": "key-b"}, {"workload": "valve", "what": "secret", "name": "store"},
	]],
	"config": [{"what": what, "namespace": "payments", "name": name} | some [what, name] in [["config", "rules"], ["secret", "extra"], ["secret", "store"], ["secret", "spare"]]],
	"credential": [{"namespace": "payments", "secret": concat("-", ["key", name]), "principal": account(name)} | some name in ["a", "b"]],
}

# without(kind, field, value) is what is seen once the facts of a kind with that value are gone.
without(kind, field, value) := sees(object.union(needy, {kind: [f | some f in needy[kind]; f[field] != value]}))

lost(after) := messages if {
	said := served_kept.refuses with input as fixture.change(sees(needy), after, [])
	messages := {message | some message in said[_]}
}

test_needed if {
	lost(without("principal", "principal", "p:a")) == {"the identity p:a of Deployment payments/a serves, and is taken away"}
	lost(without("credential", "secret", "key-a")) == {"the secret key-a of Deployment payments/a serves, and is taken away"}
	lost(without("config", "name", "store")) == {"the secret store of Deployment payments/valve serves, and is taken away"}
}

test_not_needed if {
	lost(without("principal", "principal", "p:b")) == set()
	lost(without("credential", "secret", "key-b")) == set()
	lost(without("config", "name", "spare")) == set()
	lost(without("config", "name", "extra")) == set()
	lost(without("principal", "principal", "p:valve")) == set()
	lost(without("config", "name", "rules")) == set()
	served_kept.refuses == {} with input as fixture.change(without("config", "name", "store"), without("config", "name", "store"), [])
}

# The workload takes another secret in the same change, or one more object makes the same.
test_replaced if {
	other := {kind: [object.union(f, {"name": replace(f.name, "store", "store-2")}) | some f in needy[kind]] | some kind in ["mount", "config"]}
	lost(sees(object.union(needy, other))) == set()
	twice := object.union(needy, {"config": array.concat(needy.config, [{"what": "secret", "namespace": "payments", "name": "key-a"}])})
	served_kept.refuses == {} with input as fixture.change(sees(twice), sees(needy), [])
}

# --- What they may do

# rights(changes) is the scenario, where plant a serves, without the grants that stand in these places.
rights(places) := seen if {
	seen := served_kept.sees with input as scenario.less("grant", [g | some g in scenario.grants; not g.at in places])
}

revoked(places) := messages if {
	said := served_kept.refuses with input as fixture.change(rights(set()), rights(places), [])
	messages := {message | some message in said[_]}
}

test_revoked if {
	revoked({["grant/log:a read", "rule"]}) == {"plant a serves, and may read the intake commands no longer"}
	revoked({["grant/log:a write", "rule"]}) == {"plant a serves, and may write its outlet entries-a no longer"}
	revoked({["group", "a"]}) == {"plant a serves, and may join its group group-a no longer"}
	revoked({["transaction", "a"]}) == {"plant a serves, and may use its transactional id tx-a no longer"}
	revoked({["grant/store:valve write", "rule"]}) == {"the valve serves, and may write the outlet ledger no longer"}
	revoked({["grant/cluster:ServiceAccount/payments/valve read", "rule"]}) == {"the valve serves, and may read the switch switch no longer"}
	revoked({["grant/log:b read", "rule"], ["group", "b"], ["grant/store:statements read", "rule"]}) == set()
}

# Where nobody can tell which plant is selected, both serve; a plant that is changed in place serves as well.
test_serving if {
	"b" in served_kept.sees.serving with input as object.union(scenario.plus([]), {"facts": {"setting": []}})
	served_kept.sees.serving == {"valve", "a"} with input as scenario.plus([])
	s := scenario.both({"switch": {"mechanism": "InPlace", "field": "spec.image"}, "plants": {"a": scenario.plant("a")}}, [])
	"Deployment payments/a" in object.keys(served_kept.sees.serves) with input as s
}

# --- What quotas leave to them

bounded(limits) := seen if seen := served_kept.sees with input as scenario.plus([fixture.facts("quota", [{"namespace": "payments", "limits": l} | some l in limits])])

test_starved if {
	said := {sprintf("%v serves, and namespace payments is given 0 pods, less than before and than the 2 that what is to run there needs", [name]) | some name in ["plant a", "the valve"]}
	{m | some _, all in served_kept.refuses; some m in all} == said with input as fixture.change(bounded([]), bounded([{"pods": 0}]), [])
	served_kept.refuses == {} with input as fixture.change(bounded([]), bounded([{"pods": 2}]), [])
}
