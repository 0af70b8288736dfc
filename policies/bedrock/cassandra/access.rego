# METADATA
# title: Roles and grants
# description: Roles of CQL files, what they are granted, and whose rights they have.
# custom:
#   reads:
#   - {format: cql}
#   emits: [principal, grant, membership]
package pocdr.bedrock.cassandra.access

import data.pocdr.bedrock.cassandra.order

principal(role) := concat("", ["cassandra:", role])

# roles[verb][name] has the positions of the statements about each role.
roles[s.verb][s.name] contains i if {
	some i, s in input.statements
	s.object == "role"
}

dropped(role) := object.get(roles, ["drop", role], set())

# says[role][option] has what is said of a role after it was last dropped, by position. A second creation changes nothing.
says[role][option][i] := value if {
	some role, i in born
	some option in ["superuser", "login"]
	value := input.statements[i].options[option]
	value != null
}

says[role][option][i] := value if {
	some role, all in roles.alter
	some i in order.since(all, dropped(role))
	some option in ["superuser", "login"]
	value := input.statements[i].options[option]
	value != null
}

# born has the statement that creates each role of the file that is not dropped.
born[role] := min(created) if {
	some role, all in roles.create
	created := order.since(all, dropped(role))
}

# superusers has the statement that makes each superuser one, whether or not this file creates the role.
superusers[role] := i if {
	some role, options in says
	i := order.latest(object.keys(options.superuser))
	options.superuser[i] == true
}

facts contains {
	"fact": "principal",
	"path": ["statements", i],
	"platform": "cassandra",
	"scope": null,
	"principal": principal(role),
	"superuser": role in object.keys(superusers),
	"active": active(role),
} if {
	some role, i in object.union(superusers, born)
}

# active(role) is what is said last of its login. A role that is created without a word of it has none.
active(role) := logins[order.latest(object.keys(logins))] if {
	logins := says[role].login
} else := object.get(born, role, null) == null

facts contains {
	"fact": "grant",
	"path": ["statements", i],
	"platform": "cassandra",
	"principal": principal(role),
	"effect": "allow",
	"actions": ["read", "write", "create", "alter", "delete", "administer"],
	"scope": null,
	"types": null,
	"names": null,
	"match": "exact",
	"excess": "superuser",
} if {
	some role, i in superusers
}

# means[type][permission] are the actions that a permission on a resource allows. Permissions that allow none of them are left out.
means["all-keyspaces"] := data_permissions

means.keyspace := data_permissions

means["all-tables"] := data_permissions

means.table := object.remove(data_permissions, ["CREATE"])

means["all-roles"] := role_permissions

means.role := object.remove(role_permissions, ["CREATE"])

means["all-mbeans"] := mbean_permissions

means.mbeans := mbean_permissions

means.mbean := mbean_permissions

data_permissions := {
	"SELECT": {"read"}, "MODIFY": {"write"}, "CREATE": {"create"}, "ALTER": {"alter"}, "DROP": {"delete"}, "AUTHORIZE": {"administer"},
}

# Who may alter a role may set its password, and so act as the role; who may authorise may grant it to himself.
role_permissions := {"CREATE": {"create"}, "ALTER": {"alter", "administer"}, "DROP": {"delete"}, "AUTHORIZE": {"administer"}}

# What is managed by MBeans is the cluster.
mbean_permissions := {"MODIFY": {"administer"}, "EXECUTE": {"administer"}, "AUTHORIZE": {"administer"}}

# permissions(s) are those of a statement, ALL written out.
permissions(s) := {p | some p, _ in means[s.resource.type]; count({p, "ALL"} & {q | some q in s.permissions}) > 0}

# revoked[role, resource, permission] has where a permission is taken away.
revoked[[s.role, s.resource, permission]] contains i if {
	some i, s in input.statements
	s.object == "permission"
	s.verb == "revoke"
	some permission in permissions(s)
}

# granted[i] are the permissions of a statement that stay until the end of the file.
granted[i] contains permission if {
	some i, s in input.statements
	s.object == "permission"
	s.verb == "grant"
	some permission in permissions(s)
	ends := (object.get(revoked, [[s.role, s.resource, permission]], set()) | dropped(s.role)) | gone(s.resource)
	i > order.latest(ends)
}

# gone(resource) has where a resource, or what it is in, is dropped: its grants go with it.
gone(resource) := dropped(resource.name) if {
	resource.type == "role"
} else := object.get(drops, [["table", resource.keyspace, resource.name]], set()) | object.get(drops, [["keyspace", resource.keyspace, resource.keyspace]], set())

drops[[s.object, s.keyspace, s.name]] contains i if {
	some i, s in input.statements
	s.verb == "drop"
	s.object in {"keyspace", "table"}
}

facts contains object.union(covers(s.resource), {
	"fact": "grant",
	"path": ["statements", i],
	"platform": "cassandra",
	"principal": principal(s.role),
	"effect": "allow",
	"actions": sort(actions),
	"scope": null,
	"excess": excess,
}) if {
	some i, list in granted
	s := input.statements[i]
	some excess in [null, "wildcard", "escalation"]
	actions := {action | some permission in list; some action in means[s.resource.type][permission]; exceeds(s.resource.type, permission) == excess}
	count(actions) > 0
}

# exceeds(type, permission) says why no plant should have a permission.
exceeds(type, permission) := "escalation" if {
	"administer" in means[type][permission]
	not type in {"keyspace", "all-tables", "table"}
} else := "wildcard" if {
	type in {"all-keyspaces", "all-roles"}
} else := null

# covers(resource) is what a grant is about. A table whose keyspace is not given may be any.
covers(resource) := {"types": ["store"], "names": [resource.keyspace], "match": "under"} if {
	resource.type in {"keyspace", "all-tables"}
} else := {"types": ["store"], "names": [concat("/", [resource.keyspace, resource.name])], "match": "exact"} if {
	resource.type == "table"
	resource.keyspace != null
} else := {"types": ["role"], "names": [resource.name], "match": "exact"} if {
	resource.type == "role"
} else := {"types": [wide[resource.type]], "names": null, "match": "exact"}

wide := {"all-keyspaces": "store", "table": "store", "all-roles": "role", "all-mbeans": "cluster", "mbeans": "cluster", "mbean": "cluster"}

facts contains {
	"fact": "membership",
	"path": ["statements", i],
	"platform": "cassandra",
	"member": principal(s.member),
	"role": principal(s.role),
	"revoked": s.verb == "revoke",
	"order": i,
} if {
	some i, s in input.statements
	s.object == "membership"
	i > order.latest(dropped(s.member) | dropped(s.role))
}
