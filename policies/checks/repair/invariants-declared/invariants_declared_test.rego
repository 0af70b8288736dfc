package pocdr.checks.repair.invariants_declared_test

import data.pocdr.checks.repair.invariants_declared
import data.pocdr.fixture

holding(names, alerts) := fixture.snapshot({"invariants": [{"name": n} | some n in names]}, [fixture.facts("alert", alerts)])

balance := {"name": "Unbalanced", "expression": "sum(debits) != sum(credits)", "labels": {"invariant": "balance"}}

constant := {"name": "Never", "expression": "vector(0) > 1", "constant": true, "labels": {"invariant": "balance"}}

other := {"name": "Down", "expression": "up == 0", "labels": {"severity": "page"}}

said(snapshot) := fails if {
	fails := invariants_declared.fails with input as snapshot
	fixture.strays(invariants_declared) == set() with input as snapshot
}

at(i) := ["system", "spec", "invariants", i]

test_pass if {
	fixture.outcome(invariants_declared) == "pass" with input as holding(["balance"], [balance, other])
	fixture.outcome(invariants_declared) == "pass" with input as holding(["balance"], [constant, balance])
	said(holding(["balance"], [constant, balance])) == {}
}

test_fail_constant if said(holding(["balance"], [constant])) == {at(0): {"alert Never of invariant balance reads no metric (vector(0) > 1)"}}

test_missing_alert if {
	s := holding(["balance", "order"], [balance])
	fixture.outcome(invariants_declared) == "fail" with input as s
	invariants_declared.missing == {at(1): {"no alert rule has the label invariant: order"}} with input as s
	said(s) == {}
}

test_fail_without_invariants if {
	said(holding([], [balance])) == {["system", "spec", "invariants"]: {"spec.invariants names nothing that must always hold"}}
	said(fixture.undeclared([fixture.facts("alert", [balance])])) == {[""]: {"no System declares an invariant"}}
}
