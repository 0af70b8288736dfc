package pocdr.bedrock.kubernetes.setting_test

import data.pocdr.bedrock.kubernetes.setting as adapter

facts(object) := all if all := adapter.facts with input as object

test_config if {
	facts({"kind": "ConfigMap", "metadata": {"name": "switch", "namespace": "payments"}, "data": {"selected": "a", "object": {}, "long": concat("", [x | some x in split("0123456789012345678901234567890123456789012345678901234567890123456789", "")]), "number": 1}}) == {{
		"fact": "setting", "path": ["data", "selected"], "kind": "ConfigMap", "namespace": "payments", "name": "switch", "field": "data.selected", "value": "a",
	}}
}

test_empty if {
	{[f.field, f.value] | some f in facts({"kind": "ConfigMap", "metadata": {"name": "switch", "namespace": "payments"}, "data": {"nothing": null, "empty": ""}})} == {["data.nothing", ""], ["data.empty", ""]}
}

test_selector if {
	{[f.path, f.field, f.value] | some f in facts({"kind": "Service", "metadata": {"name": "s", "namespace": "payments"}, "spec": {"selector": {"plant": "a", "app.kubernetes.io/name": "x"}}})} == {
		[["spec", "selector", "plant"], "spec.selector.plant", "a"],
		[["spec", "selector", "app.kubernetes.io/name"], "spec.selector.app.kubernetes.io/name", "x"],
	}
}

test_selector_of_nothing if {
	facts({"kind": "Service", "metadata": {"name": "s", "namespace": "payments"}, "spec": {"type": "ExternalName", "selector": {"plant": "a"}}}) == set()
}

test_hostile if {
	every values in [null, "text", ["a"]] {
		facts({"kind": "ConfigMap", "metadata": {"name": "switch", "namespace": "payments"}, "data": values}) == set()
	}
}
