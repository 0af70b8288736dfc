# METADATA
# title: Services
# description: Stable names in front of pods.
# custom:
#   reads:
#   - {format: kubernetes, group: "", kinds: [Service]}
#   emits: [service]
package pocdr.bedrock.kubernetes.service

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names

facts contains {
	"fact": "service",
	"path": [],
	"namespace": input.metadata.namespace,
	"name": names.name(input),
	"labels": names.labels(input),
	"headless": field.text(input, ["spec", "clusterIP"]) == "None",
	"ports": [name | some port in field.list(input, ["spec", "ports"]); name := field.text(port, ["name"]); name != null],
	"selector": selector,
}

# A service that is a name for something elsewhere selects nothing, whatever its selector says.
selector := {} if {
	field.text(input, ["spec", "type"]) == "ExternalName"
} else := field.labels(input, ["spec", "selector"])
