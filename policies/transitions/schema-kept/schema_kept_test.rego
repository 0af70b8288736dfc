package pocdr.transitions.schema_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.schema_kept

spec := {"outlets": [{"platform": "rows", "name": "ledger"}]}

table(fields) := object.union({"platform": "rows", "store": "ledger", "name": "ledger/entries", "fields": ["amount", "id"], "key": ["id"]}, fields)

statement(words, destructive) := {"name": words, "platform": "rows", "store": "ledger", "schema": "ledger/entries", "statement": words, "destructive": destructive}

sees(tables, statements) := seen if {
	seen := schema_kept.sees with input as fixture.snapshot(spec, [
		fixture.facts("store", [{"platform": "rows", "name": "ledger"}]),
		fixture.facts("schema", tables),
		fixture.facts("schema_change", statements),
	])
}

before := sees([table({})], [statement("add note", false)])

change(tables, statements) := fixture.change(before, sees(tables, statements), [])

closed(c) := object.union(c, {"change": {"served": {"value": "b", "until": 1767225600000000000 - ((73 * 3600) * 1000000000)}}})

test_kept if {
	schema_kept.refuses == {} with input as change([table({})], [statement("add note", false)])
	schema_kept.refuses == {} with input as change([table({})], [statement("add note", false), statement("add more", false)])
	schema_kept.refuses == {} with input as closed(change([table({"fields": ["id"]})], [statement("add note", false), statement("drop amount", true)]))
	schema_kept.refuses == {} with input as change([table({}), table({"name": "ledger/others"})], [statement("add note", false)])
}

test_destructive if {
	said := {["schema_change/drop amount"]: {"drop amount: an earlier release may no longer find what it wrote or reads; when another plant served is not known here, so that the rollback window is taken to be open"}}
	schema_kept.refuses == said with input as change([table({})], [statement("add note", false), statement("drop amount", true)])
	schema_kept.refuses == said with input as change([table({"fields": ["id"]})], [statement("add note", false), statement("drop amount", true)])
}

test_unsaid if schema_kept.refuses == {["schema_change/add note"]: {"add note: it was applied, and is no longer said"}} with input as change([table({})], [])

test_edited if {
	kept := [statement("add note", false)]
	schema_kept.refuses == {["schema/ledger/entries"]: {"what was applied to create ledger/entries is edited: the field amount is gone; the field sum is new"}} with input as change([table({"fields": ["id", "sum"]})], kept)
	schema_kept.refuses == {["schema/ledger/entries"]: {"what was applied to create ledger/entries is edited: an expiry of 60s is new"}} with input as change([table({"expires": 60})], kept)
	schema_kept.refuses == {["schema/ledger/entries"]: {"what was applied to create ledger/entries is edited: it is no longer created"}} with input as change([], kept)
}

test_absent_before if {
	schema_kept.refuses == {} with input as object.remove(change([table({})], [statement("drop amount", true)]), ["before"])
	not schema_kept.sees with input as fixture.undeclared([])
}
