# By what a pod commands the node that it runs on, and with it whatever else runs there.
package pocdr.bedrock.kubernetes.node

import data.pocdr.bedrock.kubernetes.field

# commands(pod) says so, in a few words each.
commands(pod) := {sprintf("container %v %v", [field.text_or(c, ["name"], ""), how]) |
	some list in ["containers", "initContainers", "ephemeralContainers"]
	some c in field.list(pod, [list])
	some how in powers(pod, c)
}

powers(pod, c) := {"is privileged" | field.flag(c, ["securityContext", "privileged"]) == true} |
	{"is a process of the host" | setting(pod, c, ["windowsOptions", "hostProcess"]) == true} |
	{sprintf("has the capability %v", [capability]) | some capability in capabilities(pod, c)} |
	{sprintf("mounts %v of the node", [shown(path)]) | some [path, writable] in host_paths(pod, c); commanding(path, writable, may_be_root(pod, c))}

# setting(pod, c, path) is a container's own, or else its pod's.
setting(pod, c, path) := value if {
	value := field.value(c, array.concat(["securityContext"], path))
	value != null
} else := field.value(pod, array.concat(["securityContext"], path))

# may_be_root(pod, c) tells whether a container may run as the node's first user. Capabilities, and files that are that user's, are no use to others.
may_be_root(pod, c) := false if {
	setting(pod, c, ["runAsNonRoot"]) == true
} else := false if {
	setting(pod, c, ["runAsUser"]) > 0
} else := true

capabilities(pod, c) := {capability |
	may_be_root(pod, c)
	some added in field.texts(c, ["securityContext", "capabilities", "add"])
	capability := trim_prefix(upper(added), "CAP_")
	capability in escaping(pod)
}

escaping(pod) := {"ALL", "SYS_ADMIN", "SYS_MODULE", "DAC_READ_SEARCH"} | {"SYS_PTRACE" | field.flag(pod, ["hostPID"]) == true}

# host_paths(pod, c) are the paths of the node that a container mounts, each with whether it may write there.
host_paths(pod, c) := {[clean(path), field.flag(mount, ["readOnly"]) != true] |
	some volume in field.list(pod, ["volumes"])
	path := field.text(volume, ["hostPath", "path"])
	path != null
	some mount in field.list(c, ["volumeMounts"])
	field.text(mount, ["name"]) == field.text(volume, ["name"])
}

# A path is held as the kernel resolves it, with a slash at its end, so that what starts alike is not taken for a part of it. One that
# climbs may lead anywhere: it is held as the whole node.
clean(path) := "/" if {
	".." in split(path, "/")
} else := regex.replace(concat("/", array.flatten(["", [step | some step in split(path, "/"); not step in {"", "."}], ""])), `^/var/run/`, "/run/")

shown("/") := "/"

shown(path) := trim_suffix(path, "/") if path != "/"

# commanding(path, writable, root) holds where what is mounted is, holds, or is part of what commands a node.
# A socket that is mounted on purpose may be of the container's group.
commanding(path, _, _) if strings.any_prefix_match(path, sockets)

commanding(path, _, true) if meets(path, array.concat(sockets, secrets))

commanding(path, true, true) if meets(path, executed)

commanding(path, true, true) if holds(path, entire)

# Where the runtime takes orders; where the secrets of pods, and of the node itself, lie, and where its first user gives orders; what the node runs as its
# first user, or is told by what to run; and folders that command it as a whole, while a part of them may be harmless.
sockets := ["/run/containerd/", "/run/crio/", "/run/docker.sock/", "/run/cri-dockerd.sock/", "/run/k3s/containerd/", "/run/podman/"]

secrets := [
	"/var/lib/kubelet/pods/", "/var/lib/kubelet/pki/", "/etc/kubernetes/", "/var/lib/etcd/", "/var/lib/containerd/", "/var/lib/containers/", "/var/lib/docker/", "/root/",
	"/var/lib/rancher/k3s/server/", "/var/lib/rancher/k3s/agent/", "/var/lib/rancher/rke2/", "/etc/rancher/", "/var/lib/k0s/", "/var/snap/microk8s/", "/var/lib/minikube/", "/run/systemd/private/",
]

executed := [
	"/etc/cron.d/", "/etc/cron.hourly/", "/etc/cron.daily/", "/etc/crontab/", "/var/spool/cron/", "/etc/systemd/", "/etc/init.d/", "/etc/udev/", "/etc/modprobe.d/", "/etc/profile.d/",
	"/etc/passwd/", "/etc/shadow/", "/etc/sudoers/", "/etc/sudoers.d/", "/etc/pam.d/", "/etc/ssh/", "/etc/ld.so.preload/", "/etc/containerd/", "/etc/crio/", "/etc/docker/",
	"/opt/cni/bin/", "/etc/cni/net.d/", "/usr/libexec/kubernetes/", "/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/",
	"/proc/sys/kernel/core_pattern/", "/proc/sys/kernel/modprobe/", "/sys/kernel/uevent_helper/",
]

entire := ["/dev/", "/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", "/boot/", "/home/"]

meets(path, places) if holds(path, places)

meets(path, places) if strings.any_prefix_match(path, places)

holds(path, places) if strings.any_prefix_match(places, path)
