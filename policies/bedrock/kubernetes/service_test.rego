package pocdr.bedrock.kubernetes.service_test

import data.pocdr.bedrock.kubernetes.service as adapter

test_service if {
	adapter.facts == {{"fact": "service", "path": [], "namespace": "payments", "name": "s", "labels": {"app": "a"}, "headless": true, "ports": ["metrics"], "selector": {"plant": "a"}}} with input as {
		"metadata": {"name": "s", "namespace": "payments", "labels": {"app": "a"}},
		"spec": {"clusterIP": "None", "selector": {"plant": "a"}, "ports": [{"name": "metrics", "port": 1}, {"port": 2}, 3]},
	}
}

test_hostile if {
	some fact in adapter.facts with input as {"metadata": {"name": "s", "namespace": "payments", "labels": 1}, "spec": "text"}
	[fact.labels, fact.headless, fact.ports, fact.selector] == [{}, false, [], {}]
}

test_elsewhere if {
	some fact in adapter.facts with input as {"metadata": {"name": "s", "namespace": "payments"}, "spec": {"type": "ExternalName", "externalName": "elsewhere.example", "selector": {"plant": "a"}}}
	fact.selector == {}
}
