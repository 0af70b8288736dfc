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

sees := {"window": system.spec.rollback.window, "statements": said, "stores": stores} if input.system.declared

# said has the statements about the stores of the outlets, each with its place. One that stands in another file is the same one.
said contains {"what": [c.platform, c.scope, c.store, c.schema, c.statement], "says": c.says, "at": c.at, "words": c.statement, "destructive": c.destructive} if {
	some r in statements.outlets
	some c in statements.about(r.ref)
}

# stores has what keeps records safe in the stores of the outlets.
stores contains {"called": [s.platform, s.scope, s.name], "at": s.at, "name": s.name, "copies": s.copies, "durable": s.durable} if {
	some r in statements.outlets
	some s in access.stores(r.ref)
}

refuses[s.at] contains sprintf("%v: an earlier release may no longer find what it wrote or reads%v", [s.words, turn.because]) if {
	input.before
	turn.open
	some s in input.after.statements
	s.destructive
	earlier := times(input.before, s)
	not s.at in earlier
	count(times(input.after, s)) > count(earlier)
}

# times(seen, s) is where a statement stands: to say it once more is to do it once more.
times(seen, s) := {t.at | some t in seen.statements; t.what == s.what}

# spoken and left are the statements before and after, word for word.
spoken := {[s.what, s.says] | some s in input.before.statements}

left := {[s.what, s.says] | some s in input.after.statements}

unsaid := [s | input.after; some s in input.before.statements; not [s.what, s.says] in left]

# edits(was) are what a statement says now that says it in other words than before.
edits(was) := {says | some [what, says] in (left - spoken); what == was.what}

refuses[was.at] contains sprintf("%v: it was applied, and is no longer said", [was.words]) if {
	some was in unsaid
	count(edits(was)) == 0
}

refuses[was.at] contains sprintf("%v: it was applied, and is edited: %v", [was.words, difference(was.says, now)]) if {
	some was in unsaid
	some now in edits(was)
}

difference(was, now) := concat("; ", array.concat(
	[sprintf("%v is gone", [what]) | some what in was; not what in now],
	[sprintf("%v is new", [what]) | some what in now; not what in was],
))

refuses[was.at] contains sprintf("store %v keeps %v copies of each record (%v), and is to keep fewer, or nobody says how many", [was.name, n, object.get({"*": "each site that is not named"}, site, site)]) if {
	some was in input.before.stores
	nows := stores_of(was)
	count(nows) > 0
	some site in {site | some s in {was} | nows; some site, _ in s.copies}
	n := copies_at(site, was)
	every now in nows { copies_at(site, now) < n }
}

# copies_at(site, store) are those that a site keeps: what is said of it, or of every site that is not named.
copies_at(site, store) := object.get(store.copies, site, object.get(store.copies, "*", 0))

refuses[was.at] contains sprintf("store %v acknowledges what it has written down, and is to acknowledge what it has not", [was.name]) if {
	some was in input.before.stores
	was.durable == true
	nows := stores_of(was)
	count(nows) > 0
	count({now | some now in nows; now.durable != false}) == 0
}

# stores_of(was) is a store as it is to be: more than one where it is declared again, and the one that was applied is among them where nothing is edited.
stores_of(was) := {now | some now in input.after.stores; now.called == was.called}
