# Who may do what. Principals are text, platform:name; platform:* is everybody, the unauthenticated included.
# A resource is {platform, scope, type, name}; a scope or a type that is null is any.
package pocdr.lib.access

import data.pocdr.lib.system

# --- Grants

# grants_by has the grants that each principal has of itself.
grants_by := {p: all |
	some p in {g.principal | some g in input.facts.grant}
	all := {g | some g in input.facts.grant; p = g.principal}
}

# exact_grants has the grants that name what they are about, by platform, type and name; loose_grants the others, by platform and type.
# The type is null where they are about any.
exact_grants := {k: all |
	some k in {[g.platform, type, name] | some g in input.facts.grant; g.match == "exact"; some type in types_of(g); some name in g.names}
	all := {g | some g in input.facts.grant; g.match == "exact"; some type in types_of(g); some name in g.names; k = [g.platform, type, name]}
}

loose_grants := {k: all |
	some k in {[g.platform, type] | some g in input.facts.grant; not by_name(g); some type in types_of(g)}
	all := {g | some g in input.facts.grant; not by_name(g); some type in types_of(g); k = [g.platform, type]}
}

by_name(g) if {
	g.names != null
	g.match == "exact"
}

types_of(g) := [null] if g.types == null

types_of(g) := g.types if g.types != null

# kinds_of(r) are the types that grants about a resource can have.
kinds_of(r) := {r.type, null} if r.type != null

kinds_of(r) := {type | some [platform, type] in types_seen; platform == r.platform} if r.type == null

types_seen := {[platform, type] | some [platform, type, _], _ in exact_grants} | object.keys(loose_grants)

# perhaps_about(r) are the grants among which those about a resource are.
perhaps_about(r) := {g |
	some type in kinds_of(r)
	some g in object.get(loose_grants, [[r.platform, type]], set())
} | {g |
	some type in kinds_of(r)
	some name in {r.name} | object.get(parts, [[r.platform, r.name]], set())
	some g in object.get(exact_grants, [[r.platform, type, name]], set())
}

# parts has the named parts of what grants are about, by platform and the name of the whole.
parts := {k: all |
	some k in {[platform, split(name, "/")[0]] | some [platform, name] in divided}
	all := {name | some [platform, name] in divided; k = [platform, split(name, "/")[0]]}
}

divided := {[platform, name] | some [platform, _, name], _ in exact_grants; contains(name, "/")}

# granted(action, r) are the grants of an action to a resource, or to a part of it, that nothing denies.
granted(action, r) := {g |
	some g in perhaps_about(r)
	allows(g, action, r)
}

# allows(g, action, r) holds where a grant lets its principal do an action to a resource, or to a part of it, and nothing denies it.
allows(g, action, r) if {
	g.effect == "allow"
	action in g.actions
	matches(g, r)
	not denied(g.principal, action, r)
}

# direct(action, r) are the principals with a grant of their own to do action to a resource, and none that denies it.
direct(action, r) := {g.principal | some g in granted(action, r)}

# denied(principal, action, r) holds where an action to all of a resource is denied to a principal, or to everybody.
denied(principal, action, r) if {
	some holder in {principal, everybody_like(principal)}
	some g in grants_by[holder]
	g.effect == "deny"
	action in g.actions
	bars(g, r)
}

# matches(g, r) holds where a grant is about a resource, or a part of it.
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

same_type(types, null) if types != null

same_type(types, type) if {
	type != null
	type in types
}

same_name(g, _) if g.names == null

same_name(g, name) if within(g, name)

same_name(g, name) if {
	some n in g.names
	below(n, name)
}

# within(g, name) holds where a named resource is among those that a grant names.
within(g, name) if {
	g.match == "exact"
	name in g.names
}

within(g, name) if {
	g.match == "prefix"
	some prefix in g.names
	startswith(name, prefix)
}

within(g, name) if {
	g.match == "under"
	some above in g.names
	below(name, above)
}

# below(name, above) holds where a name is another one, or of a part of it.
below(name, above) if startswith(concat("", [name, "/"]), concat("", [above, "/"]))

# bars(g, r) holds where a denial is certain to be about all of a resource.
bars(g, r) if {
	g.platform == r.platform
	g.scope == r.scope
	g.scope != null
	barred_type(g.types, r.type)
	barred_name(g, r.name)
}

barred_type(null, _)

barred_type(types, type) if type in types

barred_name(g, _) if g.names == null

barred_name(g, name) if within(g, name)

# --- Reach

