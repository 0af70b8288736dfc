# METADATA
# title: Each plant and the valve have an identity and credentials of their own
# description: |
#   Asks whether the workloads of each plant, and of the valve, act as an identity that is not the default one and that nobody else acts as,
#   and whether nobody else holds the credentials that they mount.
#
#   What bedrock cannot tell apart it cannot keep apart: a candidate that signs in as the incumbent has
#   everything that the incumbent was granted, the outlet first of all. A secret that nothing explains counts as a
#   credential; it is one's own as long as nobody else mounts it. Where no System is declared, every workload
#   that lasts is asked whether it has an identity of its own.
# custom:
#   level: 1
#   kind: goal
#   severity: high
#   remediation: Give each a service account that nothing else uses, and a user of its own on each log and store, whose secret it alone mounts. Say in its credentials which principal a secret stands for where no declared object does.
package pocdr.checks.access.own_identity

import data.pocdr.lib.access
import data.pocdr.lib.system

subjects contains at if {
	input.system.declared
	some at, _ in system.plantless
}

fails[at] contains message if {
	input.system.declared
	some at, message in system.plantless
}

# asked has [owner, workload] of those whose identity is in question.
asked contains [name, w] if {
	some name, all in system.actor_workloads
	some w in all
}

asked contains [system.title(w), w] if {
	not input.system.declared
	some w in system.workloads
	w.lasting
}

subjects contains w.at if some [_, w] in asked

fails[w.at] contains sprintf("acts as the default identity, %v", [w.principal]) if {
	some [_, w] in asked
	not w.identityDeclared
}

fails[w.at] contains shared(owner, w) if {
	input.system.declared
	some [owner, w] in asked
}

unknowns[w.at] contains sprintf("%v; no System says whether they are one plant", [shared(owner, w)]) if {
	not input.system.declared
	some [owner, w] in asked
}

passes contains w.at if {
	some [owner, w] in asked
	w.identityDeclared
	not shared(owner, w)
}

shared(owner, w) := sprintf("acts as %v, which is also %v", [w.principal, system.listed(others(owner, w.principal))]) if {
	w.identityDeclared
	count(others(owner, w.principal)) > 0
}

# others(owner, principal) are those who are or hold a principal beside its owner.
others(owner, principal) := {u.what | some u in users[principal]; u.owner != owner}

# users has, by principal, who is or holds it: every workload in the system's namespaces, what actors say of themselves, and whom the System names.
users := {p: all |
	some p in {p | some [p, _, _] in uses}
	all := {{"owner": owner, "what": what} | some [q, owner, what] in uses; p = q}
}

uses contains [p, owner, system.title(w)] if {
	some [owner, w] in owned
	some p in {w.principal} | access.held(w)
}

uses contains [c.principal, name, system.called(name)] if {
	some name, actor in system.actors
	some c in actor.credentials
}

uses contains [p, role, role] if {
	some p, roles in access.roles
	some role in roles
}

# owned has every workload in the system's namespaces with each actor that names it; with itself where none does.
owned contains [name, w] if {
	some name, all in system.actor_workloads
	some w in all
}

owned contains [system.title(w), w] if {
	some w in system.neighbours
	not system.named[system.key(w)]
}

# credentials has [owner, mount] of the secrets that actors mount, those left out that authenticate nobody.
credentials contains [name, m] if {
	some name, all in system.actor_workloads
	some w in all
	some m in system.mounts_of(w)
	m.what == "secret"
	not harmless(m)
}

harmless(m) if {
	access.explained(m.namespace, m.name)
	count(access.principals_in(m.namespace, m.name)) == 0
}

subjects contains m.at if some [_, m] in credentials

fails[m.at] contains sprintf("by secret %v it is %v, which is also %v", [m.name, p, system.listed(others(owner, p))]) if {
	some [owner, m] in credentials
	some p in access.principals_in(m.namespace, m.name)
	count(others(owner, p)) > 0
}

unknowns[m.at] contains sprintf("secret %v is also mounted by %v, and nothing says whom it authenticates", [m.name, system.listed(sharers(owner, m))]) if {
	some [owner, m] in credentials
	not access.explained(m.namespace, m.name)
	count(sharers(owner, m)) > 0
}

passes contains m.at if {
	some [owner, m] in credentials
	count(sharers(owner, m)) == 0
	every p in access.principals_in(m.namespace, m.name) {
		count(others(owner, p)) == 0
	}
}

# sharers(owner, m) are the workloads beside the owner's that mount the same secret.
sharers(owner, m) := {u.what | some u in mounters[[m.namespace, m.name]]; u.owner != owner}

mounters := {k: all |
	some k in {k | some [k, _, _] in mounting}
	all := {{"owner": owner, "what": what} | some [l, owner, what] in mounting; k = l}
}

mounting contains [[m.namespace, m.name], owner, system.title(w)] if {
	some [owner, w] in owned
	some m in system.mounts_of(w)
	m.what == "secret"
}

# Each actor is asked whether it has credentials at all.
subjects contains system.place(name) if some name, _ in system.actors

passes contains system.place(name) if {
	some name, _ in system.actors
	not absent(name)
	known(name)
}

known(name) if {
	some [owner, _] in credentials
	owner == name
}

# On the platform on which a plant runs, its identity is its credential.
known(_) if {
	count(access.instances) > 0
	every instance in access.instances {
		instance[0] in access.clusters
	}
}

absent(name) if system.absent_workloads[name]

unknowns[system.place(name)] contains sprintf("%v is not declared", [w.title]) if {
	some name, _ in system.actors
	some w in system.absent_workloads[name]
}

unknowns[system.place(name)] contains "no secret is mounted that could be a credential: how bedrock tells it from others is not seen" if {
	some name, _ in system.actors
	not known(name)
	not absent(name)
}
