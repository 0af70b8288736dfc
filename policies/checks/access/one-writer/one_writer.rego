# METADATA
# title: At most one plant can write an outlet, and nobody else
# description: |
#   Asks whether at most one principal among the plants can write each outlet, only its own plant the outlet of a plant, and of all others
#   none but the declared corrector and the valve. Who may alter an outlet, or delete it, may write it.
#
#   Two writers that both may write will, some day, both write: after a restart, a restored backup, a rollout that
#   went half way. Whoever else may write is a source of output that no proof covers and no switch turns off.
#
#   Whoever can come to act as a writer counts as one: by reading its secret, by starting pods that mount it, by a role
#   that it inherits. Two kinds are not counted, since bedrock does not bind them either way: superusers that none of the system's workloads
#   is, holds or can become and that is not declared downstream (the administrators of bedrock), and, as long as they are granted nothing on the outlet itself,
#   the principals that spec.switch.authorised names, who deliver the plants, and the operators that the Profile names, who keep the cluster. An operator may keep
#   the outlet's shape as well: one that may alter or delete it counts as soon as it may also write it. A grant that is declared elsewhere is not seen, so
#   that the answer is yes only where this repository is the authority for the outlet's instance and for the
#   namespaces that hold its writers; authority over a namespace includes what is granted for the whole cluster.
# custom:
#   level: 2
#   kind: invariant
#   severity: critical
#   remediation: Take the grant to write, or the way to one, from everybody but one plant, the valve and the corrector; name the corrector in spec.correction.corrector; have the Profile list in operators who keeps the cluster; state spec.authority and let the Profile approve it.
package pocdr.checks.access.one_writer

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.system

subjects contains at if some at, _ in access.unenforced

fails[at] contains message if some message in access.unenforced[at]

# lacking says, by place, what the System does not name of what is asked about.
lacking := object.union(system.plantless, contracts.absent)

subjects contains at if some at, _ in lacking

fails[at] contains message if {
	input.system.declared
	some at, message in lacking
}

unknowns[at] contains message if {
	not input.system.declared
	some at, message in lacking
}

# outlets are the references to the system's outlets and the plants' own, by path.
outlets[r.path] := r.ref if {
	some r in access.references
	r.path[1] != "intake"
}

# writing has, by path, the grants by which what an outlet holds can be changed: it is written, taken away with the outlet, or lost to another shape or a
# shorter retention of it, or the right to do so is given away. writers are those who have them.
writing[path] := {g |
	some action in ["write", "alter", "delete", "administer"]
	some g in access.granted(action, r)
} if {
	some path, ref in outlets
	r := access.resource(ref)
}

writers[path] := {g.principal | some g in writing[path]} | access.unbound(access.resource(ref)) if some path, ref in outlets

# --- Plants

plants_of[path] contains name if {
	some path, all in writers
	some name, _ in system.plants
	count(access.reach_of(name) & all) > 0
}

# held has, by path, the principals of the outlet's platform by which the plants write.
held[path] contains p if {
	some path, all in writers
	some name in plants_of[path]
	some p in access.principals_of(name)
	access.platform_of(p) == outlets[path].platform
	count(access.reach(p) & all) > 0
}

clashes[path] contains sprintf("%v can be written by %v", [outlets[path].name, concat(" and ", [system.called(name) | some name in names])]) if {
	some path, names in plants_of
	count(names) > 1
}

clashes[path] contains sprintf("%v can be written by %v as %v", [outlets[path].name, system.called(name), concat(" and as ", held[path])]) if {
	some path, names in plants_of
	count(names) == 1
	some name in names
	count(held[path]) > 1
}

clashes[path] contains sprintf("%v, the outlet of %v, can be written by %v", [outlets[path].name, system.called(path[2]), system.called(name)]) if {
	some path, names in plants_of
	path[1] == "plants"
	names == {name | some name in names; name != path[2]}
	some name in names
}

# reasons are [place, message].
reasons contains [system.at(path), message] if {
	some path, messages in clashes
	some message in messages
}

# The grants of a clash, and what leads to them, are named as well, so that the one that is new is refused.
reasons contains [at, message] if {
	some path, messages in clashes
	some message in messages
	some name in plants_of[path]
	some at in {g.at | some g in writing[path]; g.principal in access.reach_of(name)} | {fact.at |
		some p in access.principals_of(name)
		some fact in entrances(p, path)
	}
}

# --- Others

