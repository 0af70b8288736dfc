# METADATA
# title: Access to the cluster's API
# description: What bindings give to whom, and as whom that lets one act.
# custom:
#   joins: [role, binding, object, workload, credential, principal, mount, enforcer]
#   emits: [grant, obtains]
package pocdr.bedrock.kubernetes.access

import data.pocdr.bedrock.kubernetes.builtin
import data.pocdr.bedrock.kubernetes.names
import data.pocdr.lib.labels

facts contains {
	"fact": "grant",
	"at": place(entry.at, b.at),
	"platform": "kubernetes",
	"principal": principal,
	"effect": "allow",
	"actions": entry.actions,
	"scope": b.namespace,
	"types": entry.types,
	"names": entry.names,
	"match": "exact",
	"excess": worst(principal, excess),
} if {
	some b in bindings
	some [entry, excess] in granted[[role_of(b), b.namespace == null]]
	some principal in receivers(b)
}

facts contains {
	"fact": "obtains",
	"at": b.at,
	"from": from,
	"to": to,
	"how": how,
} if {
	some b in bindings
	some to, how in led[[role_of(b), b.namespace]]
	some from in receivers(b)
	from != to
}

# place is that of a rule. One that no document declares stands where it is given.
place(rule, binding) := binding if {
	rule == null
} else := rule

# One group is bound by nothing, whatever it is given.
worst(principal, excess) := "superuser" if {
	principal == "kubernetes:Group/system:masters"
} else := excess

# --- Bindings

bindings := [b | some b in input.facts.binding; b.platform == "kubernetes"]

role_of(b) := [b.roleNamespace, b.role]

# receivers(b) are the principals to whom a binding gives its role. A group of service accounts is there as itself, and as each that is known.
receivers(b) := {p | some p in b.principals} | {account |
	some p in b.principals
	some account in members(p)
}

members(p) := object.get(accounts, [[null, null]], set()) if p == "kubernetes:Group/system:serviceaccounts"

members(p) := object.get(accounts, [[namespace, null]], set()) if {
	startswith(p, "kubernetes:Group/system:serviceaccounts:")
	namespace := trim_prefix(p, "kubernetes:Group/system:serviceaccounts:")
}

# --- Roles

# all_roles are the declared ones, and those that every cluster has.
all_roles := array.concat(declared, [object.union(r, {"at": null, "namespace": null}) |
	some r in builtin.roles
	not [null, r.name] in declared_keys
])

declared := [r | some r in input.facts.role; r.platform == "kubernetes"]

declared_keys := {[r.namespace, r.name] | some r in declared}

# roles are by namespace (null for those of the whole cluster) and name.
roles := {key: its |
	some key in {[r.namespace, r.name] | some r in all_roles}
	its := [r | some r in all_roles; key = [r.namespace, r.name]]
}

# parts(key) are the roles whose own rules a role gives: itself, or those that it aggregates, and those that they do.
parts([namespace, name]) := object.get(roles, [[namespace, name]], []) if {
	namespace != null
} else := [r |
	some part in {name} | {part | some through in graph.reachable(taken, {name}); some part in taken[through]}
	some r in roles[[null, part]]
	r.aggregates == null
]

# taken has the names of the roles that a role aggregates, by its name.
taken := {r.name: names_taken(r) |
	some r in all_roles
	r.namespace == null
	r.aggregates != null
}

names_taken(r) := {part.name |
	some selector in r.aggregates
	some part in labelled[labels.handle(selector)]
	labels.selects(selector, part.labels)
}

# labelled has the cluster's roles under each label that they have.
labelled := {handle: its |
	some handle in {l.handle | some l in labellings}
	its := [l.role | some l in labellings; handle = l.handle]
}

labellings := [{"handle": handle, "role": {"name": r.name, "labels": r.labels}} |
	some r in all_roles
	r.namespace == null
	some handle in labels.handles(r.labels)
]

# --- Rules

# entries has what the rules of each role allow that is given to anybody.
entries := {key: its |
	some key in {role_of(b) | some b in bindings}
	its := [object.union(allowed, {"at": rule_place(r.at, i)}) |
		some r in parts(key)
		some i, rule in r.rules
		allowed := allows(rule)
	]
}

