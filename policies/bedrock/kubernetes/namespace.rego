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
	"production": production(field.labels(input, ["metadata", "labels"])),
	"labels": names.labels(input),
}

default production(_) := null

production(labels) := labels["pocdr.dev/environment"] == "production"
