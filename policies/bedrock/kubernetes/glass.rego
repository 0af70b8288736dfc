# METADATA
# title: Broken glass
# description: Objects with the annotations by which a change is pushed through against a refusal.
# custom:
#   reads:
#   - {format: kubernetes, group: "*", kinds: ["*"], fields: [metadata], annotations: [pocdr.dev/break-glass-reason, pocdr.dev/break-glass-expires]}
#   emits: [broken_glass]
package pocdr.bedrock.kubernetes.glass

reason := "pocdr.dev/break-glass-reason"

expires := "pocdr.dev/break-glass-expires"

facts contains {
	"fact": "broken_glass",
	"path": ["metadata", "annotations"],
	"namespace": object.get(input.metadata, "namespace", null),
	"what": concat("/", [input.kind, object.get(input.metadata, "name", "")]),
	"reason": written(reason),
	"expires": written(expires),
} if {
	some name in [reason, expires]
	input.metadata.annotations[name]
}

written(name) := text if {
	text := input.metadata.annotations[name]
	is_string(text)
} else := null
