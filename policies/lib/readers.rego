# Who may read the outlets of a System, and who of them nobody declared.
package pocdr.lib.readers

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.system

# leaks(outlet) says where no grant bounds who reads it, doubts(outlet) why not all grants are seen that let somebody.
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

# seen holds where all who may read an outlet can be seen.
seen if {
	every outlet in system.spec.outlets {
		count(doubts(outlet)) == 0
	}
}

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

# all are the principals that a declared grant lets read an outlet.
all := {p | some list in grants; some g in list; some p in holders(g.principal)}

# strangers says, by the place of a grant, who may read by it and is not declared downstream.
strangers[g.at] contains sprintf("%v may read outlet %v", [who(reader, g.principal), system.spec.outlets[i].name]) if {
	some i, list in grants
	some g in list
	some reader in (holders(g.principal) - passive) - expected
}

who(reader, reader) := reader

who(reader, role) := sprintf("%v, as %v,", [reader, role]) if reader != role

# unsettled says why it is not so, or not seen, that nobody reads the outlets but who is declared downstream.
unsettled contains message if some _, message in contracts.absent

unsettled contains message if {
	some outlet in system.spec.outlets
	some message in doubts(outlet) | leaks(outlet)
}

unsettled contains message if some message in strangers[_]
