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

# A column's type is as much of what was applied as its name.
test_edited_type if {
	was := fixture.change(sees([table({"types": {"amount": "bigint", "id": "uuid"}})], []), sees([table({"types": {"amount": "int", "id": "uuid"}})], []), [])
	schema_kept.refuses == {["schema/ledger/entries"]: {"what was applied to create ledger/entries is edited: the field amount bigint is gone; the field amount int is new"}} with input as was
}

kept_in(fields) := seen if {
	seen := schema_kept.sees with input as fixture.snapshot(spec, [fixture.facts("store", [object.union({"platform": "rows", "name": "ledger"}, fields)])])
}

test_store_kept if {
	schema_kept.refuses == {} with input as fixture.change(kept_in({"replicas": 3, "durable": true}), kept_in({"replicas": 5, "durable": true}), [])
	schema_kept.refuses == {} with input as fixture.change(kept_in({"replicas": null, "durable": null}), kept_in({"replicas": 1, "durable": false}), [])
	schema_kept.refuses == {["store/ledger"]: {"store ledger keeps 3 copies of each record, and is to keep fewer, or nobody says how many"}} with input as fixture.change(kept_in({"replicas": 3}), kept_in({"replicas": 1}), [])
	schema_kept.refuses == {["store/ledger"]: {"store ledger keeps 3 copies of each record, and is to keep fewer, or nobody says how many"}} with input as fixture.change(kept_in({"replicas": 3}), kept_in({"replicas": null}), [])
	schema_kept.refuses == {["store/ledger"]: {"store ledger acknowledges what it has written down, and is to acknowledge what it has not"}} with input as fixture.change(kept_in({"durable": true}), kept_in({"durable": false}), [])
}

test_absent_before if {
	schema_kept.refuses == {} with input as object.remove(change([table({})], [statement("drop amount", true)]), ["before"])
	not schema_kept.sees with input as fixture.undeclared([])
}

# A table that a second statement would create otherwise, were it not there, is as it was applied; two that both differ are told one by one.
test_created_twice if {
	kept := [statement("add note", false)]
	other := table({"at": ["again"], "fields": ["id", "sum"]})
	schema_kept.refuses == {} with input as change([table({}), other], kept)
	schema_kept.refuses == {["schema/ledger/entries"]: {
		"what was applied to create ledger/entries is edited: the field amount is gone; the field sum is new",
		"what was applied to create ledger/entries is edited: an expiry of 60s is new",
	}} with input as change([table({"expires": 60}), other], kept)
}
