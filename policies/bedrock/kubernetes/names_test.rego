package pocdr.bedrock.kubernetes.names_test

import data.pocdr.bedrock.kubernetes.names

test_name if {
	names.name({"metadata": {"name": "a", "generateName": "b-"}}) == "a"
	names.name({"metadata": {"generateName": "b-"}}) == "b-*"
	names.name({"metadata": []}) == ""
}

test_labels if {
	names.labels({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "labels": {"x": "y"}}}) == {"x": "y", "kubernetes.io/metadata.name": "a"}
	names.labels({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "labels": {"x": "y"}}}) == {"x": "y"}
}

# A job without labels has those of its pods; what tells its pods from others does not count.
test_labels_of_jobs if {
	job := {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {"template": {"metadata": {"labels": {"app": "a"}}}}}
	names.labels(job) == {"app": "a"}
	read_back := json.patch(job, [
		{"op": "add", "path": "/metadata/labels", "value": {"app": "a", "controller-uid": "1"}},
		{"op": "add", "path": "/spec/template/metadata/labels", "value": {"app": "a", "controller-uid": "1", "batch.kubernetes.io/job-name": "a"}},
	])
	names.labels(read_back) == {"app": "a"}
	names.pod_labels(read_back, ["spec", "template"]) == {"app": "a"}
}

test_type if {
	every kind, plural in {
		"Pod": "pods", "Ingress": "ingresses", "NetworkPolicy": "networkpolicies", "Gateway": "gateways", "Endpoints": "endpoints", "EndpointSlice": "endpointslices",
		"StorageClass": "storageclasses", "Prometheus": "prometheuses",
	} {
		names.plural(kind) == plural
	}
	[names.typed("apps", "deployments"), names.typed("", "pods")] == ["apps/deployments", "pods"]
}

test_principals if {
	names.account("payments", "a") == "kubernetes:ServiceAccount/payments/a"
	names.user("system:serviceaccount:payments:a") == "kubernetes:ServiceAccount/payments/a"
	names.user("system:serviceaccount:a") == "kubernetes:User/system:serviceaccount:a"
	names.user("jane") == "kubernetes:User/jane"
	names.user("system:anonymous") == "kubernetes:*"
	names.users("admins") == "kubernetes:Group/admins"
	names.users("system:authenticated") == "kubernetes:*"
}