rule_place(role, i) := null if {
	role == null
} else := array.concat(role, ["rules", i])

# allows(rule) is what a rule allows; undefined where that is nothing. A rule is about resources, or about paths of the API server itself.
allows(rule) := {
	"actions": [action | some action in all_actions; action in gains(rule, verbs)],
	"types": types(rule),
	"names": named(rule.resourceNames),
	"wildcard": starred(rule),
	"ways": ways(rule, verbs),
} if {
	count(rule.resources) > 0
	count(rule.apiGroups) > 0
	verbs := effective(rule)
	count(gains(rule, verbs)) > 0
} else := {
	"actions": [action | some action in all_actions; action in gains(rule, verbs)],
	"types": ["nonResourceURLs"],
	"names": named([url | some url in rule.nonResourceURLs; not "*" in rule.nonResourceURLs]),
	"wildcard": boundless_urls(rule),
	"ways": set(),
} if {
	count(rule.nonResourceURLs) > 0
	verbs := {v | some v in rule.verbs}
	count(gains(rule, verbs)) > 0
}

named(list) := null if {
	count(list) == 0
} else := list

# effective(rule) are its verbs. Nothing is created by its name, and nothing taken away in bulk; but what is below a resource has its name.
effective(rule) := {v | some v in rule.verbs} if {
	not narrowed(rule)
} else := {v | some v, _ in lets; v != "*"} - unnamed if {
	"*" in rule.verbs
} else := {v | some v in rule.verbs} - unnamed

unnamed := {"create", "deletecollection"}

narrowed(rule) if {
	count(rule.resourceNames) > 0
	every resource in rule.resources {
		not contains(resource, "/")
		resource != "*"
	}
}

# gains(rule, verbs) are the actions that verbs let one do; a verb that is not known is some operator's own.
gains(rule, verbs) := {"read"} if {
	asks(rule)
	verbs == {"create"}
} else := {action | some v in verbs; some action in lets[v]} | {"administer" |
	"serviceaccounts/token" in rule.resources
	"create" in verbs
}

# asks(rule) holds for a rule that is about questions only, which are put by creating them, and are kept nowhere.
asks(rule) if {
	every group in rule.apiGroups {
		group in {"authentication.k8s.io", "authorization.k8s.io"}
	}
	every resource in rule.resources {
		endswith(resource, "reviews")
	}
}

all_actions := ["read", "write", "create", "alter", "delete", "administer"]

lets := {
	"get": {"read"}, "list": {"read"}, "watch": {"read"},
	"create": {"write", "create"}, "update": {"write", "alter"}, "patch": {"write", "alter"},
	"delete": {"write", "delete"}, "deletecollection": {"write", "delete"},
	"impersonate": {"administer"}, "bind": {"administer"}, "escalate": {"administer"}, "approve": {"administer"}, "sign": {"administer"},
	"*": {action | some action in all_actions},
}

# types(rule) are those that a rule is about, with those that its wildcards cover; null for all.
types(rule) := null if {
	"*" in rule.apiGroups
	"*" in rule.resources
} else := sort({type |
	some group in rule.apiGroups
	some resource in rule.resources
	some type in {names.typed(group, resource)} | covered(group, resource)
})

covered(group, resource) := object.get(types_by, [[group, "*"]], set()) if {
	resource == "*"
} else := {resource} | object.get(types_by, [["*", resource]], set()) if {
	group == "*"
} else := set()

# types_by has the known types under what covers them: all of their group, and all of their plural.
types_by := {pattern: its |
	some pattern in {c.by | some c in coverings}
	its := {c.type | some c in coverings; pattern = c.by}
}

coverings := [{"by": pattern, "type": type} |
	some [group, plural, type] in known_types
	some pattern in [[group, "*"], ["*", plural]]
]

known_types contains [group, plural, names.typed(group, plural)] if {
	some group, plurals in builtin.types
	some plural in plurals
}

known_types contains [group, trim_prefix(type, concat("", [group, "/"])), type] if some [group, type] in declared_types

declared_types := {[o.group, o.type] | some o in input.facts.object; o.platform == "kubernetes"}

