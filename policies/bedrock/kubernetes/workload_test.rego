package pocdr.bedrock.kubernetes.workload_test

import data.pocdr.bedrock.kubernetes.workload as adapter

fact(kind, spec) := f if some f in adapter.facts with input as {"kind": kind, "metadata": {"name": "a", "namespace": "payments"}, "spec": spec}

deployment := {
	"kind": "Deployment",
	"metadata": {"name": "a", "namespace": "payments", "labels": {"team": "x"}},
	"spec": {"template": {
		"metadata": {"labels": {"app": "a"}, "annotations": {"note": "b"}},
		"spec": {"serviceAccountName": "plant-a", "automountServiceAccountToken": false, "containers": [{"ports": [{"name": "metrics"}, {"name": "http"}, {}, 1]}, 2], "initContainers": [{"ports": [{"name": "http"}]}]},
	}},
}

expected := {
	"fact": "workload", "path": [], "kind": "Deployment", "namespace": "payments", "name": "a",
	"labels": {"team": "x"}, "podLabels": {"app": "a"}, "podAnnotations": {"note": "b"}, "ports": ["http", "metrics"],
	"principal": "kubernetes:ServiceAccount/payments/plant-a", "identityDeclared": true, "tokenMounted": false,
	"replicas": 1, "lasting": true, "ordinal": false, "surges": true, "revisionsKept": 10, "owner": null, "commandsNode": [], "nodeNetwork": false,
}

test_deployment if adapter.facts == {expected} with input as deployment

# What the API server fills in changes nothing.
test_read_back if {
	adapter.facts == {expected} with input as json.patch(deployment, [
		{"op": "add", "path": "/spec/replicas", "value": 1},
		{"op": "add", "path": "/spec/revisionHistoryLimit", "value": 10},
		{"op": "add", "path": "/spec/strategy", "value": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}},
		{"op": "add", "path": "/spec/template/spec/serviceAccount", "value": "plant-a"},
		{"op": "add", "path": "/spec/template/spec/restartPolicy", "value": "Always"},
	])
}

test_surges if {
	fact("Deployment", {"strategy": {"type": "Recreate"}}).surges == false
	fact("Deployment", {"strategy": {"rollingUpdate": {"maxSurge": 0}}}).surges == false
	fact("Deployment", {"strategy": null}).surges == true
	fact("StatefulSet", {}).surges == false
	fact("DaemonSet", {}).surges == false
	fact("DaemonSet", {"updateStrategy": {"rollingUpdate": {"maxSurge": 1}}}).surges == true
}

test_replicas if {
	fact("StatefulSet", {"replicas": 3}).replicas == 3
	fact("Deployment", {"replicas": null}).replicas == 1
	fact("Deployment", {"replicas": "3"}).replicas == null
	fact("DaemonSet", {}).replicas == null
	fact("CronJob", {}).replicas == null
	fact("Pod", {}).replicas == 1
}

test_lasting if {
	fact("DaemonSet", {}).lasting
	fact("Pod", {}).lasting
	not fact("Pod", {"restartPolicy": "Never"}).lasting
	not fact("Job", {}).lasting
	not fact("CronJob", {}).lasting
}

test_revisions if {
	fact("StatefulSet", {"revisionHistoryLimit": 0}).revisionsKept == 0
	fact("Job", {}).revisionsKept == null
}

test_ordinal if fact("StatefulSet", {}).ordinal

test_identity if {
	fact("Pod", {"serviceAccount": "old"}).principal == "kubernetes:ServiceAccount/payments/old"
	fact("CronJob", {"jobTemplate": {"spec": {"template": {"spec": {"serviceAccountName": "x"}}}}}).principal == "kubernetes:ServiceAccount/payments/x"
	anonymous := fact("Pod", {"serviceAccountName": "", "automountServiceAccountToken": "yes"})
	anonymous.principal == "kubernetes:ServiceAccount/payments/default"
	anonymous.identityDeclared == false
	anonymous.tokenMounted == null
}

test_owner if {
	references := [{"kind": "X", "name": "y"}, "no reference", {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "a-1", "controller": true}, {"kind": 1, "name": "b", "controller": true}]
	owned("Pod", references).owner == "ReplicaSet/a-1"
}

test_owner_that_is_not_judged_for_it if {
	by := {"ConfigMap": "v1", "ReplicaSet": "example.com/v1", "StrimziPodSet": "core.strimzi.io/v1", "Deployment": "apps/v1"}
	every kind, version in by {
		owned("Pod", [{"apiVersion": version, "kind": kind, "name": "x", "controller": true}]).owner == null
		owned("StatefulSet", [{"apiVersion": version, "kind": kind, "name": "x", "controller": true}]).owner == null
	}
	owned("ReplicaSet", [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "x", "controller": true}]).owner == "Deployment/x"
	owned("Pod", [{"apiVersion": 1, "kind": "ReplicaSet", "name": "x", "controller": true}]).owner == null
}

owned(kind, references) := [f | some f in adapter.facts with input as {"kind": kind, "metadata": {"name": "a-1-x", "namespace": "payments", "ownerReferences": references}}][0]

test_uses_its_nodes_network if fact("DaemonSet", {"template": {"spec": {"hostNetwork": true}}}).nodeNetwork

test_commands_its_node if fact("DaemonSet", {"template": {"spec": {"containers": [{"name": "agent", "securityContext": {"privileged": true}}]}}}).commandsNode == ["container agent is privileged"]

test_hostile if {
	every spec in [null, [], "text", {"template": 1}, {"template": {"spec": [], "metadata": {"labels": []}}}, {"strategy": 1}] {
		every kind in ["Deployment", "CronJob", "Pod"] {
			fact(kind, spec).podLabels == {}
		}
	}
}
