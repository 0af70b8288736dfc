package pocdr.transitions.schema_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.schema_kept

spec := {"outlets": [{"platform": "rows", "name": "ledger"}]}

statement(words, destructive) := {"name": words, "platform": "rows", "store": "ledger", "schema": "ledger/entries", "statement": words, "says": [], "destructive": destructive}

sees(statements) := seen if {
	seen := schema_kept.sees with input as fixture.snapshot(spec, [
		fixture.facts("store", [{"platform": "rows", "name": "ledger"}]),
		fixture.facts("schema_change", statements),
	])
}

before := sees([statement("add note", false)])

change(statements) := fixture.change(before, sees(statements), [])

closed(c) := object.union(c, {"change": {"served": {"value": "b", "until": 1767225600000000000 - ((73 * 3600) * 1000000000)}}})

test_kept if {
	schema_kept.refuses == {} with input as change([statement("add note", false)])
	schema_kept.refuses == {} with input as change([statement("add note", false), statement("add more", false)])
	schema_kept.refuses == {} with input as closed(change([statement("add note", false), statement("drop amount", true)]))
}

test_destructive if {
	said := {["schema_change/drop amount"]: {"drop amount: an earlier release may no longer find what it wrote or reads; when another plant served is not known here, so that the rollback window is taken to be open"}}
	schema_kept.refuses == said with input as change([statement("add note", false), statement("drop amount", true)])
	schema_kept.refuses == said with input as change([statement("add note", false), statement("drop amount", true)])
}

# What is said once more, is done once more.
test_destructive_again if {
	drop := statement("delete from entries", true)
	again := object.union(drop, {"name": "again"})
	twice := fixture.change(sees([drop]), sees([drop, again]), [])
	object.keys(schema_kept.refuses) == {["schema_change/again"]} with input as twice
	schema_kept.refuses == {} with input as fixture.change(sees([drop]), sees([again]), [])
}

test_unsaid if schema_kept.refuses == {["schema_change/add note"]: {"add note: it was applied, and is no longer said"}} with input as change([])

edited(was, now) := fixture.change(sees([made(was)]), sees(now), [])

made(says) := object.union(statement("create table ledger/entries", false), {"says": says})

said(message) := {["schema_change/create table ledger/entries"]: {concat("", ["create table ledger/entries: it was applied, and is ", message])}}

# What was applied is as it was, whatever is added beside it.
test_edited if {
	was := ["amount bigint", "id uuid", "key ((id))"]
	schema_kept.refuses == {} with input as edited(was, [made(was), statement("add note", false)])
	schema_kept.refuses == said("edited: amount bigint is gone; amount int is new") with input as edited(was, [made(["amount int", "id uuid", "key ((id))"])])
	schema_kept.refuses == said("edited: key ((id)) is gone; key ((id), amount) is new") with input as edited(was, [made(["amount bigint", "id uuid", "key ((id), amount)"])])
	schema_kept.refuses == said("edited: id uuid is gone") with input as edited(was, [made(["amount bigint", "key ((id))"]), statement("add note", false)])
	schema_kept.refuses == said("no longer said") with input as edited(was, [])
}

# A statement that is made twice in other words is no edit, neither when the second comes nor later; taking one of them away is.
test_said_twice if {
	twice := [object.union(made(["amount bigint"]), {"name": "one"}), object.union(made(["amount int"]), {"name": "two"})]
	schema_kept.refuses == {} with input as edited(["amount bigint"], twice)
	schema_kept.refuses == {} with input as fixture.change(sees(twice), sees(twice), [])
	schema_kept.refuses == {["schema_change/two"]: {"create table ledger/entries: it was applied, and is no longer said"}} with input as fixture.change(sees(twice), sees([twice[0]]), [])
}

store(fields) := object.union({"platform": "rows", "name": "ledger", "durable": null}, fields)

kept_in(stores) := seen if {
	seen := schema_kept.sees with input as fixture.snapshot(spec, [fixture.facts("store", stores)])
}

kept(was, now) := fixture.change(kept_in([store(s) | some s in was]), kept_in([store(s) | some s in now]), [])

fewer := {["store/ledger"]: {"store ledger keeps 3 copies of each record (north), and is to keep fewer, or nobody says how many"}}

test_copies_kept if {
	three := {"copies": {"north": 3}}
	schema_kept.refuses == {} with input as kept([three], [{"copies": {"north": 5, "south": 1}}])
	schema_kept.refuses == {} with input as kept([{"copies": {}}], [{"copies": {"north": 1}}])
	schema_kept.refuses == {} with input as kept([three], [])
	schema_kept.refuses == fewer with input as kept([three], [{"copies": {"north": 1}}])
	schema_kept.refuses == fewer with input as kept([three], [{"copies": {"south": 3}}])
	schema_kept.refuses == fewer with input as kept([{"copies": {"north": 3, "south": 1}}], [{"copies": {"north": 2, "south": 1}}])
	schema_kept.refuses == fewer with input as kept([three], [{"copies": {}}])
}

# Every site that is not named keeps as many as is said of all.
test_copies_at_every_site if {
	schema_kept.refuses == {} with input as kept([{"copies": {"north": 3}}], [{"copies": {"*": 3}}])
	schema_kept.refuses == fewer with input as kept([{"copies": {"north": 3}}], [{"copies": {"*": 3, "north": 0}}])
	said_of_all := {["store/ledger"]: {"store ledger keeps 3 copies of each record (each site that is not named), and is to keep fewer, or nobody says how many"}}
	schema_kept.refuses == said_of_all with input as kept([{"copies": {"*": 3}}], [{"copies": {"north": 3}}])
	schema_kept.refuses == fewer with input as kept([{"copies": {"*": 3}}], [{"copies": {"*": 3, "north": 1}}])
}

# What a second statement would make otherwise, were the store not there, is as it was applied.
test_stores_made_twice if {
	both := [{"copies": {"north": 3}, "durable": true}, {"copies": {"north": 1}, "durable": false}]
	schema_kept.refuses == {} with input as kept([both[0]], both)
	schema_kept.refuses == {} with input as kept(both, both)
	schema_kept.refuses == fewer with input as kept([{"copies": {"north": 3}}], [{"copies": {"north": 1}}, {"copies": {"north": 2}}])
}

test_durability_kept if {
	schema_kept.refuses == {} with input as kept([{"durable": null}], [{"durable": false}])
	schema_kept.refuses == {["store/ledger"]: {"store ledger acknowledges what it has written down, and is to acknowledge what it has not"}} with input as kept([{"durable": true}], [{"durable": false}])
}

test_absent_before if {
	schema_kept.refuses == {} with input as object.remove(change([statement("drop amount", true)]), ["before"])
	not schema_kept.sees with input as fixture.undeclared([])
}
