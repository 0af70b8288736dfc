# METADATA
# title: Templates
# description: What workloads run, flattened for comparison.
# custom:
#   reads:
#   - {format: kubernetes, group: apps, kinds: [Deployment, StatefulSet, DaemonSet, ReplicaSet], annotations: []}
#   - {format: kubernetes, group: batch, kinds: [Job, CronJob], annotations: []}
#   - {format: kubernetes, group: "", kinds: [Pod, ReplicationController]}
#   emits: [template]
package pocdr.bedrock.kubernetes.template

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.workload

facts contains {
	"fact": "template",
	"path": workload.pod_path,
	"kind": input.kind,
	"namespace": input.metadata.namespace,
	"name": workload.name,
	"fields": fields,
}

# fields has the scalars of the tree. Two paths can be written alike only where a name has dots; the later one counts.
fields := object.union(order, object.union_n([{dotted(path): value} |
	walk(tree, [path, found])
	not is_object(found)
	not is_array(found)
	value := amount(path, found)
	not spared(path, value)
]))

dotted(path) := concat(".", path) if {
	every step in path { is_string(step) }
} else := concat(".", [text(step) | some step in path])

text(step) := step if {
	is_string(step)
} else := format_int(step, 10)

# order keeps the order in which init containers run: their names are keys, and keys have none.
order := {"initContainers": concat(",", names) |
	names := [n | some c in field.list(workload.pod, ["initContainers"]); n := field.text(c, ["name"]); n != null]
	count(names) > 1
}

# tree is the pod's specification with lists keyed by the names of their entries, without what is binding, and without what is there by default:
# the API server adds that to what is read back.
tree := object.union(
	{name: value | some name, value in workload.pod; not name in apart; not pod_defaults[name] == value},
	{
		"containers": containers("containers"),
		"initContainers": containers("initContainers"),
		"volumes": {name: volume(v) | some name, v in keyed([v | some v in field.list(workload.pod, ["volumes"]); not automatic(v)], "name")},
		"resources": object.remove(field.map(workload.pod, ["resources"]), derived),
		"tolerations": [t | some t in field.list(workload.pod, ["tolerations"]); not added(t)],
	},
)

# derived are those of a pod's own resources that the API server works out from its containers.
derived := ["requests"] if {
	input.kind == "Pod"
} else := []

# apart are the fields of a pod that are binding (names, identity, place), that the platform fills in, or that are keyed below.
apart := {
	"hostname", "subdomain", "nodeName", "serviceAccount", "serviceAccountName", "imagePullSecrets", "priority",
	"containers", "initContainers", "ephemeralContainers", "volumes", "tolerations", "resources",
}

pod_defaults := {
	"restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "terminationGracePeriodSeconds": 30, "schedulerName": "default-scheduler",
	"enableServiceLinks": true, "preemptionPolicy": "PreemptLowerPriority", "hostNetwork": false, "hostPID": false, "hostIPC": false,
}

containers(list) := object.union_n([{name: container(c)} |
	some c in field.list(workload.pod, [list])
	name := field.text(c, ["name"])
	name != null
])

container(c) := object.union(
	object.remove(c, ["name", "env", "ports", "volumeMounts", "volumeDevices", "resizePolicy", "resources", "imagePullPolicy", "securityContext", "terminationMessagePath", "terminationMessagePolicy"]),
	object.union(
		{list: entries(list, all) | some list in ["env", "ports", "volumeMounts", "volumeDevices", "resizePolicy"]; all := c[list]; is_array(all)},
		{
			"resources": resources(c),
			"imagePullPolicy": pull_policy(c),
			"securityContext": object.union({"appArmorProfile": confined(c)}, field.map(c, ["securityContext"])),
		},
	),
)

# entries(list, all) has the entries of one of a container's lists by what tells them apart.
entries("env", all) := keyed([variable(v) | some v in all], "name")

entries("ports", all) := object.union_n([{port(p): object.remove(p, host_port)} | some p in all; is_object(p)])

entries("volumeMounts", all) := keyed([m | some m in all; not automatic(m)], "mountPath")

entries("volumeDevices", all) := keyed(all, "devicePath")

entries("resizePolicy", all) := keyed(all, "resourceName")

# confined(c) is the profile of a container as annotations said it before there was a field: the API server writes it into the field of a pod.
confined(c) := {"type": type, "localhostProfile": name} if {
	[[_, kind, name]] := regex.find_all_string_submatch_n(`^(runtime/default|unconfined|localhost)(?:/(.+))?$`, annotated(c), 1)
	type := {"runtime/default": "RuntimeDefault", "unconfined": "Unconfined", "localhost": "Localhost"}[kind]
} else := null

