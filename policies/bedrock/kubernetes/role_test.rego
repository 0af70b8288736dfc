package pocdr.bedrock.kubernetes.role_test

import data.pocdr.bedrock.kubernetes.role as adapter

facts(object) := all if all := adapter.facts with input as object

rule(parts) := object.union({"apiGroups": [], "resources": [], "resourceNames": [], "nonResourceURLs": [], "verbs": []}, parts)

test_role if {
	facts({"kind": "Role", "metadata": {"name": "r", "namespace": "payments", "labels": {"a": "b"}}, "rules": ["x", {"apiGroups": [""], "resources": ["pods", 1], "verbs": ["get"]}]}) == {{
		"fact": "role", "path": [], "platform": "kubernetes", "namespace": "payments", "name": "r", "labels": {"a": "b"}, "aggregates": null,
		"rules": [rule({}), rule({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]})],
	}}
}

test_cluster_role if {
	some fact in facts({"kind": "ClusterRole", "metadata": {"name": "r"}, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}, 1]}, "rules": [{"verbs": ["get"]}]})
	[fact.namespace, fact.aggregates, fact.rules] == [null, [{"matchLabels": {"a": "b"}}, {}], []]
}

binding(kind, namespace, role_kind, subjects) := {"kind": kind, "metadata": object.union({"name": "b"}, namespace), "roleRef": {"kind": role_kind, "name": "r"}, "subjects": subjects}

payments := {"namespace": "payments"}

test_role_binding if {
	facts(binding("RoleBinding", payments, "Role", [{"kind": "ServiceAccount", "name": "a"}, {"kind": "ServiceAccount", "name": "b", "namespace": "other"}])) == {{
		"fact": "binding", "path": [], "platform": "kubernetes", "namespace": "payments", "roleNamespace": "payments", "role": "r",
		"principals": ["kubernetes:ServiceAccount/other/b", "kubernetes:ServiceAccount/payments/a"],
	}}
	some fact in facts(binding("RoleBinding", payments, "ClusterRole", []))
	[fact.namespace, fact.roleNamespace] == ["payments", null]
}

test_cluster_role_binding if {
	some fact in facts(binding("ClusterRoleBinding", {}, "ClusterRole", [
		{"kind": "User", "name": "system:serviceaccount:payments:a"},
		{"kind": "Group", "name": "system:authenticated"},
		{"kind": "Group", "name": "admins"},
		{"kind": "ServiceAccount", "name": "nowhere"},
	]))
	[fact.namespace, fact.roleNamespace] == [null, null]
	fact.principals == ["kubernetes:*", "kubernetes:Group/admins", "kubernetes:ServiceAccount/payments/a"]
}

test_not_taken if facts(binding("ClusterRoleBinding", {}, "Role", [])) == set()

test_hostile if {
	facts(binding("RoleBinding", payments, 1, "x")) == set()
	facts({"kind": "RoleBinding", "metadata": {"namespace": "payments", "name": "b"}, "roleRef": []}) == set()
	some fact in facts(binding("RoleBinding", payments, "Role", [1, {"kind": "User"}, {"kind": "Group", "name": []}, {"kind": "ServiceAccount", "name": ""}, {"kind": "Robot", "name": "r"}]))
	fact.principals == []
}