starred(rule) if {
	some part in ["apiGroups", "resources", "verbs"]
	some entry in rule[part]
	startswith(entry, "*")
} else := false

boundless_urls(rule) if {
	"*" in rule.nonResourceURLs
	"*" in rule.verbs
} else := false

# granted has what each role gives in all of the cluster, and what in one namespace: entries, each with why no plant should be given it.
granted := {[role, wide]: its |
	some [role, wide] in {[role_of(b), b.namespace == null] | some b in bindings}
	its := [[entry, excess(entry, wide)] | some entry in entries[role]]
}

excess(entry, wide) := "superuser" if {
	wide
	some way in entry.ways
	way.by == "does anything"
	way.names == null
} else := "wildcard" if {
	entry.wildcard
} else := "escalation" if {
	some way in entry.ways
	opens(way, wide)
	not few(way)
} else := null

# few holds for a way to the holders of some named secrets only.
few(way) if {
	way.by == "reads secrets"
	way.names != null
}

# --- Ways to more

# doors are what lets one act as others. Those that are of the whole cluster are closed to who was given a role in one namespace. To change
# what starts pods is as good as to start them: with another identity, and other secrets to mount.
doors := [
	{"by": "does anything", "wide": true, "group": "*", "resources": {"*"}, "verbs": {"*"}},
	{"by": "reads secrets", "wide": false, "group": "", "resources": {"secrets"}, "verbs": {"get", "list", "watch"}},
	{"by": "starts pods", "wide": false, "group": "", "resources": {"pods"}, "verbs": {"create"}},
	{"by": "starts pods", "wide": false, "group": "", "resources": {"replicationcontrollers"}, "verbs": {"create", "update", "patch"}},
	{"by": "starts pods", "wide": false, "group": "apps", "resources": {"daemonsets", "deployments", "replicasets", "statefulsets"}, "verbs": {"create", "update", "patch"}},
	{"by": "starts pods", "wide": false, "group": "batch", "resources": {"cronjobs", "jobs"}, "verbs": {"create", "update", "patch"}},
	{"by": "enters pods", "wide": false, "group": "", "resources": {"pods/attach", "pods/exec"}, "verbs": {"create", "get"}},
	{"by": "enters pods", "wide": false, "group": "", "resources": {"pods", "pods/ephemeralcontainers"}, "verbs": {"update", "patch"}},
	{"by": "takes tokens", "wide": false, "group": "", "resources": {"serviceaccounts/token"}, "verbs": {"create"}},
	{"by": "impersonates service accounts", "wide": false, "group": "", "resources": {"serviceaccounts"}, "verbs": {"impersonate"}},
	{"by": "impersonates users", "wide": true, "group": "", "resources": {"users"}, "verbs": {"impersonate"}},
	{"by": "impersonates groups", "wide": true, "group": "", "resources": {"groups"}, "verbs": {"impersonate"}},
	{"by": "takes rights", "wide": false, "group": "rbac.authorization.k8s.io", "resources": {"clusterroles", "roles"}, "verbs": {"bind", "escalate"}},
	{"by": "commands nodes", "wide": true, "group": "", "resources": {"nodes/proxy"}, "verbs": {"create", "get"}},
	{"by": "signs certificates", "wide": true, "group": "certificates.k8s.io", "resources": {"signers"}, "verbs": {"approve", "sign"}},
	{"by": "changes admission", "wide": true, "group": "admissionregistration.k8s.io", "resources": {"mutatingwebhookconfigurations", "validatingwebhookconfigurations"}, "verbs": {"create", "update", "patch"}},
]

# keys are, for each door, what a rule says that opens it.
keys := [{
	"way": object.filter(door, ["by", "wide"]),
	"groups": {door.group, "*"},
	"resources": door.resources | {"*"} | {concat("/", ["*", split(r, "/")[1]]) | some r in door.resources; contains(r, "/")},
	"verbs": door.verbs | {"*"},
} |
	some door in doors
]

# ways(rule, verbs) are those that a rule opens.
ways(rule, verbs) := {object.union(key.way, {"names": named(rule.resourceNames)}) |
	some key in keys
	some resource in rule.resources
	resource in key.resources
	some group in rule.apiGroups
	group in key.groups
	some verb in verbs
	verb in key.verbs
}

