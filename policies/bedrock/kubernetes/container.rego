# METADATA
# title: Containers
# description: The containers of what runs pods, and volumes that are images.
# custom:
#   reads:
#   - {format: kubernetes, group: apps, kinds: [Deployment, StatefulSet, DaemonSet, ReplicaSet], annotations: []}
#   - {format: kubernetes, group: batch, kinds: [Job, CronJob], annotations: []}
#   - {format: kubernetes, group: "", kinds: [Pod, ReplicationController]}
#   emits: [container]
package pocdr.bedrock.kubernetes.container

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.workload

lists := {"containers": "main", "initContainers": "init", "ephemeralContainers": "ephemeral"}

facts contains fact([list, i], c, role(kind, field.text(c, ["restartPolicy"])), field.text(c, ["image"])) if {
	some list, kind in lists
	some i, c in field.list(workload.pod, [list])
	is_object(c)
}

facts contains fact(["volumes", i], {"name": field.text_or(volume, ["name"], "")}, "volume", field.text(volume, ["image", "reference"])) if {
	some i, volume in field.list(workload.pod, ["volumes"])
	is_object(volume)
	is_object(volume.image)
}

fact(path, c, kind, image) := {
	"fact": "container",
	"path": array.concat(workload.pod_path, path),
	"workloadKind": input.kind,
	"namespace": input.metadata.namespace,
	"workload": workload.name,
	"name": field.text_or(c, ["name"], ""),
	"role": kind,
	"image": image,
	"tag": tag(image),
	"digest": digest(image),
	"readiness": probed(c, "readinessProbe"),
	"liveness": probed(c, "livenessProbe"),
	"startup": probed(c, "startupProbe"),
	"cpuRequest": first([resource(c, "requests", "cpu"), resource(c, "limits", "cpu")]),
	"cpuLimit": resource(c, "limits", "cpu"),
	"memoryRequest": first([resource(c, "requests", "memory"), resource(c, "limits", "memory")]),
	"memoryLimit": resource(c, "limits", "memory"),
}

role("init", "Always") := "sidecar"

role(kind, policy) := kind if [kind, policy] != ["init", "Always"]

# A probe without an action is none.
probed(c, probe) if {
	some action in ["exec", "httpGet", "tcpSocket", "grpc"]
	is_object(field.value(c, [probe, action]))
} else := false

# tag of an image reference: what follows the last colon of its last path element, the digest left out.
tag(image) := t if {
	is_string(image)
	last := regex.replace(split(image, "@")[0], `^.*/`, "")
	t := split(last, ":")[1]
	t != ""
} else := null

digest(image) := d if {
	is_string(image)
	d := split(image, "@")[1]
	regex.match(`^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$`, d)
} else := null

resource(c, list, name) := field.quantity(field.value(c, ["resources", list, name]))

first(values) := [v | some v in values; v != null][0] if {
	some v in values
	v != null
} else := null
