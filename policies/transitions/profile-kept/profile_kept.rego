# METADATA
# title: The bounds that hold for a System are not loosened
# description: |
#   Asks whether each bound of the Profile that holds for the System stays as narrow as it is: no shorter window, no smaller volume, no larger
#   tolerance or age, no principal and no authority that no entry covered before; and whether there is a Profile still. It is the same whether the Profile changes or the System
#   names another one. Where no Profile was declared, there was nothing to loosen.
#
#   A System declares what it promises, and the Profile how little that may be. Whoever loosens the Profile lowers
#   every System under it at once, without touching any.
# custom:
#   level: 1
#   kind: transition
#   principle: gate
#   severity: critical
#   remediation: Keep the Profile as it is; or write an Exemption for transitions/profile-kept, with the System as its subject, and have it approved by the platform's owners.
package pocdr.transitions.profile_kept

import data.pocdr.lib.access
import data.pocdr.lib.system
import data.pocdr.lib.units

sees := {"at": system.at(["spec", "profile"]), "name": input.profile.name, "declared": input.profile.declared, "bounds": bounds, "open": open, "named": named} if input.system.declared

# bounds has numbers of which the larger one is the narrower bound, by field of the Profile.
bounds["proof.minWindow"] := units.seconds(input.profile.spec.proof.minWindow)

bounds["proof.minVolume"] := input.profile.spec.proof.minVolume

bounds["proof.maxTolerance"] := 0 - units.number(input.profile.spec.proof.maxTolerance)

bounds["proof.maxIgnoredFields"] := 0 - input.profile.spec.proof.maxIgnoredFields

bounds["rollback.minWindow"] := units.seconds(input.profile.spec.rollback.minWindow)

bounds["rollback.maxObjective"] := 0 - units.seconds(input.profile.spec.rollback.maxObjective)

bounds["rollback.maxRehearsalAge"] := 0 - units.seconds(input.profile.spec.rollback.maxRehearsalAge)

bounds["correction.maxTimeToDetect"] := 0 - units.seconds(input.profile.spec.correction.maxTimeToDetect)

# open are the lists that bound nothing.
open contains "switchers" if count(object.get(input.profile.spec, "switchers", [])) == 0

# named has those whom each list allows something, by field.
named[field] := {entry | some entry in object.get(input.profile.spec, field, [])} if some field in ["switchers", "operators", "authorities"]

words(entry) := entry if is_string(entry)

words(entry) := sprintf("%v for %v", [concat("/", [part | some part in [entry.platform, object.get(entry, "name", "")]; part != ""]), entry.system]) if is_object(entry)

# covers(was, entry) holds where an entry allows nothing that another one did not.
covers(was, entry) if {
	is_string(was)
	is_string(entry)
	access.lists(was, entry)
}

covers(was, entry) if {
	is_object(was)
	is_object(entry)
	access.approves(was, entry.system, entry.platform, object.get(entry, "name", ""))
}

refuses[input.before.at] contains sprintf("Profile %v, whose bounds hold for this System, is taken away: there is no Profile %v", [input.before.name, input.after.name]) if {
	input.before.declared
	not input.after.declared
}

refuses[input.before.at] contains sprintf("the Profile's %v is loosened", [field]) if {
	compared
	some field, was in input.before.bounds
	not input.after.bounds[field] >= was
}

refuses[input.before.at] contains sprintf("the Profile's %v bound nobody any more", [field]) if {
	compared
	some field in input.after.open - input.before.open
}

refuses[input.before.at] contains sprintf("the Profile's %v allow %v, whom they did not allow before", [field, system.listed(gained)]) if {
	compared
	some field, was in input.before.named
	not field in input.before.open
	gained := {words(entry) | some entry in input.after.named[field]; every one in was { not covers(one, entry) }}
	count(gained) > 0
}

# compared holds where there was a Profile to compare with: bounds that nobody had declared are not loosened by declaring them.
compared if {
	input.before.declared
	input.after
}
