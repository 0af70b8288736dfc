package pocdr.bedrock.kubernetes.template_test

import data.pocdr.bedrock.kubernetes.template as adapter

fields(spec) := f.fields if some f in adapter.facts with input as {"kind": "Deployment", "metadata": {"name": "a", "namespace": "payments"}, "spec": {"template": {"spec": spec}}}

test_fact if {
	adapter.facts == {{
		"fact": "template", "path": ["spec", "jobTemplate", "spec", "template", "spec"], "kind": "CronJob", "namespace": "payments", "name": "a",
		"fields": {"containers.app.image": "app:1"},
	}} with input as {
		"kind": "CronJob", "metadata": {"name": "a", "namespace": "payments"},
		"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "app:1"}]}}}}},
	}
}

written := {
	"serviceAccountName": "plant-a",
	"nodeSelector": {"disk": "fast"},
	"initContainers": [{"name": "migrate", "image": "m:1"}, {"name": "wait", "image": "w:1"}],
	"containers": [{
		"name": "app",
		"image": "app:1",
		"args": ["--group", "a"],
		"env": [{"name": "GROUP", "value": "a"}, {"name": "EMPTY"}, {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
		"envFrom": [{"configMapRef": {"name": "c"}}],
		"ports": [{"containerPort": 80, "name": "http"}, {"containerPort": 80, "protocol": "UDP"}],
		"volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": true}],
		"volumeDevices": [{"name": "raw", "devicePath": "/dev/x"}],
		"resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}],
		"readinessProbe": {"httpGet": {"port": 80}, "timeoutSeconds": 5},
		"resources": {"limits": {"cpu": "0.5", "memory": "1024Mi"}, "requests": {"cpu": "100m"}},
		"securityContext": {"runAsUser": 0},
	}],
	"volumes": [
		{"name": "data", "emptyDir": {"sizeLimit": "1Gi"}},
		{"name": "conf", "configMap": {"name": "c"}},
		{"name": "scratch", "ephemeral": {"volumeClaimTemplate": {"metadata": {"labels": {"app": "a"}}, "spec": {"storageClassName": "", "resources": {"requests": {"storage": "1Ki"}}}}}},
	],
	"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "host", "labelSelector": {"matchLabels": {"app": "a"}}}]}},
	"tolerations": [{"key": "dedicated", "operator": "Exists"}],
	"overhead": {"cpu": "250m"},
}

flat := {
	"nodeSelector.disk": "fast",
	"initContainers": "migrate,wait",
	"initContainers.migrate.image": "m:1",
	"initContainers.wait.image": "w:1",
	"containers.app.image": "app:1",
	"containers.app.args.0": "--group",
	"containers.app.args.1": "a",
	"containers.app.env.GROUP.value": "a",
	"containers.app.env.EMPTY.value": "",
	"containers.app.env.POD.valueFrom.fieldRef.fieldPath": "metadata.name",
	"containers.app.envFrom.0.configMapRef.name": "c",
	"containers.app.ports.80.containerPort": 80,
	"containers.app.ports.80.name": "http",
	"containers.app.ports.80/UDP.containerPort": 80,
	"containers.app.ports.80/UDP.protocol": "UDP",
	"containers.app.volumeMounts./data.name": "data",
	"containers.app.volumeMounts./data.readOnly": true,
	"containers.app.volumeDevices./dev/x.name": "raw",
	"containers.app.resizePolicy.cpu.restartPolicy": "RestartContainer",
	"containers.app.readinessProbe.httpGet.port": 80,
	"containers.app.readinessProbe.timeoutSeconds": 5,
	"containers.app.resources.limits.cpu": 0.5,
	"containers.app.resources.limits.memory": 1073741824,
	"containers.app.resources.requests.cpu": 0.1,
	"containers.app.resources.requests.memory": 1073741824,
	"containers.app.securityContext.runAsUser": 0,
	"volumes.data.emptyDir.sizeLimit": 1073741824,
	"volumes.conf.configMap.name": "c",
	"volumes.scratch.ephemeral.volumeClaimTemplate.spec.storageClassName": "",
	"volumes.scratch.ephemeral.volumeClaimTemplate.spec.resources.requests.storage": 1024,
	"affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey": "host",
	"tolerations.0.key": "dedicated",
	"tolerations.0.operator": "Exists",
	"overhead.cpu": 0.25,
}

test_flat if fields(written) == flat

