# METADATA
# title: The schema of what serves only expands, and what was applied stays as it was
# description: |
#   Asks whether a change adds no statement to the stores of the outlets, while the rollback window is open, after which an earlier release may no longer
#   find what it wrote or reads; and, at any time, whether it leaves the statements alone that were applied, and the stores with as many copies, and as durable, as
#   they have.
#
#   The switch goes back in a second, the schema does not. And a statement that is edited after it was applied is never run: the
#   file then says something that no store has.
# related_resources:
# - ref: https://martinfowler.com/bliki/ParallelChange.html
#   description: Expand, migrate, contract
# custom:
#   level: 2
#   kind: transition
#   principle: rollback
#   severity: critical
#   remediation: Add beside what is there (a column, a table) in a statement of its own, and take the old away after the rollback window; leave applied statements as they are.
package pocdr.transitions.schema_kept

import data.pocdr.lib.access
import data.pocdr.lib.statements
import data.pocdr.lib.system
import data.pocdr.lib.turn

sees := {"window": system.spec.rollback.window, "statements": said, "schemas": schemas, "stores": stores} if input.system.declared

# said has the statements about the stores of the outlets, each with its place. One that stands in another file is the same one.
said contains {"what": [c.platform, c.scope, c.store, c.schema, c.statement], "at": c.at, "words": c.statement, "destructive": c.destructive} if {
	some r in statements.outlets
	some c in statements.about(r.ref)
}

# schemas has what is created in those stores, by platform and name.
schemas contains {"called": [s.platform, s.scope, s.name], "at": s.at, "name": s.name, "has": has(s)} if {
	some r in statements.outlets
	some s in input.facts.schema
	s.store == split(r.ref.name, "/")[0]
	s.platform == r.ref.platform
	some scope in access.scopes(r.ref)
	access.same_scope(s.scope, scope)
	statements.same_part(s.name, r.ref)
}

# stores has what keeps records safe in the stores of the outlets.
stores contains {"called": [s.platform, s.scope, s.name], "at": s.at, "name": s.name, "replicas": s.replicas, "durable": s.durable} if {
	some outlet in system.spec.outlets
	some s in access.stores(outlet)
}

has(s) := {concat(" ", array.concat(["the field", field], [type | type := s.types[field]])) | some field in s.fields} | {sprintf("the key %v", [concat(", ", s.key)]) | s.key != null} | {sprintf("an expiry of %vs", [s.expires]) | s.expires > 0}

known := {s.what | some s in input.before.statements}

left := {s.what | some s in input.after.statements}

added := [s | some s in input.after.statements; not s.what in known]

refuses[s.at] contains sprintf("%v: an earlier release may no longer find what it wrote or reads%v", [s.words, turn.because]) if {
	input.before
	turn.open
	some s in added
	s.destructive
}

refuses[s.at] contains sprintf("%v: it was applied, and is no longer said", [s.words]) if {
	input.after
	some s in input.before.statements
	not s.what in left
}

refuses[was.at] contains sprintf("what was applied to create %v is edited: %v", [was.name, difference(was, now)]) if {
	some was in edited
	not was.has in now_of(was)
	some now in now_of(was)
}

refuses[was.at] contains sprintf("what was applied to create %v is edited: it is no longer created", [was.name]) if {
	some was in edited
	count(now_of(was)) == 0
}

refuses[was.at] contains sprintf("store %v keeps %v copies of each record, and is to keep fewer, or nobody says how many", [was.name, was.replicas]) if {
	some was in input.before.stores
	was.replicas != null
	nows := stores_of(was)
	count(nows) > 0
	count({now | some now in nows; now.replicas >= was.replicas}) == 0
}

refuses[was.at] contains sprintf("store %v acknowledges what it has written down, and is to acknowledge what it has not", [was.name]) if {
	some was in input.before.stores
	was.durable == true
	nows := stores_of(was)
	count(nows) > 0
	count({now | some now in nows; now.durable != false}) == 0
}

# stores_of(was) is a store as it is to be: more than one where it is declared again.
stores_of(was) := {now | some now in input.after.stores; now.called == was.called}

# edited are the schemas that no new statement accounts for.
edited := [was | input.after; some was in input.before.schemas; not altered(was)]

altered(was) if {
	some s in added
	[platform, _, store, schema, _] := s.what
	platform == was.called[0]
	store in {split(was.name, "/")[0], null}
	schema in {was.name, null}
}

# now_of(was) has what statements create by that name now: two may, and the one that was applied is among them where nothing is edited.
now_of(was) := {now.has | some now in input.after.schemas; now.called == was.called}

difference(was, now) := concat("; ", array.concat(
	[sprintf("%v is gone", [what]) | some what in sort(was.has - now)],
	[sprintf("%v is new", [what]) | some what in sort(now - was.has)],
))
