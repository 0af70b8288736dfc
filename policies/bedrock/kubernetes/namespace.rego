# METADATA
# title: Namespaces
# description: Namespaces, and whether they are labelled as production.
# custom:
#   reads:
#   - {format: kubernetes, group: "", kinds: [Namespace]}
#   emits: [namespace]
package pocdr.bedrock.kubernetes.namespace

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names

facts contains {
	"fact": "namespace",
	"path": [],
	"name": names.name(input),
	"production": production(field.value(input, ["metadata", "labels", "pocdr.dev/environment"])),
	"labels": names.labels(input),
}

production(null) := null

production(environment) := environment == "production" if environment != null
