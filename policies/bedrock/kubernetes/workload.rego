# METADATA
# title: Workloads
# description: What runs pods.
# custom:
#   reads:
#   - {format: kubernetes, group: apps, kinds: [Deployment, StatefulSet, DaemonSet, ReplicaSet], annotations: []}
#   - {format: kubernetes, group: batch, kinds: [Job, CronJob], annotations: []}
#   - {format: kubernetes, group: "", kinds: [Pod, ReplicationController]}
#   emits: [workload]
package pocdr.bedrock.kubernetes.workload

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names
import data.pocdr.bedrock.kubernetes.node

facts contains {
	"fact": "workload",
	"path": [],
	"kind": input.kind,
	"namespace": input.metadata.namespace,
	"name": name,
	"labels": names.labels(input),
	"podLabels": names.pod_labels(input, template_path),
	"podAnnotations": field.labels(template, ["metadata", "annotations"]),
	"ports": sort({name |
		some list in ["containers", "initContainers"]
		some c in field.list(pod, [list])
		some port in field.list(c, ["ports"])
		name := field.text(port, ["name"])
		name != null
	}),
	"principal": names.account(input.metadata.namespace, account),
	"identityDeclared": account != "default",
	"tokenMounted": field.flag(pod, ["automountServiceAccountToken"]),
	"replicas": replicas,
	"lasting": lasting,
	"ordinal": input.kind == "StatefulSet",
	"surges": surges,
	"revisionsKept": revisions,
	"owner": owner,
	"commandsNode": sort(node.commands(pod)),
	"nodeNetwork": field.flag(pod, ["hostNetwork"]) == true,
}

name := names.name(input)

# template_path leads to the pod template; [] for a pod, which is its own.
template_path := {"Pod": [], "CronJob": ["spec", "jobTemplate", "spec", "template"]}[input.kind]

template_path := ["spec", "template"] if not input.kind in {"Pod", "CronJob"}

template := field.map(input, template_path)

pod_path := array.concat(template_path, ["spec"])

pod := field.map(input, pod_path)

# account is the service account's name; serviceAccount is what the field was called before.
account := field.text_or(pod, ["serviceAccountName"], field.text_or(pod, ["serviceAccount"], "default"))

default replicas := null

replicas := field.number(input, ["spec", "replicas"], 1) if input.kind in {"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"}

replicas := 1 if input.kind == "Pod"

default lasting := true

lasting := false if input.kind in {"Job", "CronJob"}

lasting := false if {
	input.kind == "Pod"
	field.text(pod, ["restartPolicy"]) in {"Never", "OnFailure"}
}

default surges := false

surges if {
	input.kind == "Deployment"
	field.text(input, ["spec", "strategy", "type"]) in {"RollingUpdate", null}
	not field.value(input, ["spec", "strategy", "rollingUpdate", "maxSurge"]) in {0, "0", "0%"}
}

surges if {
	input.kind == "DaemonSet"
	field.text(input, ["spec", "updateStrategy", "type"]) in {"RollingUpdate", null}
	not field.value(input, ["spec", "updateStrategy", "rollingUpdate", "maxSurge"]) in {0, "0", "0%", null}
}

default revisions := null

revisions := field.number(input, ["spec", "revisionHistoryLimit"], 10) if input.kind in {"Deployment", "StatefulSet", "DaemonSet"}

default owner := null

owner := [concat("/", [kind, of]) |
	some reference in field.list(input, ["metadata", "ownerReferences"])
	field.flag(reference, ["controller"]) == true
	kind := field.text(reference, ["kind"])
	of := field.text(reference, ["name"])
	of != null
	[names.group(field.text_or(reference, ["apiVersion"], "")), kind] in makers[input.kind]
][0]

# makers has those on whose behalf a kind is made, and who are judged for it. Any other owner is only said: what an operator makes, or who may
# write the object into it, is nobody else's to answer for.
makers := {
	"Pod": {["apps", "DaemonSet"], ["apps", "ReplicaSet"], ["apps", "StatefulSet"], ["batch", "Job"], ["", "ReplicationController"]},
	"ReplicaSet": {["apps", "Deployment"]},
	"Job": {["batch", "CronJob"]},
}
