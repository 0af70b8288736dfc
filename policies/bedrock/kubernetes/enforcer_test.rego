package pocdr.bedrock.kubernetes.enforcer_test

import data.pocdr.bedrock.kubernetes.enforcer as adapter

facts(version, webhooks) := all if all := adapter.facts with input as {"apiVersion": concat("/", ["admissionregistration.k8s.io", version]), "metadata": {"name": "w"}, "webhooks": webhooks}

# ruled(version, fields) is the fact of a webhook with these fields and one rule.
ruled(version, fields) := fact if some fact in facts(version, [object.union({"name": "changes.pocdr.dev", "rules": [{"apiVersions": ["v1"]}]}, fields)])

test_enforcer if {
	facts("v1", [{"name": "other.example.com", "rules": [{}]}, {
		"name": "changes.pocdr.dev",
		"clientConfig": {"service": {"namespace": "pocdr", "name": "pocdr"}},
		"namespaceSelector": {"matchLabels": {"pocdr.dev/environment": "production"}},
		"rules": [
			{"operations": ["UPDATE", "CREATE"], "apiGroups": ["", "apps"], "resources": ["*"]},
			{"operations": ["CREATE"], "apiGroups": ["*"], "resources": ["*/*", 1], "scope": "Cluster"},
		],
	}]) == {
		{
			"fact": "enforcer", "path": ["webhooks", 1, "rules", 0], "name": "changes.pocdr.dev", "failsClosed": true, "conditional": false, "spares": [],
			"namespaceSelector": {"matchLabels": {"pocdr.dev/environment": "production"}}, "objectSelector": {}, "scopes": ["Cluster", "Namespaced"],
			"operations": ["UPDATE", "CREATE"], "groups": ["", "apps"], "resources": ["*"], "serviceNamespace": "pocdr", "service": "pocdr",
		},
		{
			"fact": "enforcer", "path": ["webhooks", 1, "rules", 1], "name": "changes.pocdr.dev", "failsClosed": true, "conditional": false, "spares": [],
			"namespaceSelector": {"matchLabels": {"pocdr.dev/environment": "production"}}, "objectSelector": {}, "scopes": ["Cluster"],
			"operations": ["CREATE"], "groups": ["*"], "resources": ["*/*"], "serviceNamespace": "pocdr", "service": "pocdr",
		},
	}
}

test_by_service if {
	some fact in facts("v1", [{"clientConfig": {"service": {"name": "pocdr"}}, "failurePolicy": "Ignore", "objectSelector": {"matchLabels": {"a": "b"}}, "rules": [{}]}])
	[fact.name, fact.failsClosed, fact.objectSelector, fact.serviceNamespace] == ["", false, {"matchLabels": {"a": "b"}}, null]
}

test_old_defaults if {
	fact := ruled("v1beta1", {"clientConfig": {"url": "https://pocdr.example.com"}})
	[fact.failsClosed, fact.conditional, fact.service] == [false, true, null]
}

test_conditional if {
	every expected, all in {
		false: [
			{},
			{"matchConditions": [{"name": "a", "expression": `!has(request.subResource) || !(request.subResource in ["status", "finalize"]) || ["labels", "annotations", "ownerReferences"].exists(f, object.metadata[?f] != oldObject.metadata[?f])`}, {"name": "b", "expression": `!("pocdr:break-glass" in request.userInfo.groups)`}]},
			{"matchConditions": [{"name": "a", "expression": `!(request.resource.group == "coordination.k8s.io" && request.resource.resource == "leases")`}]},
			{"matchConditions": [{"name": "a", "expression": `request.userInfo.username != "system:apiserver"`}]},
			{"matchPolicy": "Exact", "rules": [{"apiVersions": ["*"]}]},
		],
		true: [
			{"matchConditions": [{"name": "a", "expression": `!has(request.subResource) || !(request.subResource in ["status", "finalize"]) || ["labels", "annotations", "ownerReferences"].exists(f, object.metadata[?f] != oldObject.metadata[?f])`}, {"name": "b", "expression": `request.name != "a"`}]},
			{"matchConditions": [{"name": "a", "expression": `request.userInfo.username != "system:admin"`}]},
			{"matchConditions": [1]},
			{"matchPolicy": "Exact"},
		],
	} {
		every fields in all {
			ruled("v1", fields).conditional == expected
		}
	}
}

in_production(label) := {"name": "p", "expression": sprintf(`[oldObject, object].exists(n, n != null && n.metadata.?labels[?"%v"].orValue("") == "yes")`, [label])}

own := {"name": "own", "expression": `!(request.name in ["pocdr", "kube-system"])`}

# about(resource, conditions) is the fact of a webhook that is asked about a resource under these conditions.
about(resource, conditions) := ruled("v1", {"namespaceSelector": {"matchLabels": {"a": "b"}}, "matchConditions": conditions, "rules": [{"resources": [resource]}]})

test_production if {
	every label, resource in {"stage": "namespaces", "pocdr.dev/environment": "namespaces/finalize"} {
		fact := about(resource, [in_production(label), own])
		[fact.conditional, fact.namespaceSelector] == [false, {"matchLabels": {"a": "b", label: "yes"}}]
	}
	every fact in [about("namespaces", [in_production("a"), in_production("b")]), about("pods", [in_production("a")]), about("pods", [own])] {
		fact.conditional
	}
	about("pods", [in_production("a")]).namespaceSelector == {"matchLabels": {"a": "b"}}
}

test_spares if {
	every expected, expressions in {
		[]: [`!has(request.subResource) || request.subResource != "status"`, `request.userInfo.username != "system:admin"`],
		["kubernetes:Group/pocdr:break-glass", "kubernetes:User/system:apiserver"]: [`request.userInfo.username != "system:apiserver"`, `!("pocdr:break-glass" in request.userInfo.groups)`],
	} {
		ruled("v1", {"matchConditions": [{"expression": e} | some e in expressions]}).spares == expected
	}
}

test_scope if {
	every scope, expected in {"*": ["Cluster", "Namespaced"], "Namespaced": ["Namespaced"], "Cluster": ["Cluster"]} {
		ruled("v1", {"rules": [{"scope": scope}]}).scopes == expected
	}
}

test_hostile if {
	facts("v1", "x") == set()
	facts("v1", [1, {"name": 2}, {"name": "a.pocdr.dev", "rules": {}}]) == set()
	found := facts("v1", [{"name": "a.pocdr.dev", "rules": [1, {"operations": "x", "apiGroups": 1, "scope": []}], "clientConfig": [], "matchConditions": "x"}])
	{[f.path, f.operations, f.groups, f.resources, f.service] | some f in found} == {[["webhooks", 0, "rules", j], [], [], [], null] | some j in [0, 1]}
}