# ways are the direct ways from one principal to others. Who can act as everybody of a platform, can act as each: that is more than to
# have what everybody has, and so it is a node of its own.
ways := {from: all |
	some from in {from | some [from, _] in steps}
	all := {to | some [f, to] in steps; from = f}
}

ways_back := {to: all |
	some to in {to | some [_, to] in steps}
	all := {from | some [from, t] in steps; to = t}
}

# What rests on facts alone that every system sees is a rule of its own, here and below: it is evaluated once for all systems.
steps := obtaining | own_steps

obtaining := {[o.from, node(o.to)] | some o in input.facts.obtains}

# Who can act as a workload has what it mounts.
own_steps contains [w.principal, node(p)] if {
	some name, _ in system.actors
	some w in system.actor_workloads[name]
	some p in held(w)
}

# Who commands a node has what runs there: any of the actors may.
own_steps contains [w.principal, p] if {
	some w in commanders
	some neighbours in system.actor_workloads
	some p in {n.principal | some n in neighbours}
}

# commanders are the workloads in the system's namespaces that command the nodes that they run on.
commanders contains w if {
	some w in system.neighbours
	count(w.commandsNode) > 0
}

own_steps contains [g.principal, to] if some [g, to] in disclosures

# disclosures has the grants by which a secret can be read, with whom it lets its holder be by the System's word: the joins do not know that.
disclosures contains [g, node(p)] if {
	some [namespace, secret], principals in stated
	some platform in clusters
	some g in granted("read", secret_resource(platform, namespace, secret))
	some p in principals - {"none"}
}

own_steps contains [["each", platform], p] if {
	some platform in {platform_of(p) | some p in assumed; endswith(p, ":*")}
	some p in known
	platform_of(p) == platform
}

# Who can act as everybody of the platform that keeps the secrets holds each of them.
own_steps contains [["each", platform], node(p)] if {
	some platform in clusters
	some p in credential_principals
}

node(p) := ["each", platform_of(p)] if endswith(p, ":*")

node(p) := p if not endswith(p, ":*")

# assumed are those as whom someone can act.
assumed := obtained | credential_principals

obtained := {o.to | some o in input.facts.obtains}

# known are the principals that anything names.
known := stated_anywhere | ((credential_principals | object.keys(roles)) | {w.principal | some w in system.workloads})

stated_anywhere := ((object.keys(grants_by) | {o.from | some o in input.facts.obtains}) | obtained) | {p.principal | some p in input.facts.principal}

credential_principals := declared_principals | ({p | some all in stated; some p in all} - {"none"})

declared_principals := {c.principal | some c in input.facts.credential}

# roles has the principals that the System names for what they do, each with what that is.
roles[p] contains concat(" ", ["downstream", d.name]) if {
	some d in system.spec.downstream
	some p in d.principals
}

roles[system.spec.correction.corrector] contains "the corrector"

# obtains_by has the facts that say what each principal can come to act as.
obtains_by := {from: all |
	some from in {o.from | some o in input.facts.obtains}
	all := {o | some o in input.facts.obtains; from = o.from}
}

# everybody are the principals that stand for all of a platform and that have something: whoever it is, has it.
everybody := {p | some p, _ in grants_by; endswith(p, ":*")} | {o.from | some o in input.facts.obtains; endswith(o.from, ":*")}

everybody_like(principal) := concat("", [platform_of(principal), ":*"])

# reach(principal) has every principal that this one can act as: itself, those whose credentials or rights it can obtain, and everybody.
reach(principal) := reached({principal})

# reach_of(name) is the reach of an actor.
reach_of(name) := reached(nodes_of(name))

nodes_of(name) := {node(p) | some p in principals_of(name)}

# reached(nodes) are the principals that can be reached from any of these.
reached(nodes) := {p | some p in onward(nodes); is_string(p)}

onward(nodes) := starts | {n | some from in graph.reachable(ways, starts); some n in ways[from]} if starts := nodes | everybody

# near(nodes) are the nodes that can be reached without going through anybody: what makes one anybody is among them, and not all that anybody can.
near(nodes) := starts | {n | some from in graph.reachable(near_ways, starts); some n in near_ways[from]} if starts := nodes | everybody

near_ways := {from: all | some from, all in ways; is_string(from)}

# mastered(nodes) are the platforms of which one can act as anybody.
mastered(nodes) := {platform | some ["each", platform] in near(nodes)}

# attainers(principals) are the principals that can come to act as one of these, these included.
attainers(principals) := {p | some p in backward(principals); is_string(p)}

# backward(nodes) are the nodes from which these can be reached.
backward(nodes) := nodes | {n | some to in graph.reachable(ways_back, nodes); some n in ways_back[to]}

