package pocdr.bedrock.kubernetes.access_test

import data.pocdr.bedrock.kubernetes.access
import data.pocdr.fixture

# joined has the facts that come of groups of facts.
joined(list) := all if all := access.facts with input as {"facts": object.union(data.defaults.facts, fixture.merged(list))}

grants(list) := [f | some f in joined(list); f.fact == "grant"]

obtains(list) := {[f.from, f.to, f.how] | some f in joined(list); f.fact == "obtains"}

rule(parts) := object.union({"apiGroups": [], "resources": [], "resourceNames": [], "nonResourceURLs": [], "verbs": []}, parts)

core(resources, verbs) := rule({"apiGroups": [""], "resources": resources, "verbs": verbs})

role(fields) := fixture.facts("role", [object.union({"platform": "kubernetes"}, fields)])

binding(fields) := fixture.facts("binding", [object.union({"platform": "kubernetes"}, fields)])

# ruled are the facts by which jane may do what rules allow in a namespace; null for all of them.
ruled(namespace, rules) := [
	role({"name": "r", "rules": rules}),
	binding({"name": "b", "namespace": namespace, "role": "r", "principals": [jane]}),
]

jane := "kubernetes:User/jane"

account(name) := concat("", ["kubernetes:ServiceAccount/", name])

# --- Grants

test_grant if {
	joined([
		role({"name": "r", "namespace": "payments", "rules": [core(["configmaps"], ["get", "update"])]}),
		binding({"name": "b", "namespace": "payments", "roleNamespace": "payments", "role": "r", "principals": [jane]}),
		binding({"platform": "other", "role": "r", "principals": [jane]}),
	]) == {{
		"fact": "grant", "at": ["role/r", "rules", 0], "platform": "kubernetes", "principal": jane, "effect": "allow", "actions": ["read", "write", "alter"],
		"scope": "payments", "types": ["configmaps"], "names": null, "match": "exact", "excess": null,
	}}
}

test_nobody_bound if joined([role({"name": "r", "rules": [core(["pods"], ["*"])]})]) == set()

test_role_that_nothing_declares if joined([binding({"name": "b", "role": "x", "principals": [jane]})]) == set()

test_roles_of_one_name if {
	found := grants([
		role({"name": "r", "namespace": "other", "rules": [core(["secrets"], ["get"])]}),
		role({"name": "r", "namespace": "payments", "rules": [core(["pods"], ["get"])]}),
		binding({"name": "b", "namespace": "payments", "roleNamespace": "payments", "role": "r", "principals": [jane]}),
	])
	[g.types | some g in found] == [["pods"]]
}

test_actions if {
	every expected, verbs in {
		["read"]: ["get", "list", "watch"],
		["write", "create"]: ["create"],
		["write", "alter"]: ["patch"],
		["write", "delete"]: ["deletecollection"],
		["administer"]: ["approve"],
		["read", "write", "create", "alter", "delete", "administer"]: ["*"],
	} {
		[g.actions | some g in grants(ruled("payments", [core(["services"], verbs)]))] == [expected]
	}
	grants(ruled("payments", [core(["services"], ["use"]), core([], ["get"]), core(["pods"], []), rule({"resources": ["pods"], "verbs": ["get"]})])) == []
}

