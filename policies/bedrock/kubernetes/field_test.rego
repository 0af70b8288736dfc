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
	field.selector({"s": null}, ["s"]) == {}
}

test_quantity if {
	every text, number in {
		"1": 1, "500m": 0.5, "100m": 0.1, "0.1": 0.1, "2Mi": 2097152, "1e3": 1000, "1.5E3": 1500, "1k": 1000, ".5": 0.5, "5.": 5, "+3": 3, "3u": 0.000003,
	} {
		field.quantity(text) == number
	}
	field.quantity(2) == 2
	every wrong in ["", "m", "1mb", "1 Gi", "-1", "1e999", null, [], {"a": 1}] {
		field.quantity(wrong) == null
	}
}
