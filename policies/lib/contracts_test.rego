package pocdr.lib.contracts_test

import data.pocdr.fixture
import data.pocdr.lib.contracts

schemas := fixture.facts("schema", [
	{"platform": "rows", "name": "ledger/entries", "store": "ledger"},
	{"platform": "rows", "name": "ledger/entries", "store": "ledger", "scope": "x/test"},
	{"platform": "records", "name": "org.Entry"},
])

outlet(name, schema) := {"platform": "rows", "scope": "x/live", "name": name, "contract": {"schema": schema}}

found(o) := n if n := count(contracts.schemas(o)) with input as fixture.snapshot({}, [schemas])

test_schemas if {
	found(outlet("ledger", "ledger/entries")) == 1
	found(outlet("ledger/entries", "ledger/entries")) == 1
	found(outlet("ledger/entries", "org.Entry")) == 1
}

test_schemas_of_others if {
	found(outlet("ledger", "ledger")) == 0
	found(outlet("orders", "ledger/entries")) == 0
	found({"platform": "streams", "name": "ledger", "contract": {"schema": "ledger/entries"}}) == 0
	found({"platform": "rows", "name": "ledger"}) == 0
}

test_absent if {
	contracts.absent == {["system", "spec", "outlets"]: "spec.outlets names no outlet"} with input as fixture.snapshot({}, [])
	contracts.absent == {[""]: "no System declares an outlet"} with input as fixture.undeclared([])
	contracts.absent == {} with input as fixture.snapshot({"outlets": [outlet("ledger", "ledger")]}, [])
	contracts.at(1) == ["system", "spec", "outlets", 1] with input as fixture.snapshot({}, [])
}

test_nobody if {
	contracts.nobody == {["system", "spec", "downstream"]: "spec.downstream names nobody who drinks from the outlets"} with input as fixture.snapshot({}, [])
	contracts.nobody == {} with input as fixture.snapshot({"lifecycle": "Retiring"}, [])
	contracts.nobody == {} with input as fixture.snapshot({"downstream": [{"name": "reports"}]}, [])
	contracts.nobody == {[""]: "no System declares who is downstream"} with input as fixture.undeclared([])
}

test_unfound if {
	contracts.unfound(outlet("ledger", "gone")) == "schema gone, which the contract of outlet ledger names, is not declared" with input as fixture.snapshot({}, [schemas])
	not contracts.unfound(outlet("ledger", "ledger/entries")) with input as fixture.snapshot({}, [schemas])
	not contracts.unfound({"name": "ledger"}) with input as fixture.snapshot({}, [schemas])
}

test_changes if {
	table := fixture.fact("schema", {"at": ["1.cql", 0], "platform": "rows", "name": "ledger/entries", "store": "ledger"})
	found := [c.statement | some c in contracts.changes(table)] with input as fixture.snapshot({}, [fixture.facts("schema_change", [
		change("1.cql", {"statement": "own"}),
		change("2.cql", {"statement": "later"}),
		change("3.cql", {"store": "orders", "statement": "of another store"}),
		change("4.cql", {"schema": "ledger/corrections", "statement": "of another table"}),
		change("5.cql", {"platform": "columns", "statement": "elsewhere"}),
		change("6.cql", {"schema": null, "removes": null, "statement": "the store goes"}),
		change("7.cql", {"schema": null, "removes": [], "statement": "its replication"}),
	])])
	found == ["later", "the store goes"]
}

change(file, fields) := object.union({"at": [file, 0], "platform": "rows", "store": "ledger", "schema": "ledger/entries", "removes": []}, fields)

test_fields if {
	table := fixture.fact("schema", {"at": ["1.cql", 0], "platform": "rows", "name": "ledger/entries", "store": "ledger", "fields": ["a", "b"]})
	changed := fixture.snapshot({}, [fixture.facts("schema_change", [change("2.cql", {"adds": ["c", "d"]}), change("3.cql", {"removes": ["b", "d", "e"]})])])
	contracts.fields(table) == {"a", "c"} with input as changed
	{f | some f in ["a", "b", "c", "d", "e"]; contracts.doubtful(table, f)} == {"b", "d"} with input as changed
	dropped := fixture.snapshot({}, [fixture.facts("schema_change", [change("2.cql", {"removes": null})])])
	contracts.fields(table) == set() with input as dropped
	contracts.doubtful(table, "a") with input as dropped
}
