package pocdr.bedrock.kubernetes.disruption_test

import data.pocdr.bedrock.kubernetes.disruption as adapter

facts(spec) := all if all := adapter.facts with input as {"metadata": {"name": "b", "namespace": "payments"}, "spec": spec}

test_budget if {
	facts({"selector": {"matchLabels": {"app": "a"}}, "minAvailable": 1}) == {{
		"fact": "disruption_budget", "path": ["spec"], "namespace": "payments", "selector": {"matchLabels": {"app": "a"}}, "minAvailable": "1", "maxUnavailable": null,
	}}
}

test_share if {
	some fact in facts({"selector": {}, "maxUnavailable": "50%"})
	[fact.selector, fact.minAvailable, fact.maxUnavailable] == [{}, null, "50%"]
}

test_without_selector if {
	facts({"minAvailable": 1}) == set()
	facts("text") == set()
}
