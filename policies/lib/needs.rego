# What the actors of a system rest on beside their workloads: what their pods do not start without, and what they are granted to do what they are for.
# `sees` is of one snapshot; `lost` compares what it sees before a change and after it.
package pocdr.lib.needs

import data.pocdr.lib.access
import data.pocdr.lib.objects
import data.pocdr.lib.system

sees := {"rests": rests, "lacks": lacks, "asked": asked, "rights": rights}

# lost(name, how) has what an actor had before the change, needs after it, and has no longer: [place, message]. how is what the actor does meanwhile.
lost(name, how) := {[at, sprintf("%v %v, and is taken away", [title, how])] |
	some [actor, title, at] in input.before.needs.rests
	actor == name
	title in input.after.needs.lacks
} | {[at, sprintf("%v %v, and may %v no longer", [called, how, deed])] |
	some [actor, called, deed, part, at] in input.before.needs.rights
	actor == name
	[actor, deed] in input.after.needs.asked
	not granted(actor, deed, part)
}

# Less than the whole may be all that is needed: whoever is granted a part in its place was given no more than it is to have.
granted(actor, deed, part) if {
	some [other, _, done, now, _] in input.after.needs.rights
	[other, done] == [actor, deed]
	one_in_other(part, now)
}

one_in_other(a, b) if access.below(a, b)

one_in_other(a, b) if access.below(b, a)

# --- What pods do not start without

# rests has it by actor and by what it is called: a place that declares it.
rests contains [name, title, at] if {
	some name, workloads in system.actor_workloads
	some w in workloads
	some title, places in named(w)
	some at in places
}

# lacks is what workloads name, and nothing declares. What they name no longer, they do not lack.
lacks contains title if {
	some _, workloads in system.actor_workloads
	some w in workloads
	some title, places in named(w)
	count(places) == 0
}

named(w) := {sprintf("the %v of %v", [called, system.title(w)]): places | some called, places in object.union(identity(w), mounted(w))}

# An identity that a workload does not name is there of itself.
identity(w) := {concat(" ", ["identity", w.principal]): object.get(identities, [w.principal], set()) | w.identityDeclared}

mounted(w) := {concat(" ", ["secret", m.name]): object.get(secrets, [[m.namespace, m.name]], set()) |
	some m in system.mounts_of(w)
	m.what == "secret"
	not m.optional
}

identities := {p: all |
	some p in {f.principal | some f in input.facts.principal}
	all := {f.at | some f in input.facts.principal; p = f.principal}
}

# secrets has the places that declare them. One that is made anew for who it lets in is declared where that one is.
secrets := {k: all |
	some k in {key | some [key, _] in keeping}
	all := {at | some [key, at] in keeping; k = key}
}

keeping := {[[c.namespace, c.name], c.at] | some c in input.facts.config; c.what == "secret"} | {[[c.namespace, c.secret], c.at] | some c in input.facts.credential}

# --- What they are granted

# flows has what the actors read and write: what that is called, the action, and the reference to what it is done to.
flows contains [name, sprintf("read the intake %v", [system.spec.intake.name]), "read", system.spec.intake] if some name, _ in system.plants

flows contains [name, sprintf("write its outlet %v", [outlet.name]), "write", outlet] if {
	some name, plant in system.plants
	some outlet in plant.outlets
}

# Without a valve, a plant that has no outlet of its own writes those of the system.
flows contains [name, sprintf("write the outlet %v", [outlet.name]), "write", outlet] if {
	not system.spec.valve
	some name, plant in system.plants
	count(object.get(plant, "outlets", [])) == 0
	some outlet in system.spec.outlets
}

flows contains ["valve", sprintf("read %v", [outlet.name]), "read", outlet] if {
	system.spec.valve
	some plant in system.plants
	some outlet in plant.outlets
}

flows contains ["valve", sprintf("write the outlet %v", [outlet.name]), "write", outlet] if {
	system.spec.valve
	some outlet in system.spec.outlets
}

# deeds has what each actor is for: what it is called, and the action that has to be granted, on which resource. Where a change of grants is the switch, who may write the
# outlets is what it changes.
deeds contains [name, deed, action, access.resource(ref)] if {
	some [name, deed, action, ref] in flows
	not switched(name, action)
}

switched(name, "write") if {
	system.spec.switch.mechanism == "Grant"
	name != "valve"
}

deeds contains [name, sprintf("join its group %v", [plant.group]), "read", beside(system.spec.intake, "group", plant.group)] if some name, plant in system.plants

deeds contains [name, sprintf("use its transactional id %v", [id]), "write", beside(system.spec.intake, "transaction", id)] if {
	some name, plant in system.plants
	id := plant.transactionalId
}

deeds contains ["valve", sprintf("join its group %v", [system.spec.valve.group]), "read", beside(outlet, "group", system.spec.valve.group)] if {
	some plant in system.plants
	some outlet in plant.outlets
}

deeds contains ["valve", sprintf("read the switch %v", [o.name]), "read", objects.resource(o)] if {
	system.spec.valve
	some o in objects.switches
}

beside(ref, type, name) := object.union(access.resource(ref), {"type": type, "name": name})

# asked are those of the actors that are all there: as whom another one acts is not seen.
asked contains [name, deed] if {
	some [name, deed, _, _] in deeds
	not system.absent_workloads[name]
}

# rights has what of it is granted, and to whom an actor is or can act as: the whole, or a part of it; and the place of the grant.
rights contains [name, system.called(name), deed, part, g.at] if {
	some name, principals in acting
	some [actor, deed, action, r] in deeds
	actor == name
	some g in access.granted(action, r)
	g.principal in principals
	some part in parts(g, r.name)
}

acting[name] := {p | some p in access.near(access.nodes_of(name)); is_string(p)} if some name, _ in system.actors

parts(g, name) := {name} if {
	whole(g, name)
} else := {n | some n in g.names; access.below(n, name)}

whole(g, _) if g.names == null

whole(g, name) if access.within(g, name)
