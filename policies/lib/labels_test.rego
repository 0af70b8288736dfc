package pocdr.lib.labels_test

import data.pocdr.lib.labels

expression(operator) := {"matchExpressions": [{"key": "tier", "operator": operator, "values": ["web"]}]}

test_selects if {
	labels.selects({}, {})
	labels.selects({"matchLabels": {"app": "a"}}, {"app": "a", "tier": "web"})
	not labels.selects({"matchLabels": {"app": "a"}}, {"app": "b"})
	not labels.selects({"matchLabels": {"app": "a"}}, {})
}

test_expressions if {
	held := {operator: holds |
		some operator in ["In", "NotIn", "Exists", "DoesNotExist"]
		holds := [n | some n, has in [{"tier": "web"}, {"tier": "db"}, {}]; labels.selects(expression(operator), has)]
	}
	held == {"In": [0], "NotIn": [1, 2], "Exists": [0, 1], "DoesNotExist": [2]}
}

test_both_parts if {
	both := object.union(expression("Exists"), {"matchLabels": {"app": "a"}})
	labels.selects(both, {"app": "a", "tier": "web"})
	not labels.selects(both, {"app": "a"})
	not labels.selects(both, {"tier": "web"})
}

test_null_is_absent if labels.selects({"matchLabels": null, "matchExpressions": null}, {"app": "a"})

test_what_cannot_be_told_selects_nothing if {
	not labels.selects(expression("Near"), {"tier": "web"})
	not labels.selects({"matchLabels": "all"}, {"tier": "web"})
	not labels.selects({"matchExpressions": [1]}, {"tier": "web"})
	not labels.selects("all", {"tier": "web"})
	not labels.selects(null, {"tier": "web"})
}

test_a_label_is_there_whatever_its_value if {
	labels.selects(expression("Exists"), {"tier": false})
	not labels.selects(expression("DoesNotExist"), {"tier": false})
}

test_handle if {
	labels.handle({"matchLabels": {"b": "2", "a": "1"}}) == ["a", "1"]
	labels.handle({"matchLabels": {}}) == []
	labels.handle({"matchLabels": "all"}) == []
	labels.handle(expression("In")) == []
}

test_handles if {
	labels.handles({}) == {[]}
	labels.handles({"b": "2", "a": "1"}) == {[], ["a", "1"], ["b", "2"]}
}
