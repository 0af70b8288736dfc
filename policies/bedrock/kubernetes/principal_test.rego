package pocdr.bedrock.kubernetes.principal_test

import data.pocdr.bedrock.kubernetes.principal as adapter

facts(object) := all if all := adapter.facts with input as object

test_service_account if {
	facts({"kind": "ServiceAccount", "metadata": {"name": "a", "namespace": "payments"}}) == {{
		"fact": "principal", "path": [], "platform": "kubernetes", "scope": "payments", "principal": "kubernetes:ServiceAccount/payments/a", "superuser": false, "active": true,
	}}
}

secret(type, annotations) := {"kind": "Secret", "metadata": {"name": "a-token", "namespace": "payments", "annotations": annotations}, "type": type}

test_token if {
	facts(secret("kubernetes.io/service-account-token", {"kubernetes.io/service-account.name": "a"})) == {{
		"fact": "credential", "path": ["metadata", "annotations", "kubernetes.io/service-account.name"],
		"namespace": "payments", "secret": "a-token", "principal": "kubernetes:ServiceAccount/payments/a",
	}}
}

test_other_secrets if {
	facts(secret("Opaque", {"kubernetes.io/service-account.name": "a"})) == set()
	facts(secret("kubernetes.io/service-account-token", "x")) == set()
}
