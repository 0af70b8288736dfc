package pocdr.transitions.release_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.release_kept

# The scenario's plant a serves.
sees(name, fields) := seen if {
	seen := release_kept.sees with input as scenario.plus([fixture.facts("template", [{"kind": "Deployment", "namespace": "payments", "name": name, "fields": fields}])])
}

one := {"containers.app.image": "x@sha256:1", "containers.app.tty": false}

change(name, fields) := fixture.change(sees(name, one), sees(name, fields), [])

test_kept if {
	release_kept.refuses == {} with input as change("a", one)
	release_kept.refuses == {} with input as change("b", {"containers.app.image": "x@sha256:2"})
	release_kept.refuses == {} with input as fixture.change(sees("a", one), object.union(sees("a", {}), {"plant": "b"}), [])
}

test_replaced if {
	release_kept.refuses == {["Deployment/a"]: {"Deployment payments/a serves, and is replaced in place: containers.app.image"}} with input as change("a", object.union(one, {"containers.app.image": "x@sha256:2"}))
	release_kept.refuses == {["Deployment/a"]: {"Deployment payments/a serves, and is replaced in place: containers.app.env.X, containers.app.tty"}} with input as change("a", {"containers.app.image": "x@sha256:1", "containers.app.env.X": "1"})
}

test_not_asked if {
	release_kept.refuses == {} with input as object.remove(change("a", {}), ["before"])
	not release_kept.sees with input as fixture.undeclared([])
	not release_kept.sees with input as scenario.with_spec({"switch": {"mechanism": "InPlace"}})
}
