# What a System declares that others rest on, and what of it a change takes back.
package pocdr.lib.kept

import data.pocdr.lib.system

# weighed(rows) has what the System declares of the fields that rows name. A row is {"name": what it is called, "field": its path in the
# spec, "weights": {value: weight}}. Without weights, what is declared weighs 1; what is not declared weighs nothing.
weighed(rows) := {row.name: {"at": system.at(array.concat(["spec"], row.field)), "words": words(value), "weight": object.get(row, ["weights", words(value)], 1)} |
	some row in rows
	value := object.get(system.spec, row.field, null)
	value != null
}

words(value) := "declared" if is_object(value)

words(value) := sprintf("%v", [value]) if not is_object(value)

# lighter says, by place, what weighs less than it did. A system that is retiring may take back what it likes.
lighter[was.at] contains sprintf("%v was %v, and is %v", [name, was.words, now.words]) if {
	some [name, was, now] in compared
	now.weight < was.weight
}

compared contains [name, was, now] if {
	some name, was in input.before.declares
	input.after
	not input.before.retiring
	now := object.get(input.after.declares, name, {"words": "not declared any more", "weight": 0})
}
