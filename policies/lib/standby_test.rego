package pocdr.lib.standby_test

import data.pocdr.fixture
import data.pocdr.lib.standby

plant(name) := {"workloads": [{"kind": "Deployment", "namespace": "payments", "name": name}]}

two := {"plants": {"a": plant("a"), "b": plant("b")}}

switch(mechanism) := {"switch": {
	"mechanism": mechanism, "field": "data.selected", "values": {"a": "a", "b": "b"},
	"ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "payments", "name": "switch"},
}}

selecting(value) := fixture.facts("setting", [{"kind": "ConfigMap", "namespace": "payments", "name": "switch", "field": "data.selected", "value": value}])

said(snapshot) := answers if {
	answers := [standby.absent, standby.unread] with input as snapshot
}

test_there_is_one if {
	s := fixture.snapshot(object.union(two, switch("Valve")), [selecting("a")])
	said(s) == [{}, {}]
	standby.paired with input as s
}

test_unread if {
	said(fixture.snapshot(object.union(two, switch("Valve")), [selecting("c")])) == [{}, {["system", "spec", "switch", "field"]: "which plant is the standby cannot be told: the switch cannot be read"}]
}

test_absent if {
	every spec, absent in {
		{}: {["system", "spec", "plants"]: "there are not two plants: there is no standby"},
		{"plants": {"a": plant("a")}}: {["system", "spec", "plants"]: "there are not two plants: there is no standby"},
		two: {["system", "spec", "switch"]: "spec.switch names no switch: neither plant is the standby"},
		object.union(two, switch("InPlace")): {["system", "spec", "switch", "mechanism"]: "the mechanism is InPlace: there is no standby"},
	} {
		said(fixture.snapshot(spec, [])) == [absent, {}]
	}
	said(fixture.undeclared([])) == [{[""]: "no System declares a second plant"}, {}]
}
