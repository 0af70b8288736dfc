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
		{"at": ["1.cql", 1], "platform": "rows", "store": "ledger", "statement": "own"},
		{"at": ["2.cql", 0], "platform": "rows", "store": "ledger", "statement": "later"},
		{"at": ["2.cql", 1], "platform": "rows", "store": "orders", "statement": "of another"},
		{"at": ["2.cql", 2], "platform": "columns", "store": "ledger", "statement": "elsewhere"},
	])])
	found == ["later"]
}
