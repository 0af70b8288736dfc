package pocdr.bedrock.kubernetes.namespace_test

import data.pocdr.bedrock.kubernetes.namespace as adapter

production(labels) := fact.production if some fact in adapter.facts with input as {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "payments", "labels": labels}}

test_namespace if {
	adapter.facts == {{"fact": "namespace", "path": [], "name": "payments", "production": null, "labels": {"team": "a", "kubernetes.io/metadata.name": "payments"}}} with input as {
		"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "payments", "labels": {"team": "a"}},
	}
}

test_production if {
	production({"pocdr.dev/environment": "production"}) == true
	production({"pocdr.dev/environment": "staging"}) == false
	production(null) == null
}
