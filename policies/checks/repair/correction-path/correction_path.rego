# METADATA
# title: Wrong output can be corrected by appending, in a declared time
# description: |
#   Asks whether the System declares a corrector, the schema of a correction, and the times to detect and to repair, the first within the
#   Profile's bound, and whether its outlets keep the wrong record beside the one that corrects it.
#
#   Water that was drunk is not un-drunk: a record is repaired by a later one. Where a second record replaces the first, or the
#   first vanishes with time, nobody can tell any more what was wrong, and who acted on it.
# custom:
#   level: 3
#   kind: goal
#   severity: high
#   remediation: Declare spec.correction in full; let the key of a store hold the release or the position of each record, without expiry, and let a log delete by age and not by key.
package pocdr.checks.repair.correction_path

import data.pocdr.lib.access
import data.pocdr.lib.contracts
import data.pocdr.lib.logs
import data.pocdr.lib.system
import data.pocdr.lib.units

subjects contains at if some at, _ in contracts.absent

fails[at] contains message if some at, message in contracts.absent

# The declaration: who corrects, with what, how soon.

declaration := system.at(["spec", "correction"])

correction := system.spec.correction

subjects contains declaration if input.system.declared

passes contains declaration if {
	correction
	count(object.get(fails, [declaration], set())) == 0
	count(object.get(missing, [declaration], set())) == 0
}

fails[declaration] contains "spec.correction is not declared" if {
	input.system.declared
	not correction
}

fails[declaration] contains sprintf("spec.correction.%v is not declared", [field]) if {
	correction
	some field in ["corrector", "schema", "timeToDetect", "timeToRepair"]
	not correction[field]
}

fails[declaration] contains sprintf("spec.correction.%v is %v", [field, correction[field]]) if {
	some field in ["timeToDetect", "timeToRepair"]
	units.seconds(correction[field]) <= 0
}

fails[declaration] contains sprintf("wrong output may go unnoticed for %v; the Profile allows %v", [correction.timeToDetect, allowed]) if {
	allowed := input.profile.spec.correction.maxTimeToDetect
	units.seconds(correction.timeToDetect) > units.seconds(allowed)
}

missing[declaration] contains sprintf("the corrector %v is not declared", [correction.corrector]) if {
	not correction.corrector in {p.principal | some p in input.facts.principal}
}

missing[declaration] contains sprintf("the schema of a correction, %v, is not declared", [correction.schema]) if {
	count(contracts.named(correction.schema)) == 0
}

# The outlets: each appends.

subjects contains contracts.at(i) if some i, _ in system.spec.outlets

passes contains contracts.at(i) if {
	some i, outlet in system.spec.outlets
	access.type_of(outlet) == "log"
	count(losses(outlet)) == 0
	count(doubts(outlet)) == 0
}

passes contains contracts.at(i) if {
	some i, outlet in system.spec.outlets
	access.type_of(outlet) == "store"
	count(tables(outlet)) > 0
	count(losses(outlet)) == 0
	count(doubts(outlet)) == 0
}

fails[contracts.at(i)] contains message if {
	some i, outlet in system.spec.outlets
	some message in losses(outlet)
}

fails[contracts.at(i)] contains sprintf("outlet %v has no contract", [outlet.name]) if {
	some i, outlet in system.spec.outlets
	access.type_of(outlet) == "store"
	not outlet.contract
}

missing[contracts.at(i)] contains sprintf("outlet %v is not declared", [outlet.name]) if {
	some i, outlet in system.spec.outlets
	access.type_of(outlet) == null
}

missing[contracts.at(i)] contains sprintf("schema %v of the store is not declared, so whether outlet %v appends cannot be told", [outlet.contract.schema, outlet.name]) if {
	some i, outlet in system.spec.outlets
	access.type_of(outlet) == "store"
	count(tables(outlet)) == 0
}

unknowns[contracts.at(i)] contains message if {
	some i, outlet in system.spec.outlets
	some message in doubts(outlet)
}

# losses(outlet) are the ways in which it destroys what was wrong.
losses(outlet) := {sprintf("log %v keeps only the newest record of each key, so that a correction destroys what it corrects", [l.name]) |
	some l in written(outlet)
	l.compacted == true
} | {sprintf("records of %v vanish after %v, the wrong ones too", [s.name, units.words(s.expires)]) |
	some s in tables(outlet)
	s.expires > 0
} | {sprintf("a correction replaces what it corrects in %v: neither release nor position is in its key (%v)", [s.name, concat(", ", s.key)]) |
	some s in tables(outlet)
	s.key != null
	count({field | some field in s.key} & marks(outlet)) == 0
}

# doubts(outlet) are the ways in which it may.
doubts(outlet) := {sprintf("whether log %v keeps only the newest record of each key is not declared, and the platform's default is not known", [l.name]) |
	some l in written(outlet)
	l.compacted == null
} | {sprintf("another document changes %v, its records or their expiry perhaps: %v", [s.name, c.statement]) |
	some s in tables(outlet)
	some c in contracts.changes(s)
	c.destructive
}

written(outlet) := [logs.complete(l) | some l in access.logs(outlet)]

tables(outlet) := [s | some s in contracts.schemas(outlet); s.store != null]

# marks(outlet) are the fields that tell a record from the one that corrects it.
marks(outlet) := {field | some what in ["release", "position"]; field := outlet.contract[what]}
