# METADATA
# title: Settings
# description: Short values that can serve as a switch - of ConfigMaps, and of the selectors of Services.
# custom:
#   reads:
#   - {format: kubernetes, group: "", kinds: [ConfigMap, Service]}
#   emits: [setting]
package pocdr.bedrock.kubernetes.setting

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names

place := {"ConfigMap": ["data"], "Service": ["spec", "selector"]}[input.kind]

facts contains {
	"fact": "setting",
	"path": path,
	"kind": input.kind,
	"namespace": input.metadata.namespace,
	"name": names.name(input),
	"field": concat(".", path),
	"value": value,
} if {
	not field.text(input, ["spec", "type"]) == "ExternalName" # such a service selects nothing
	some key, value in field.labels(input, place)
	is_string(value)
	count(value) <= 64
	path := array.concat(place, [key])
}
