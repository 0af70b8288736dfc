# Who may do what. Principals are text, platform:name. A resource is {platform, scope, type, name}; a scope that is null is any.
package pocdr.lib.access

import data.pocdr.lib.system

# grants_by has the grants that each principal has of itself.
grants_by[g.principal] contains g if some g in input.facts.grant

# ways are the direct ways from one principal to another.
ways[from] := {o.to | some o in input.facts.obtains; o.from == from} if {
	some from in {o.from | some o in input.facts.obtains}
}

# reach(principal) has every principal that this one can act as: itself, and those whose credentials or rights it can obtain.
reach(principal) := graph.reachable(ways, {principal}) | {principal}

# principals_of(name) are the principals that an actor's workloads act as, and those whose credentials they mount.
principals_of(name) := {w.principal | some w in system.actor_workloads[name]} | {p |
	some w in system.actor_workloads[name]
	some p in held(w)
}

# held(w) are the principals whose credentials a workload mounts.
held(w) := {p |
	some m in system.mounts_of(w)
	m.what == "secret"
	some p in principals_in(m.namespace, m.name)
}

# principals_in(namespace, secret) are the principals that a secret lets its holder be: by declared objects, or by the System's word.
principals_in(namespace, secret) := {c.principal |
	some c in input.facts.credential
	c.namespace == namespace
	c.secret == secret
} | {c.principal |
	some actor in system.actors
	some c in object.get(actor, "credentials", [])
	c.secret == secret
	c.principal != "none"
}

# explained(namespace, secret) holds where it is known which principals a secret lets its holder be, "none" included.
explained(namespace, secret) if count(principals_in(namespace, secret)) > 0

explained(_, secret) if {
	some actor in system.actors
	some c in object.get(actor, "credentials", [])
	c.secret == secret
	c.principal == "none"
}

# matches(g, r) holds where a grant is about a resource.
matches(g, r) if {
	g.platform == r.platform
	same_scope(g.scope, r.scope)
	same_type(g.types, r.type)
	same_name(g, r.name)
}

same_scope(null, _)

same_scope(a, null) if a != null

same_scope(a, a) if a != null

same_type(null, _)

same_type(types, type) if type in types

same_name(g, _) if g.names == null

same_name(g, name) if {
	g.match == "exact"
	name in g.names
}

same_name(g, name) if {
	g.match == "prefix"
	some prefix in g.names
	startswith(name, prefix)
}

same_name(g, name) if {
	g.match == "under"
	some above in g.names
	startswith(concat("", [name, "/"]), concat("", [above, "/"]))
}

# direct(action, r) are the principals with a grant of their own to do action to a resource, and none that denies it.
direct(action, r) := {g.principal |
	some g in input.facts.grant
	g.effect == "allow"
	action in g.actions
	matches(g, r)
	not denied(g.principal, action, r)
}

denied(principal, action, r) if {
	some g in grants_by[principal]
	g.effect == "deny"
	action in g.actions
	matches(g, r)
}

# may(principal, action, r) holds where a principal, or one that it can act as, may do action to a resource.
may(principal, action, r) if count(reach(principal) & direct(action, r)) > 0

may(principal, action, r) if {
	[platform, _] := split_principal(principal)
	concat("", [platform, ":*"]) in direct(action, r)
}

split_principal(principal) := [platform, name] if {
	parts := split(principal, ":")
	platform := parts[0]
	name := concat(":", array.slice(parts, 1, count(parts)))
}

# resource(r) is the resource that a System's reference names. A log or a store: the type is that of the declared one.
resource(ref) := {"platform": ref.platform, "scope": object.get(ref, "scope", null), "type": type_of(ref), "name": ref.name}

type_of(ref) := "log" if count(logs(ref)) > 0

type_of(ref) := "store" if count(logs(ref)) == 0

# logs(ref) are the declared logs that a reference names, one where all is well.
logs(ref) := [l |
	some l in input.facts.log
	l.platform == ref.platform
	l.name == ref.name
	same_scope(l.scope, object.get(ref, "scope", null))
]

# stores(ref) are the declared stores that a reference names: the store itself, or the one that holds the named schema.
stores(ref) := [s |
	some s in input.facts.store
	s.platform == ref.platform
	s.name == split(ref.name, "/")[0]
	same_scope(s.scope, object.get(ref, "scope", null))
]

# closed(platform, scope) holds where this repository declares all there is in a bedrock scope, by the System's word and with the Profile's approval.
closed(platform, scope) if {
	some stated in system.spec.authority
	covers(stated, platform, scope)
	some approved in input.profile.spec.authorities
	approved.system in {"*", input.system.name}
	covers(approved, platform, scope)
}

covers(entry, platform, _) if {
	entry.platform == platform
	object.get(entry, "name", "") == ""
}

covers(entry, platform, scope) if {
	entry.platform == platform
	entry.name == scope
}
