package pocdr.bedrock.cassandra.schema_test

import data.pocdr.bedrock.cassandra.schema

# facts(statements) are the facts of a kind, by position of their statement.
facts(kind, statements) := {f.path[1]: object.remove(f, ["fact", "path", "platform", "scope"]) |
	some f in schema.facts with input as {"statements": statements}
	f.fact == kind
	f.platform == "cassandra"
	f.scope == null
	f.path[0] == "statements"
}

keyspace(verb, fields) := object.union({"verb": verb, "object": "keyspace", "keyspace": "pay", "name": "pay", "replication": null, "durableWrites": null}, fields)

replicated(class, factors) := {"replication": {"class": class, "factors": factors}}

three := replicated("NetworkTopologyStrategy", {"one": 3, "two": 3})

columns(names) := [{"name": name, "type": "text", "static": false} | some name in names]

create(options) := {
	"verb": "create", "object": "table", "keyspace": "pay", "name": "ledger", "columns": columns(["account", "seq", "note"]),
	"partitionKey": ["account"], "clusteringKey": ["seq"], "options": options, "operations": null,
}

other(verb) := {"verb": verb, "object": "table", "keyspace": "pay", "name": "ledger", "columns": null, "partitionKey": null, "clusteringKey": null, "options": null, "operations": null}

alter(operations) := object.union(other("alter"), {"operations": operations})

operation(name, names) := {"operation": name, "columns": columns(names), "from": null, "to": null, "options": null}

rename(from, to) := {"operation": "rename", "columns": null, "from": from, "to": to, "options": null}

set(options) := {"operation": "options", "columns": null, "from": null, "to": null, "options": options}

test_store if {
	facts("store", [keyspace("create", three)]) == {0: {"name": "pay", "copies": {"one": 3, "two": 3}, "durable": true}}
	facts("store", [keyspace("create", replicated("SimpleStrategy", {"replication_factor": 1}))]) == {0: {"name": "pay", "copies": {"SimpleStrategy replication_factor": 1}, "durable": true}}
	facts("store", [keyspace("create", replicated("NetworkTopologyStrategy", {"one": 3, "two": 2, "three": 0}))]) == {0: {"name": "pay", "copies": {"one": 3, "two": 2, "three": 0}, "durable": true}}
	facts("store", [keyspace("create", replicated("LocalStrategy", {}))]) == {0: {"name": "pay", "copies": {}, "durable": true}}
	facts("store", [keyspace("create", {})]) == {0: {"name": "pay", "copies": {}, "durable": true}}
}

test_store_as_altered_later if {
	facts("store", [keyspace("create", object.union(three, {"durableWrites": false})), keyspace("alter", replicated("NetworkTopologyStrategy", {"replication_factor": 2}))]) == {0: {"name": "pay", "copies": {"*": 2}, "durable": false}}
	facts("store", [keyspace("alter", {"durableWrites": false}), keyspace("create", three)]) == {1: {"name": "pay", "copies": {"one": 3, "two": 3}, "durable": true}}
}

test_store_that_is_dropped if {
	facts("store", [keyspace("create", three), keyspace("drop", {})]) == {}
	facts("store", [keyspace("create", {}), keyspace("drop", {}), keyspace("create", three)]) == {2: {"name": "pay", "copies": {"one": 3, "two": 3}, "durable": true}}
}

test_a_second_creation_changes_nothing if facts("store", [keyspace("create", three), keyspace("create", {})]) == {0: {"name": "pay", "copies": {"one": 3, "two": 3}, "durable": true}}

ledger(fields) := object.union({"name": "pay/ledger", "store": "pay", "fields": ["account", "note", "seq"], "key": ["account", "seq"], "expires": null}, fields)

test_table if {
	facts("schema", [create({})]) == {0: ledger({})}
	facts("schema", [create({"default_time_to_live": 60})]) == {0: ledger({"expires": 60})}
	facts("schema", [create({"default_time_to_live": "60"})]) == {0: ledger({"expires": 60})}
	facts("schema", [create({"default_time_to_live": true})]) == {0: ledger({})}
}