# Nothing is created by its name.
# To ask whether one may is no change.
test_questions if {
	asking := rule({"apiGroups": ["authorization.k8s.io"], "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], "verbs": ["create"]})
	[g.actions | some g in grants(ruled("payments", [asking]))] == [["read"]]
	[g.actions | some g in grants(ruled("payments", [object.union(asking, {"verbs": ["*"]})]))] != [["read"]]
	[g.actions | some g in grants(ruled("payments", [object.union(asking, {"resources": ["selfsubjectaccessreviews", "x"]})]))] == [["write", "create"]]
	[g.actions | some g in grants(ruled("payments", [object.union(asking, {"apiGroups": ["other.example"]})]))] == [["write", "create"]]
}

test_names if {
	every expected, r in {
		["read"]: of_x(["configmaps"], ["get", "create"]),
		["read", "write", "alter", "delete", "administer"]: of_x(["configmaps"], ["*"]),
		["write", "create"]: of_x(["pods/eviction"], ["create"]),
		["write", "create", "administer"]: of_x(["serviceaccounts/token"], ["create"]),
	} {
		[[g.actions, g.names] | some g in grants(ruled("payments", [r]))] == [[expected, ["x"]]]
	}
	grants(ruled("payments", [of_x(["configmaps"], ["create"])])) == []
}

of_x(resources, verbs) := object.union(core(resources, verbs), {"resourceNames": ["x"]})

test_types if {
	declared := fixture.facts("object", [
		{"platform": "kubernetes", "group": "kafka.strimzi.io", "kind": "KafkaUser", "type": "kafka.strimzi.io/kafkausers"},
		{"platform": "kubernetes", "group": "", "kind": "Node", "type": "nodes"},
		{"platform": "other", "group": "", "kind": "Row", "type": "rows"},
	])
	every case in [
		[[""], ["pods", "pods/exec"], ["pods", "pods/exec"]],
		[["apps", "batch"], ["jobs"], ["apps/jobs", "batch/jobs"]],
		[["kafka.strimzi.io"], ["*"], ["kafka.strimzi.io/*", "kafka.strimzi.io/kafkausers"]],
		[["*"], ["kafkausers"], ["*/kafkausers", "kafka.strimzi.io/kafkausers", "kafkausers"]],
		[["apps"], ["*/scale"], ["apps/*/scale"]],
		[["unheard.of"], ["*"], ["unheard.of/*"]],
		[["*"], ["*"], null],
	] {
		[groups, resources, expected] := case
		[g.types | some g in grants(array.concat(ruled("payments", [rule({"apiGroups": groups, "resources": resources, "verbs": ["get"]})]), [declared]))] == [expected]
	}
	[[_, types]] := [[g.excess, g.types] | some g in grants(array.concat(ruled("payments", [core(["*"], ["get"])]), [declared]))]
	every type in ["*", "secrets", "configmaps", "nodes"] {
		type in types
	}
	not "rows" in types
}

test_urls if {
	every case in [
		[["/metrics"], ["get"], ["/metrics"], null],
		[["/metrics"], ["*"], ["/metrics"], null],
		[["*"], ["get"], null, null],
		[["*"], ["*"], null, "wildcard"],
	] {
		[urls, verbs, names, excess] := case
		[[g.types, g.names, g.excess] | some g in grants(ruled(null, [rule({"nonResourceURLs": urls, "verbs": verbs})]))] == [[["nonResourceURLs"], names, excess]]
	}
}

test_excess if {
	everything := rule({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]})
	every case in [
		[null, everything, "superuser"],
		["payments", everything, "wildcard"],
		[null, object.union(everything, {"resourceNames": ["x"]}), "wildcard"],
		["payments", core(["configmaps"], ["*"]), "wildcard"],
		["payments", core(["*/status"], ["get"]), "wildcard"],
		["payments", core(["pods"], ["create"]), "escalation"],
		["payments", core(["pods/exec"], ["create"]), "escalation"],
		["payments", core(["secrets"], ["list"]), "escalation"],
		["payments", of_x(["secrets"], ["get"]), null],
		["payments", of_x(["serviceaccounts/token"], ["create"]), "escalation"],
		["payments", rule({"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"]}), "escalation"],
		["payments", rule({"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "verbs": ["escalate"]}), "escalation"],
		["payments", core(["users"], ["impersonate"]), null],
		[null, core(["users"], ["impersonate"]), "escalation"],
		[null, core(["nodes/proxy"], ["get"]), "escalation"],
		[null, rule({"apiGroups": ["certificates.k8s.io"], "resources": ["signers"], "verbs": ["approve"]}), "escalation"],
		["payments", core(["pods"], ["get", "delete"]), null],
	] {
		[namespace, r, expected] := case
		[g.excess | some g in grants(ruled(namespace, [r]))] == [expected]
	}
}

test_masters if {
	[g.excess | some g in grants([
		role({"name": "r", "rules": [core(["pods"], ["get"])]}),
		binding({"name": "b", "role": "r", "principals": ["kubernetes:Group/system:masters"]}),
	])] == ["superuser"]
}

# --- Roles that every cluster has

given(name) := binding({"name": "b", "namespace": "payments", "role": name, "principals": [jane]})

test_cluster_admin if {
	{[g.at, g.types, g.excess] | some g in grants([binding({"name": "b", "role": "cluster-admin", "principals": [jane]})])} == {
		[["binding/b"], null, "superuser"],
		[["binding/b"], ["nonResourceURLs"], "wildcard"],
	}
}

test_for_people if {
	view := {[type, action] | some g in grants([given("view")]); some type in g.types; some action in g.actions}
	edit := {[type, action] | some g in grants([given("edit")]); some type in g.types; some action in g.actions}
	admin := {[type, action] | some g in grants([given("admin")]); some type in g.types; some action in g.actions}
	["configmaps", "read"] in view
	not ["secrets", "read"] in view
	not ["configmaps", "alter"] in view
	["secrets", "read"] in edit
	["serviceaccounts", "administer"] in edit
	count(view - edit) == 0
	not ["rbac.authorization.k8s.io/roles", "alter"] in edit
	["rbac.authorization.k8s.io/roles", "alter"] in admin
	count(edit - admin) == 0
}

test_declared_ones_come_first if {
	[g.types | some g in grants([role({"name": "view", "rules": [core(["events"], ["get"])]}), given("view")])] == [["events"]]
}

# What is labelled so joins the roles that every cluster has; what those aggregate is aggregated through them.
test_aggregation if {
	labelled := role({"name": "kafka-view", "labels": {"rbac.authorization.k8s.io/aggregate-to-view": "true"}, "rules": [rule({"apiGroups": ["kafka.strimzi.io"], "resources": ["kafkas"], "verbs": ["get"]})]})
	every name in ["view", "edit", "admin"] {
		some g in grants([labelled, given(name)])
		g.at == ["role/kafka-view", "rules", 0]
	}
}

test_aggregates_instead_of_its_own if {
	found := grants([
		fixture.facts("role", [
			{"platform": "kubernetes", "name": "all", "labels": {"part": "x"}, "aggregates": [{"matchLabels": {"part": "x"}}, {"matchExpressions": [{"key": "other", "operator": "Exists"}]}], "rules": [core(["nodes"], ["get"])]},
			{"platform": "kubernetes", "name": "x", "labels": {"part": "x"}, "rules": [core(["pods"], ["get"])]},
			{"platform": "kubernetes", "name": "y", "labels": {"other": "y"}, "rules": [core(["events"], ["get"])]},
			{"platform": "kubernetes", "name": "x", "namespace": "payments", "labels": {"part": "x"}, "rules": [core(["secrets"], ["get"])]},
		]),
		given("all"),
	])
	{g.types | some g in found} == {["pods"], ["events"]}
}

# --- Groups of service accounts

accounts := fixture.facts("principal", [
	{"platform": "kubernetes", "name": "a", "scope": "payments", "principal": account("payments/a")},
	{"platform": "kubernetes", "name": "b", "scope": "other", "principal": account("other/b")},
])

to_group(group) := {g.principal |
	some g in grants([accounts, role({"name": "r", "rules": [core(["pods"], ["get"])]}), binding({"name": "b", "role": "r", "principals": [group]})])
}

test_groups_of_accounts if {
	all := "kubernetes:Group/system:serviceaccounts"
	to_group(all) == {all, account("payments/a"), account("other/b")}
	some_of := "kubernetes:Group/system:serviceaccounts:payments"
	to_group(some_of) == {some_of, account("payments/a")}
	none := "kubernetes:Group/system:serviceaccounts:empty"
	to_group(none) == {none}
	to_group("kubernetes:*") == {"kubernetes:*"}
}

# --- Ways to others

# people are two namespaces with a workload each, whose secret is that of a user of some log.
people := [
	accounts,
	fixture.facts("workload", [
		{"kind": "Deployment", "name": "a", "namespace": "payments", "principal": account("payments/a")},
		{"kind": "Deployment", "name": "b", "namespace": "other", "principal": account("other/b")},
	]),
	fixture.facts("mount", [
		{"workloadKind": "Deployment", "namespace": "payments", "workload": "a", "what": "secret", "name": "held"},
		{"workloadKind": "Deployment", "namespace": "payments", "workload": "a", "what": "config", "name": "spare"},
	]),
	fixture.facts("credential", [
		{"namespace": "payments", "secret": "held", "principal": "kafka:held"},
		{"namespace": "payments", "secret": "spare", "principal": "kafka:spare"},
		{"namespace": "other", "secret": "held", "principal": "kafka:other"},
	]),
]

# reached has to whom rules lead jane in a namespace, and how.
reached(namespace, rules) := {[to, how] | some [from, to, how] in obtains(array.concat(people, ruled(namespace, rules))); from == jane}

to(namespace, rules) := {p | some [p, _] in reached(namespace, rules)}

here := {account("payments/a"), "kafka:held", "kafka:spare"}

test_obtains if {
	some f in joined(array.concat(people, ruled("payments", [of_x(["secrets"], ["get"]), object.union(core(["secrets"], ["get"]), {"resourceNames": ["spare"]})])))
	f == {"fact": "obtains", "at": ["binding/b"], "from": jane, "to": "kafka:spare", "how": "reads secrets in namespace payments"}
}

test_reads_secrets if {
	to("payments", [core(["secrets"], ["watch"])]) == {"kafka:held", "kafka:spare"}
	to("payments", [of_x(["secrets"], ["get"])]) == set()
	to("empty", [core(["secrets"], ["get"])]) == set()
	to(null, [core(["secrets"], ["get"])]) == {"kafka:held", "kafka:spare", "kafka:other"}
	to(null, [object.union(core(["secrets"], ["get"]), {"resourceNames": ["held"]})]) == {"kafka:held", "kafka:other"}
	to("payments", [core(["secrets"], ["create", "update"])]) == set()
}

test_starts_pods if {
	to("payments", [core(["pods"], ["create"])]) == here
	to("payments", [rule({"apiGroups": ["apps"], "resources": ["statefulsets"], "verbs": ["update"]})]) == here
	to("payments", [rule({"apiGroups": ["*"], "resources": ["cronjobs"], "verbs": ["create"]})]) == here
	to("payments", [rule({"apiGroups": ["apps"], "resources": ["statefulsets"], "verbs": ["delete"]})]) == set()
	to("payments", [rule({"apiGroups": ["other.io"], "resources": ["statefulsets"], "verbs": ["create"]})]) == set()
	to(null, [core(["pods"], ["create"])]) == {"kubernetes:*"}
}

test_enters_pods if {
	every r in [core(["pods/exec"], ["create"]), core(["*/attach"], ["create"]), core(["pods/ephemeralcontainers"], ["patch"]), core(["pods"], ["update"])] {
		to("payments", [r]) == {account("payments/a"), "kafka:held"}
	}
	to("empty", [core(["pods/exec"], ["create"])]) == set()
	to(null, [core(["pods/exec"], ["create"])]) == {"kubernetes:*"}
}

test_takes_tokens if {
	tokens := core(["serviceaccounts/token"], ["create"])
	to("payments", [tokens]) == {account("payments/a")}
	to("payments", [object.union(tokens, {"resourceNames": ["b"]})]) == set()
	to(null, [object.union(tokens, {"resourceNames": ["b"]})]) == {account("other/b")}
	to(null, [tokens]) == {"kubernetes:*"}
}

test_impersonates if {
	to("payments", [core(["serviceaccounts"], ["impersonate"])]) == {account("payments/a")}
	to(null, [acting_as("serviceaccounts", [])]) == {"kubernetes:*"}
	to(null, [acting_as("users", [])]) == {"kubernetes:*"}
	to(null, [acting_as("users", ["system:serviceaccount:other:b", "nobody"])]) == {account("other/b")}
	to("payments", [acting_as("users", [])]) == set()
	to(null, [acting_as("groups", [])]) == {"kubernetes:*"}
	to(null, [acting_as("groups", ["system:masters"])]) == {"kubernetes:*"}
	to(null, [acting_as("groups", ["nobodies"])]) == set()
}

# Whom a webhook spares is somebody, though nothing is given to that one.
test_impersonates_the_spared if {
	past := fixture.facts("enforcer", [{"spares": ["kubernetes:User/root", "kubernetes:Group/glass"]}])
	{f.to | some f in joined(array.concat(ruled(null, [acting_as("users", ["root"]), acting_as("groups", ["glass", "root"])]), [past])); f.fact == "obtains"} == {"kubernetes:User/root", "kubernetes:Group/glass"}
}

acting_as(resource, names) := object.union(core([resource], ["impersonate"]), {"resourceNames": names})

test_takes_rights if {
	rights := rule({"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"], "verbs": ["bind"]})
	to("payments", [rights]) == here
	to(null, [rights]) == {"kubernetes:*"}
}

# What only puts others in danger leads to nobody.
test_other_escalations if {
	to(null, [core(["nodes/proxy"], ["create"]), rule({"apiGroups": ["admissionregistration.k8s.io"], "resources": ["mutatingwebhookconfigurations"], "verbs": ["patch"]})]) == set()
}

test_how if {
	everything := rule({"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]})
	reached(null, [everything]) == {["kubernetes:*", "does anything in every namespace"]}
	reached(null, [core(["pods", "pods/exec"], ["create"])]) == {["kubernetes:*", "enters pods, starts pods in every namespace"]}
	to("payments", [everything]) == here
	["kafka:spare", "reads secrets, starts pods, takes rights in namespace payments"] in reached("payments", [everything])
}

test_everybody if {
	found := obtains(array.concat(people, [role({"name": "r", "rules": [core(["secrets"], ["get"])]}), binding({"name": "b", "namespace": "other", "role": "r", "principals": ["kubernetes:*"]})]))
	found == {["kubernetes:*", "kafka:other", "reads secrets in namespace other"]}
}

test_not_to_oneself if {
	found := obtains(array.concat(people, [role({"name": "r", "rules": [core(["pods"], ["create"])]}), binding({"name": "b", "namespace": "other", "role": "r", "principals": [account("other/b")]})]))
	{p | some [_, p, _] in found} == {"kafka:other"}
}
