# METADATA
# title: What the system can write does not become more than it says
# description: |
#   Asks whether every grant by which a plant or the valve comes to write, to alter or to take away a log or a store that it could not before is about an
#   outlet that the System names for it; whether none gains a right without bound, or a way to more rights; and whether nobody else, the Profile's operators left
#   out, comes to alter or to take away the intake.
#
#   A proof shows what the candidate did, not what it may do. Reach that grows with no outlet to show for it waits for
#   the day on which the release uses it, and that day no rule about images or switches speaks. And who may cut the intake
#   short, or take it away, ends what can be read again: those who fill it need no such right.
# custom:
#   level: 2
#   kind: transition
#   principle: access
#   severity: high
#   remediation: Name the outlet in spec.plants or spec.outlets, and grant that alone; take the rest of the grant back. Leave the intake to its operators, and have the Profile name them.
package pocdr.transitions.reach_kept

import data.pocdr.lib.access
import data.pocdr.lib.system

sees := {"reach": reach, "intake": intake} if input.system.declared

# reach has what actors can do to logs and stores beyond what the System names for them, and what is excessive.
reach contains {"actor": system.called(name), "at": g.at, "what": what(g)} if {
	some name, _ in system.actors
	some principal in access.near(access.nodes_of(name))
	is_string(principal)
	some g in access.grants_by[principal]
	g.effect == "allow"
	beyond(g, name)
}

beyond(g, _) if g.excess != null

beyond(g, name) if {
	count({"write", "alter", "delete", "administer"} & {a | some a in g.actions}) > 0
	holds_output(g)
	not only_named(g, name)
}

# holds_output(g) holds where a grant may be about logs or stores.
holds_output(g) if g.types == null

holds_output(g) if {
	some type in g.types
	type in {"log", "store"}
}

only_named(g, name) if {
	g.names != null
	every n in g.names {
		some ref in outlets_of(name)
		ref.platform == g.platform
		access.below(n, ref.name)
	}
}

outlets_of("valve") := object.get(system.spec, "outlets", [])

outlets_of(name) := object.get(system.plants[name], "outlets", [])

# what tells grants apart, wherever they stand.
what(g) := object.filter(g, ["principal", "platform", "scope", "types", "match", "names", "actions", "excess"])

# intake has who may do to it what ends its records, by each grant, those left out that act for the system.
intake contains {"at": g.at, "principal": g.principal, "actions": actions} if {
	r := access.resource(system.spec.intake)
	some g in {g | some action in ending; some g in access.granted(action, r)}
	not g.principal in acting
	actions := {action | some action in ending; access.allows(g, action, r)}
}

ending := {"alter", "delete", "administer"}

acting contains p if {
	some name, _ in system.actors
	some p in access.near(access.nodes_of(name))
}

refuses[r.at] contains sprintf("%v reaches more than before: %v may %v %v", [r.actor, r.what.principal, concat(", ", r.what.actions), about(r.what)]) if {
	input.before
	some r in input.after.reach
	not [r.actor, r.what] in known
}

refuses[i.at] contains sprintf("%v may %v the intake, and could not before", [i.principal, concat(" and ", gained)]) if {
	input.before
	some i in input.after.intake
	not i.principal in input.profile.spec.operators
	gained := i.actions - {a | some was in input.before.intake; was.principal == i.principal; some a in was.actions}
	count(gained) > 0
}

known := {[r.actor, r.what] | some r in input.before.reach}

about(w) := "whatever there is" if w.names == null

about(w) := concat(", ", w.names) if {
	w.names != null
	w.match != "prefix"
}

about(w) := concat(", ", [concat("", [name, "*"]) | some name in w.names]) if w.match == "prefix"
