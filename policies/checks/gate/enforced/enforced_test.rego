package pocdr.checks.gate.enforced_test

import data.pocdr.checks.gate.enforced
import data.pocdr.fixture

every_deed := {"operations": every_change, "groups": ["*"], "resources": ["*/*"], "failsClosed": true, "scopes": ["Cluster", "Namespaced"], "serviceNamespace": "payments", "service": "engine"}

webhook(fields) := fixture.facts("enforcer", [object.union_n([{"name": "all"}, every_deed, fields])])

workloads := fixture.facts("workload", [
	{"kind": "Deployment", "namespace": "payments", "name": "a", "podLabels": {"app": "a"}, "replicas": 1, "lasting": true},
])

objects := fixture.facts("object", [
	{"at": ["workload/a"], "kind": "Deployment", "group": "apps", "type": "apps/deployments", "namespace": "payments", "name": "a"},
	{"at": ["switch"], "kind": "ConfigMap", "type": "configmaps", "namespace": "payments", "name": "switch"},
])

answerer(replicas) := fixture.facts("answerer", [{"namespace": "payments", "name": "engine", "replicas": replicas}])

namespace(labels) := fixture.facts("namespace", [{"name": "payments", "labels": labels}])

spec := {"switch": {"ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "payments", "name": "switch"}}}

# narrow asks for little beside the system's own.
narrow := {"params": {"gate/enforced": {"resources": ["pods"], "cluster-resources": []}}}

under(list) := object.union(fixture.snapshot(spec, array.concat([workloads, objects], list)), narrow)

said(snapshot) := missing if {
	missing := enforced.missing with input as snapshot
	fixture.strays(enforced) == set() with input as snapshot
}

doubts(snapshot) := unknowns if {
	fixture.outcome(enforced) == "unknown" with input as snapshot
	unknowns := enforced.unknowns with input as snapshot
	said(snapshot) == {}
}

# webhooks has webhooks that two pods answer, and one more that is asked about namespaces alone.
webhooks(all) := array.concat([answerer(2), of_namespaces({})], [webhook(fields) | some fields in all])

of_namespaces(fields) := webhook(object.union({"name": "namespaces", "operations": ["UPDATE", "DELETE"], "groups": [""], "resources": ["namespaces"], "scopes": ["Cluster"]}, fields))

every_change := ["CREATE", "UPDATE", "DELETE"]

test_pass if {
	every list in [
		webhooks([{}]),
		webhooks([{"operations": ["*"], "resources": ["*", "*/scale", "pods/*"]}]),
		webhooks([
			{"groups": [""], "resources": ["pods", "configmaps", "pods/resize", "pods/ephemeralcontainers"]},
			{"groups": ["apps"], "resources": ["deployments", "deployments/scale"]},
		]),
		webhooks([{"resources": ["pods", "deployments", "pods/*"]}, {"resources": ["configmaps", "deployments/*"]}]),
		webhooks([{}, {"name": "narrow", "conditional": true}, {"name": "some", "objectSelector": {"matchLabels": {"a": "b"}}}]),
		array.concat(webhooks([{"namespaceSelector": {"matchLabels": {"tier": "prod"}}}]), [namespace({"tier": "prod"})]),
	] {
		fixture.outcome(enforced) == "pass" with input as under(list)
		said(under(list)) == {}
	}
}

lacking(deeds) := {["system"]: {sprintf("no webhook that fails closed, whatever the labels of an object, is asked about %v", [deeds])}}

everything := "CREATE of apps/deployments in payments, CREATE of configmaps in payments, CREATE of pods in payments and 9 more"

test_missing if {
	every fields, deeds in {
		{"operations": ["CREATE", "UPDATE"]}: "DELETE of apps/deployments in payments, DELETE of configmaps in payments, DELETE of pods in payments",
		{"resources": ["*"]}: "UPDATE of apps/deployments/scale in payments, UPDATE of pods/ephemeralcontainers in payments, UPDATE of pods/resize in payments",
		{"groups": ["", "extensions"]}: "CREATE of apps/deployments in payments, DELETE of apps/deployments in payments, UPDATE of apps/deployments in payments and 1 more",
		{"failsClosed": false}: everything,
		{"scopes": ["Cluster"]}: everything,
		{"objectSelector": {"matchLabels": {"a": "b"}}}: everything,
	} {
		s := under(webhooks([fields]))
		fixture.outcome(enforced) == "fail" with input as s
		said(s) == lacking(deeds)
	}
}

# What one rule says is nothing that another one says.
test_missing_between_rules if {
	said(under(webhooks([
		{"operations": ["CREATE"]},
		{"operations": every_change, "resources": ["pods", "pods/*", "configmaps"]},
	]))) == lacking("DELETE of apps/deployments in payments, UPDATE of apps/deployments in payments, UPDATE of apps/deployments/scale in payments")
}

test_missing_namespaces if {
	others := webhook({"scopes": ["Namespaced"]})
	said(under([answerer(2), others])) == lacking("DELETE of namespaces in payments, UPDATE of namespaces in payments")
	said(under([answerer(2), others, of_namespaces({"operations": ["UPDATE"]})])) == lacking("DELETE of namespaces in payments")
	said(under([answerer(2), others, of_namespaces({"namespaceSelector": {"matchLabels": {"tier": "prod"}}}), namespace({"tier": "test"})])) == lacking("DELETE of namespaces in payments, UPDATE of namespaces in payments")
	doubts(under([answerer(2), others, of_namespaces({"namespaceSelector": {"matchLabels": {"tier": "prod"}}})])) == {["system"]: {"the labels of namespace payments are not declared here: whether a webhook selects it is not known"}}
}

# What is declared in its namespaces, and what has no namespace.
test_missing_beside if {
	declared := fixture.facts("object", [
		{"at": ["a"], "type": "p/topics", "namespace": "payments", "bedrock": true},
		{"at": ["b"], "type": "p/logs", "namespace": "other", "bedrock": true},
		{"at": ["x"], "type": "q/xs", "namespace": "payments"},
		{"at": ["all"], "type": "r/bindings", "namespace": null, "bedrock": true},
	])
	every group, deeds in {
		"r": "CREATE of p/topics in payments, DELETE of p/topics in payments, UPDATE of p/topics in payments",
		"p": "CREATE of r/bindings, DELETE of r/bindings, UPDATE of r/bindings",
	} {
		said(under(array.concat(webhooks([{"groups": ["", "apps", group]}]), [declared]))) == lacking(deeds)
	}
	said(under(array.concat(webhooks([{"groups": ["", "apps", "p", "r"]}]), [declared]))) == {}
}

# Without a namespace, no selector of namespaces spares it.
test_missing_declarations if {
	asking([]) == lacking("CREATE of pocdr.dev/profiles, CREATE of pocdr.dev/systems in payments, DELETE of pocdr.dev/profiles and 3 more")
	asking(["pocdr.dev"]) == {}
}

asking(groups) := said(object.union(
	under(array.concat(webhooks([{"groups": ["", "apps"]}, {"groups": groups, "namespaceSelector": {"matchLabels": {"tier": "prod"}}}]), [namespace({"tier": "prod"})])),
	{"params": {"gate/enforced": {"resources": ["pods", "pocdr.dev/systems"], "cluster-resources": ["pocdr.dev/profiles"]}}},
))

selective := webhooks([{"namespaceSelector": {"matchLabels": {"tier": "prod"}}}])

test_missing_namespace if {
	said(under(array.concat(selective, [namespace({})]))) == lacking(everything)
	said(under(array.concat(selective, [namespace({}), namespace({"tier": "prod"})]))) == lacking(everything)
}

test_missing_replicas if {
	said(under([webhook({}), answerer(1)])) == {["system"]: {"webhook all is answered by 1 pod; 2 are asked for"}}
	said(under([webhook({}), answerer(2), answerer(1)])) == {["system"]: {"webhook all is answered by 1 pod; 2 are asked for"}}
}

test_unknown if {
	doubts(under([])) == {["system"]: {"no admission webhook is declared here: whether there is one is seen on the cluster only"}}
	doubts(under(selective)) == {["system"]: {"the labels of namespace payments are not declared here: whether a webhook selects it is not known"}}
	doubts(under(webhooks([{"conditional": true}]))) == {["system"]: {"webhook all has conditions, or is about some versions only: what that spares is not known"}}
}

test_unknown_replicas if {
	every list in [
		webhooks([{"service": null, "serviceNamespace": null}]),
		webhooks([{"serviceNamespace": "gate"}]),
		[webhook({})],
		[webhook({}), answerer(null)],
		[webhook({}), answerer(null), answerer(2)],
	] {
		doubts(under(list)) == {["system"]: {"how many pods answer webhook all is not seen here"}}
	}
}

test_undeclared if {
	fixture.outcome(enforced) == "pass" with input as fixture.undeclared(array.concat([workloads, objects], webhooks([{}])))
	fixture.outcome(enforced) == "unknown" with input as fixture.undeclared([])
	fixture.outcome(enforced) == "unknown" with input as json.remove(fixture.undeclared(webhooks([{}])), ["system/spec/namespaces"])
}
