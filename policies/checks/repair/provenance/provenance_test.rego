package pocdr.checks.repair.provenance_test

import data.pocdr.checks.repair.provenance
import data.pocdr.fixture

table(file, fields) := {"at": [file, "statements", 0], "platform": "rows", "name": "ledger/entries", "store": "ledger", "fields": fields}

whole := table("1.cql", ["amount", "offset", "release"])

contract := {"schema": "ledger/entries", "release": "release", "position": "offset"}

promising(promise, tables, changes) := fixture.snapshot(
	{"outlets": [{"platform": "rows", "name": "ledger", "contract": promise}]},
	[fixture.facts("schema", tables), fixture.facts("schema_change", changes)],
)

at := ["system", "spec", "outlets", 0]

said(snapshot) := fails if {
	fails := provenance.fails with input as snapshot
	fixture.strays(provenance) == set() with input as snapshot
}

test_pass if {
	fixture.outcome(provenance) == "pass" with input as promising(contract, [whole], [])
	said(promising(contract, [whole], [])) == {}
}

test_fail if {
	said(promising({"schema": "ledger/entries"}, [whole], [])) == {at: {"the contract of outlet ledger names no field for the release", "the contract of outlet ledger names no field for the position"}}
	said(promising(contract, [table("1.cql", ["release"])], [])) == {at: {"schema ledger/entries has no field offset for the position"}}
	said(fixture.snapshot({"outlets": [{"platform": "rows", "name": "ledger"}]}, [])) == {at: {"outlet ledger has no contract"}}
}

test_missing_schema if {
	s := promising(contract, [], [])
	fixture.outcome(provenance) == "fail" with input as s
	provenance.missing == {at: {"schema ledger/entries, which the contract of outlet ledger names, is not declared"}} with input as s
	said(s) == {}
}

doubt := {at: {"whether schema ledger/entries has the field offset for the position cannot be told: it is declared in several documents"}}

test_unknown if {
	every s in [promising(contract, [whole], [later([], ["offset"])]), promising(contract, [whole, table("2.cql", ["release"])], [])] {
		fixture.outcome(provenance) == "unknown" with input as s
		provenance.unknowns == doubt with input as s
		said(s) == {}
	}
}

later(adds, removes) := {"at": ["2.cql", "statements", 0], "platform": "rows", "store": "ledger", "schema": "ledger/entries", "adds": adds, "removes": removes}

test_pass_where_another_document_adds_it if {
	fixture.outcome(provenance) == "pass" with input as promising(contract, [table("1.cql", ["release"])], [later(["offset"], [])])
	fixture.outcome(provenance) == "pass" with input as promising(contract, [whole], [later([], ["amount"])])
	fixture.outcome(provenance) == "fail" with input as promising(contract, [table("1.cql", ["release"])], [later(["note"], ["x"])])
}

test_fail_without_outlets if {
	said(fixture.snapshot({}, [])) == {["system", "spec", "outlets"]: {"spec.outlets names no outlet"}}
	said(fixture.undeclared([])) == {[""]: {"no System declares an outlet"}}
}