# led has where the ways lead that a role opens, in all of the cluster (null) or in one namespace: to whom, and by what.
led := {[role, namespace]: ends(leading, namespace) |
	some [role, namespace] in {[role_of(b), b.namespace] | some b in bindings}
	leading := [{"by": way.by, "to": targets(way, namespace)} | some way in opened(role, namespace)]
}

# Who can act as anybody needs no list of whom.
ends(leading, namespace) := {to: how |
	some to in foremost({to | some l in leading; some to in l.to})
	how := concat(" in ", [by({l.by | some l in leading; to in l.to}), where(namespace)])
}

opened(role, namespace) := {way |
	some entry in entries[role]
	some way in entry.ways
	opens(way, namespace == null)
}

opens(way, wide) if not shut(way, wide)

shut(way, wide) if {
	way.wide
	not wide
}

foremost(all) := {"kubernetes:*"} if {
	"kubernetes:*" in all
} else := all

by(means) := "does anything" if {
	"does anything" in means
} else := concat(", ", means)

where(namespace) := "every namespace" if {
	namespace == null
} else := concat(" ", ["namespace", namespace])

# targets(way, namespace) are those as whom a way lets one act; nobody that is known, where it is empty.
targets(way, namespace) := {"kubernetes:*"} if {
	namespace == null
	leads_anywhere(way)
} else := {p | some name in wanted(way); some p in secret_holders[[namespace, name]]} if {
	way.by == "reads secrets"
} else := {p | some by in [accounts, secret_holders]; some p in by[[namespace, null]]} if {
	way.by in {"starts pods", "takes rights"}
} else := object.get(actors, namespace, set()) if {
	way.by == "enters pods"
} else := {p | some name in wanted(way); some p in accounts[[namespace, name]]} if {
	way.by in {"takes tokens", "impersonates service accounts"}
} else := {p | some name in way.names; p := names.user(name); p in known} if {
	way.by == "impersonates users"
} else := {p | some name in way.names; p := names.users(name); p in known} if {
	way.by == "impersonates groups"
} else := set()

wanted(way) := [null] if {
	way.names == null
} else := way.names

leads_anywhere(way) if way.by in {"starts pods", "enters pods", "takes rights"}

leads_anywhere(way) if {
	way.by in {"does anything", "takes tokens", "impersonates service accounts", "impersonates users", "impersonates groups"}
	way.names == null
}

leads_anywhere(way) if {
	way.by == "impersonates groups"
	"system:masters" in way.names
}

# --- Who there is

# known are the principals that anything names.
known := {p.principal | some kind in ["principal", "workload", "credential"]; some p in input.facts[kind]} | {p |
	some b in bindings
	some p in b.principals
} | {p |
	some e in input.facts.enforcer
	some p in e.spares
}

# accounts has the service accounts by namespace and name; null for any.
accounts := {key: its |
	some key in {a.key | some a in namings}
	its := {a.principal | some a in namings; key = a.key}
}

namings := [{"key": key, "principal": p} |
	some p in known
	[kind, namespace, name] := split(p, "/")
	kind == "kubernetes:ServiceAccount"
	some key in [[namespace, name], [namespace, null], [null, name], [null, null]]
]

# secret_holders has whom the holder of a secret can act as, by namespace and name of the secret; null for any.
secret_holders := {key: its |
	some key in {h.key | some h in holdings}
	its := {h.principal | some h in holdings; key = h.key}
}

holdings := [{"key": key, "principal": c.principal} |
	some c in input.facts.credential
	some key in [[c.namespace, c.secret], [c.namespace, null], [null, c.secret], [null, null]]
]

# actors has those as whom a namespace's pods act: their identities, and those whose credentials they mount.
actors := {namespace: its |
	some namespace in {a[0] | some a in actings}
	its := {a[1] | some a in actings; namespace = a[0]}
}

actings := {[w.namespace, w.principal] | some w in input.facts.workload} | {[m.namespace, p] |
	some m in input.facts.mount
	m.what == "secret"
	some p in secret_holders[[m.namespace, m.name]]
}
