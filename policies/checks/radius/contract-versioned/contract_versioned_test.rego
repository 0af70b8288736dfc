package pocdr.checks.radius.contract_versioned_test

import data.pocdr.checks.radius.contract_versioned
import data.pocdr.fixture

schema := fixture.facts("schema", [{"platform": "records", "name": "org.Entry"}])

whole := {"schema": "org.Entry", "version": "2", "compatibility": "Full"}

promising(contract) := fixture.snapshot({"outlets": [{"platform": "streams", "name": "entries", "contract": contract}]}, [schema])

at := ["system", "spec", "outlets", 0]

said(snapshot) := fails if {
	fails := contract_versioned.fails with input as snapshot
	fixture.strays(contract_versioned) == set() with input as snapshot
}

test_pass if fixture.outcome(contract_versioned) == "pass" with input as promising(whole)

test_fail if {
	said(promising(object.union(whole, {"version": " "}))) == {at: {"the contract of outlet entries has no version"}}
	said(promising(object.union(whole, {"compatibility": "Backward"}))) == {at: {"the contract of outlet entries promises compatibility Backward, not Full"}}
	said(promising({"schema": "org.Entry"})) == {at: {"the contract of outlet entries has no version", "the contract of outlet entries promises no compatibility"}}
}

test_fail_without_contract if {
	s := fixture.snapshot({"outlets": [{"platform": "streams", "name": "entries"}]}, [schema])
	said(s) == {at: {"outlet entries has no contract"}}
	contract_versioned.missing == {} with input as s
}

test_missing_schema if {
	s := promising(object.union(whole, {"schema": "org.Gone"}))
	fixture.outcome(contract_versioned) == "fail" with input as s
	contract_versioned.missing == {at: {"schema org.Gone, which the contract of outlet entries names, is not declared"}} with input as s
	said(s) == {}
}

test_fail_without_outlets if {
	said(fixture.snapshot({}, [])) == {["system", "spec", "outlets"]: {"spec.outlets names no outlet"}}
	said(fixture.undeclared([])) == {[""]: {"no System declares an outlet"}}
}
