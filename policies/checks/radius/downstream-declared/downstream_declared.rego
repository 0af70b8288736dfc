# METADATA
# title: Who may read an outlet is exactly who is declared downstream
# description: |
#   Asks whether the principals that may read the system's outlets are those that the System declares downstream, each with an
#   owner. Left out are the system's own actors, its corrector, and administrators whose credentials no workload holds.
#
#   A reader that nobody knows of is not told when the output was wrong, and goes on drinking. A
#   reader that is declared and may not read has lost its source, or never was one.
# custom:
#   level: 2
#   kind: goal
#   severity: high
#   remediation: Declare the reader in spec.downstream with its owner and principals, or revoke the grant; if it is a plant's own, name it in that plant's credentials. State in spec.authority of which scopes this repository declares everything, and have the Profile approve it.
package pocdr.checks.radius.downstream_declared

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.system

subjects contains at if some at, _ in contracts.absent

subjects contains at if some at, _ in contracts.nobody

fails[at] contains message if some at, message in contracts.absent

fails[at] contains message if some at, message in contracts.nobody

# Each outlet: all who may read it can be seen.

subjects contains contracts.at(i) if some i, _ in system.spec.outlets

passes contains contracts.at(i) if {
	some i, outlet in system.spec.outlets
	count(doubts(outlet)) == 0
	count(leaks(outlet)) == 0
}

fails[contracts.at(i)] contains message if {
	some i, outlet in system.spec.outlets
	some message in leaks(outlet)
}

unknowns[contracts.at(i)] contains message if {
	some i, outlet in system.spec.outlets
	some message in doubts(outlet)
}

leaks(outlet) := {sprintf("who may read outlet %v is not bounded by grants: %v", [outlet.name, access.why(e)]) |
	some [platform, scope] in access.instances_of(outlet)
	scope != null
	some e in access.enforcement([platform, scope])
	access.leaks(e)
}

doubts(outlet) := access.doubts(access.instances_of(outlet)) | {sprintf("outlet %v is not declared, so nothing says who may read it", [outlet.name]) |
	count(access.logs(outlet)) == 0
	count(access.stores(outlet)) == 0
}

# Each grant: whoever reads by it is expected to.

subjects contains g.at if some g in grants[_]

passes contains at if some at in {g.at | some g in grants[_]} - {at | some at, _ in fails}

fails[g.at] contains sprintf("%v may read outlet %v and is not declared downstream", [who(reader, g.principal), system.spec.outlets[i].name]) if {
	some i, list in grants
	some g in list
	some reader in (holders(g.principal) - passive) - expected
}

who(reader, reader) := reader

who(reader, role) := sprintf("%v, as %v,", [reader, role]) if reader != role

# grants[i] are those by which outlet i, or a part of it, may be read.
grants[i] := access.granted("read", access.resource(outlet)) if some i, outlet in system.spec.outlets

# holders(principal) are all on its platform that can act as it: itself, and who inherits from it.
holders(principal) := {p |
	some p in access.attainers({principal})
	access.platform_of(p) == access.platform_of(principal)
}

# passive are those that nobody can be, and that only hand on what they were granted.
passive := {p.principal | some p in input.facts.principal; not p.active} - {p.principal | some p in input.facts.principal; p.active}

expected := union({declared, own, administrators, {p | p := system.spec.correction.corrector}})

declared := {p | some p in system.spec.downstream[_].principals}

own := {p | some name, _ in system.actors; some p in access.principals_of(name)}

# administrators are those whom grants do not bind, or who can act as everybody, and whose credentials no workload holds.
administrators := access.attainers(unbound) - worn

unbound := union({
	{g.principal | some g in input.facts.grant; g.excess == "superuser"},
	{p.principal | some p in input.facts.principal; p.superuser},
	{o.from | some o in input.facts.obtains; endswith(o.to, ":*")},
})

worn := {w.principal | some w in input.facts.workload} | {p |
	some m in input.facts.mount
	m.what == "secret"
	some p in access.principals_in(m.namespace, m.name)
}

# Each downstream: it has an owner, and may read.

subjects contains downstream(i) if some i, _ in system.spec.downstream

passes contains downstream(i) if {
	some i, d in system.spec.downstream
	owned(d)
	named(d)
	count(cut_off(d)) == 0
}

fails[downstream(i)] contains sprintf("downstream %v has no owner", [d.name]) if {
	some i, d in system.spec.downstream
	not owned(d)
}

fails[downstream(i)] contains sprintf("downstream %v names no principal with which it reads", [d.name]) if {
	some i, d in system.spec.downstream
	not named(d)
}

missing[downstream(i)] contains sprintf("%v is declared downstream and may read no outlet", [p]) if {
	some i, d in system.spec.downstream
	some p in cut_off(d)
	all_seen
}

unknowns[downstream(i)] contains sprintf("no grant that is declared here lets %v read an outlet", [p]) if {
	some i, d in system.spec.downstream
	some p in cut_off(d)
	not all_seen
}

downstream(i) := system.at(["spec", "downstream", i])

owned(d) if trim_space(d.owner) != ""

named(d) if count(d.principals) > 0

# cut_off(d) are the principals of a downstream that no declared grant lets read.
cut_off(d) := {p | some p in d.principals; not p in readers; not access.everybody_like(p) in readers}

readers := {p | some g in grants[_]; some p in holders(g.principal)}

all_seen if {
	every outlet in system.spec.outlets {
		count(doubts(outlet)) == 0
	}
}
