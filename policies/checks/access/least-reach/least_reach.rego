# METADATA
# title: No plant reaches more than it names
# description: |
#   Asks whether what the system's workloads can do, by what they are, by what they mount and by what they can come to act as, is
#   free of wildcards, of rights without bound and of ways to more rights.
#
#   What a plant needs can be listed: one log to read, one group, one outlet. A wildcard also covers the outlet
#   of the other plant and whatever is made tomorrow; a superuser is asked nothing; and who may read
#   secrets, start pods, grant rights or command a node (by a privileged container, or by what is mounted from it) has whatever can be had that way. With any of them the
#   other questions about access answer what is meant, not what is possible. A grant that is declared elsewhere is
#   not seen, so that the answer is yes only where this repository is the authority for what is granted.
# custom:
#   level: 2
#   kind: invariant
#   severity: high
#   remediation: Replace the grant by ones that name each resource and each action that the workload needs, or take the credential away from it; state spec.authority and let the Profile approve it.
package pocdr.checks.access.least_reach

import data.pocdr.lib.access
import data.pocdr.lib.system

subjects contains at if some at, _ in access.unenforced

fails[at] contains message if some message in access.unenforced[at]

subjects contains at if some at, _ in system.plantless

fails[at] contains message if {
	input.system.declared
	some at, message in system.plantless
}

unknowns[at] contains "no System declares who acts here, or who is the authority for what is granted" if {
	not input.system.declared
	some at, _ in system.plantless
}

# own are the principals of the system: its workloads', those that it mounts, and its corrector.
own := {node | some w in system.workloads; some node in nodes(w)} | {p | p := system.spec.correction.corrector}

nodes(w) := {access.node(p) | some p in {w.principal} | access.held(w)}

# reached are the principals in their reach. Who can act as anybody is told so, and not all that anybody has.
reached := {p | some p in access.near(own); is_string(p)}

# excess has what is too much, by place, with the principal that has it.
excess[g.at] contains [principal, words[g.excess]] if {
	some principal in reached
	some g in access.grants_by[principal]
	g.effect == "allow"
	g.excess != null
}

excess[fact.at] contains [principal, words.superuser] if {
	some principal in reached
	some fact in access.superusers[principal]
}

words := {
	"wildcard": "has a grant with a wildcard",
	"superuser": "is not bound by what is granted",
	"escalation": "has a grant that is a way to more rights",
}

subjects contains at if some at, _ in excess

fails[at] contains sprintf("%v %v; it is in the reach of %v", [principal, what, whose(principal)]) if {
	some at, all in excess
	some [principal, what] in all
}

whose(principal) := "everybody" if {
	principal in anywhere
} else := system.listed(behind[principal])

# anywhere are those whom everybody can act as.
anywhere := access.near(set())

# behind has, by principal with too much, those of the system that reach it.
behind := {principal: all |
	some principal in spoilt
	all := {who | some [who, p] in reaching; principal = p}
}

reaching contains [system.title(w), principal] if {
	some w in system.workloads
	some principal in access.near(nodes(w)) & spoilt
}

reaching contains ["the corrector", principal] if some principal in access.near({system.spec.correction.corrector}) & spoilt

spoilt contains principal if {
	some all in excess
	some [principal, _] in all
}

# anybodys are the platforms of which everybody can act as anybody: that is said once, of what makes it so.
anybodys := access.mastered(set())

# openings are [from, platform, place, what] of what lets one act as anybody of a platform.
openings contains [from, platform, o.at, sprintf("%v %v", [from, o.how])] if {
	some from in reached
	some o in access.obtains_by[from]
	[_, platform] := access.node(o.to)
}

opening := {k: all |
	some k in {[from, platform] | some [from, platform, _, _] in openings}
	all := {[at, what] | some [from, platform, at, what] in openings; k = [from, platform]}
}

subjects contains at if some at, _ in ajar

fails[at] contains message if some message in ajar[at]

ajar[at] contains sprintf("everybody can act as anybody of %v: %v", [platform, what]) if {
	some platform in anybodys
	some from in access.everybody
	some [at, what] in opening[[from, platform]]
}

# masters are [workload, platform]: the platform of which a workload can act as anybody, and not everybody.
masters contains [w, platform] if {
	some w in system.workloads
	some platform in access.mastered(nodes(w)) - anybodys
}

subjects contains w.at if some [w, _] in masters

fails[w.at] contains sprintf("can act as anybody of %v%v", [platform, because(w, platform)]) if some [w, platform] in masters

# because(w, platform) says by what, where it is more than that the workload mounts the credential.
because(w, platform) := sprintf(": %v", [system.listed(all)]) if {
	all := {what | some from in access.near(nodes(w)); some [_, what] in opening[[from, platform]]}
	count(all) > 0
} else := ""

# Whoever commands a node has whatever runs there.
commanding contains w if {
	some w in system.workloads
	w in access.commanders
}

subjects contains w.at if some w in commanding

fails[w.at] contains sprintf("commands the node that it runs on, and with it whatever else runs there: %v", [system.listed({how | some how in w.commandsNode})]) if some w in commanding

subjects contains system.place(name) if some name, _ in system.actors

passes contains system.place(name) if {
	some name, _ in system.actors
	not excessive[name]
	not masterly(name)
	not commander(name)
	count(doubts(name)) == 0
}

excessive[name] contains principal if {
	some name, _ in system.actors
	some w in system.actor_workloads[name]
	some principal in access.near(nodes(w)) & spoilt
}

masterly(name) if {
	some w in system.actor_workloads[name]
	some [v, _] in masters
	v.at == w.at
}

masterly(_) if count(anybodys) > 0

commander(name) if {
	some w in system.actor_workloads[name]
	w in commanding
}

fails[system.place(name)] contains "commands the nodes that it runs on" if {
	some name, _ in system.actors
	commander(name)
}

fails[system.place(name)] contains "can act as anybody" if {
	some name, _ in system.actors
	masterly(name)
}

fails[system.place(name)] contains sprintf("reaches %v, which has more than it needs", [system.listed(excessive[name])]) if some name, _ in excessive

unknowns[system.place(name)] contains message if {
	some name, _ in system.actors
	some message in doubts(name)
}

doubts(name) := access.unsure(name) | access.doubts(access.instances | access.havens(access.principals_of(name)))
