package pocdr.lib.turn_test

import data.pocdr.fixture
import data.pocdr.lib.turn

spec := {
	"plants": {"a": {}, "b": {}},
	"switch": {"mechanism": "Valve", "ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "payments", "name": "valve"}, "field": "data.selected", "values": {"a": "a", "b": "b"}, "authorised": ["kubernetes:User/ann"]},
}

snapshot(selected) := fixture.snapshot(spec, [
	fixture.facts("setting", [{"kind": "ConfigMap", "namespace": "payments", "name": "valve", "field": "data.selected", "value": selected}]),
	fixture.facts("object", [{"platform": "kubernetes", "kind": "ConfigMap", "namespace": "payments", "name": "valve", "type": "configmaps"}]),
])

at(selected) := seen if seen := turn.sees with input as snapshot(selected)

test_sees if {
	at("a") == {
		"value": "a", "plant": "a", "switch": ["object/valve"], "field": "data.selected",
		"authorised": ["kubernetes:User/ann"], "window": "72h",
	}
	not turn.sees with input as fixture.undeclared([])
}

turning := fixture.operation("update", "object/valve", {"paths": [["data", "selected"]]})

hour := 3600000000000

# change is from b to a, where a served until an hour ago, by ann.
change := object.union(fixture.change(at("b"), at("a"), [turning]), {"change": {
	"served": {"value": "a", "until": 1767225600000000000 - hour, "same": true}, "principal": {"names": ["kubernetes:User/ann", "kubernetes:Group/sre"]},
}})

with_change(fields) := object.union(change, {"change": fields})

test_back if {
	turn.turn == "back" with input as change
	turn.turn == "back" with input as with_change({"principal": null})
	turn.turn == "back" with input as with_change({"served": {"same": null}})
	turn.turn == "back" with input as with_change({"operations": [turning, fixture.operation("create", "x", {"ours": false})]})
}

test_forward if {
	turn.turn == "forward" with input as with_change({"served": null})
	turn.turn == "forward" with input as with_change({"served": {"same": false}})
	turn.turn == "forward" with input as with_change({"served": {"value": "c", "until": 1767225600000000000}})
	turn.turn == "forward" with input as with_change({"served": {"value": "a", "until": 1767225600000000000 - (100 * hour)}})
	turn.turn == "forward" with input as with_change({"principal": {"names": ["kubernetes:User/bob"]}})
}

test_bundled if {
	turn.turn == "bundled" with input as with_change({"operations": [turning, fixture.operation("update", "x", {})]})
	turn.turn == "bundled" with input as with_change({"operations": [object.union(turning, {"paths": [["data", "selected"], ["data", "x"]]})]})
	turn.turn == "bundled" with input as with_change({"operations": [object.union(turning, {"operation": "create"})]})
}

test_none if {
	not turn.turn with input as fixture.change(at("a"), at("a"), [turning])
	not turn.turn with input as object.remove(change, ["before"])
}

test_open if {
	turn.open with input as change
	turn.because == ", within the rollback window of 72h" with input as change
	turn.open with input as with_change({"served": null})
	turn.because == "; when another plant served is not known here, so that the rollback window is taken to be open" with input as with_change({"served": null})
	not turn.open with input as with_change({"served": {"value": "a", "until": 1767225600000000000 - (73 * hour)}})
}
