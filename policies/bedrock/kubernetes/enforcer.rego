# METADATA
# title: Enforcers
# description: Rules of the admission webhooks by which the cluster asks this engine.
# custom:
#   reads:
#   - {format: kubernetes, group: admissionregistration.k8s.io, kinds: [ValidatingWebhookConfiguration]}
#   emits: [enforcer]
package pocdr.bedrock.kubernetes.enforcer

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names

facts contains {
	"fact": "enforcer",
	"path": ["webhooks", i, "rules", j],
	"name": field.text_or(webhook, ["name"], ""),
	"failsClosed": field.text_or(webhook, ["failurePolicy"], usual.failurePolicy) == "Fail",
	"conditional": conditional(webhook, rule),
	"spares": spares(webhook),
	"namespaceSelector": object.union_n(array.concat([field.selector(webhook, ["namespaceSelector"])], productions(webhook, rule))),
	"objectSelector": field.selector(webhook, ["objectSelector"]),
	"scopes": scopes(rule),
	"operations": field.texts(rule, ["operations"]),
	"groups": field.texts(rule, ["apiGroups"]),
	"resources": field.texts(rule, ["resources"]),
	"serviceNamespace": field.text(webhook, ["clientConfig", "service", "namespace"]),
	"service": field.text(webhook, ["clientConfig", "service", "name"]),
} if {
	some i, webhook in field.list(input, ["webhooks"])
	ours(webhook)
	some j, rule in field.list(webhook, ["rules"])
}

# usual is what holds where nothing is written.
usual := {"failurePolicy": "Ignore", "matchPolicy": "Exact"} if {
	endswith(input.apiVersion, "/v1beta1")
} else := {"failurePolicy": "Fail", "matchPolicy": "Equivalent"}

ours(webhook) if endswith(field.text_or(webhook, ["name"], ""), ".pocdr.dev")

ours(webhook) if field.text(webhook, ["clientConfig", "service", "name"]) == "pocdr"

scopes(rule) := ["Cluster", "Namespaced"] if {
	field.text_or(rule, ["scope"], "*") == "*"
} else := [field.text(rule, ["scope"])]

# conditional(webhook, rule) holds, too, where requests in other versions than those asked about are not converted to them, but let pass.
conditional(webhook, rule) if {
	some condition in field.list(webhook, ["matchConditions"])
	not understood(field.text_or(condition, ["expression"], ""), rule)
} else if {
	count(productions(webhook, rule)) > 1
} else if {
	field.text_or(webhook, ["matchPolicy"], usual.matchPolicy) != "Equivalent"
	not "*" in field.texts(rule, ["apiVersions"])
} else := false

understood(expression, _) if harmless[expression]

understood(expression, rule) if {
	of_namespaces(rule)
	regex.match(concat("|", [in_production, its_own]), expression)
}

of_namespaces(rule) if {
	every resource in field.texts(rule, ["resources"]) {
		split(resource, "/")[0] == "namespaces"
	}
}

# productions(webhook, rule) select the namespaces that have the label of production, as a condition asks for it: of a Namespace, before a change or after.
productions(webhook, rule) := [{"matchLabels": {label: value}} |
	of_namespaces(rule)
	some condition in field.list(webhook, ["matchConditions"])
	[_, label, value] := regex.find_all_string_submatch_n(in_production, field.text_or(condition, ["expression"], ""), 1)[0]
]

in_production := `^\[oldObject, object\]\.exists\(n, n != null && n\.metadata\.\?labels\[\?"([^"]+)"\]\.orValue\(""\) == "([^"]+)"\)$`

its_own := `^!\(request\.name in \["pocdr", "kube-system"\]\)$`

# spares(webhook) are those about whose deeds it does not ask.
spares(webhook) := sort({p | some condition in field.list(webhook, ["matchConditions"]); some p in harmless[field.text(condition, ["expression"])]})

# harmless are the conditions that spare nothing of which the engine would refuse anything, each with whom it spares: the leases by which leaders are
# elected, what only reports a status, the roles that an API server gives itself as it starts, and who breaks the glass, which is recorded.
harmless := {
	`!(request.resource.group == "coordination.k8s.io" && request.resource.resource == "leases")`: set(),
	`!has(request.subResource) || !(request.subResource in ["status", "finalize"]) || ["labels", "annotations", "ownerReferences"].exists(f, object.metadata[?f] != oldObject.metadata[?f])`: set(),
	`request.userInfo.username != "system:apiserver"`: {names.user("system:apiserver")},
	`!("pocdr:break-glass" in request.userInfo.groups)`: {names.users("pocdr:break-glass")},
}
