package pocdr.bedrock.kubernetes.names_test

import data.pocdr.bedrock.kubernetes.names

test_name if {
	names.name({"metadata": {"name": "a", "generateName": "b-"}}) == "a"
	names.name({"metadata": {"generateName": "b-"}}) == "b-*"
	names.name({"metadata": []}) == ""
}

test_type if {
	every kind, plural in {
		"Pod": "pods", "Ingress": "ingresses", "NetworkPolicy": "networkpolicies", "Gateway": "gateways", "Endpoints": "endpoints", "EndpointSlice": "endpointslices",
		"StorageClass": "storageclasses", "Prometheus": "prometheuses",
	} {
		names.type("v1", kind) == plural
	}
	names.type("apps/v1", "Deployment") == "apps/deployments"
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
