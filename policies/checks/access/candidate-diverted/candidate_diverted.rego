# METADATA
# title: The candidate reaches nothing that anybody drinks from
# description: |
#   Asks whether all that the plant that is not selected can do, by what it is, mounts and can come to act as, excludes writing the intake, the
#   outlets and the other plant's outlets, joining the other plant's group, using its transactional ids, changing its objects or the switch,
#   and acting as the other plant, the valve, the corrector or anybody downstream; and whether its pods can connect
#   only to what is allowed, the declared effects not among it. Where the switch cannot be read, both plants are asked.
#
#   A candidate runs on all of the production input. If its output can get out by one way that nobody thought of, the proof
#   is the incident: mails are sent twice, the incumbent loses partitions to a stranger in its group, its writer
#   is fenced off. That it is told to write elsewhere is a setting; that it cannot is a fact. A grant that is declared
#   elsewhere is not seen, so that the answer is yes only where this repository is the authority for the instances
#   that the System names and the namespaces that it lives in; authority over a namespace includes what is granted for the whole cluster.
# custom:
#   level: 3
#   kind: invariant
#   severity: critical
#   exemptible: false
#   remediation: Take the grant, the secret or the way to another principal from the candidate; give it a group, transactional ids, outlets and a namespace of its own; select its pods with an egress rule set that names each destination; state the address blocks of effects in spec.effects.
package pocdr.checks.access.candidate_diverted

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.labels
import data.pocdr.lib.logs
import data.pocdr.lib.objects
import data.pocdr.lib.system

subjects contains at if some at, _ in access.unenforced

fails[at] contains message if some message in access.unenforced[at]

rivals := {"a": "b", "b": "a"}

paired if count(system.plants) == 2

# candidates are the plants that must be diverted: the one that is not selected; both where that cannot be told.
candidates := {system.other} if {
	paired
	system.other
} else := {"a", "b"} if {
	paired
} else := set()

# lacking says, by place, what the System lacks for the question to be asked in full.
lacking[system.at([])] := "no System declares plants" if not input.system.declared

lacking[system.at(["spec", "plants"])] := "there are not two plants: a candidate would run in the incumbent's place" if {
	input.system.declared
	not paired
}

lacking[at] := message if {
	paired
	some at, message in object.union(logs.absent, contracts.absent)
}

subjects contains at if some at, _ in lacking

fails[at] contains message if {
	input.system.declared
	some at, message in lacking
}

unknowns[at] contains message if {
	not input.system.declared
	some at, message in lacking
}

subjects contains system.place(name) if some name in candidates

# --- What it may not do. Each reason is [place, message]; it is said there and of the plant.

# masters has, by plant, the platforms of which it can act as anybody. All else follows from that, and is not listed.
masters[name] := platforms if {
	some name in candidates
	platforms := access.mastered(access.nodes_of(name))
	count(platforms) > 0
}

reasons[name] contains [at, sprintf("%v can act as anybody of %v", [system.called(name), platform])] if {
	some name, platforms in masters
	some platform in platforms
	some at in {system.place(name)} | {o.at |
		some from in access.near(access.nodes_of(name))
		some o in access.obtains_by[from]
		access.node(o.to) == ["each", platform]
	}
}

# reach has, by plant, whom it can act as.
reach[name] := access.reach_of(name) if {
	some name in candidates
	not masters[name]
}

grants[name] contains g if {
	some name, principals in reach
	some p in principals
	some g in access.grants_by[p]
	g.effect == "allow"
}

harm := {"write", "alter", "delete", "administer"}

# barred[name] has what a candidate may not do: actions to a resource, and how that is called.
barred[name] contains {"resource": access.resource(r.ref), "actions": harm, "deed": sprintf("write or change %v", [r.ref.name])} if {
	some name in candidates
	some r in access.references
	not own_outlet(r.path, name)
}

own_outlet(path, name) if array.slice(path, 0, 4) == ["spec", "plants", name, "outlets"]

barred[name] contains {"resource": resource, "actions": harm | {"read"}, "deed": sprintf("join the group %v of %v", [group, system.called(rivals[name])])} if {
	some name in candidates
	group := system.plants[rivals[name]].group
	resource := object.union(access.resource(system.spec.intake), {"type": "group", "name": group})
}

# A transactional id may stand for all that start with it.
barred[name] contains {"resource": resource, "actions": harm, "deed": sprintf("use the transactional id %v of %v", [id, system.called(rivals[name])])} if {
	some name in candidates
	id := system.plants[rivals[name]].transactionalId
	some r in access.references
	some used in {id} | {n | some g in grants[name]; some n in g.names; startswith(n, id)}
	resource := object.union(access.resource(r.ref), {"type": "transaction", "name": used})
}

