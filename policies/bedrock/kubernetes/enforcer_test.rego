package pocdr.bedrock.kubernetes.enforcer_test

import data.pocdr.bedrock.kubernetes.enforcer as adapter

facts(version, webhooks) := all if all := adapter.facts with input as {"apiVersion": concat("/", ["admissionregistration.k8s.io", version]), "metadata": {"name": "w"}, "webhooks": webhooks}

test_enforcer if {
	facts("v1", [{"name": "other.example.com"}, {
		"name": "changes.pocdr.dev",
		"clientConfig": {"service": {"namespace": "pocdr-system", "name": "pocdr"}},
		"namespaceSelector": {"matchLabels": {"pocdr.dev/environment": "production"}},
		"rules": [{"operations": ["UPDATE", "CREATE"], "resources": ["*"]}, {"operations": ["CREATE"], "resources": ["*/*", 1]}],
	}]) == {{
		"fact": "enforcer", "path": ["webhooks", 1], "name": "changes.pocdr.dev", "failsClosed": true,
		"namespaceSelector": {"matchLabels": {"pocdr.dev/environment": "production"}}, "objectSelector": {},
		"operations": ["CREATE", "UPDATE"], "resources": ["*", "*/*"], "serviceNamespace": "pocdr-system", "service": "pocdr",
	}}
}

test_by_service if {
	some fact in facts("v1", [{"clientConfig": {"service": {"name": "pocdr"}}, "failurePolicy": "Ignore", "objectSelector": {"matchLabels": {"a": "b"}}}])
	[fact.name, fact.failsClosed, fact.objectSelector, fact.serviceNamespace] == ["", false, {"matchLabels": {"a": "b"}}, null]
}

test_old_default if {
	some fact in facts("v1beta1", [{"name": "changes.pocdr.dev", "clientConfig": {"url": "https://pocdr.example.com"}}])
	[fact.failsClosed, fact.service] == [false, null]
}

test_hostile if {
	facts("v1", "x") == set()
	facts("v1", [1, {"name": 2}]) == set()
	some fact in facts("v1", [{"name": "a.pocdr.dev", "rules": [1, {"operations": "x"}], "clientConfig": []}])
	[fact.operations, fact.resources] == [[], []]
}
