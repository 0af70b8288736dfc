package pocdr.bedrock.kubernetes.scrape_test

import data.pocdr.bedrock.kubernetes.scrape as adapter

facts(object) := all if all := adapter.facts with input as object

asks := {"prometheus.io/scrape": "true"}

deployment(metadata) := {"kind": "Deployment", "metadata": {"name": "a", "namespace": "payments"}, "spec": {"template": {"metadata": metadata}}}

test_pods if {
	facts(deployment({"labels": {"app": "a"}, "annotations": asks})) == {{
		"fact": "monitor", "path": ["spec", "template", "metadata", "annotations", "prometheus.io/scrape"],
		"namespace": "payments", "target": "pod", "namespaces": ["payments"], "ports": null, "selector": {"matchLabels": {"app": "a"}},
	}}
}

test_service if {
	some fact in facts({"kind": "Service", "metadata": {"name": "s", "namespace": "payments", "annotations": asks}, "spec": {"selector": {"app": "a"}}})
	[fact.path, fact.selector] == [["metadata", "annotations", "prometheus.io/scrape"], {"matchLabels": {"app": "a"}}]
}

test_silent if {
	facts(deployment({"labels": {"app": "a"}, "annotations": {"prometheus.io/scrape": "false"}})) == set()
	facts(deployment({"labels": {}, "annotations": asks})) == set()
	facts(deployment({"labels": {"app": "a"}, "annotations": [1]})) == set()
	facts({"kind": "Service", "metadata": {"name": "s", "namespace": "payments", "annotations": asks}, "spec": {}}) == set()
}
