# METADATA
# title: Objects
# description: Every object of the cluster's API, by its identity.
# custom:
#   reads:
#   - {format: kubernetes, group: "*", kinds: ["*"]}
#   emits: [object]
package pocdr.bedrock.kubernetes.object

import data.pocdr.bedrock.kubernetes.names

facts contains {
	"fact": "object",
	"path": [],
	"group": names.group(input.apiVersion),
	"kind": input.kind,
	"type": names.type(input.apiVersion, input.kind),
	"namespace": object.get(input.metadata, "namespace", null),
	"name": object.get(input.metadata, "name", ""),
	"labels": object.get(input.metadata, "labels", {}),
}
