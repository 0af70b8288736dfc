package acme.checks.intake.partitions_agree_test

import data.acme.checks.intake.partitions_agree

snapshot(n) := {
	"system": {"at": ["system"], "spec": {
		"intake": {"name": "commands"},
		"plants": {"a": {"outlets": [{"name": "entries-a"}]}, "b": {"outlets": [{"name": "entries-b"}]}},
	}},
	"facts": {"log": [
		{"name": "commands", "partitions": 12},
		{"name": "entries-a", "partitions": 12},
		{"name": "entries-b", "partitions": n},
	]},
}

a := ["system", "spec", "plants", "a", "outlets", 0]

b := ["system", "spec", "plants", "b", "outlets", 0]

test_agree if {
	partitions_agree.passes == {a, b} with input as snapshot(12)
	partitions_agree.fails == {} with input as snapshot(12)
}

test_differ if {
	partitions_agree.passes == {a} with input as snapshot(6)
	partitions_agree.fails == {b: {"entries-b has 6 partitions, the intake has 12"}} with input as snapshot(6)
}

test_not_declared if {
	partitions_agree.subjects - partitions_agree.passes == {b} with input as object.union(snapshot(12), {"facts": {"log": [
		{"name": "commands", "partitions": 12},
		{"name": "entries-a", "partitions": 12},
	]}})
}

test_in_place if {
	partitions_agree.not_applicable with input as {"system": {"at": ["system"], "spec": {"intake": {"name": "commands"}}}, "facts": {"log": []}}
}
