package pocdr.checks.delivery.criteria_declared_test

import data.pocdr.checks.delivery.criteria_declared
import data.pocdr.fixture

proof := {"window": "24h0m0s", "volume": 1000, "tolerance": "0", "ignoredFields": ["written_at"], "expectedDifferences": ["rounding of fees, as of 2026"]}

with_proof(changes) := fixture.snapshot({"proof": object.union(proof, changes)}, [])

said(snapshot) := fails if {
	fails := criteria_declared.fails with input as snapshot
	fixture.strays(criteria_declared) == set() with input as snapshot
}

at(criterion) := ["system", "spec", "proof", criterion]

test_pass if {
	fixture.outcome(criteria_declared) == "pass" with input as with_proof({})
	count(criteria_declared.passes) == 5 with input as with_proof({})
	fixture.outcome(criteria_declared) == "pass" with input as with_proof({"tolerance": "1m", "ignoredFields": [], "expectedDifferences": []})
}

test_fail_out_of_bounds if said(with_proof({"window": "1h0m0s", "volume": 1, "tolerance": "1", "ignoredFields": [sprintf("f%v", [i]) | some i in numbers.range(1, 11)]})) == {
	at("window"): {"the window is 1h; the Profile asks for 1d"},
	at("volume"): {"1 records are compared; the Profile asks for 1000"},
	at("tolerance"): {"a share of 1 may differ; the Profile allows 1m"},
	at("ignoredFields"): {"11 fields are ignored; the Profile allows 10"},
}

test_fail_vague if said(with_proof({"ignoredFields": ["meta.*"], "expectedDifferences": ["fees", " "]})) == {
	at("ignoredFields"): {`"meta.*" ignores more than one field`},
	at("expectedDifferences"): {"an expected difference does not say what it is"},
}

worker := {"kind": "Deployment", "namespace": "payments", "name": "worker-b"}

differing(paths) := fixture.snapshot({"proof": object.union(proof, {"differences": paths}), "plants": {"b": {"workloads": [worker]}}}, [fixture.facts("template", [object.union(worker, {"fields": {
	"containers.app.image": "city/worker:7", "containers.app.env.DEBUG.value": "1", "terminationGracePeriodSeconds": 60,
}})])])

test_pass_differences if {
	fixture.outcome(criteria_declared) == "pass" with input as differing(["containers.app.image", "containers.app.env", "containers.app.env.DEBUG", "terminationGracePeriodSeconds", "containers.ap"])
	count(criteria_declared.passes) == 6 with input as differing(["containers.app.image"])
}

test_fail_differences if said(differing(["containers", "containers.app", "containers.app.*"])) == {
	array.concat(at("differences"), [0]): {`"containers" lets all of a container differ, its image and what it is run with`},
	array.concat(at("differences"), [1]): {`"containers.app" lets all of a container differ, its image and what it is run with`},
	array.concat(at("differences"), [2]): {`"containers.app.*" is no path of a field: what it stands for is not looked for`},
}

test_fail_incomplete if said(fixture.snapshot({"proof": object.remove(proof, ["tolerance"])}, [])) == {at("tolerance"): {"spec.proof.tolerance is not declared"}}

test_fail_absent if {
	said(fixture.snapshot({}, [])) == {["system", "spec", "proof"]: {"spec.proof is not declared"}}
	said(fixture.undeclared([])) == {[""]: {"no System declares what proves a candidate"}}
}
