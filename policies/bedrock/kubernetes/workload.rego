# METADATA
# title: Workloads
# description: What runs pods, and the containers of those pods.
# custom:
#   reads:
#   - {format: kubernetes, group: apps, kinds: [Deployment, StatefulSet, DaemonSet, ReplicaSet]}
#   - {format: kubernetes, group: batch, kinds: [Job, CronJob]}
#   - {format: kubernetes, group: "", kinds: [Pod, ReplicationController]}
#   emits: [workload, container]
package pocdr.bedrock.kubernetes.workload

import data.pocdr.bedrock.kubernetes.names

# template_path leads to the pod template; [] for a pod, which is its own.
template_path := [] if input.kind == "Pod"

template_path := ["spec", "jobTemplate", "spec", "template"] if input.kind == "CronJob"

template_path := ["spec", "template"] if not input.kind in {"Pod", "CronJob"}

template := object.get(input, template_path, {})

pod := object.get(template, "spec", {})

pod_path := array.concat(template_path, ["spec"])

facts contains {
	"fact": "workload",
	"path": [],
	"kind": input.kind,
	"namespace": input.metadata.namespace,
	"name": object.get(input.metadata, "name", ""),
	"labels": object.get(input.metadata, "labels", {}),
	"podLabels": object.get(template, ["metadata", "labels"], {}),
	"podAnnotations": object.get(template, ["metadata", "annotations"], {}),
	"principal": names.account(input.metadata.namespace, account),
	"identityDeclared": account != "default",
	"tokenMounted": object.get(pod, "automountServiceAccountToken", null),
	"replicas": replicas,
	"lasting": lasting,
	"ordinal": input.kind == "StatefulSet",
	"surges": surges,
	"revisionsKept": revisions,
	"owner": owner,
}

account := object.get(pod, "serviceAccountName", object.get(pod, "serviceAccount", "default"))

default replicas := null

replicas := object.get(input.spec, "replicas", 1) if input.kind in {"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"}

replicas := 1 if input.kind == "Pod"

default lasting := false

lasting if not input.kind in {"Job", "CronJob"}

default surges := false

surges if {
	input.kind == "Deployment"
	object.get(input.spec, ["strategy", "type"], "RollingUpdate") == "RollingUpdate"
	not object.get(input.spec, ["strategy", "rollingUpdate", "maxSurge"], "25%") in {0, "0", "0%"}
}

default revisions := null

revisions := object.get(input.spec, "revisionHistoryLimit", 10) if input.kind in {"Deployment", "StatefulSet", "DaemonSet"}

default owner := null

owner := concat("/", [o.kind, o.name]) if {
	some o in input.metadata.ownerReferences
	o.controller == true
}

lists := {"containers": "main", "initContainers": "init", "ephemeralContainers": "ephemeral"}

facts contains {
	"fact": "container",
	"path": array.concat(pod_path, [list, i]),
	"workloadKind": input.kind,
	"namespace": input.metadata.namespace,
	"workload": object.get(input.metadata, "name", ""),
	"name": object.get(c, "name", ""),
	"role": role(c, kind),
	"image": object.get(c, "image", null),
	"tag": tag(object.get(c, "image", "")),
	"digest": digest(object.get(c, "image", "")),
	"readiness": has(c, "readinessProbe"),
	"liveness": has(c, "livenessProbe"),
	"startup": has(c, "startupProbe"),
	"cpuRequest": first([resource(c, "requests", "cpu"), resource(c, "limits", "cpu")]),
	"cpuLimit": resource(c, "limits", "cpu"),
	"memoryRequest": first([resource(c, "requests", "memory"), resource(c, "limits", "memory")]),
	"memoryLimit": resource(c, "limits", "memory"),
} if {
	some list, kind in lists
	some i, c in pod[list]
}

role(c, "init") := "sidecar" if object.get(c, "restartPolicy", "") == "Always"

role(c, "init") := "init" if object.get(c, "restartPolicy", "") != "Always"

role(_, kind) := kind if kind != "init"

has(c, field) := object.get(c, field, null) != null

# tag of an image reference: what follows the last colon of its last path element, the digest left out.
tag(image) := t if {
	last := regex.replace(split(image, "@")[0], `^.*/`, "")
	contains(last, ":")
	t := split(last, ":")[1]
	t != ""
} else := null

digest(image) := d if {
	contains(image, "@")
	d := split(image, "@")[1]
	regex.match(`^sha256:[0-9a-f]{64}$|^sha512:[0-9a-f]{128}$`, d)
} else := null

resource(c, list, name) := quantity(object.get(c, ["resources", list, name], null))

quantity(null) := null

quantity(q) := q if is_number(q)

quantity(q) := units.parse(q) if is_string(q)

first(values) := [v | some v in values; v != null][0]

first(values) := null if count([v | some v in values; v != null]) == 0
