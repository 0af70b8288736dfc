# METADATA
# title: Nobody more comes to go past what enforces
# description: |
#   Asks whether nobody, the Profile's operators left out, comes to alter or to take away an object by which the engine is asked about changes, or to act as one
#   whose changes it is not asked about.
#
#   Every other question holds as long as it is put. Who may switch the gate off, or be one whom it spares, is bound by none of them: to
#   grant that is to grant all that the gate refuses. Where no gate is declared there is none to go past.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-creation-or-update
#   description: What Kubernetes itself keeps people from granting, and what it does not
# custom:
#   level: 2
#   kind: transition
#   principle: gate
#   severity: critical
#   remediation: Take the grant back, or leave what enforces and whom it spares out of it. Have the Profile name those who keep the platform in operators; or write an Exemption for transitions/gate-kept, with the object that grants it as its subject, and have it approved by who answers for the platform.
package pocdr.transitions.gate_kept

import data.pocdr.lib.access
import data.pocdr.lib.objects

sees := {"gates": gates, "past": past} if {
	input.system.declared
	count(gates) > 0
}

# gates are what one may go past: the objects that enforce, and those whom they spare.
gates := {title(o) | some o in enforcing} | spared

enforcing := {o |
	some o in input.facts.object
	o.at[0] in documents
}

documents := {e.at[0] | some e in input.facts.enforcer}

spared := {p | some e in input.facts.enforcer; some p in e.spares}

title(o) := concat(" ", [o.kind, o.name])

# past has who goes past each gate, how, and where that stands.
past := doing | acting

# doing are those who can do away with what enforces, by grants, or bound by none.
doing contains {"gate": title(o), "principal": g.principal, "at": g.at, "how": sprintf("may %v %v", [concat(" and ", actions), title(o)])} if {
	some o in enforcing
	r := objects.resource(o)
	some g in {g | some action in ending; some g in access.granted(action, r)}
	g.scope in {null, o.namespace}
	g.excess != "superuser"
	actions := {action | some action in ending; access.allows(g, action, r)}
}

doing contains {"gate": title(o), "principal": f.principal, "at": f.at, "how": "is not bound by what is granted"} if {
	some o in enforcing
	some f in access.exalting
	f.platform == o.platform
	f.scope in {null, o.namespace}
}

ending := {"alter", "delete", "administer"}

# acting are those who can come to act as one that goes past a gate.
acting contains {"gate": gate, "principal": o.from, "at": o.at, "how": sprintf("can come to act as %v (%v)", [whom(o.to), o.how])} if {
	some gate, nodes in able
	some from in nodes
	some o in access.obtains_by[from]
	access.node(o.to) in nodes
}

# able has the nodes from which one goes past each gate.
able := {gate: access.backward(first[gate]) | some gate in gates}

first[p] := {p, access.node(access.everybody_like(p))} if some p in spared

first[title(o)] := {access.node(d.principal) | some d in doing; d.gate == title(o)} if some o in enforcing

whom(principal) := sprintf("anybody of %v", [access.platform_of(principal)]) if endswith(principal, ":*")

whom(principal) := principal if not endswith(principal, ":*")

refuses[p.at] contains sprintf("%v %v, and so goes past what enforces: it could not before", [p.principal, p.how]) if {
	some p in input.after.past
	p.gate in input.before.gates
	not [p.gate, p.principal] in before
	not p.principal in input.before.gates
	not p.principal in input.profile.spec.operators
}

before := {[p.gate, p.principal] | some p in input.before.past}
