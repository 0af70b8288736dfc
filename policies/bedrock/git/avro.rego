# METADATA
# title: Avro schemas
# description: Records that Avro schema files declare.
# custom:
#   reads:
#   - {format: avro}
#   emits: [schema]
package pocdr.bedrock.git.avro

# records are the file's records by their path: the schema itself, or those of a union.
records[[]] := input if input.type == "record"

records[[i]] := schema if {
	is_array(input)
	some i, schema in input
	schema.type == "record"
}

facts contains {
	"fact": "schema",
	"path": path,
	"platform": "avro",
	"scope": null,
	"name": full(record),
	"store": null,
	"fields": sort([field.name | some field in record.fields; is_string(field.name)]),
	"key": null,
	"expires": null,
} if {
	some path, record in records
	is_string(record.name)
}

# full(record) is its name with its namespace; a name with dots has one already.
full(record) := concat(".", [record.namespace, record.name]) if {
	not contains(record.name, ".")
	is_string(record.namespace)
	record.namespace != ""
} else := record.name
