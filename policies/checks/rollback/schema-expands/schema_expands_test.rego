package pocdr.checks.rollback.schema_expands_test

import data.pocdr.checks.rollback.schema_expands
import data.pocdr.fixture

outlet := {"platform": "rows", "name": "ledger/entries"}

writing(fields) := {"outlets": [object.union(outlet, fields)]}

store := fixture.facts("store", [{"platform": "rows", "name": "ledger"}])

log := fixture.facts("log", [{"platform": "stream", "name": "entries"}])

change(fields) := fixture.facts("schema_change", [object.union({"name": "1", "platform": "rows", "store": "ledger", "statement": "drop table ledger/entries", "destructive": true}, fields)])

place := ["system", "spec", "outlets", 0]

asked := {["schema_change/1"]: {"drop table ledger/entries: was it added within the rollback window? That is in the history only"}}

unknowns(snapshot) := answers if {
	answers := schema_expands.unknowns with input as snapshot
	fixture.strays(schema_expands) == set() with input as snapshot
	subjects := schema_expands.subjects with input as snapshot
	subjects == object.keys(answers)
}

test_pass if {
	every changes in [{}, change({"destructive": false}), change({"store": "others"}), change({"platform": "columns"}), change({"schema": "ledger/notes"})] {
		fixture.outcome(schema_expands) == "pass" with input as fixture.snapshot(writing({}), [store, changes])
	}
	fixture.outcome(schema_expands) == "pass" with input as fixture.snapshot(writing({"scope": "north"}), [store, change({"scope": "south"})])
}

test_unknown if {
	unknowns(fixture.snapshot(writing({}), [store, change({})])) == asked
	unknowns(fixture.snapshot(writing({}), [store, change({"store": null})])) == asked
	unknowns(fixture.snapshot(writing({}), [store, change({"schema": "ledger/entries"})])) == asked
	unknowns(fixture.snapshot(writing({"name": "ledger"}), [store, change({"schema": "ledger/notes"})])) == asked
	unknowns(fixture.snapshot(writing({"scope": "north"}), [store, change({"scope": null})])) == asked
}

test_unknown_outlet_of_a_plant if {
	spec := {"outlets": [{"platform": "stream", "name": "entries"}], "plants": {"a": {"outlets": [outlet]}}}
	unknowns(fixture.snapshot(spec, [log, store, change({})])) == asked
	schema_expands.passes == {["system", "spec", "plants", "a", "outlets", 0]} with input as fixture.snapshot(spec, [log, store])
}

test_unknown_outlet if {
	s := fixture.snapshot(writing({}), [])
	unknowns(s) == {place: {"outlet ledger/entries is not declared, so what changes it may not be declared here either"}}
	fixture.outcome(schema_expands) == "unknown" with input as s
}

test_not_applicable if {
	s := fixture.snapshot({"outlets": [{"platform": "stream", "name": "entries"}]}, [log, change({})])
	fixture.outcome(schema_expands) == "not-applicable" with input as s
	schema_expands.not_applicable == "every outlet is a log: there is no store whose schema could change" with input as s
}

test_fail_without_outlets if {
	s := fixture.snapshot({}, [store, change({})])
	schema_expands.fails == {["system", "spec", "outlets"]: {"spec.outlets names no outlet"}} with input as s
	fixture.strays(schema_expands) == set() with input as s
}

test_undeclared if {
	fixture.outcome(schema_expands) == "pass" with input as fixture.undeclared([store, change({"destructive": false})])
	fixture.outcome(schema_expands) == "unknown" with input as fixture.undeclared([store, change({"store": "others"})])
	unknowns(fixture.undeclared([change({})])) == asked
	unknowns(fixture.undeclared([])) == {[""]: {"no System declares an outlet, and no store is declared here"}}
}
