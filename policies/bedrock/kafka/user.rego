# METADATA
# title: Users
# description: Users that the Strimzi user operator keeps - the Secret by which they prove who they are, their access rules and their quotas.
# custom:
#   reads:
#   - {format: kubernetes, group: kafka.strimzi.io, kinds: [KafkaUser]}
#   emits: [principal, credential, grant, quota]
package pocdr.bedrock.kafka.user

import data.pocdr.bedrock.kafka.settings

scope := settings.scope(input)

principal := concat("", ["kafka:", input.metadata.name])

facts contains {
	"fact": "principal",
	"path": ["metadata", "name"],
	"platform": "kafka",
	"scope": scope,
	"principal": principal,
	"superuser": false,
	"active": true,
}

authentication := object.get(input, ["spec", "authentication"], {})

# secrets lead to the names of those whose holder is the user: the one that the operator makes, and the one from which it takes a password.
secrets[["spec", "authentication"]] := input.metadata.name if authentication.type in {"tls", "scram-sha-512"}

secrets[["spec", "authentication", "password"]] := name if {
	authentication.type == "scram-sha-512"
	name := authentication.password.valueFrom.secretKeyRef.name
	is_string(name)
}

facts contains {
	"fact": "credential",
	"path": path,
	"namespace": input.metadata.namespace,
	"secret": secret,
	"principal": principal,
} if {
	some path, secret in secrets
}

# acls are the rules, by position. The operator refuses one without a name, unless it is about the cluster.
acls[i] := {"effect": effect(rule), "about": rule.resource.type, "names": names(rule.resource), "match": match(rule.resource), "operations": operations(rule)} if {
	some i, rule in input.spec.authorization.acls
	types[rule.resource.type]
	not spares(rule)
}

effect(rule) := "deny" if {
	rule.type == "deny"
} else := "allow"

# spares(rule) holds where a rule denies from some hosts only: others are not denied.
spares(rule) if {
	rule.type == "deny"
	not object.get(rule, "host", "*") in {"*", null}
}

# operations(rule) are those that are listed, or the one of older versions; both as a set.
operations(rule) := {o | some o in rule.operations} | {o | o := rule.operation}

names(resource) := null if {
	resource.type == "cluster"
} else := null if {
	[resource.name, match(resource)] in {["*", "exact"], ["", "prefix"]}
} else := [resource.name] if {
	is_string(resource.name)
}

match(resource) := "prefix" if {
	resource.patternType == "prefix"
} else := "exact"

types := {"topic": "log", "group": "group", "transactionalId": "transaction", "cluster": "cluster"}

# gives[type][action] are the operations that each let a user do the action. Describing gives none of them.
gives.topic := object.union(content, {"write": {"Write", "Delete"}}) # Delete takes away records too

gives.group := content

gives.transactionalId := content

gives.cluster := object.union(content, {"administer": {"Alter", "AlterConfigs", "ClusterAction"}}) # access rules, brokers' trust, and what brokers do

content := {"read": {"Read"}, "write": {"Write"}, "create": {"Create"}, "alter": {"Alter", "AlterConfigs"}, "delete": {"Delete"}}

# used[type] are the operations on a type that any rule allows.
used[about] contains operation if {
	some acl in acls
	acl.effect == "allow"
	about := acl.about
	some action, _ in gives[about]
	some operation in meant(acl, action)
}

# meant(acl, action) are the operations of a rule that bear on an action.
meant(acl, action) := gives[acl.about][action] if "All" in acl.operations

meant(acl, action) := gives[acl.about][action] & acl.operations if not "All" in acl.operations

# does(acl, action) holds where a rule allows an action, or denies all operations by which the user could do it.
does(acl, action) if {
	acl.effect == "allow"
	count(meant(acl, action)) > 0
}

does(acl, action) if {
	acl.effect == "deny"
	count(meant(acl, action)) > 0
	count((object.get(used, acl.about, set()) & gives[acl.about][action]) - meant(acl, action)) == 0
}

grants[i] contains {"actions": actions, "types": [types[acl.about]], "names": acl.names, "match": acl.match, "effect": acl.effect, "excess": excess(acl, actions)} if {
	some i, acl in acls
	actions := [action | some action, _ in gives[acl.about]; does(acl, action)]
	count(actions) > 0
}

# Who may create in the cluster may create any topic.
grants[i] contains {"actions": ["create"], "types": ["log"], "names": null, "match": "exact", "effect": "allow", "excess": "wildcard"} if {
	some i, acl in acls
	acl.about == "cluster"
	acl.effect == "allow"
	does(acl, "create")
}

excess(acl, actions) := null if {
	acl.effect == "deny"
} else := "escalation" if {
	"administer" in actions
} else := "wildcard" if {
	acl.about != "cluster"
	acl.names == null
} else := null

facts contains object.union(grant, {
	"fact": "grant",
	"path": ["spec", "authorization", "acls", i],
	"platform": "kafka",
	"principal": principal,
	"scope": scope,
}) if {
	some i, list in grants
	some grant in list
}

limits := settings.limits(input.spec.quotas)

facts contains {
	"fact": "quota",
	"path": ["spec", "quotas"],
	"platform": "kafka",
	"scope": scope,
	"principal": principal,
	"namespace": null,
	"limits": limits,
} if {
	count(limits) > 0
}
