package main

# What conftest can ask of one document at a time, of that which pocdr asks: the rules that need no other document.

workload if input.kind in {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "ReplicaSet"}

pod := input.spec if input.kind == "Pod"

pod := input.spec.jobTemplate.spec.template.spec if input.kind == "CronJob"

pod := input.spec.template.spec if not input.kind in {"Pod", "CronJob"}

containers contains c if {
	workload
	some list in ["containers", "initContainers"]
	some c in pod[list]
}

deny contains sprintf("%s: image %s is not named by digest", [c.name, c.image]) if {
	some c in containers
	not contains(c.image, "@sha256:")
}

deny contains sprintf("%s: image %s has a moving tag or none", [c.name, c.image]) if {
	some c in containers
	not contains(c.image, "@")
	not regex.match(`:[^/]+$`, c.image)
}

deny contains sprintf("%s: image %s has a moving tag", [c.name, c.image]) if {
	some c in containers
	some tag in ["latest", "stable", "main", "master", "edge", "nightly", "dev"]
	endswith(c.image, concat("", [":", tag]))
}

deny contains sprintf("%s: no readiness probe", [c.name]) if {
	some c in containers
	not c.readinessProbe
}

deny contains sprintf("%s: no startup or liveness probe", [c.name]) if {
	some c in containers
	not c.livenessProbe
	not c.startupProbe
}

deny contains sprintf("%s: no memory request", [c.name]) if {
	some c in containers
	not c.resources.requests.memory
}

deny contains sprintf("%s: no memory limit", [c.name]) if {
	some c in containers
	not c.resources.limits.memory
}

deny contains sprintf("%s: no CPU request", [c.name]) if {
	some c in containers
	not c.resources.requests.cpu
}

deny contains "the default service account" if {
	workload
	object.get(pod, "serviceAccountName", "default") == "default"
}

deny contains "keeps no earlier revision" if {
	input.kind in {"Deployment", "StatefulSet", "DaemonSet"}
	object.get(input.spec, "revisionHistoryLimit", 10) == 0
}

deny contains "not part of a system" if {
	workload
	not input.metadata.labels["app.kubernetes.io/part-of"]
}

deny contains "the config can change in place" if {
	input.kind == "ConfigMap"
	not input.immutable
}

deny contains sprintf("%s: no CPU limit", [c.name]) if {
	some c in containers
	not c.resources.limits.cpu
}

deny contains sprintf("%s: takes its environment from a config that can change", [c.name]) if {
	some c in containers
	some from in c.envFrom
	from.configMapRef
	not regex.match(`-[a-z0-9]{10}$`, from.configMapRef.name)
}

deny contains sprintf("volume %s is a config that can change", [volume.name]) if {
	workload
	some volume in pod.volumes
	volume.configMap
	not regex.match(`-[a-z0-9]{10}$`, volume.configMap.name)
}

deny contains "several pods, and no label that a disruption budget could select" if {
	input.kind in {"Deployment", "StatefulSet"}
	input.spec.replicas > 1
	not input.spec.template.metadata.labels
}

deny contains "two may write at once: a rollout surges" if {
	input.kind == "Deployment"
	object.get(input.spec, ["strategy", "type"], "RollingUpdate") == "RollingUpdate"
	not object.get(input.spec, ["strategy", "rollingUpdate", "maxSurge"], "25%") in {0, "0", "0%"}
}