barred[name] contains {"resource": resource, "actions": harm, "deed": sprintf("change %v %v", [o.kind, o.name])} if {
	some name in candidates
	some o in guarded[name]
	resource := objects.resource(o)
}

reasons[name] contains [g.at, sprintf("%v can %v, by what %v is granted", [system.called(name), b.deed, g.principal])] if {
	some name, all in grants
	some g in all
	some b in barred[name]
	some action in b.actions
	access.allows(g, action, b.resource)
}

reasons[name] contains [fact.at, sprintf("%v can act as %v, which is not bound by what is granted", [system.called(name), p])] if {
	some name, principals in reach
	some p in principals
	some fact in access.superusers[p]
}

reasons[name] contains [g.at, sprintf("%v can give itself more rights, by what %v is granted", [system.called(name), g.principal])] if {
	some name in candidates
	some g in grants[name]
	g.excess == "escalation"
}

# --- Whom it may not be

# forbidden[name] has whom a candidate may not act as: [principal, who that is].
forbidden[name] contains [p, system.called(actor)] if {
	some name in candidates
	some actor in [rivals[name], "valve"]
	some p in access.principals_of(actor)
}

forbidden[name] contains [p, role] if {
	some name in candidates
	some p, all in access.roles
	some role in all
}

posing[name] contains [p, sprintf("%v can act as %v, which is %v", [system.called(name), p, who])] if {
	some name in candidates
	some [p, who] in forbidden[name]
	p in reach[name]
}

reasons[name] contains [system.place(name), message] if some [_, message] in posing[name]

reasons[name] contains [o.at, message] if {
	some name, all in posing
	some [p, message] in all
	some from in reach[name]
	some o in access.obtains_by[from]
	o.to == p
}

reasons[name] contains [m.at, message] if {
	some name, all in posing
	some [p, message] in all
	some w in system.actor_workloads[name]
	some m in system.mounts_of(w)
	m.what == "secret"
	p in access.principals_in(m.namespace, m.name)
}

# --- The cluster's objects

# documents[name] are those that a candidate may not change: what runs and configures the other plant and the valve, the switch, what
# declares logs and stores, and what grants.
documents[name] contains w.at[0] if {
	some name in candidates
	some actor in [rivals[name], "valve"]
	some w in system.actor_workloads[actor]
}

documents[name] contains c.at[0] if {
	some name in candidates
	some actor in [rivals[name], "valve"]
	some w in system.actor_workloads[actor]
	some m in system.mounts_of(w)
	some c in configs[[m.what, m.namespace, m.name]]
}

configs := {k: all |
	some k in {[c.what, c.namespace, c.name] | some c in input.facts.config}
	all := {c | some c in input.facts.config; k = [c.what, c.namespace, c.name]}
}

documents[name] contains fact.at[0] if {
	some name in candidates
	some r in access.references
	not own_outlet(r.path, name)
	some fact in array.concat(access.logs(r.ref), access.stores(r.ref))
}

documents[name] contains g.at[0] if {
	some name, principals in reach
	some p in principals | {p | some [p, _] in forbidden[name]}
	some g in access.grants_by[p]
}

documents[name] contains o.at[0] if {
	some name in candidates
	some o in objects.switches
}

guarded[name] contains o if {
	some name, ids in documents
	some o in input.facts.object
	o.at[0] in ids
}

# --- Where its pods connect to

rules_for(w) := selecting[w.at]

selecting := {w.at: {e | some e in rules[w.namespace]; labels.selects(e.selector, system.pod_labels[w.at])} |
	some name in candidates
	some w in system.actor_workloads[name]
}

rules := {namespace: all |
	some namespace in {e.namespace | some e in input.facts.egress}
	all := {e | some e in input.facts.egress; namespace = e.namespace}
}

gaps[name] contains [w.at, sprintf("no egress rule set selects the pods of %v: they connect to whatever they like", [system.title(w)])] if {
	some name in candidates
	some w in system.actor_workloads[name]
	count(rules_for(w)) == 0
}

reasons[name] contains [e.at, sprintf("the pods of %v connect to whatever they like", [system.title(w)])] if {
	some name in candidates
	some w in system.actor_workloads[name]
	some e in rules_for(w)
	open(e)
}

open(e) if e.open

# A block that is wider than /7 is a good part of all addresses, and no destination.
open(e) if {
	some block in e.blocks
	net.cidr_is_valid(block)
	to_number(split(block, "/")[1]) < 7
}