annotated(c) := field.text_or(workload.template, ["metadata", "annotations", concat("", ["container.apparmor.security.beta.kubernetes.io/", field.text_or(c, ["name"], "")])], "")

# keyed(list, key) has the entries of a list by the value of one of their fields.
keyed(list, key) := object.union_n([{name: object.remove(entry, [key])} |
	some entry in list
	name := field.text(entry, [key])
	name != null
])

# A variable that says nothing is empty.
variable(v) := v if {
	some said in ["value", "valueFrom"]
	field.value(v, [said]) != null
} else := {"name": field.value(v, ["name"]), "value": ""}

# port is the key of a port: two may have one number, for two protocols.
port(p) := concat("/", array.concat(
	[format_int(n, 10) | n := field.value(p, ["containerPort"]); is_number(n)],
	[protocol | protocol := field.text(p, ["protocol"]); not protocol in {null, "TCP"}],
))

# On the host's network each port is the host's.
host_port := ["hostPort"] if {
	field.flag(workload.pod, ["hostNetwork"]) == true
} else := []

# resources are those of a container; a limit is the request where none is written.
resources(c) := object.union(
	field.map(c, ["resources"]),
	{"requests": object.union(field.map(c, ["resources", "limits"]), field.map(c, ["resources", "requests"]))},
)

# pull_policy is the policy of a container, null where it is what the image's name gives by default.
pull_policy(c) := null if {
	image := field.value(c, ["image"])
	field.text_or(c, ["imagePullPolicy"], usual(image)) == usual(image)
} else := c.imagePullPolicy

# volume(v) is a volume without the policy that the name of its image gives by default.
volume(v) := json.remove(v, ["image/pullPolicy"]) if {
	field.text(v, ["image", "pullPolicy"]) == usual(field.value(v, ["image", "reference"]))
} else := v

# usual(image) is the policy that a name gives by default. One that no registry takes, such as one with capitals, gives the other.
usual(image) := "Always" if {
	is_string(image)
	regex.match(`^([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:latest(@.*)?)?$`, image)
} else := "IfNotPresent"

# automatic holds for the volume of the identity's token, and for its mount: admission adds them to pods.
automatic(v) if startswith(field.text_or(v, ["name"], ""), "kube-api-access-")

# added holds for a toleration that admission adds to pods.
added(t) if {
	field.text(t, ["key"]) in {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"}
	field.value(t, ["tolerationSeconds"]) == 300
}

# amount is a scalar as it is compared: a quantity can be written in several ways.
amount(path, value) := q if {
	measured(path)
	q := field.quantity(value)
	q != null
} else := value

measured(path) if path[resources_at[path[0]]] in {"overhead", "resources"}

measured(path) if path[count(path) - 1] in {"sizeLimit", "divisor"}

# resources_at is how deep resources stand: those of the pod, of a container, and of the claim of an ephemeral volume.
resources_at := {"overhead": 0, "resources": 0, "containers": 2, "initContainers": 2, "volumes": 5}

# spared holds for what does not count: what is there by default, and labels.
spared(path, value) if {
	value in dull
	ordinary(path, value)
}

spared(path, _) if {
	path[0] in {"affinity", "topologySpreadConstraints"}
	some s in path
	s in {"labelSelector", "matchLabelKeys", "mismatchLabelKeys"}
}

spared(path, _) if path[4] == "metadata" # of the claim of an ephemeral volume

# dull are the values that something has by default: most fields have others.
dull := ({null, "", "/"} | {value | some value in defaults}) | {value | some parts in volume_defaults; some value in parts}

ordinary(_, null)

ordinary(path, "") if not kept(path)

ordinary(path, value) if defaults[path[count(path) - 1]] == value

ordinary(path, "/") if array.slice(path, count(path) - 2, count(path)) == ["httpGet", "path"]

ordinary(["volumes", _, kind, part], value) if volume_defaults[kind][part] == value

# kept holds where empty text is not the same as none.
kept(path) if path[count(path) - 1] == "storageClassName"

kept(path) if {
	path[count(path) - 1] == "value"
	path[0] in {"containers", "initContainers"}
}

defaults := {
	"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3, "initialDelaySeconds": 0, "scheme": "HTTP",
	"protocol": "TCP", "hostPort": 0, "defaultMode": 420, "expirationSeconds": 3600, "apiVersion": "v1", "divisor": 0,
	"volumeMode": "Filesystem", "procMount": "Default", "stdin": false, "stdinOnce": false, "tty": false, "readOnly": false,
	"restartPolicy": "NotRequired",
}

volume_defaults := {
	"azureDisk": {"kind": "Shared", "cachingMode": "ReadWrite", "fsType": "ext4"},
	"iscsi": {"iscsiInterface": "default"},
	"rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
	"scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
}