test_table_as_altered_later if {
	facts("schema", [create({}), alter([operation("add", ["release", "position"])]), alter([operation("drop", ["note"])])]) == {0: ledger({"fields": ["account", "position", "release", "seq"]})}
	facts("schema", [create({}), alter([operation("drop", ["note"])]), alter([operation("add", ["note"])])]) == {0: ledger({})}
	facts("schema", [alter([operation("drop", ["note"])]), create({})]) == {1: ledger({})}
	facts("schema", [create({"default_time_to_live": 60}), alter([set({"default_time_to_live": 0, "comment": "x"})])]) == {0: ledger({"expires": 0})}
}

test_columns_that_are_renamed if {
	facts("schema", [create({}), alter([rename("account", "payer"), rename("seq", "number")])]) == {0: ledger({"fields": ["note", "number", "payer"], "key": ["payer", "number"]})}
	facts("schema", [create({}), alter([rename("account", "payer")]), alter([rename("payer", "iban")])]) == {0: ledger({"fields": ["iban", "note", "seq"], "key": ["iban", "seq"]})}
	facts("schema", [create({}), alter([rename("account", "x")]), alter([rename("seq", "account")]), alter([rename("x", "seq")])]) == {0: ledger({"key": ["seq", "account"]})}
}

test_table_that_is_dropped if {
	facts("schema", [create({}), other("drop")]) == {}
	facts("schema", [create({}), keyspace("drop", {})]) == {}
	facts("schema", [create({}), other("drop"), create({"default_time_to_live": 5})]) == {2: ledger({"expires": 5})}
}

test_table_without_keyspace if facts("schema", [object.union(create({}), {"keyspace": null})]) == {}

change(statement, destructive) := {"store": "pay", "statement": statement, "destructive": destructive}

# brief(changes) leaves out which fields come and go, and what else is said.
brief(changes) := {i: object.remove(c, ["schema", "adds", "removes", "says"]) | some i, c in changes}

# changes(statements) are the changes of statements that follow the creation of the table.
changes(options, operations) := c if {
	c := brief(facts("schema_change", [create(options), alter(operations)]))[1]
}

# What is made is stated as well: what was applied may not be edited.
test_creations if {
	brief(facts("schema_change", [create({}), keyspace("create", three), object.union(create({}), {"object": "type", "name": "money"}), {"verb": "create", "object": "role", "name": "app", "keyspace": null, "options": null}])) == {
		0: change("create table pay/ledger", false),
		1: change("create keyspace pay", false),
		2: change("create type pay/money", false),
	}
}

says(statement) := facts("schema_change", [statement])[0].says

test_what_else_is_said if {
	says(create({})) == ["account text", "key ((account), seq)", "note text", "seq text"]
	says(object.union(create({}), {"columns": [{"name": "id", "type": "uuid", "static": true}], "partitionKey": ["account", "seq"], "clusteringKey": []})) == ["id uuid static", "key ((account, seq))"]
	says(object.union(create({"default_time_to_live": "0", "comment": "x", "gc_grace_seconds": 5, "clustering_order": {"seq": "desc"}}), {"columns": [], "partitionKey": null})) == [`clustering_order {"seq":"desc"}`, "gc_grace_seconds 5"]
	says(alter([operation("add", ["memo"]), set({"default_time_to_live": 60}), rename("a", "b")])) == ["default_time_to_live 60", "memo text"]
	says(keyspace("create", three)) == []
	says(keyspace("alter", {"durableWrites": false})) == ["durable writes false"]
	says(keyspace("alter", three)) == [`replication {"class":"NetworkTopologyStrategy","factors":{"one":3,"two":3}}`]
	says(other("drop")) == []
}

test_destructive if {
	brief(facts("schema_change", [keyspace("drop", {}), keyspace("alter", three), keyspace("alter", {"durableWrites": false}), other("drop"), other("truncate"), object.union(other("drop"), {"object": "type", "name": "money"}), object.union(object.remove(other("drop"), ["columns", "operations"]), {"object": "view", "name": "by_payer"}), other("update")])) == {
		0: change("drop keyspace pay", true),
		1: change("alter keyspace pay: replication", true),
		2: change("alter keyspace pay: durable writes", true),
		3: change("drop table pay/ledger", true),
		4: change("truncate table pay/ledger", true),
		5: change("drop type pay/money", true),
		6: change("drop view pay/by_payer", true),
		7: change("update table pay/ledger", true),
	}
	changes({}, [operation("drop", ["note"])]) == change("alter table pay/ledger: drop note", true)
	changes({}, [operation("add", ["a"]), rename("account", "payer")]) == change("alter table pay/ledger: add a; rename account to payer", true)
	changes({}, [operation("type", ["note"])]) == change("alter table pay/ledger: change the type of note", true)
	changes({}, [operation("mask", ["note"])]) == change("alter table pay/ledger: mask note", true)
	changes({}, [operation("drop-compact-storage", [])]) == change("alter table pay/ledger: drop compact storage", true)
}

