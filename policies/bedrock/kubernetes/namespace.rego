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
import data.pocdr.bedrock.kubernetes.production

facts contains {
	"fact": "namespace",
	"path": [],
	"name": names.name(input),
	"production": in_production(field.labels(input, ["metadata", "labels"])),
	"labels": names.labels(input),
}

default in_production(_) := null

in_production(labels) := labels[production.label] == production.value
