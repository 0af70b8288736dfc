package pocdr.bedrock.kubernetes.container_test

import data.pocdr.bedrock.kubernetes.container as adapter

facts(spec) := all if all := adapter.facts with input as {"kind": "Deployment", "metadata": {"name": "a", "namespace": "payments"}, "spec": {"template": {"spec": spec}}}

container(c) := f if some f in facts({"containers": [c]})

digest := "sha256:0123456789012345678901234567890123456789012345678901234567890123"

test_container if {
	container({
		"name": "app", "image": concat("@", ["registry:5000/app:1.2", digest]),
		"readinessProbe": {"httpGet": {"port": 80}}, "livenessProbe": {}, "startupProbe": null,
		"resources": {"requests": {"cpu": "250m"}, "limits": {"cpu": 1, "memory": "1Gi"}},
	}) == {
		"fact": "container", "path": ["spec", "template", "spec", "containers", 0],
		"workloadKind": "Deployment", "namespace": "payments", "workload": "a", "name": "app", "role": "main",
		"image": concat("@", ["registry:5000/app:1.2", digest]), "tag": "1.2", "digest": digest,
		"readiness": true, "liveness": false, "startup": false,
		"cpuRequest": 0.25, "cpuLimit": 1, "memoryRequest": 1073741824, "memoryLimit": 1073741824,
	}
}

test_image if {
	every image, expected in {
		"app": [null, null],
		"host:5000/app": [null, null],
		"app:1": ["1", null],
		"app@sha256:00": [null, null],
		concat("@", ["app", digest]): [null, digest],
	} {
		c := container({"image": image})
		[c.tag, c.digest] == expected
	}
	container({"image": ""}).image == null
	container({"image": 7}).tag == null
}

test_roles if {
	found := facts({
		"containers": [{"name": "app"}],
		"initContainers": [{"name": "migrate"}, {"name": "proxy", "restartPolicy": "Always"}],
		"ephemeralContainers": [{"name": "debug"}],
	})
	{f.name: f.role | some f in found} == {"app": "main", "migrate": "init", "proxy": "sidecar", "debug": "ephemeral"}
}

test_volumes if {
	found := facts({"containers": [{"name": "app"}], "volumes": [
		{"name": "model", "image": {"reference": "registry:5000/model:latest"}},
		{"name": "none", "image": {}},
		{"name": "tmp", "emptyDir": {}},
		1,
	]})
	{[f.path, f.name, f.image, f.tag] | some f in found; f.role == "volume"} == {
		[["spec", "template", "spec", "volumes", 0], "model", "registry:5000/model:latest", "latest"],
		[["spec", "template", "spec", "volumes", 1], "none", null, null],
	}
}

test_undeclared_resources if {
	c := container({"name": "app", "resources": {"limits": {"cpu": "lots"}}})
	[c.cpuRequest, c.cpuLimit, c.memoryRequest, c.memoryLimit] == [null, null, null, null]
}

test_hostile if {
	facts({"containers": ["text", 1, null], "initContainers": {"a": 1}}) == set()
	container({"name": 1, "image": [], "resources": [], "readinessProbe": "x"}).name == ""
}
