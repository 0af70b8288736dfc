# METADATA
# title: Scrape annotations
# description: Pods, and pods behind services, that ask to be scraped by the annotation prometheus.io/scrape.
# custom:
#   reads:
#   - {format: kubernetes, group: apps, kinds: [Deployment, StatefulSet, DaemonSet, ReplicaSet], annotations: []}
#   - {format: kubernetes, group: batch, kinds: [Job, CronJob], annotations: []}
#   - {format: kubernetes, group: "", kinds: [Pod, ReplicationController, Service]}
#   emits: [monitor]
package pocdr.bedrock.kubernetes.scrape

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names
import data.pocdr.bedrock.kubernetes.workload

# annotations leads to the annotations that count, labels to the labels of the pods that they are about.
annotations := ["metadata", "annotations"] if {
	input.kind == "Service"
} else := array.concat(workload.template_path, ["metadata", "annotations"])

labels := field.labels(input, ["spec", "selector"]) if {
	input.kind == "Service"
} else := names.pod_labels(input, workload.template_path)

facts contains {
	"fact": "monitor",
	"path": array.concat(annotations, ["prometheus.io/scrape"]),
	"namespace": input.metadata.namespace,
	"target": "pod",
	"namespaces": [input.metadata.namespace],
	"ports": null,
	"selector": {"matchLabels": labels},
} if {
	field.map(input, annotations)["prometheus.io/scrape"] == "true"
	count(labels) > 0 # no labels would select every pod
}
