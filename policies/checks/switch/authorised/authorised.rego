# METADATA
# title: Only declared principals can turn the switch
# description: |
#   Asks whether every principal that may change or delete the switch's object, or can come to act as one that may, is named in
#   spec.switch.authorised, administrators among them; and whether the Profile allows each of those. Left out are the operators that the Profile names,
#   who keep the cluster, as long as no grant of theirs names the switch.
#
#   The switch decides what all of downstream drinks. Whoever can turn it can deliver what was never proven, by mistake as
#   well as by intent; and a list of names says little while a wildcard grant or a readable token gives the same right to others.
#   A grant that is declared elsewhere is not seen, so that the answer is yes only where this
#   repository is the authority for the part of the platform that keeps the object.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
#   description: Grants on objects by name
# custom:
#   level: 2
#   kind: invariant
#   severity: critical
#   remediation: Grant changes of the switch's object by its name, to those only who turn it; name them in spec.switch.authorised, and have the Profile list them in switchers, and in operators who keeps the cluster. State spec.authority and let the Profile approve it.
package pocdr.checks.switch.authorised

import data.pocdr.lib.access
import data.pocdr.lib.objects
import data.pocdr.lib.system

place(path) := system.at(array.concat(["spec", "switch"], path))

unsaid[system.at([])] := "no System declares who may turn the switch" if not input.system.declared

unsaid[place([])] := "spec.switch names no switch" if {
	input.system.declared
	not system.spec.switch
}

unsaid[place(["authorised"])] := "spec.switch.authorised names nobody" if {
	system.spec.switch
	count(authorised) == 0
}

subjects contains at if some at, _ in unsaid

fails[at] contains message if some at, message in unsaid

# --- Who is declared

authorised := object.get(system.spec.switch, "authorised", [])

subjects contains place(["authorised", i]) if some i, _ in authorised

passes contains place(["authorised", i]) if {
	some i, principal in authorised
	allowed(principal)
}

fails[place(["authorised", i])] contains sprintf("the Profile does not list %v among the switchers", [principal]) if {
	some i, principal in authorised
	not allowed(principal)
}

allowed(_) if count(switchers) == 0

allowed(principal) if {
	some entry in switchers
	access.lists(entry, principal)
}

switchers := object.get(input.profile.spec, "switchers", [])

# --- Who can

switches := {objects.resource(o) | some o in objects.switches}

# grants are those by which the switch can be changed.
grants contains g if {
	some switch in switches
	some action in ["write", "alter", "delete", "administer"]
	some g in access.granted(action, switch)
}

strangers(principal) := access.attainers({principal}) - ({p | some p in authorised} | operators)

# operators keep the cluster, by the Profile's word: what they may do to every object they may do to the switch. A grant that names the switch is more.
operators := {p | some p in input.profile.spec.operators}

granted_by_name(g) if {
	g.principal in operators - {p | some p in authorised}
	g.names != null
}

subjects contains g.at if some g in grants

passes contains g.at if {
	some g in grants
	not fails[g.at]
}

fails[g.at] contains sprintf("%v may change the switch and is not authorised", [g.principal]) if {
	some g in grants
	g.principal in strangers(g.principal)
}

fails[g.at] contains sprintf("%v may change the switch, which the grant names, and is not authorised", [g.principal]) if {
	some g in grants
	granted_by_name(g)
}

fails[g.at] contains sprintf("%v can come to act as %v, which may change the switch, and %v not authorised", [system.listed(others), g.principal, verb]) if {
	some g in grants
	others := strangers(g.principal) - {g.principal}
	count(others) > 0
	verb := {true: "is", false: "are"}[count(others) == 1]
}

# --- Whether all is seen

ref := place(["ref"])

subjects contains ref if system.spec.switch

missing[ref] contains sprintf("%v is not declared", [objects.title(system.spec.switch.ref)]) if {
	system.spec.switch
	count(switches) == 0
}

passes contains ref if {
	count(switches) > 0
	count(unbound) == 0
	count(doubts) == 0
}

fails[ref] contains sprintf("%v is not bound by what is granted, or can come to act as one that is not, and is not authorised", [principal]) if some principal in unbound

unbound contains principal if {
	some switch in switches
	some principal in access.attainers(access.unbound(switch)) - operators
	not principal in authorised
}

unknowns[ref] contains message if some message in doubts

doubts := access.doubts({[switch.platform, switch.scope] | some switch in switches})
