# METADATA
# title: Autoscalers
# description: What changes the number of a workload's pods - the platform's own autoscaler, and KEDA's scaled objects.
# custom:
#   reads:
#   - {format: kubernetes, group: autoscaling, kinds: [HorizontalPodAutoscaler]}
#   - {format: kubernetes, group: keda.sh, kinds: [ScaledObject]}
#   emits: [autoscaler]
package pocdr.bedrock.kubernetes.autoscaler

import data.pocdr.bedrock.kubernetes.field

# terms are the names of the bounds, and what they are where nothing is written.
terms := {
	"HorizontalPodAutoscaler": {"min": "minReplicas", "max": "maxReplicas", "least": 1, "most": null},
	"ScaledObject": {"min": "minReplicaCount", "max": "maxReplicaCount", "least": 0, "most": 100},
}[input.kind]

facts contains {
	"fact": "autoscaler",
	"path": ["spec"],
	"namespace": input.metadata.namespace,
	"kind": field.text_or(input, ["spec", "scaleTargetRef", "kind"], "Deployment"),
	"name": name,
	"min": field.number(input, ["spec", terms.min], terms.least),
	"max": field.number(input, ["spec", terms.max], terms.most),
} if {
	name := field.text(input, ["spec", "scaleTargetRef", "name"])
	name != null
}
