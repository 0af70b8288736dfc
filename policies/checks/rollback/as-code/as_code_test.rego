package pocdr.checks.rollback.as_code_test

import data.pocdr.checks.rollback.as_code
import data.pocdr.fixture

job := {"apiVersion": "batch/v1", "kind": "CronJob", "namespace": "payments", "name": "back"}

procedures(runnable) := fixture.facts("procedure", [
	{"kind": "CronJob", "namespace": "payments", "name": "back", "runnable": runnable},
	{"kind": null, "namespace": null, "name": "ci/back.yaml", "runnable": runnable},
])

times := {"window": "72h0m0s", "objective": "10m0s"}

# naming(procedure, facts) is a snapshot in which this procedure is named, going(times) one in which going back takes these.
naming(procedure, facts) := fixture.snapshot({"rollback": object.union(times, {"procedure": procedure})}, facts)

going(other) := fixture.snapshot({"rollback": object.union_n([times, {"procedure": {"object": job}}, other])}, [procedures(true)])

at(field) := ["system", "spec", "rollback", field]

said(snapshot) := [fails, missing] if {
	fails := as_code.fails with input as snapshot
	missing := as_code.missing with input as snapshot
	fixture.strays(as_code) == set() with input as snapshot
}

test_pass if {
	every procedure in [{"object": job}, {"file": "ci/back.yaml"}, {"object": job, "file": "ci/back.yaml"}] {
		fixture.outcome(as_code) == "pass" with input as naming(procedure, [procedures(true)])
	}
	said(going({})) == [{}, {}]
}

test_fail_procedure if {
	said(naming({"object": job}, [procedures(false)])) == [{at("procedure"): {"CronJob payments/back cannot be started as it stands"}}, {}]
	said(naming({"file": "ci/back.yaml"}, [procedures(false)])) == [{at("procedure"): {"ci/back.yaml cannot be started as it stands"}}, {}]
	said(naming({}, [procedures(true)])) == [{at("procedure"): {"spec.rollback.procedure names neither an object nor a file"}}, {}]
	deployment := fixture.facts("object", [{"kind": "Deployment", "namespace": "payments", "name": "a"}])
	said(naming({"object": {"kind": "Deployment", "namespace": "payments", "name": "a"}}, [deployment])) == [{at("procedure"): {"Deployment payments/a is nothing that can be started"}}, {}]
}

test_missing_procedure if {
	said(naming({"object": job}, [])) == [{}, {at("procedure"): {"CronJob payments/back is not declared"}}]
	said(naming({"file": "ci/back.yaml"}, [])) == [{}, {at("procedure"): {"no pipeline is declared in ci/back.yaml"}}]
	said(naming({"object": job, "file": "back.sh"}, [procedures(true)])) == [{}, {at("procedure"): {"no pipeline is declared in back.sh"}}]
}

test_fail_times if {
	said(going({"objective": "2h0m0s"})) == [{at("objective"): {"going back may take 2h; the Profile allows 1h"}}, {}]
	said(going({"objective": "0s"})) == [{at("objective"): {"spec.rollback.objective is 0s"}}, {}]
	said(going({"window": "1h0m0s"})) == [{at("window"): {"going back is promised for 1h; the Profile asks for 1d"}}, {}]
}

test_fail_unsaid if {
	said(fixture.snapshot({}, [])) == [{
		at("procedure"): {"spec.rollback.procedure is not declared"},
		at("objective"): {"spec.rollback.objective is not declared"},
	}, {}]
}

test_fail_undeclared if said(fixture.undeclared([procedures(true)])) == [{[""]: {"no System declares how to go back"}}, {}]