# beside(verb, object, digest) is a statement about what stands beside tables.
beside(verb, object, digest) := {"verb": verb, "object": object, "keyspace": "pay", "name": "x", "digest": digest}

test_beside_tables if {
	facts("schema_change", [beside("create", "index", "0123456789abcdef"), beside("replace", "function", "1"), beside("create", "trigger", "2"), beside("drop", "trigger", null), beside("alter", "view", "3")]) == {
		0: object.union(change("create index pay/x", false), {"schema": null, "adds": [], "removes": [], "says": ["words of digest 0123456789ab"]}),
		1: object.union(change("replace function pay/x", true), {"schema": null, "adds": [], "removes": [], "says": ["words of digest 1"]}),
		2: object.union(change("create trigger pay/x", true), {"schema": null, "adds": [], "removes": [], "says": ["words of digest 2"]}),
		3: object.union(change("drop trigger pay/x", true), {"schema": null, "adds": [], "removes": [], "says": []}),
		4: object.union(change("alter view pay/x", false), {"schema": null, "adds": [], "removes": [], "says": ["words of digest 3"]}),
	}
}

test_records_that_expire if brief(facts("schema_change", [other("insert")])) == {0: change("insert with an expiry into table pay/ledger", true)}

test_not_destructive if {
	changes({}, [operation("add", ["a", "b"])]) == change("alter table pay/ledger: add a, b", false)
	changes({}, [operation("unmask", ["note"])]) == change("alter table pay/ledger: unmask note", false)
	changes({}, [set({"gc_grace_seconds": 5, "comment": "x"})]) == change("alter table pay/ledger: set comment, gc_grace_seconds", false)
}

# What comes and goes, for those who read the schema in another document.
test_fields_that_come_and_go if {
	what(alter([operation("add", ["b", "a"]), operation("drop", ["note"]), rename("account", "payer"), operation("type", ["seq"])])) == ["pay/ledger", ["a", "b", "payer"], ["account", "note"]]
	what(other("drop")) == ["pay/ledger", [], null]
	what(other("truncate")) == ["pay/ledger", [], []]
	what(keyspace("drop", {})) == [null, [], null]
	what(keyspace("alter", three)) == [null, [], []]
	what(object.union(other("drop"), {"object": "type"})) == [null, [], []]
	what(object.union(other("drop"), {"object": "index"})) == [null, [], []]
	what(object.union(other("drop"), {"keyspace": null})) == [null, [], null]
}

what(statement) := [c.schema, c.adds, c.removes] if c := facts("schema_change", [statement])[0]

expiry(before, after) := changes(before, [set({"default_time_to_live": after})]).destructive

test_expiry if {
	expiry({}, 60)
	expiry({"default_time_to_live": 0}, 60)
	expiry({"default_time_to_live": 60}, 59)
	expiry({"default_time_to_live": "x"}, 60)
	expiry({"default_time_to_live": 60}, "x")
	expiry({}, 0) == false
	expiry({"default_time_to_live": 60}, 60) == false
	expiry({"default_time_to_live": 60}, "61") == false
	expiry({"default_time_to_live": 60}, 0) == false
}

test_expiry_after_another if {
	changed := facts("schema_change", [create({}), alter([set({"default_time_to_live": 60})]), alter([set({"default_time_to_live": 90})]), alter([set({"default_time_to_live": 70})])])
	[c.destructive | some c in changed] == [false, true, false, true]
}

test_expiry_of_a_table_of_another_file if facts("schema_change", [alter([set({"default_time_to_live": 60})])])[0].destructive

test_a_table_without_keyspace_is_named if {
	brief(facts("schema_change", [object.union(other("truncate"), {"keyspace": null})])) == {0: {"store": null, "statement": "truncate table ledger", "destructive": true}}
}
