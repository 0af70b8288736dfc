package pocdr.checks.gate.enforced_test

import data.pocdr.checks.gate.enforced
import data.pocdr.fixture

every_deed := {"operations": ["CREATE", "UPDATE", "DELETE"], "resources": ["*/*"], "failsClosed": true, "serviceNamespace": "payments", "service": "engine"}

webhook(fields) := fixture.facts("enforcer", [object.union_n([{"name": "all"}, every_deed, fields])])

workloads := fixture.facts("workload", [
	{"kind": "Deployment", "namespace": "payments", "name": "a", "podLabels": {"app": "a"}, "replicas": 1, "lasting": true},
	{"kind": "Deployment", "namespace": "payments", "name": "engine", "podLabels": {"app": "engine"}, "replicas": 2, "lasting": true},
])

objects := fixture.facts("object", [
	{"at": ["workload/a"], "kind": "Deployment", "group": "apps", "type": "apps/deployments", "namespace": "payments", "name": "a"},
	{"at": ["switch"], "kind": "ConfigMap", "type": "configmaps", "namespace": "payments", "name": "switch"},
])

service := fixture.facts("service", [
	{"namespace": "payments", "name": "engine", "selector": {"app": "engine"}},
	{"namespace": "payments", "name": "a", "selector": {"app": "a"}},
	{"namespace": "payments", "name": "nobody"},
])

namespace(labels) := fixture.facts("namespace", [{"name": "payments", "labels": labels}])

spec := {"switch": {"ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "payments", "name": "switch"}}}

under(list) := fixture.snapshot(spec, array.concat([workloads, objects, service], list))

said(snapshot) := missing if {
	missing := enforced.missing with input as snapshot
	fixture.strays(enforced) == set() with input as snapshot
}

doubts(snapshot) := unknowns if {
	fixture.outcome(enforced) == "unknown" with input as snapshot
	unknowns := enforced.unknowns with input as snapshot
	said(snapshot) == {}
}

test_pass if {
	every list in [
		[webhook({})],
		[webhook({"operations": ["*"], "resources": ["*", "*/scale", "pods/*"]})],
		[webhook({"resources": ["pods", "deployments", "configmaps", "deployments/scale", "pods/resize", "pods/ephemeralcontainers"]})],
		[webhook({"resources": ["pods", "deployments", "pods/*"]}), webhook({"resources": ["configmaps", "deployments/*"]})],
		[webhook({"namespaceSelector": {"matchLabels": {"tier": "prod"}}}), namespace({"tier": "prod"})],
	] {
		fixture.outcome(enforced) == "pass" with input as under(list)
		said(under(list)) == {}
	}
}

test_missing if {
	every fields, deeds in {
		{"operations": ["CREATE", "UPDATE"]}: "DELETE of configmaps in payments, DELETE of deployments in payments, DELETE of pods in payments",
		{"resources": ["*"]}: "UPDATE of deployments/scale in payments, UPDATE of pods/ephemeralcontainers in payments, UPDATE of pods/resize in payments",
		{"failsClosed": false}: "CREATE of configmaps in payments, CREATE of deployments in payments, CREATE of pods in payments and 9 more",
	} {
		s := under([webhook(fields)])
		fixture.outcome(enforced) == "fail" with input as s
		said(s) == {["system"]: {sprintf("no webhook that fails closed is asked about %v", [deeds])}}
	}
}

test_missing_namespace if {
	s := under([webhook({"namespaceSelector": {"matchLabels": {"tier": "prod"}}}), namespace({})])
	said(s) == {["system"]: {"no webhook that fails closed is asked about CREATE of configmaps in payments, CREATE of deployments in payments, CREATE of pods in payments and 9 more"}}
}

test_missing_replicas if {
	said(under([webhook({"service": "a"})])) == {["system"]: {"webhook all is answered by 1 pod; 2 are asked for"}}
}

test_unknown if {
	doubts(under([])) == {["system"]: {"no admission webhook is declared here: whether there is one is seen on the cluster only"}}
	doubts(under([webhook({"namespaceSelector": {"matchLabels": {"tier": "prod"}}})])) == {["system"]: {"the labels of namespace payments are not declared here: whether a webhook selects it is not known"}}
	every fields in [{"service": null, "serviceNamespace": null}, {"serviceNamespace": "gate"}, {"service": "nobody"}] {
		doubts(under([webhook(fields)])) == {["system"]: {"how many pods answer webhook all is not seen here"}}
	}
}

test_unknown_replicas if {
	daemon := fixture.facts("workload", [{"kind": "DaemonSet", "namespace": "payments", "name": "engine-too", "podLabels": {"app": "engine"}, "replicas": null}])
	doubts(under([daemon, webhook({})])) == {["system"]: {"how many pods answer webhook all is not seen here"}}
}

test_undeclared if {
	fixture.outcome(enforced) == "pass" with input as fixture.undeclared([workloads, objects, service, webhook({})])
	fixture.outcome(enforced) == "unknown" with input as fixture.undeclared([])
	fixture.outcome(enforced) == "unknown" with input as fixture.undeclared([webhook({})])
}
