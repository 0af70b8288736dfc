package pocdr.transitions.claims_apart_test

import data.pocdr.fixture
import data.pocdr.transitions.claims_apart

claim(name, home, namespaces) := {"at": [concat("/", [home, name])], "name": name, "namespace": home, "namespaces": namespaces}

own := claim("payments", "payments", ["payments"])

namespaces := fixture.facts("namespace", [{"name": "payments", "production": true}, {"name": "ledger", "production": true}, {"name": "lab", "production": null}])

sees(claims) := seen if {
	seen := claims_apart.sees with input as fixture.snapshot({}, [fixture.facts("system", claims), namespaces])
}

change(before, after) := fixture.change(sees(before), sees(after), [])

test_apart if {
	every other in [claim("orders", "ledger", ["ledger", "payments"]), claim("orders", "lab", ["lab"]), claim("orders", "elsewhere", ["payments"]), claim("orders", "lab", ["unknown"])] {
		claims_apart.refuses == {} with input as change([own], [own, other])
		claims_apart.refuses == {} with input as change([own, other], [own])
	}
}

test_name_taken if {
	claims_apart.refuses == {["ledger/payments"]: {"System payments is declared already, in namespace payments"}} with input as change([own], [own, claim("payments", "ledger", ["ledger"])])
	moved := claim("payments", "ledger", ["payments", "ledger"])
	claims_apart.refuses == {} with input as change([own], [moved])
	claims_apart.refuses == {} with input as change([own, moved], [own, moved])
}

foreign := {["lab/orders"]: {"System orders claims namespace payments, which is in production, and stands in namespace lab, which is not"}}

test_claimed_from_elsewhere if {
	other := claim("orders", "lab", ["lab", "payments"])
	claims_apart.refuses == foreign with input as change([own], [own, other])
	claims_apart.refuses == foreign with input as change([own, claim("orders", "lab", ["lab"])], [own, other])
	claims_apart.refuses == {} with input as change([own, other], [own, other])
}

# What nobody claimed is claimed by nobody from elsewhere either: neither as it was judged before nor as the System that comes.
test_claimed_first if {
	other := claim("orders", "lab", ["payments"])
	unclaimed := [fixture.facts("workload", [{"kind": "Deployment", "namespace": "payments", "name": "a"}]), namespaces]
	claims_apart.refuses == foreign with input as fixture.change(unjudged(unclaimed), unjudged(array.concat(unclaimed, [fixture.facts("system", [other])])), [])
	claims_apart.refuses == foreign with input as object.remove(change([], [other]), ["before"])
}

unjudged(facts) := seen if {
	seen := claims_apart.sees with input as fixture.undeclared(facts)
}
