# Statements that change schemas, by the store that they are about.
package pocdr.lib.statements

import data.pocdr.lib.access

# outlets are the System's references to outlets, those of its plants included, that are not known to be logs.
outlets contains r if {
	some r in access.references
	r.path != ["spec", "intake"]
	access.type_of(r.ref) != "log"
}

# by_store has the statements by [platform, store]; the store is null where it is not named.
by_store := {k: all |
	some k in {[c.platform, c.store] | some c in input.facts.schema_change}
	all := {c | some c in input.facts.schema_change; k = [c.platform, c.store]}
}

# about(ref) are those about the store of an outlet, or about the part of it that the outlet is.
about(ref) := {c |
	some store in {split(ref.name, "/")[0], null}
	some c in by_store[[ref.platform, store]]
	some scope in access.scopes(ref)
	access.same_scope(c.scope, scope)
	same_part(c.schema, ref)
}

# same_part(schema, ref) holds unless the outlet is one part of the store, and the schema is another.
same_part(null, _)

same_part(schema, ref) if {
	schema != null
	not contains(ref.name, "/")
}

same_part(schema, ref) if schema == ref.name