# What the API server and admission fill in changes nothing.
test_read_back if {
	fields(json.patch(written, [
		{"op": "add", "path": "/serviceAccount", "value": "plant-a"},
		{"op": "add", "path": "/restartPolicy", "value": "Always"},
		{"op": "add", "path": "/dnsPolicy", "value": "ClusterFirst"},
		{"op": "add", "path": "/schedulerName", "value": "default-scheduler"},
		{"op": "add", "path": "/terminationGracePeriodSeconds", "value": 30},
		{"op": "add", "path": "/enableServiceLinks", "value": true},
		{"op": "add", "path": "/securityContext", "value": {}},
		{"op": "add", "path": "/nodeName", "value": "n1"},
		{"op": "add", "path": "/priority", "value": 0},
		{"op": "add", "path": "/preemptionPolicy", "value": "PreemptLowerPriority"},
		{"op": "add", "path": "/containers/0/imagePullPolicy", "value": "IfNotPresent"},
		{"op": "add", "path": "/containers/0/terminationMessagePath", "value": "/dev/termination-log"},
		{"op": "add", "path": "/containers/0/terminationMessagePolicy", "value": "File"},
		{"op": "add", "path": "/containers/0/env/2/valueFrom/fieldRef/apiVersion", "value": "v1"},
		{"op": "add", "path": "/containers/0/ports/0/protocol", "value": "TCP"},
		{"op": "add", "path": "/containers/0/readinessProbe", "value": {"httpGet": {"port": 80, "path": "/", "scheme": "HTTP"}, "timeoutSeconds": 5, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}},
		{"op": "add", "path": "/containers/0/resources", "value": {"limits": {"cpu": "500m", "memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "1Gi"}}},
		{"op": "add", "path": "/containers/0/volumeMounts/1", "value": {"name": "kube-api-access-x2x4z", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": true}},
		{"op": "add", "path": "/volumes/1/configMap/defaultMode", "value": 420},
		{"op": "add", "path": "/volumes/2/ephemeral/volumeClaimTemplate/spec/volumeMode", "value": "Filesystem"},
		{"op": "add", "path": "/volumes/3", "value": {"name": "kube-api-access-x2x4z", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}},
		{"op": "add", "path": "/tolerations/1", "value": {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}},
	])) == flat
}

# What the API leaves out when it is read back counts as absent.
test_absent if {
	fields({
		"hostNetwork": false, "hostname": "a", "imagePullSecrets": [{"name": "s"}], "dnsConfig": null, "tolerations": [{"key": "k", "value": ""}],
		"containers": [{"name": "app", "image": "app", "imagePullPolicy": "Always", "stdin": false, "workingDir": "", "command": [], "livenessProbe": {"tcpSocket": {"port": 1}, "initialDelaySeconds": 0}}],
	}) == {"containers.app.image": "app", "containers.app.livenessProbe.tcpSocket.port": 1, "tolerations.0.key": "k"}
}

test_pull_policy if {
	every image, usual in {
		"app": "Always", "app:latest": "Always", "host:5000/app": "Always", "app:latest@sha256:00": "Always", "Host/some/app": "Always",
		"app:1": "IfNotPresent", "app@sha256:00": "IfNotPresent", "host:5000/app:1": "IfNotPresent", "host/App": "IfNotPresent", "${IMAGE}": "IfNotPresent",
	} {
		fields({"containers": [{"name": "app", "image": image, "imagePullPolicy": usual}]}) == {"containers.app.image": image}
	}
	fields({"containers": [{"name": "app", "image": "app:1", "imagePullPolicy": "Never"}]})["containers.app.imagePullPolicy"] == "Never"
}

# The API server writes the annotation of a pod into its field.
test_confined if {
	every said, profile in {
		"runtime/default": {"containers.app.securityContext.appArmorProfile.type": "RuntimeDefault"},
		"unconfined": {"containers.app.securityContext.appArmorProfile.type": "Unconfined"},
		"localhost/p": {"containers.app.securityContext.appArmorProfile.type": "Localhost", "containers.app.securityContext.appArmorProfile.localhostProfile": "p"},
		"": {},
	} {
		some f in adapter.facts with input as {
			"kind": "Pod", "metadata": {"name": "a", "namespace": "payments", "annotations": {"container.apparmor.security.beta.kubernetes.io/app": said}},
			"spec": {"containers": [{"name": "app"}]},
		}
		f.fields == profile
	}
}

test_volume_defaults if {
	every kind, filled in {
		"azureDisk": {"diskName": "d", "kind": "Shared", "cachingMode": "ReadWrite", "fsType": "ext4"},
		"iscsi": {"diskName": "d", "iscsiInterface": "default"},
		"rbd": {"diskName": "d", "pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
		"scaleIO": {"diskName": "d", "storageMode": "ThinProvisioned", "fsType": "xfs"},
	} {
		fields({"volumes": [{"name": "v", kind: filled}]}) == {concat(".", ["volumes.v", kind, "diskName"]): "d"}
	}
	fields({"volumes": [{"name": "v", "image": {"reference": "a:1", "pullPolicy": "IfNotPresent"}}]}) == {"volumes.v.image.reference": "a:1"}
	fields({"volumes": [{"name": "v", "image": {"reference": "a:1", "pullPolicy": "Always"}}]})["volumes.v.image.pullPolicy"] == "Always"
}

# What a pod itself asks for follows from its containers, where it is not written; in a template it stays as written.
test_resources_of_pods if {
	resources := {"limits": {"cpu": "1000m"}, "requests": {"cpu": "100m"}}
	fields({"resources": resources}) == {"resources.limits.cpu": 1, "resources.requests.cpu": 0.1}
	some f in adapter.facts with input as {"kind": "Pod", "metadata": {"name": "a", "namespace": "payments"}, "spec": {"resources": resources}}
	f.fields == {"resources.limits.cpu": 1}
}

test_host_ports if {
	fields({"hostNetwork": true, "containers": [{"name": "app", "ports": [{"containerPort": 80, "hostPort": 80}]}]}) == {"hostNetwork": true, "containers.app.ports.80.containerPort": 80}
	fields({"containers": [{"name": "app", "ports": [{"containerPort": 80, "hostPort": 8080}]}]})["containers.app.ports.80.hostPort"] == 8080
}

# Two names that are written alike do not make the facts fail, nor does a name that is there twice.
test_collisions if {
	fields({"containers": [{"name": "app", "env": [{"name": "A", "value": {"value": 1}}, {"name": "A.value", "value": 2}]}]})["containers.app.env.A.value.value"] in {1, 2}
	fields({"containers": [{"name": "app", "env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}]}) == {"containers.app.env.A.value": "2"}
}

test_hostile if {
	every spec in [null, [], "x", {"containers": {}}, {"containers": [1, {"image": "x"}, {"name": 1}]}, {"volumes": [null], "tolerations": "x"}] {
		fields(spec) == {}
	}
	fields({"containers": [{"name": "app", "ports": [1, {"containerPort": "x"}], "env": [1], "resources": [], "image": []}]}) == {"containers.app.ports..containerPort": "x"}
}
