# METADATA
# title: Service accounts
# description: Service accounts, and the secrets that hold a lasting token of one.
# custom:
#   reads:
#   - {format: kubernetes, group: "", kinds: [ServiceAccount, Secret]}
#   emits: [principal, credential]
package pocdr.bedrock.kubernetes.principal

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names

facts contains {
	"fact": "principal",
	"path": [],
	"platform": "kubernetes",
	"scope": input.metadata.namespace,
	"principal": names.account(input.metadata.namespace, names.name(input)),
	"superuser": false,
	"active": true,
} if {
	input.kind == "ServiceAccount"
}

facts contains {
	"fact": "credential",
	"path": ["metadata", "annotations", "kubernetes.io/service-account.name"],
	"namespace": input.metadata.namespace,
	"secret": names.name(input),
	"principal": names.account(input.metadata.namespace, account),
} if {
	input.kind == "Secret"
	input.type == "kubernetes.io/service-account-token"
	account := field.text(input, ["metadata", "annotations", "kubernetes.io/service-account.name"])
	account != null
}