# entitled are the plants, the valve and the corrector.
entitled contains p if {
	some name, _ in system.actors
	some p in access.principals_of(name)
}

entitled contains system.spec.correction.corrector

# administrators are superusers, and those who inherit from one, that none of the system's workloads can act as, and that the System names for nothing.
administrators := (superusers | heirs) - ((within_reach | access.everybody) | object.keys(access.roles))

superusers := object.keys(access.superusers)

# heirs inherit from a superuser: on a platform that runs no workloads, to act as another is to have its role.
heirs := {p |
	some p in access.attainers(superusers)
	not access.platform_of(p) in access.clusters
}

within_reach := access.reached({access.node(p) | some w in system.neighbours; some p in {w.principal} | access.held(w)})

# strangers are those who can come to write an outlet and should not.
strangers[path] := access.attainers(all) - ((entitled | administrators) | ((inactive - active) | ((deliverers - all) | (operators - filling[path])))) if some path, all in writers

# filling has, by path, those who can write themselves, or let others write: whoever keeps the store's shape is an operator as long as it cannot.
filling[path] := access.direct("write", r) | access.direct("administer", r) if {
	some path, ref in outlets
	r := access.resource(ref)
}

# Nobody can sign in as a role that is inactive.
inactive contains p.principal if {
	some p in input.facts.principal
	not p.active
}

active contains p.principal if {
	some p in input.facts.principal
	p.active
}

deliverers contains p if some p in system.spec.switch.authorised

deliverers contains p if some p in operators

operators contains p if some p in input.profile.spec.operators

# perhaps_own has strangers that may be the system's own after all: whoever it is, while a workload of the system is not declared yet; who
# may write, while it is not known whom a secret authenticates that an actor mounts.
perhaps_own[path] := all - access.everybody if {
	some path, all in strangers
	system.incomplete
}

perhaps_own[path] := {p | some p in (all & writers[path]) - access.everybody; access.platform_of(p) == outlets[path].platform} if {
	some path, all in strangers
	not system.incomplete
	count(access.unexplained) > 0
}

# intruders are strangers for certain: those who may write themselves, and those who can come to act as one who may.
intruders[path] := {
	"may write": certain & writers[path],
	"can come to act as one who may write": certain - writers[path],
} if {
	some path, all in strangers
	certain := all - object.get(perhaps_own, [path], set())
}

intrusion(who, how, names) := sprintf("%v %v %v, and is neither a plant's, the valve's nor the corrector's", [system.listed(who), how, system.listed(names)])

reasons contains [system.at(path), intrusion(all, how, {outlets[path].name})] if {
	some path, by in intruders
	some how, all in by
	count(all) > 0
}

# entering has [[place, who, how], outlet] for each grant, and each way, by which an intruder comes in.
entering contains [[fact.at, p, how], outlets[path].name] if {
	some path, by in intruders
	some how, all in by
	some p in all
	some fact in entrances(p, path)
}

reasons contains [at, intrusion({p}, how, names)] if {
	some k in {k | some [k, _] in entering}
	[at, p, how] := k
	names := {name | some [l, name] in entering; k = l}
}

# entrances(p, path) are the facts by which a stranger comes to write.
entrances(p, path) := {g | some g in writing[path]; g.principal == p} | {o |
	some o in access.obtains_by[p]
	access.node(o.to) in leading[path]
} | {g |
	some [g, to] in access.disclosures
	g.principal == p
	to in leading[path]
} | {w |
	some w in access.commanders
	w.principal == p
	p in leading[path]
}

# leading has, by path, from where one comes to be a writer.
leading[path] := access.backward(all) if some path, all in writers

# --- Answers

subjects contains system.at(path) if some path, _ in outlets

subjects contains at if some [at, _] in reasons

fails[at] contains message if some [at, message] in reasons

doubts[path] contains sprintf("%v may write it, or come to; whether that is one of the system's own cannot be told", [system.listed(all)]) if {
	some path, all in perhaps_own
	count(all) > 0
}

doubts[path] contains message if {
	some path, _ in outlets
	some name, _ in system.actors
	some message in access.unsure(name)
}

doubts[path] contains message if {
	some path, ref in outlets
	some message in access.doubts(access.instances_of(ref) | access.havens(writers[path]))
}

unknowns[system.at(path)] contains message if some message in doubts[path]

passes contains system.at(path) if {
	some path, _ in outlets
	not fails[system.at(path)]
	not doubts[path]
}
