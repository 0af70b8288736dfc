# METADATA
# title: Enforcers
# description: Admission webhooks by which the cluster asks this engine.
# custom:
#   reads:
#   - {format: kubernetes, group: admissionregistration.k8s.io, kinds: [ValidatingWebhookConfiguration]}
#   emits: [enforcer]
package pocdr.bedrock.kubernetes.enforcer

import data.pocdr.bedrock.kubernetes.field

facts contains {
	"fact": "enforcer",
	"path": ["webhooks", i],
	"name": field.text_or(webhook, ["name"], ""),
	"failsClosed": field.text_or(webhook, ["failurePolicy"], usual) == "Fail",
	"namespaceSelector": field.selector(webhook, ["namespaceSelector"]),
	"objectSelector": field.selector(webhook, ["objectSelector"]),
	"operations": listed(webhook, "operations"),
	"resources": listed(webhook, "resources"),
	"serviceNamespace": field.text(webhook, ["clientConfig", "service", "namespace"]),
	"service": field.text(webhook, ["clientConfig", "service", "name"]),
} if {
	some i, webhook in field.list(input, ["webhooks"])
	ours(webhook)
}

# usual is the failure policy where none is written.
usual := "Ignore" if {
	endswith(input.apiVersion, "/v1beta1")
} else := "Fail"

ours(webhook) if endswith(field.text_or(webhook, ["name"], ""), ".pocdr.dev")

ours(webhook) if field.text(webhook, ["clientConfig", "service", "name"]) == "pocdr"

listed(webhook, part) := sort({entry |
	some rule in field.list(webhook, ["rules"])
	some entry in field.texts(rule, [part])
})