# may(principal, action, r) holds where a principal, or one that it can act as, may do action to a resource.
may(principal, action, r) if count(reach(principal) & direct(action, r)) > 0

platform_of(principal) := split(principal, ":")[0]

split_principal(principal) := [platform_of(principal), concat(":", array.slice(parts, 1, count(parts)))] if {
	parts := split(principal, ":")
}

# --- Credentials

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
principals_in(namespace, secret) := object.get(declared, [[namespace, secret]], set()) |
	(object.get(stated, [[namespace, secret]], set()) - {"none"})

declared := {k: all |
	some k in {[c.namespace, c.secret] | some c in input.facts.credential}
	all := {c.principal | some c in input.facts.credential; k = [c.namespace, c.secret]}
}

# stated has the principals by the System's word; "none" where it says that a secret authenticates nobody.
stated[[ref.namespace, c.secret]] contains c.principal if {
	some actor in system.actors
	some c in actor.credentials
	some ref in actor.workloads
}

# explained(namespace, secret) holds where it is known which principals a secret lets its holder be, "none" included.
explained(namespace, secret) if declared[[namespace, secret]]

explained(namespace, secret) if stated[[namespace, secret]]

# unexplained[name] has the secrets that an actor mounts and nothing explains, as namespace/name.
unexplained[name] contains concat("/", [m.namespace, m.name]) if {
	some name, _ in system.actors
	some w in system.actor_workloads[name]
	some m in system.mounts_of(w)
	m.what == "secret"
	not explained(m.namespace, m.name)
}

# secret_resource(platform, namespace, name) is a secret as a resource of the cluster's API.
secret_resource(platform, namespace, name) := {"platform": platform, "scope": namespace, "type": "secrets", "name": name}

# keepers has the namespaces whose secrets let their holder be a principal.
keepers := {p: all |
	some p in {p | some [p, _] in keeping}
	all := {namespace | some [q, namespace] in keeping; p = q}
}

keeping := declared_keeping | {[p, namespace] | some [namespace, _], principals in stated; some p in principals}

declared_keeping := {[c.principal, c.namespace] | some c in input.facts.credential}

# clusters are the platforms on which the system's workloads run: those whose API can hand out what they are and hold.
clusters contains platform_of(w.principal) if some w in system.workloads

# --- Resources

# resource(ref) is the resource that a System's reference names: its type and, where the reference does not say, its scope are those of
# the declared one, if there is one.
resource(ref) := {"platform": ref.platform, "scope": only(scopes(ref)), "type": type_of(ref), "name": ref.name}

only(values) := [v | some v in values][0] if count(values) == 1

only(values) := null if count(values) > 1

type_of(ref) := "log" if {
	count(logs(ref)) > 0
} else := "store" if {
	count(stores(ref)) > 0
} else := null

# logs(ref) are the declared logs that a reference names, one where all is well.
logs(ref) := [l |
	some l in logs_called[[ref.platform, ref.name]]
	same_scope(l.scope, object.get(ref, "scope", null))
]

logs_called := {k: all |
	some k in {[l.platform, l.name] | some l in input.facts.log}
	all := {l | some l in input.facts.log; k = [l.platform, l.name]}
}

# stores(ref) are the declared stores that a reference names: the store itself, or the one that holds the named schema.
stores(ref) := [s |
	some s in stores_called[[ref.platform, split(ref.name, "/")[0]]]
	same_scope(s.scope, object.get(ref, "scope", null))
]

stores_called := {k: all |
	some k in {[s.platform, s.name] | some s in input.facts.store}
	all := {s | some s in input.facts.store; k = [s.platform, s.name]}
}

# scopes(ref) are the instances that a reference can mean: the one that it names, or those that declare the name; {null} where none does.
scopes(ref) := {ref.scope} if {
	ref.scope
} else := found if {
	found := {l.scope | some l in logs(ref)} | {s.scope | some s in stores(ref)}
	count(found) > 0
} else := {null}

# references has what the System names as intake or outlet, with the path of the place.
references contains {"path": ["spec", "intake"], "ref": system.spec.intake}

references contains {"path": ["spec", "outlets", i], "ref": ref} if some i, ref in system.spec.outlets

references contains {"path": ["spec", "plants", name, "outlets", i], "ref": ref} if {
	some name, plant in system.plants
	some i, ref in plant.outlets
}

# instances are the bedrock instances that the System names, as [platform, scope].
instances contains instance if {
	some r in references
	some instance in instances_of(r.ref)
}

