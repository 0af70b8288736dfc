package pocdr.lib.objects_test

import data.pocdr.fixture
import data.pocdr.lib.objects

facts := fixture.facts("object", [
	{"platform": "cluster", "kind": "Config", "type": "configs", "namespace": "payments", "name": "switch"},
	{"platform": "cluster", "kind": "Config", "type": "configs", "namespace": "orders", "name": "switch"},
	{"platform": "cluster", "kind": "Config", "group": "x.org", "type": "x.org/configs", "namespace": "payments", "name": "switch"},
	{"platform": "cluster", "kind": "Class", "group": "x.org", "type": "x.org/classes", "name": "gold"},
])

named(ref) := resources if {
	resources := {objects.resource(o) | some o in objects.named(ref)} with input as fixture.snapshot({}, [facts])
}

test_named if {
	named({"kind": "Config", "namespace": "payments", "name": "switch"}) == {{"platform": "cluster", "scope": "payments", "type": "configs", "name": "switch"}}
	named({"apiVersion": "x.org/v2", "kind": "Config", "namespace": "payments", "name": "switch"}) == {{"platform": "cluster", "scope": "payments", "type": "x.org/configs", "name": "switch"}}
	named({"apiVersion": "x.org/v2", "kind": "Class", "namespace": "payments", "name": "gold"}) == {{"platform": "cluster", "scope": null, "type": "x.org/classes", "name": "gold"}}
	named({"kind": "Config", "namespace": "payments", "name": "other"}) == set()
}

test_title if objects.title({"kind": "Config", "namespace": "payments", "name": "switch"}) == "Config payments/switch"
