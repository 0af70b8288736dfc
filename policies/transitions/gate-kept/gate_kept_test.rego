package pocdr.transitions.gate_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.gate_kept

gate := [
	fixture.facts("object", [{"at": ["gate"], "platform": "p", "kind": "Gate", "type": "gates", "namespace": null, "name": "changes"}, {"at": ["other"], "platform": "p", "kind": "Gate", "type": "gates", "name": "other"}]),
	fixture.facts("enforcer", [{"at": ["gate", i], "spares": ["p:root", "p:glass"]} | some i in [0, 1]]),
]

grant(fields) := fixture.facts("grant", [object.union({
	"at": ["grant"], "platform": "p", "principal": "p:jane", "effect": "allow", "actions": ["alter", "delete"], "scope": null, "types": ["gates"], "names": ["changes"], "match": "exact",
}, fields)])

obtains(from, to) := fixture.facts("obtains", [{"at": ["way", from], "from": from, "to": to, "how": "by a key"}])

sees(facts) := seen if seen := gate_kept.sees with input as fixture.snapshot({}, array.concat(gate, facts))

said(before, after) := messages if messages := gate_kept.refuses with input as fixture.change(before, after, [])

gained(facts) := said(sees([]), sees(facts))

test_granted if {
	gained([grant({})]) == {["grant"]: {"p:jane may alter and delete Gate changes, and so goes past what enforces: it could not before"}}
	gained([grant({"names": null, "actions": ["write", "alter"]})]) == {["grant"]: {"p:jane may alter Gate changes, and so goes past what enforces: it could not before"}}
	gained([grant({"types": null, "names": null, "excess": "superuser"})]) == {["grant"]: {"p:jane is not bound by what is granted, and so goes past what enforces: it could not before"}}
}

test_obtained if {
	gained([obtains("p:jane", "p:root")]) == {["way", "p:jane"]: {"p:jane can come to act as p:root (by a key), and so goes past what enforces: it could not before"}}
	gained([obtains("p:jane", "p:*")]) == {["way", "p:jane"]: {"p:jane can come to act as anybody of p (by a key), and so goes past what enforces: it could not before"}}
}

# Who comes to act as one that goes past it, does so, too.
test_led if {
	object.keys(gained([obtains("p:jane", "p:joe"), obtains("p:joe", "p:glass")])) == {["way", "p:jane"], ["way", "p:joe"]}
	kept := [grant({"principal": "p:joe"})]
	said(sees(kept), sees(array.concat(kept, [obtains("p:jane", "p:joe")]))) == {["way", "p:jane"]: {"p:jane can come to act as p:joe (by a key), and so goes past what enforces: it could not before"}}
}

test_not_past if {
	gained([grant({"actions": ["read", "write", "create"]})]) == {}
	gained([grant({"names": ["other"]})]) == {}
	gained([grant({"types": null, "names": null, "scope": "payments"})]) == {}
	gained([grant({"platform": "q", "excess": "superuser"})]) == {}
	gained([obtains("p:jane", "p:joe")]) == {}
	gained([obtains("p:jane", "q:*")]) == {}
}

# Less than before, the same by another grant, and what those are given whom it spares.
test_kept if {
	said(sees([grant({"names": null})]), sees([grant({})])) == {}
	said(sees([grant({})]), sees([grant({"at": ["another"]})])) == {}
	said(sees([grant({})]), sees([])) == {}
	gained([grant({"principal": "p:glass"})]) == {}
}

test_operators if {
	operated := object.union(fixture.change(sees([]), sees([grant({}), obtains("p:jane", "p:root")]), []), {"profile": {"spec": {"operators": ["p:jane"]}}})
	gate_kept.refuses == {} with input as operated
}

# What is there when the gate comes, was there before it.
test_in_any_order if {
	not gate_kept.sees with input as fixture.snapshot({}, [grant({})])
	not gate_kept.sees with input as fixture.undeclared(gate)
	gate_kept.refuses == {} with input as object.remove(fixture.change({}, sees([grant({})]), []), ["before"])
	one := fixture.snapshot({}, [gate[0], fixture.facts("enforcer", [{"at": ["gate", 0], "spares": []}])])
	before := gate_kept.sees with input as one
	said(before, sees([obtains("p:jane", "p:root")])) == {}
}
