# METADATA
# title: Mounts
# description: The configs and secrets that pods take, as volumes and as environment, and what drivers and injectors give them.
# custom:
#   reads:
#   - {format: kubernetes, group: apps, kinds: [Deployment, StatefulSet, DaemonSet, ReplicaSet], annotations: []}
#   - {format: kubernetes, group: batch, kinds: [Job, CronJob], annotations: []}
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
	not published(what, name)
}

# published holds for the certificates that a cluster itself keeps in every namespace: nobody declares them, and they are no configuration of what mounts them.
published(what, name) if {
	what == "config"
	name in {"kube-root-ca.crt", "openshift-service-ca.crt"}
}

# What a driver mounts, and what an injector adds at admission, may be a secret that no object here is. It is named after its class, its driver or
# its injector, so that nothing explains it unless the System does.
facts contains {
	"fact": "mount",
	"path": path,
	"workloadKind": input.kind,
	"namespace": input.metadata.namespace,
	"workload": workload.name,
	"what": "secret",
	"name": name,
	"optional": false,
} if {
	some [path, name] in unseen
}

unseen contains [array.concat(workload.pod_path, ["volumes", i, "csi"]), name] if {
	some i, volume in field.list(workload.pod, ["volumes"])
	csi := field.map(volume, ["csi"])
	driver := field.text(csi, ["driver"])
	driver != null
	name := concat("/", [driver, class(csi)])
}

unseen contains [array.concat(workload.template_path, ["metadata", "annotations", annotation]), annotation] if {
	some annotation, off in injectors
	value := field.text(workload.template, ["metadata", "annotations", annotation])
	not value in off
}

class(csi) := field.text_or(csi, ["volumeAttributes", "secretProviderClass"], "volume")

# injectors are the annotations by which pods ask for secrets, each with what of it asks for none.
injectors := {
	"vault.hashicorp.com/agent-inject": {null, "false"},
	"vault.security.banzaicloud.io/vault-addr": {null},
	"operator.1password.io/inject": {null},
}

# sources has a [path, what, source] for each place of a pod from which a config or secret is taken.
sources contains [["volumes", i, kind], what, source] if {
	some i, volume in field.list(workload.pod, ["volumes"])
	some kind, what in {"configMap": "config", "secret": "secret"}
	source := volume[kind]
}

sources contains [["volumes", i, "projected", "sources", j, kind], what, source] if {
	some i, volume in field.list(workload.pod, ["volumes"])
	some j, projected in field.list(volume, ["projected", "sources"])
	some kind, what in {"configMap": "config", "secret": "secret"}
	source := projected[kind]
}

sources contains [[list, i, "env", j, "valueFrom", kind], what, source] if {
	some [list, i, container] in containers
	some j, variable in field.list(container, ["env"])
	some kind, what in {"configMapKeyRef": "config", "secretKeyRef": "secret"}
	source := variable.valueFrom[kind]
}

sources contains [[list, i, "envFrom", j, kind], what, source] if {
	some [list, i, container] in containers
	some j, variables in field.list(container, ["envFrom"])
	some kind, what in {"configMapRef": "config", "secretRef": "secret"}
	source := variables[kind]
}

containers contains [list, i, container] if {
	some list in ["containers", "initContainers", "ephemeralContainers"]
	some i, container in field.list(workload.pod, [list])
}
