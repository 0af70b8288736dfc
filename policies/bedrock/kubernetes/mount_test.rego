package pocdr.bedrock.kubernetes.mount_test

import data.pocdr.bedrock.kubernetes.mount as adapter

facts(spec) := all if all := adapter.facts with input as {"kind": "Pod", "metadata": {"name": "a", "namespace": "payments"}, "spec": spec}

brief(spec) := {[array.slice(f.path, 1, count(f.path)), f.what, f.name, f.optional] | some f in facts(spec)}

test_fact if {
	facts({"volumes": [{"name": "v", "secret": {"secretName": "s"}}]}) == {{
		"fact": "mount", "path": ["spec", "volumes", 0, "secret"], "workloadKind": "Pod", "namespace": "payments", "workload": "a",
		"what": "secret", "name": "s", "optional": false,
	}}
}

test_volumes if {
	brief({"volumes": [
		{"name": "a", "configMap": {"name": "c", "optional": true}},
		{"name": "b", "projected": {"sources": [{"secret": {"name": "s"}}, {"serviceAccountToken": {}}, {"configMap": {"name": "d"}}]}},
		{"name": "c", "emptyDir": {}},
	]}) == {
		[["volumes", 0, "configMap"], "config", "c", true],
		[["volumes", 1, "projected", "sources", 0, "secret"], "secret", "s", false],
		[["volumes", 1, "projected", "sources", 2, "configMap"], "config", "d", false],
	}
}

# What a cluster keeps in every namespace is not the workload's, whoever mounts it; a secret of that name is.
test_published if {
	brief({"volumes": [
		{"name": "kube-api-access-x2x4z", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}, {"configMap": {"name": "kube-root-ca.crt"}}, {"secret": {"name": "s"}}]}},
		{"name": "ca", "configMap": {"name": "openshift-service-ca.crt"}},
		{"name": "mine", "secret": {"secretName": "kube-root-ca.crt"}},
	]}) == {
		[["volumes", 0, "projected", "sources", 2, "secret"], "secret", "s", false],
		[["volumes", 2, "secret"], "secret", "kube-root-ca.crt", false],
	}
}

test_environment if {
	brief({
		"containers": [{"env": [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}]}],
		"initContainers": [{
			"env": [{"name": "P", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": true}}}],
			"envFrom": [{"configMapRef": {"name": "d"}}, {"secretRef": {"name": "t"}}],
		}],
	}) == {
		[["containers", 0, "env", 1, "valueFrom", "configMapKeyRef"], "config", "c", false],
		[["initContainers", 0, "env", 0, "valueFrom", "secretKeyRef"], "secret", "s", true],
		[["initContainers", 0, "envFrom", 0, "configMapRef"], "config", "d", false],
		[["initContainers", 0, "envFrom", 1, "secretRef"], "secret", "t", false],
	}
}

# What a driver or an injector brings is no object here.
test_unseen if {
	class := {"driver": "secrets-store.csi.k8s.io", "volumeAttributes": {"secretProviderClass": "ledger"}}
	brief({"volumes": [{"name": "a", "csi": class}, {"name": "b", "csi": {"driver": "csi.spiffe.io"}}, {"name": "c", "csi": {}}]}) == {
		[["volumes", 0, "csi"], "secret", "secrets-store.csi.k8s.io/ledger", false],
		[["volumes", 1, "csi"], "secret", "csi.spiffe.io/volume", false],
	}
	some injected in injected_by({"vault.hashicorp.com/agent-inject": "true", "note": "x"})
	[injected.path, injected.what, injected.name] == [["spec", "template", "metadata", "annotations", "vault.hashicorp.com/agent-inject"], "secret", "vault.hashicorp.com/agent-inject"]
	injected_by({"vault.hashicorp.com/agent-inject": "false"}) == set()
}

injected_by(annotations) := all if {
	all := adapter.facts with input as {
		"kind": "Deployment", "metadata": {"name": "a", "namespace": "payments"},
		"spec": {"template": {"metadata": {"annotations": annotations}, "spec": {}}},
	}
}

# What pulls images is no secret of the pods.
test_not_mounted if facts({"imagePullSecrets": [{"name": "s"}]}) == set()

test_hostile if {
	every spec in [null, [], {"volumes": {}}, {"volumes": [1, {"secret": "s"}, {"secret": {"secretName": 1}}, {"csi": 1}, {"csi": {"driver": []}}, {"projected": {"sources": [7]}}]}, {"containers": [1, {"env": [null, {"valueFrom": 1}], "envFrom": "x"}]}] {
		facts(spec) == set()
	}
}
