package pocdr.bedrock.pocdr.declaration_test

import data.pocdr.bedrock.pocdr.declaration as adapter

facts(object) := all if all := adapter.facts with input as object

test_system if {
	facts({"kind": "System", "metadata": {"name": "payments", "namespace": "pay"}, "spec": {"namespaces": ["pay"], "labels": {"team": "a"}, "dependsOn": ["ledger"], "requiredLevel": 2}}) == {{
		"fact": "system", "path": [], "name": "payments", "namespace": "pay", "namespaces": ["pay"], "labels": {"team": "a"}, "dependsOn": ["ledger"], "requiredLevel": 2,
	}}
}

test_bare_system if {
	some fact in facts({"kind": "System", "metadata": {"name": "payments", "namespace": "pay"}, "spec": {"namespaces": ["pay"], "requiredLevel": 1}})
	[fact.labels, fact.dependsOn] == [{}, []]
}

exemption(spec) := {"kind": "Exemption", "metadata": {"name": "e", "namespace": "pay", "creationTimestamp": null}, "spec": object.union({"system": "payments", "check": "access/one-writer"}, spec)}

test_exemption if {
	facts(exemption({"subject": {"kind": "Deployment"}, "owner": "@team", "reason": "because", "expires": "2026-01-01T00:00:00Z"})) == {{
		"fact": "exemption", "path": [], "name": "e", "namespace": "pay", "system": "payments", "check": "access/one-writer", "subject": true,
		"owner": "@team", "reason": "because", "expires": "2026-01-01T00:00:00Z",
	}}
}

test_bare_exemption if {
	some fact in facts(exemption({"subject": {}}))
	[fact.subject, fact.owner, fact.reason, fact.expires] == [false, null, null, null]
}
