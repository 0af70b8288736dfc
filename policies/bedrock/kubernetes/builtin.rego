# What each cluster has of itself, whoever declares what: the roles that are meant for people, and the resource types that are asked about most.
package pocdr.bedrock.kubernetes.builtin

# roles are like the facts of declared ones. The API server keeps them as written here, but for resources that read nothing but state.
roles := [
	{"name": "cluster-admin", "labels": {}, "aggregates": null, "rules": [
		rule(["*"], ["*"], ["*"]),
		{"apiGroups": [], "resources": [], "resourceNames": [], "nonResourceURLs": ["*"], "verbs": ["*"]},
	]},
	{"name": "admin", "labels": {}, "aggregates": [collecting("admin")], "rules": []},
	{"name": "edit", "labels": aggregated_to("admin"), "aggregates": [collecting("edit")], "rules": []},
	{"name": "view", "labels": aggregated_to("edit"), "aggregates": [collecting("view")], "rules": []},
	{"name": "system:aggregate-to-admin", "labels": aggregated_to("admin"), "aggregates": null, "rules": [
		rule(["authorization.k8s.io"], ["localsubjectaccessreviews"], ["create"]),
		rule(["rbac.authorization.k8s.io"], ["roles", "rolebindings"], array.concat(reading, writing)),
	]},
	{"name": "system:aggregate-to-edit", "labels": aggregated_to("edit"), "aggregates": null, "rules": [
		rule([""], ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"], reading),
		rule([""], ["serviceaccounts"], ["impersonate"]),
		rule([""], ["pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"], writing),
		rule([""], ["pods/eviction", "serviceaccounts/token"], ["create"]),
		rule([""], ["configmaps", "events", "persistentvolumeclaims", "replicationcontrollers", "replicationcontrollers/scale", "secrets", "serviceaccounts", "services", "services/proxy"], writing),
		rule(["apps"], ["daemonsets", "deployments", "deployments/rollback", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale"], writing),
		rule(["autoscaling"], ["horizontalpodautoscalers"], writing),
		rule(["batch"], ["cronjobs", "jobs"], writing),
		rule(["policy"], ["poddisruptionbudgets"], writing),
		rule(["networking.k8s.io"], ["ingresses", "networkpolicies"], writing),
		rule(["coordination.k8s.io"], ["leases"], array.concat(reading, writing)),
	]},
	{"name": "system:aggregate-to-view", "labels": aggregated_to("view"), "aggregates": null, "rules": [
		rule([""], [
			"bindings", "configmaps", "endpoints", "events", "limitranges", "namespaces", "persistentvolumeclaims", "pods", "pods/log",
			"replicationcontrollers", "replicationcontrollers/scale", "resourcequotas", "serviceaccounts", "services",
		], reading),
		rule(["discovery.k8s.io"], ["endpointslices"], reading),
		rule(["apps"], ["controllerrevisions", "daemonsets", "deployments", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale"], reading),
		rule(["autoscaling"], ["horizontalpodautoscalers"], reading),
		rule(["batch"], ["cronjobs", "jobs"], reading),
		rule(["policy"], ["poddisruptionbudgets"], reading),
		rule(["networking.k8s.io"], ["ingresses", "networkpolicies"], reading),
	]},
]

rule(groups, resources, verbs) := {"apiGroups": groups, "resources": resources, "resourceNames": [], "nonResourceURLs": [], "verbs": verbs}

reading := ["get", "list", "watch"]

writing := ["create", "delete", "deletecollection", "patch", "update"]

aggregated_to(name) := {concat("", ["rbac.authorization.k8s.io/aggregate-to-", name]): "true"}

collecting(name) := {"matchLabels": aggregated_to(name)}

# types are, by group, those that a wildcard covers, whether or not anything of them is declared.
types := {
	"": {"configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumes", "pods", "replicationcontrollers", "secrets", "serviceaccounts", "services"},
	"apps": {"daemonsets", "deployments", "replicasets", "statefulsets"},
	"batch": {"cronjobs", "jobs"},
	"coordination.k8s.io": {"leases"},
}
