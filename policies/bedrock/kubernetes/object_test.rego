package pocdr.bedrock.kubernetes.object_test

import data.pocdr.bedrock.kubernetes.object as adapter

test_object if {
	adapter.facts == {{
		"fact": "object", "path": [], "platform": "kubernetes", "group": "apps", "kind": "Deployment", "type": "apps/deployments",
		"namespace": "payments", "name": "a", "bedrock": false,
	}} with input as {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "payments"}}
}

test_of_no_namespace if {
	some fact in adapter.facts with input as {"apiVersion": "v1", "kind": "Namespace", "metadata": {"generateName": "pay-"}}
	[fact.group, fact.type, fact.namespace, fact.name] == ["", "namespaces", null, "pay-*"]
}

test_bedrock if {
	every type, bedrock in {["v1", "Role"]: false, ["rbac.authorization.k8s.io/v1", "Role"]: true, ["kafka.strimzi.io/v1", "KafkaNodePool"]: false} {
		some fact in adapter.facts with input as {"apiVersion": type[0], "kind": type[1], "metadata": {"name": "a"}}
		fact.bedrock == bedrock
	}
}
