# METADATA
# title: Objects
# description: Every object of the cluster's API, by its identity.
# custom:
#   reads:
#   - {format: kubernetes, group: "*", kinds: ["*"]}
#   emits: [object]
package pocdr.bedrock.kubernetes.object

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names

facts contains {
	"fact": "object",
	"path": [],
	"platform": "kubernetes",
	"group": names.group(input.apiVersion),
	"kind": input.kind,
	"type": names.type(input.apiVersion, input.kind),
	"namespace": field.text(input, ["metadata", "namespace"]),
	"name": names.name(input),
	"labels": names.labels(input),
}
