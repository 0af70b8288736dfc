# METADATA
# title: Roles and bindings
# description: What the roles of the cluster's API allow, and to whom they are given.
# custom:
#   reads:
#   - {format: kubernetes, group: rbac.authorization.k8s.io, kinds: [Role, ClusterRole, RoleBinding, ClusterRoleBinding]}
#   emits: [role, binding]
package pocdr.bedrock.kubernetes.role

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names

namespace := field.text(input, ["metadata", "namespace"])

facts contains {
	"fact": "role",
	"path": [],
	"platform": "kubernetes",
	"namespace": namespace,
	"name": names.name(input),
	"labels": names.labels(input),
	"aggregates": aggregates,
	"rules": [rule(r) | aggregates == null; some r in field.list(input, ["rules"])],
} if {
	input.kind in {"Role", "ClusterRole"}
}

# What is no rule stays as one that allows nothing, so that the others keep their places.
rule(r) := {part: field.texts(r, [part]) | some part in ["apiGroups", "resources", "resourceNames", "nonResourceURLs", "verbs"]}

default aggregates := null

aggregates := [field.selector({"selector": s}, ["selector"]) | some s in field.list(input, ["aggregationRule", "clusterRoleSelectors"])] if {
	input.kind == "ClusterRole"
	is_object(field.value(input, ["aggregationRule"]))
}

facts contains {
	"fact": "binding",
	"path": [],
	"platform": "kubernetes",
	"namespace": namespace,
	"roleNamespace": role_namespace,
	"role": role,
	"principals": sort({p | some s in field.list(input, ["subjects"]); p := principal(s)}),
} if {
	input.kind in {"RoleBinding", "ClusterRoleBinding"}
	role := field.text(input, ["roleRef", "name"])
	role != null
}

# The API takes no binding of the whole cluster to a role of a namespace.
role_namespace := null if field.text(input, ["roleRef", "kind"]) == "ClusterRole"

role_namespace := namespace if {
	field.text(input, ["roleRef", "kind"]) == "Role"
	input.kind == "RoleBinding"
}

principal(s) := names.user(name) if {
	s.kind == "User"
	name := field.text(s, ["name"])
	name != null
}

principal(s) := names.users(name) if {
	s.kind == "Group"
	name := field.text(s, ["name"])
	name != null
}

principal(s) := names.account(of, name) if {
	s.kind == "ServiceAccount"
	name := field.text(s, ["name"])
	name != null
	of := field.text_or(s, ["namespace"], namespace)
	of != null
}
