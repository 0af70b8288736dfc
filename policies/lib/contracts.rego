# The outlets of a System, who drinks from them, and the schemas that their contracts promise.
package pocdr.lib.contracts

import data.pocdr.lib.access
import data.pocdr.lib.system

# at(i) is the place of the System's outlet i.
at(i) := system.at(["spec", "outlets", i])

# absent says, by place, why there is no outlet to ask about.
absent[system.at([])] := "no System declares an outlet" if not input.system.declared

absent[system.at(["spec", "outlets"])] := "spec.outlets names no outlet" if {
	input.system.declared
	count(object.get(system.spec, "outlets", [])) == 0
}

# nobody says, by place, why there is no downstream to ask about. Who retires has none, in the end.
nobody[system.at([])] := "no System declares who is downstream" if not input.system.declared

nobody[system.at(["spec", "downstream"])] := "spec.downstream names nobody who drinks from the outlets" if {
	input.system.declared
	system.spec.lifecycle != "Retiring"
	count(object.get(system.spec, "downstream", [])) == 0
}

# named(name) are the declared schemas of this name.
named(name) := [s | some s in by_name[name]]

by_name := {name: all |
	some name in {s.name | some s in input.facts.schema}
	all := {s | some s in input.facts.schema; name = s.name}
}

# schemas(outlet) are the declared schemas that an outlet's contract names: those that stand alone, and those of the outlet itself.
schemas(outlet) := [s | some s in named(outlet.contract.schema); fits(s, outlet)]

fits(s, _) if s.store == null

fits(s, outlet) if {
	outlet.name in {s.store, s.name}
	s.platform == outlet.platform
	access.same_scope(s.scope, object.get(outlet, "scope", null))
}

# unfound(outlet) says that the schema is not declared which an outlet's contract names.
unfound(outlet) := sprintf("schema %v, which the contract of outlet %v names, is not declared", [outlet.contract.schema, outlet.name]) if {
	count(schemas(outlet)) == 0
}

# changes(s) are the statements of other documents about a schema, or by which its store goes: what these do to it, its own document does not say.
changes(s) := [c |
	some c in input.facts.schema_change
	c.store == s.store
	c.platform == s.platform
	c.at[0] != s.at[0]
	bears_on(c, s)
]

bears_on(c, s) if c.schema == s.name

bears_on(c, _) if {
	c.schema == null
	c.removes == null
}

# fields(s) are those of a schema that no document takes away, with those that others add.
fields(s) := {field | some field in ever(s); not taken(s, field)}

ever(s) := {field | some field in s.fields} | {field | some c in changes(s); some field in c.adds}

# doubtful(s, field) holds where one document has a field and another takes it away: which of them comes last is not known.
doubtful(s, field) if {
	field in ever(s)
	taken(s, field)
}

taken(s, field) if {
	some c in changes(s)
	takes(c, field)
}

takes(c, _) if c.removes == null

takes(c, field) if field in c.removes
