package pocdr.bedrock.kubernetes.answering_test

import data.pocdr.bedrock.kubernetes.answering
import data.pocdr.fixture

# joined has the facts that come of groups of facts, where a webhook is answered by pocdr/engine.
joined(list) := all if all := answering.facts with input as {"facts": object.union(data.defaults.facts, fixture.merged(array.concat([enforcer], list)))}

enforcer := fixture.facts("enforcer", [{"name": "w", "serviceNamespace": "pocdr", "service": "engine"}, {"name": "by-url"}])

service := fixture.facts("service", [
	{"namespace": "pocdr", "name": "engine", "selector": {"app": "engine"}},
	{"namespace": "pocdr", "name": "other", "selector": {"app": "engine"}},
])

workload(fields) := fixture.facts("workload", [object.union({"kind": "Deployment", "namespace": "pocdr", "name": "engine", "podLabels": {"app": "engine"}, "replicas": 2, "lasting": true}, fields)])

replicas(list) := {f.replicas | some f in joined(array.concat([service], list))}

test_answerer if {
	joined([service, workload({}), workload({"name": "other", "podLabels": {"app": "other"}})]) == {{"fact": "answerer", "at": ["service/engine"], "namespace": "pocdr", "name": "engine", "replicas": 2}}
}

test_nothing_seen if {
	joined([workload({})]) == set()
	joined([fixture.facts("service", [{"namespace": "pocdr", "name": "engine"}]), workload({})]) == set()
	every fields in [{"namespace": "elsewhere"}, {"podLabels": {"app": "other"}}, {"lasting": false}, {"owner": "Deployment/engine"}] {
		replicas([workload(fields)]) == set()
	}
}

test_several if {
	replicas([workload({}), workload({"name": "too", "replicas": 1})]) == {3}
	replicas([workload({}), workload({"name": "too", "kind": "DaemonSet", "replicas": null})]) == {null}
}

test_declared_twice if replicas([workload({"at": ["one"], "replicas": 1}), workload({"at": ["two"]})]) == {1}

test_autoscaled if {
	every least in [1, 3, null] {
		replicas([workload({}), fixture.facts("autoscaler", [{"kind": "Deployment", "namespace": "pocdr", "name": "engine", "min": least}])]) == {least}
	}
}
