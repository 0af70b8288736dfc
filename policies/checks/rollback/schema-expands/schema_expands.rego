# METADATA
# title: The schema only expands while going back is promised
# description: |
#   Asks whether the stores that the System and its plants name as outlets are free of schema statements, added within the rollback window, after which
#   an earlier release may no longer find what it wrote or reads: a drop, a replacement, a truncation, a deletion of records or their
#   expiry, a trigger, a renaming, a change of type, of expiry or of replication. Where no
#   System is declared, every store is asked about. When a statement was added is in the history only, so that one that may be destructive leaves the answer open.
#
#   A release can be switched back in a second; a dropped column cannot. Schemas change in two steps, first to what both releases
#   can live with, and to what only the new one needs once nobody will go back.
# related_resources:
# - ref: https://martinfowler.com/bliki/ParallelChange.html
#   description: Expand, migrate, contract
# custom:
#   level: 2
#   kind: invariant
#   severity: critical
#   remediation: Add beside what is there (a column, a table), and take the old away in a change of its own after the rollback window; never edit a statement that was applied.
package pocdr.checks.rollback.schema_expands

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.statements
import data.pocdr.lib.system

subjects contains at if some at, _ in unnamed

fails[at] contains message if some at, message in unnamed

unnamed[at] := message if {
	input.system.declared
	some at, message in contracts.absent
}

# destructive(ref) are the statements about the store of an outlet that may destroy.
destructive(ref) := {c | some c in statements.about(ref); c.destructive}

doubtful contains c if {
	some r in statements.outlets
	some c in destructive(r.ref)
}

doubtful contains c if {
	not input.system.declared
	some c in input.facts.schema_change
	c.destructive
}

subjects contains c.at if some c in doubtful

unknowns[c.at] contains sprintf("%v: was it added within the rollback window? That is in the history only", [c.statement]) if some c in doubtful

# --- Outlets of which no statement takes anything away

subjects contains system.at(r.path) if some r in spared

passes contains system.at(r.path) if {
	some r in spared
	access.type_of(r.ref) == "store"
}

unknowns[system.at(r.path)] contains sprintf("outlet %v is not declared, so what changes it may not be declared here either", [r.ref.name]) if {
	some r in spared
	access.type_of(r.ref) == null
}

spared contains r if {
	some r in statements.outlets
	count(destructive(r.ref)) == 0
}

not_applicable := "every outlet is a log: there is no store whose schema could change" if input.system.declared

# --- Where no System says which stores are meant

stores := [s | some s in input.facts.store; not input.system.declared]

subjects contains s.at if some s in stores

passes contains s.at if some s in stores

subjects contains system.at([]) if storeless

unknowns[system.at([])] contains "no System declares an outlet, and no store is declared here" if storeless

storeless if {
	not input.system.declared
	count(stores) == 0
	count(doubtful) == 0
}
