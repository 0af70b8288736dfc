package pocdr.checks.gate.exemptions_expire_test

import data.pocdr.checks.gate.exemptions_expire
import data.pocdr.fixture

# Now is 2026-01-01.
whole := {"name": "e", "namespace": "payments", "system": "payments", "check": "access/one-writer", "owner": "@city/water", "reason": "two weeks to mend", "subject": true, "expires": "2026-01-15T00:00:00Z"}

granting(fields) := fixture.snapshot({}, [fixture.facts("exemption", [object.union(whole, fields)])])

said(snapshot) := fails if {
	fails := exemptions_expire.fails with input as snapshot
	fixture.strays(exemptions_expire) == set() with input as snapshot
}

faults(fields) := object.get(said(granting(fields)), [["exemption/e"]], set())

passes(fields) if {
	fixture.outcome(exemptions_expire) == "pass" with input as granting(fields)
	faults(fields) == set()
}

test_pass if {
	passes({})
	passes({"expires": "2026-01-31T00:00:00Z"})
}

test_fail_unsaid if {
	faults({"owner": null, "reason": " ", "subject": false, "expires": null}) == {"names nobody who answers for it", "gives no reason", "names no subject", "does not expire"}
}

# One that stands elsewhere covers nothing, and is nobody's debt.
test_elsewhere if fixture.outcome(exemptions_expire) == "not-applicable" with input as granting({"namespace": "shop", "owner": null})

test_fail_lapsed if {
	faults({"expires": "2026-01-01T00:00:00Z"}) == {"lapsed at 2026-01-01T00:00:00Z"}
	faults({"expires": "0001-01-02T00:00:00Z"}) == {"lapsed at 0001-01-02T00:00:00Z"}
}

test_fail_far if {
	faults({"expires": "2026-01-31T00:00:01Z"}) == {"expires at 2026-01-31T00:00:01Z; 30 days are allowed, until 2026-01-31T00:00:00Z"}
	faults({"expires": "9999-12-31T23:59:59Z"}) == {"expires at 9999-12-31T23:59:59Z; 30 days are allowed, until 2026-01-31T00:00:00Z"}
}

test_parameter if {
	s := object.union(granting({}), {"params": {"gate/exemptions-expire": {"max-days": 7}}})
	said(s) == {["exemption/e"]: {"expires at 2026-01-15T00:00:00Z; 7 days are allowed, until 2026-01-08T00:00:00Z"}}
}

test_fail_unexemptible if faults({"check": "access/enforced"}) == {"covers nothing: access/enforced cannot be exempted"}

# What is not there may still come, or be one of policies that are not given here.
test_missing if {
	exemptions_expire.missing == {["exemption/e"]: {"covers nothing: no check and no rule is called access/enfroced"}} with input as granting({"check": "access/enfroced"})
	exemptions_expire.missing == {["exemption/e"]: {"covers nothing: no System orders is declared"}} with input as granting({"system": "orders"})
	said(granting({"system": "orders"})) == {}
	passes({"check": "transitions/system-kept"})
}

test_of_others if {
	others := fixture.facts("system", [{"name": "payments"}, {"name": "orders"}])
	lapsed := fixture.facts("exemption", [object.union(whole, {"system": "orders", "expires": "2025-12-01T00:00:00Z"})])
	fixture.outcome(exemptions_expire) == "not-applicable" with input as fixture.snapshot({}, [others, lapsed])
	fixture.outcome(exemptions_expire) == "fail" with input as fixture.snapshot({}, [lapsed])
	fixture.outcome(exemptions_expire) == "fail" with input as fixture.undeclared([lapsed])
}

test_not_applicable if {
	fixture.outcome(exemptions_expire) == "not-applicable" with input as fixture.snapshot({}, [])
	exemptions_expire.not_applicable == "no exemption is declared for this system, and no glass is broken" with input as fixture.snapshot({}, [])
}

broken(fields) := fixture.snapshot({}, [fixture.facts("broken_glass", [object.union({"at": ["broken_glass/g"], "namespace": "payments", "what": "Deployment/a", "reason": "the intake is down"}, fields)])])

test_fail_glass if {
	said(broken({})) == {["broken_glass/g"]: {"the glass that was broken for Deployment/a is not closed; the reason was: the intake is down"}}
	count(said(broken({"namespace": null, "at": ["system", "metadata", "annotations"]}))) == 1
	fixture.outcome(exemptions_expire) == "not-applicable" with input as broken({"namespace": "orders"})
}
