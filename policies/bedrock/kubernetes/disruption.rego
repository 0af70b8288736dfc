# METADATA
# title: Disruption budgets
# description: How many pods a drain may take at once.
# custom:
#   reads:
#   - {format: kubernetes, group: policy, kinds: [PodDisruptionBudget]}
#   emits: [disruption_budget]
package pocdr.bedrock.kubernetes.disruption

import data.pocdr.bedrock.kubernetes.field

# One without a selector selects nothing.
facts contains {
	"fact": "disruption_budget",
	"path": ["spec"],
	"namespace": input.metadata.namespace,
	"selector": field.selector(input, ["spec", "selector"]),
	"minAvailable": field.scalar(input, ["spec", "minAvailable"]),
	"maxUnavailable": field.scalar(input, ["spec", "maxUnavailable"]),
} if {
	is_object(field.value(input, ["spec", "selector"]))
}
