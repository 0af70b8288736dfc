package pocdr.bedrock.kubernetes.field_test

import data.pocdr.bedrock.kubernetes.field

o := {"text": "a", "empty": "", "number": 3, "flag": false, "map": {"list": ["a", 1, "b"]}, "null": null}

test_value if {
	field.value(o, ["map", "list", 1]) == 1
	field.value(o, ["text", "below"]) == null
	field.value("no object", ["text"]) == null
}

test_map if {
	field.map(o, ["map"]) == {"list": ["a", 1, "b"]}
	field.map(o, ["text"]) == {}
}

test_list if {
	field.list(o, ["map", "list"]) == ["a", 1, "b"]
	field.list(o, ["map"]) == []
	field.texts(o, ["map", "list"]) == ["a", "b"]
}

test_text if {
	field.text(o, ["text"]) == "a"
	field.text(o, ["empty"]) == null
	field.text(o, ["number"]) == null
	field.text_or(o, ["text"], "b") == "a"
	field.text_or(o, ["empty"], "b") == "b"
}

test_flag if {
	field.flag(o, ["flag"]) == false
	field.flag(o, ["text"]) == null
}

test_number if {
	field.number(o, ["number"], 1) == 3
	field.number(o, ["null"], 1) == 1
	field.number(o, ["absent"], 1) == 1
	field.number(o, ["text"], 1) == null
}

test_scalar if {
	field.scalar(o, ["number"]) == "3"
	field.scalar(o, ["text"]) == "a"
	field.scalar(o, ["flag"]) == null
}

test_selector if {
	expression := {"key": "a", "operator": "Exists"}
	field.selector({"s": {"matchLabels": {"a": "b"}, "matchExpressions": []}}, ["s"]) == {"matchLabels": {"a": "b"}}
	field.selector({"s": {"matchExpressions": [object.union(expression, {"x": 1}), 7]}}, ["s"]) == {"matchExpressions": [expression, {}]}
	field.selector({"s": {"matchLabels": {"a": null}, "matchExpressions": [object.union(expression, {"values": []})]}}, ["s"]) == {"matchLabels": {"a": ""}, "matchExpressions": [expression]}
	field.selector({"s": null}, ["s"]) == {}
}

# The API takes nothing for empty text.
test_labels if {
	field.labels({"labels": {"a": "b", "empty": null}}, ["labels"]) == {"a": "b", "empty": ""}
	field.labels({"labels": null}, ["labels"]) == {}
}

test_quantity if {
	every text, number in {
		"1": 1, "500m": 0.5, "100m": 0.1, "0.1": 0.1, "2Mi": 2097152, "1e3": 1000, "1.5E3": 1500, "1k": 1000, ".5": 0.5, "5.": 5, "+3": 3, "3m": 0.003, "3u": 0.001, "1500001n": 0.002, "0.0001": 0.001, "1.0": 1, "12E6": 12000000, "7Ei": 8070450532247928832,
	} {
		field.quantity(text) == number
	}
	field.quantity(2) == 2
	field.quantity(0.5) == 0.5
	every wrong in ["", "m", "1mb", "1 Gi", "-1", "1e999", null, [], {"a": 1}] {
		field.quantity(wrong) == null
	}
}
