package pocdr.checks.repair.correction_path_test

import data.pocdr.checks.repair.correction_path
import data.pocdr.fixture

correction := {"corrector": "rows:corrector", "schema": "org.Correction", "timeToDetect": "24h0m0s", "timeToRepair": "4h0m0s"}

contract := {"schema": "ledger/entries", "release": "release", "position": "offset"}

store := {"platform": "rows", "name": "ledger", "contract": contract}

log := {"platform": "streams", "name": "entries"}

table := {"at": ["1.cql", "statements", 0], "platform": "rows", "name": "ledger/entries", "store": "ledger", "key": ["id", "offset"]}

declared := [
	fixture.facts("principal", [{"principal": "rows:corrector"}]),
	fixture.facts("schema", [{"platform": "records", "name": "org.Correction"}]),
	fixture.facts("store", [{"platform": "rows", "name": "ledger"}]),
]

correcting(fields) := fixture.snapshot({"correction": object.union(correction, fields), "outlets": [store]}, array.concat(declared, [fixture.facts("schema", [table])]))

writing(outlet, facts) := fixture.snapshot({"correction": correction, "outlets": [outlet]}, array.concat(declared, facts))

said(snapshot) := answers if {
	answers := all with input as snapshot
	fixture.strays(correction_path) == set() with input as snapshot
}

all := {rule: messages |
	some rule in ["fails", "missing", "unknowns"]
	messages := correction_path[rule]
	count(messages) > 0
}

declaration := ["system", "spec", "correction"]

at := ["system", "spec", "outlets", 0]

test_pass if {
	fixture.outcome(correction_path) == "pass" with input as correcting({})
	said(correcting({})) == {}
}

test_fail_declaration if {
	said(correcting({"timeToDetect": "169h0m0s"})) == {"fails": {declaration: {"wrong output may go unnoticed for 169h0m0s; the Profile allows 168h0m0s"}}}
	said(correcting({"timeToRepair": "0s"})) == {"fails": {declaration: {"spec.correction.timeToRepair is 0s"}}}
	said(fixture.snapshot({"correction": {"schema": "org.Correction"}, "outlets": [store]}, array.concat(declared, [fixture.facts("schema", [table])]))) == {"fails": {declaration: {
		"spec.correction.corrector is not declared",
		"spec.correction.timeToDetect is not declared",
		"spec.correction.timeToRepair is not declared",
	}}}
}

test_fail_without_correction if said(fixture.snapshot({"outlets": [store]}, array.concat(declared, [fixture.facts("schema", [table])]))) == {"fails": {declaration: {"spec.correction is not declared"}}}

test_missing_declaration if said(correcting({"corrector": "rows:nobody", "schema": "org.Gone"})) == {"missing": {declaration: {
	"the corrector rows:nobody is not declared",
	"the schema of a correction, org.Gone, is not declared",
}}}

tabled(fields) := writing(store, [fixture.facts("schema", [object.union(table, fields)])])

test_fail_store if {
	said(tabled({"expires": 864000})) == {"fails": {at: {"records of ledger/entries vanish after 10d, the wrong ones too"}}}
	said(tabled({"key": ["id"]})) == {"fails": {at: {"a correction replaces what it corrects in ledger/entries: neither release nor position is in its key (id)"}}}
	said(writing(object.remove(store, ["contract"]), [])) == {"fails": {at: {"outlet ledger has no contract"}}}
}

test_pass_store if {
	fixture.outcome(correction_path) == "pass" with input as tabled({"expires": 0, "key": ["release"]})
	fixture.outcome(correction_path) == "pass" with input as tabled({"key": null})
}

test_missing_store if {
	said(writing(store, [])) == {"missing": {at: {"schema ledger/entries of the store is not declared, so whether outlet ledger appends cannot be told"}}}
	said(writing(log, [])) == {"missing": {at: {"outlet entries is not declared"}}}
}

changed(fields) := writing(store, [
	fixture.facts("schema", [table]),
	fixture.facts("schema_change", [object.union({"at": ["2.cql", "statements", 0], "platform": "rows", "store": "ledger", "schema": "ledger/entries", "statement": "truncate table ledger/entries", "destructive": true}, fields)]),
])

test_unknown_store if {
	fixture.outcome(correction_path) == "unknown" with input as changed({})
	said(changed({})) == {"unknowns": {at: {"another document changes ledger/entries, its records or their expiry perhaps: truncate table ledger/entries"}}}
	fixture.outcome(correction_path) == "pass" with input as changed({"destructive": false})
	fixture.outcome(correction_path) == "pass" with input as changed({"schema": "ledger/notes"})
}

logged(compacted) := writing(log, [fixture.facts("log", [{"platform": "streams", "name": "entries", "compacted": compacted}])])

test_log if {
	fixture.outcome(correction_path) == "pass" with input as logged(false)
	said(logged(true)) == {"fails": {at: {"log entries keeps only the newest record of each key, so that a correction destroys what it corrects"}}}
	fixture.outcome(correction_path) == "unknown" with input as logged(null)
	said(logged(null)) == {"unknowns": {at: {"whether log entries keeps only the newest record of each key is not declared, and the platform's default is not known"}}}
}

test_fail_without_outlets if {
	said(fixture.snapshot({"correction": correction}, declared)) == {"fails": {["system", "spec", "outlets"]: {"spec.outlets names no outlet"}}}
	said(fixture.undeclared([])) == {"fails": {[""]: {"no System declares an outlet"}}}
}
