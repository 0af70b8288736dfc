package pocdr.bedrock.git.avro_test

import data.pocdr.bedrock.git.avro

record(path, name, fields) := {"fact": "schema", "path": path, "platform": "avro", "scope": null, "name": name, "store": null, "fields": fields, "key": null, "expires": null}

test_a_record if {
	avro.facts == {record([], "city.Order", ["amount", "id"])} with input as {"type": "record", "name": "Order", "namespace": "city", "fields": [{"name": "id", "type": "string"}, {"name": "amount", "type": "long"}]}
}

test_a_full_name if avro.facts == {record([], "water.Order", [])} with input as {"type": "record", "name": "water.Order", "namespace": "city", "fields": []}

test_no_namespace if {
	avro.facts == {record([], "Order", [])} with input as {"type": "record", "name": "Order"}
	avro.facts == {record([], "Order", [])} with input as {"type": "record", "name": "Order", "namespace": ""}
}

test_a_union if {
	avro.facts == {record([1], "Order", ["id"])} with input as ["null", {"type": "record", "name": "Order", "fields": [{"name": "id"}]}, {"type": "enum", "name": "Kind"}]
}

test_no_record if {
	every schema in ["string", 1, null, [], [1], {"type": "enum", "name": "Kind"}, {"type": "record"}, {"type": "record", "name": 1, "fields": "x"}] {
		avro.facts == set() with input as schema
	}
}

test_hostile_fields if avro.facts == {record([], "Order", ["id"])} with input as {"type": "record", "name": "Order", "namespace": 1, "fields": [1, {"name": 2}, {"name": "id"}]}