instances_of(ref) := {[ref.platform, scope] | some scope in scopes(ref)}

instance_title([platform, null]) := platform

instance_title([platform, scope]) := concat(" ", [platform, scope]) if scope != null

# havens(principals) are the parts of the clusters, as [platform, scope], from which principals, or the actors, can be taken over.
havens(principals) := {[platform, namespace] |
	some platform in clusters
	some namespace in {w.namespace | some all in system.actor_workloads; some w in all} | {n | some p in principals; some n in keepers[p]}
}

# superusers are the principals that access control does not bind, with the fact that says so.
superusers := {principal: all |
	some principal in {f.principal | some f in exalting}
	all := {f | some f in exalting; principal = f.principal}
}

exalting contains g if {
	some g in input.facts.grant
	g.effect == "allow"
	g.excess == "superuser"
}

exalting contains p if {
	some p in input.facts.principal
	p.superuser
}

# unbound(r) are the superusers of a resource's instance.
unbound(r) := {f.principal |
	some f in exalting
	f.platform == r.platform
	same_scope(f.scope, r.scope)
}

# --- What bounds what is seen

# closed(platform, scope) holds where this repository declares all there is in a bedrock scope, by the System's word and with the Profile's approval.
closed(platform, scope) if {
	some stated_scope in system.spec.authority
	covers(stated_scope, platform, scope)
	some approved in input.profile.spec.authorities
	approves(approved, input.system.name, platform, scope)
}

# approves(entry, name, platform, scope) holds where an entry of a Profile's authorities approves that System's statement.
approves(entry, name, platform, scope) if {
	entry.system in {"*", name}
	covers(entry, platform, scope)
}

covers(entry, platform, _) if {
	entry.platform == platform
	object.get(entry, "name", "") == ""
}

covers(entry, platform, scope) if {
	entry.platform == platform
	entry.name == scope
}

# lists(entry, principal) holds where an entry of a Profile names a principal, or the beginning of its name.
lists(entry, principal) if entry == principal

lists(entry, principal) if {
	endswith(entry, "*")
	startswith(principal, trim_suffix(entry, "*"))
}

# enforcement(instance) says whether an instance enforces what is granted. Where the scope is not known, each of the platform is meant.
enforcement([platform, scope]) := {e |
	some stated_scope in {scope, null}
	some e in enforcements[[platform, stated_scope]]
} if scope != null

enforcement([platform, null]) := {e | some e in input.facts.enforcement; e.platform == platform}

enforcements := {k: all |
	some k in {[e.platform, e.scope] | some e in input.facts.enforcement}
	all := {e | some e in input.facts.enforcement; k = [e.platform, e.scope]}
}

# enforced(instance) holds where grants are known to bound what an instance lets anybody do.
enforced(instance) if {
	count(enforcement(instance)) > 0
	every e in enforcement(instance) {
		enforces(e)
	}
}

enforces(e) if {
	e.authenticates == true
	e.authorises == true
	e.gap == null
}

leaks(e) if e.authenticates == false

leaks(e) if e.authorises == false

# unenforced says, by place, which instance in use is known not to enforce. No grant bounds anything there, so that each question about access fails.
unenforced[e.at] contains unenforced_because(e) if {
	some instance in instances
	some e in enforcement(instance)
	leaks(e)
	certain(instance)
}

unenforced_because(e) := sprintf("%v does not enforce what is granted: %v", [instance_title([e.platform, e.scope]), why(e)])

certain([_, scope]) if scope != null

certain([platform, null]) if {
	every e in enforcement([platform, null]) {
		leaks(e)
	}
}

why(e) := e.gap if e.gap != null

why(e) := "it lets in whoever comes" if {
	e.gap == null
	e.authenticates == false
}

why(e) := "what is not granted is not denied" if {
	e.gap == null
	e.authenticates != false
}

# doubts(instances) says what keeps the grants that are seen from being all that counts.
doubts(list) := {sprintf("what else is granted in %v is not known: no approved authority says that all of it is declared here", [instance_title(i)]) |
	some i in list
	[platform, scope] := i
	not closed(platform, scope)
} | {sprintf("whether %v enforces what is granted is not known", [instance_title(i)]) |
	some i in list
	not i[0] in clusters
	not enforced(i)
}

# unsure(name) says what keeps the reach of an actor from being known.
unsure(name) := {sprintf("nothing says whom secret %v authenticates, which %v mounts", [s, system.called(name)]) | some s in unexplained[name]} |
	{sprintf("%v is not declared", [w.title]) | some w in system.absent_workloads[name]}
