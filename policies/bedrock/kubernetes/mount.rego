# METADATA
# title: Mounts
# description: The configs and secrets that pods take, as volumes and as environment.
# custom:
#   reads:
#   - {format: kubernetes, group: apps, kinds: [Deployment, StatefulSet, DaemonSet, ReplicaSet]}
#   - {format: kubernetes, group: batch, kinds: [Job, CronJob]}
#   - {format: kubernetes, group: "", kinds: [Pod, ReplicationController]}
#   emits: [mount]
package pocdr.bedrock.kubernetes.mount

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.workload

facts contains {
	"fact": "mount",
	"path": array.concat(workload.pod_path, path),
	"workloadKind": input.kind,
	"namespace": input.metadata.namespace,
	"workload": workload.name,
	"what": what,
	"name": name,
	"optional": field.flag(source, ["optional"]) == true,
} if {
	some [path, what, source] in sources
	name := field.text_or(source, ["name"], field.text(source, ["secretName"]))
	name != null
}

# sources has a [path, what, source] for each place of a pod from which a config or secret is taken.
sources contains [["volumes", i, kind], what, source] if {
	some i, volume in field.list(workload.pod, ["volumes"])
	some kind, what in {"configMap": "config", "secret": "secret"}
	source := field.map(volume, [kind])
}

sources contains [["volumes", i, "projected", "sources", j, kind], what, source] if {
	some i, volume in field.list(workload.pod, ["volumes"])
	some j, projected in field.list(volume, ["projected", "sources"])
	not added(volume, projected)
	some kind, what in {"configMap": "config", "secret": "secret"}
	source := field.map(projected, [kind])
}

# added holds for the certificate of the cluster's API, which admission adds to pods with the token of their identity.
added(volume, projected) if {
	startswith(field.text_or(volume, ["name"], ""), "kube-api-access-")
	field.text(projected, ["configMap", "name"]) == "kube-root-ca.crt"
}

sources contains [[list, i, "env", j, "valueFrom", kind], what, source] if {
	some [list, i, container] in containers
	some j, variable in field.list(container, ["env"])
	some kind, what in {"configMapKeyRef": "config", "secretKeyRef": "secret"}
	source := field.map(variable, ["valueFrom", kind])
}

sources contains [[list, i, "envFrom", j, kind], what, source] if {
	some [list, i, container] in containers
	some j, variables in field.list(container, ["envFrom"])
	some kind, what in {"configMapRef": "config", "secretRef": "secret"}
	source := field.map(variables, [kind])
}

containers contains [list, i, container] if {
	some list in ["containers", "initContainers", "ephemeralContainers"]
	some i, container in field.list(workload.pod, [list])
}
