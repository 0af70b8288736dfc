package pocdr.transitions.config_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.config_kept

takes(workload, config) := {
	"at": [concat("/", ["Deployment", workload]), "volumes", config], "workloadKind": "Deployment", "namespace": "payments",
	"workload": workload, "what": "config", "name": config,
}

# Plant a serves, and b does not; all take the same config.
sees(configs, names) := seen if {
	seen := config_kept.sees with input as scenario.plus([
		fixture.facts("mount", [takes(w, c) | some w in ["a", "b", "valve"]; some c in configs]),
		fixture.facts("config", [{"at": [concat("/", ["ConfigMap", n])], "namespace": "payments", "name": n, "what": "config"} | some n in names]),
		fixture.facts("object", [scenario.object_fact("ConfigMap", "configmaps", "switch")]),
	])
}

both := ["rules", "switch"]

change(before, after, operations) := fixture.change(sees(before, both), sees(after, both), operations)

update(id, path) := fixture.operation("update", id, {"paths": [path]})

test_kept if {
	config_kept.refuses == {} with input as change(both, both, [update("ConfigMap/rules", ["metadata", "labels", "x"])])
	config_kept.refuses == {} with input as change(both, both, [update("ConfigMap/switch", ["data", "selected"])])
	config_kept.refuses == {} with input as change(both, ["switch"], [update("ConfigMap/rules", ["data", "limit"])])
	config_kept.refuses == {} with input as fixture.change(sees(both, both), sees(["switch"], ["switch"]), [])
	config_kept.refuses == {} with input as change([], both, [update("ConfigMap/rules", ["data", "limit"])])
}

said(what) := {sprintf("config payments/rules is %v under Deployment payments/%v, which serves", [what, w]) | some w in ["a", "valve"]}

test_replaced if {
	config_kept.refuses == {["ConfigMap/rules", "data", "limit"]: said("replaced")} with input as change(both, both, [update("ConfigMap/rules", ["data", "limit"])])
	config_kept.refuses == {["ConfigMap/rules", "binaryData"]: said("replaced")} with input as change(both, both, [update("ConfigMap/rules", ["binaryData"])])
}

# It is gone by an operation, or with a file that cannot be read.
test_taken_away if {
	gone := fixture.change(sees(both, both), sees(both, ["switch"]), [])
	config_kept.refuses == {["ConfigMap/rules"]: said("taken away")} with input as gone
}

test_absent_before if {
	config_kept.refuses == {} with input as object.remove(change(both, both, [update("ConfigMap/rules", ["data", "limit"])]), ["before"])
	not config_kept.sees with input as fixture.undeclared([])
}