reasons[name] contains [e.at, sprintf("the pods of %v can connect to %v, where effect %v is (%v)", [system.title(w), block, effect.name, cidr])] if {
	some name in candidates
	some w in system.actor_workloads[name]
	some e in rules_for(w)
	some block in e.blocks
	some effect in system.spec.effects
	some cidr in effect.cidrs
	net.cidr_is_valid(block)
	net.cidr_is_valid(cidr)
	net.cidr_intersects(block, cidr)
}

reasons[name] contains [w.at, sprintf("the pods of %v use the network of their node, which no egress rule set bounds", [system.title(w)])] if {
	some name in candidates
	some w in system.actor_workloads[name]
	w.nodeNetwork
}

# --- What cannot be told

doubts[name] contains message if {
	some name in candidates
	some actor in {name, rivals[name]} | {v | v := "valve"; system.actors[v]}
	some message in access.unsure(actor)
}

doubts[name] contains message if {
	some name in candidates
	some message in access.doubts(access.instances | access.havens({p | some [p, _] in forbidden[name]}) | switch_haven)
}

switch_haven := {[platform, system.spec.switch.ref.namespace] | some platform in access.clusters}

# neighbours[name] are the namespaces of what a candidate may not change.
neighbours[name] contains w.namespace if {
	some name in candidates
	some actor in [rivals[name], "valve"]
	some w in system.actor_workloads[actor]
}

doubts[name] contains sprintf("%v may change every %v in %v, what %v keeps there among them, by what %v is granted", [system.called(name), types(g), namespace, system.called(rivals[name]), g.principal]) if {
	some name in candidates
	some g in grants[name]
	g.platform in access.clusters
	count({action | some action in g.actions} & harm) > 0
	unnamed(g)
	some namespace in neighbours[name]
	access.same_scope(g.scope, namespace)
}

doubts[name] contains sprintf("nothing says whom all the secrets authenticate that %v may read, by what %v is granted", [system.called(name), g.principal]) if {
	some name in candidates
	some g in reading_secrets[name]
	unnamed(g)
}

doubts[name] contains sprintf("nothing says whom secret %v authenticates, which %v may read", [secret, system.called(name)]) if {
	some name in candidates
	some g in reading_secrets[name]
	not unnamed(g)
	some secret in g.names
	not access.explained(g.scope, secret)
}

reading_secrets[name] contains g if {
	some name in candidates
	some g in grants[name]
	"read" in g.actions
	access.matches(object.union(g, {"names": null}), access.secret_resource(g.platform, null, ""))
	g.platform in access.clusters
}

unnamed(g) if g.names == null

unnamed(g) if g.match != "exact"

types(g) := "object" if g.types == null

types(g) := concat(" and ", g.types) if g.types != null

doubts[name] contains sprintf("%v declares no group: whether %v can join it is not known", [system.called(rivals[name]), system.called(name)]) if {
	some name in candidates
	not system.plants[rivals[name]].group
}

doubts[name] contains sprintf("%v declares no transactional id: whether %v can use it is not known", [system.called(rivals[name]), system.called(name)]) if {
	some name in candidates
	system.spec.fence.mechanism == "Transaction"
	not system.plants[rivals[name]].transactionalId
}

doubts[name] contains "the switch is not declared: whether it can be changed is not known" if {
	some name in candidates
	not count(objects.switches) > 0
}

doubts[name] contains sprintf("effect %v says no address block: whether it can be connected to is not known", [effect.name]) if {
	some name in candidates
	some effect in system.spec.effects
	count(object.get(effect, "cidrs", [])) == 0
}

doubts[name] contains sprintf("%q of effect %v is no address block", [cidr, effect.name]) if {
	some name in candidates
	some effect in system.spec.effects
	some cidr in effect.cidrs
	not net.cidr_is_valid(cidr)
}

doubts[name] contains sprintf("%q of an egress rule set of %v is no address block", [block, system.title(w)]) if {
	some name in candidates
	some w in system.actor_workloads[name]
	some e in rules_for(w)
	some block in e.blocks
	not net.cidr_is_valid(block)
}

# --- Answers

subjects contains at if {
	some all in array.concat([r | some r in reasons], [g | some g in gaps])
	some [at, _] in all
}

fails[at] contains message if {
	some all in reasons
	some [at, message] in all
}

fails[system.place(name)] contains message if {
	some name, all in reasons
	some [_, message] in all
}

missing[at] contains message if {
	some all in gaps
	some [at, message] in all
}

missing[system.place(name)] contains message if {
	some name, all in gaps
	some [_, message] in all
}

unknowns[system.place(name)] contains message if some message in doubts[name]

passes contains system.place(name) if {
	some name in candidates
	not reasons[name]
	not gaps[name]
	not doubts[name]
}
