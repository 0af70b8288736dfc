package pocdr.bedrock.kubernetes.node_test

import data.pocdr.bedrock.kubernetes.node

container(fields) := {"containers": [object.union({"name": "x"}, fields)]}

secured(context) := container({"securityContext": context})

# mounting is a pod with a path of its node.
mounting(path, mount, context) := object.union(
	secured(context),
	{"volumes": [{"name": "host", "hostPath": {"path": path}}], "containers": [{"name": "x", "volumeMounts": [object.union({"name": "host"}, mount)], "securityContext": context}]},
)

by(pod, how) if node.commands(pod) == {sprintf("container x %v", [how])}

none(pod) if node.commands(pod) == set()

test_privileged if {
	by(secured({"privileged": true}), "is privileged")
	by({"initContainers": [{"name": "x", "securityContext": {"privileged": true}}]}, "is privileged")
	none(secured({"privileged": false}))
	none(secured({"privileged": "true"}))
	none(container({}))
}

test_host_process if {
	by(secured({"windowsOptions": {"hostProcess": true}}), "is a process of the host")
	by(object.union(container({}), {"securityContext": {"windowsOptions": {"hostProcess": true}}}), "is a process of the host")
}

test_capabilities if {
	by(secured({"capabilities": {"add": ["NET_ADMIN", "CAP_SYS_ADMIN"]}}), "has the capability SYS_ADMIN")
	none(secured({"runAsNonRoot": true, "capabilities": {"add": ["SYS_ADMIN"]}}))
	none(secured({"capabilities": {"add": ["SYS_PTRACE"]}}))
	by(object.union(secured({"capabilities": {"add": ["SYS_PTRACE"]}}), {"hostPID": true}), "has the capability SYS_PTRACE")
}

test_paths if {
	every path in ["/", "/var/lib", "/var/lib/kubelet/", "/var/lib/kubelet/pods/x", "/etc/kubernetes/pki", "/run/containerd/containerd.sock", "/var/run/docker.sock", "/var/run", "/var/lib/rancher", "/etc/rancher/k3s"] {
		count(node.commands(mounting(path, {"readOnly": true}, {}))) == 1
	}
	every path in ["/data", "/var/lib/kubelet/device-plugins", "/proc", "/etc/localtime", "/variable", "/dev", "/sys", "/var/lib/rancher/k3s/storage", "/usr/local/bin", "/etc/passwd"] {
		none(mounting(path, {"readOnly": true}, {}))
	}
	by(mounting("/var/run/docker.sock", {}, {}), "mounts /run/docker.sock of the node")
	by(mounting("//", {"readOnly": true}, {}), "mounts / of the node")
}

# However a path is written, it is the one that the kernel makes of it.
test_written_otherwise if {
	every path in ["//var/lib/kubelet", "/var/./lib/kubelet", "/var//lib/kubelet/.", "/run/./containerd", "//var/run/./docker.sock", "/data/../var/lib/kubelet", "/data/.."] {
		count(node.commands(mounting(path, {"readOnly": true}, {}))) == 1
	}
	every path in ["//data", "/data/./x", "/var/lib/..kubelet", "/data/...", "/var/lib/app/."] {
		none(mounting(path, {}, {}))
	}
	by(mounting("/var/./run//docker.sock", {}, {}), "mounts /run/docker.sock of the node")
	by(mounting("/./", {"readOnly": true}, {}), "mounts / of the node")
}

test_writable_paths if {
	every path in ["/dev", "/etc/cni/net.d", "/opt/cni/bin", "/proc", "/proc/sys/kernel", "/sys", "/usr/local/bin", "/usr/local", "/usr/bin/containerd", "/etc/sudoers.d/x", "/lib"] {
		count(node.commands(mounting(path, {}, {}))) == 1
		none(mounting(path, {"readOnly": true}, {}))
	}
	every path in ["/dev/kvm", "/lib/modules", "/proc/sys/net", "/sys/fs/cgroup", "/sys/kernel/debug", "/home/app/data", "/usr/local/share", "/etc/ssl", "/var/log", "/tmp"] {
		none(mounting(path, {}, {}))
	}
}

# Whoever is not the first user cannot read what is that one's, but may be of the group that commands the runtime.
test_not_root if {
	none(mounting("/", {"readOnly": true, "name": "other"}, {}))
	none(mounting("/var/lib/kubelet", {}, {"runAsUser": 65534}))
	none(mounting("/", {"readOnly": true}, {"runAsNonRoot": true}))
	none(object.union(mounting("/var/lib/kubelet", {}, {}), {"securityContext": {"runAsNonRoot": true}}))
	count(node.commands(object.union(mounting("/var/lib/kubelet", {}, {"runAsUser": 0}), {"securityContext": {"runAsUser": 1000}}))) == 1
	count(node.commands(mounting("/run/crio/crio.sock", {}, {"runAsUser": 1000}))) == 1
}

test_hostile if {
	every pod in [{"containers": [1, null, {"securityContext": 1}, {"securityContext": {"runAsUser": "x", "capabilities": {"add": [1]}}, "volumeMounts": [7, {}]}], "volumes": [1, {}, {"hostPath": {"path": 1}}], "securityContext": []}] {
		none(pod)
	}
}
