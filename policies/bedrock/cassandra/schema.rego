# METADATA
# title: Schemas
# description: Keyspaces and tables of CQL files, and the statements that change them.
# custom:
#   reads:
#   - {format: cql}
#   emits: [store, schema, schema_change]
package pocdr.bedrock.cassandra.schema

import data.pocdr.bedrock.cassandra.order

# at has the positions of statements, by [verb, kind, keyspace, name].
at := {name: positions |
	some name in names
	positions := {i | some i, other in names; other == name}
}

names := [[s.verb, s.object, s.keyspace, s.name] | some s in input.statements]

positions(verb, kind, keyspace, name) := object.get(at, [[verb, kind, keyspace, name]], set())

# keyspaces has the statement that creates each keyspace of the file that is not dropped.
keyspaces := {name: min(created) |
	some ["create", "keyspace", name, _], all in at
	created := order.since(all, positions("drop", "keyspace", name, name))
}

# tables likewise, by [keyspace, name]. A table is dropped with its keyspace.
tables := {[keyspace, name]: min(created) |
	some ["create", "table", keyspace, name], all in at
	keyspace != null
	created := order.since(all, positions("drop", "table", keyspace, name) | positions("drop", "keyspace", keyspace, keyspace))
}

facts contains {
	"fact": "store",
	"path": ["statements", i],
	"platform": "cassandra",
	"scope": null,
	"name": name,
	"copies": copies(last(keyspace_says(name, i, "replication"), null)),
	"durable": last(keyspace_says(name, i, "durableWrites"), true),
} if {
	some name, i in keyspaces
}

# keyspace_says(name, first, field) has what the keyspace's statements say of a field, by position.
keyspace_says(name, first, field) := {i: value |
	some i in ({first} | order.since(positions("alter", "keyspace", name, name), {first}))
	value := input.statements[i][field]
	value != null
}

# last(said, none) is what was said last.
last(said, none) := said[order.latest(object.keys(said))] if {
	count(said) > 0
} else := none

# copies(replication) has how many copies each datacenter keeps. A strategy that knows no datacenters keeps all of them anywhere.
copies(replication) := {site(replication.class, place): n | some place, n in replication.factors}

copies(null) := {}

site("NetworkTopologyStrategy", place) := place if place != "replication_factor"

site("NetworkTopologyStrategy", "replication_factor") := "*"

site(class, place) := concat(" ", [class, place]) if class != "NetworkTopologyStrategy"

facts contains {
	"fact": "schema",
	"path": ["statements", i],
	"platform": "cassandra",
	"scope": null,
	"name": concat("/", table),
	"store": table[0],
	"fields": sort([column | some column in columns[table]; stays([table, column])]),
	"key": [renamed(table, column) | some column in array.concat(input.statements[i].partitionKey, input.statements[i].clusteringKey)],
	"expires": last(object.get(lifetimes, [table], {}), null),
} if {
	some table, i in tables
}

# alterations are the operations on a table after its creation, each with its position.
alterations := [{"table": table, "position": [i, j], "operation": operation} |
	some table, first in tables
	some i in order.since(positions("alter", "table", table[0], table[1]), {first})
	some j, operation in input.statements[i].operations
]

renamings := [a | some a in alterations; a.operation.operation == "rename"]

# arrivals and departures are [column, position]; a column is [table, name].
arrivals := (created | altered("add")) | {[[a.table, a.operation.to], a.position] | some a in renamings}

departures := altered("drop") | {[[a.table, a.operation.from], a.position] | some a in renamings}

created := {[[table, column.name], [i, -1]] | some table, i in tables; some column in input.statements[i].columns}

altered(how) := {[[a.table, column.name], a.position] |
	some a in alterations
	a.operation.operation == how
	some column in a.operation.columns
}

came := {column: times | some [column, _] in arrivals; times := {time | some [other, time] in arrivals; other == column}}

went := {column: times | some [column, _] in departures; times := {time | some [other, time] in departures; other == column}}

# columns has the names of all columns that a table ever has.
columns := {table: names_of_columns |
	some table, _ in tables
	names_of_columns := {name | some [[other, name], _] in arrivals; other == table}
}

stays(column) if order.latest(came[column]) > order.latest(object.get(went, [column], set()))

# renamed(table, column) is the name that a column of the creation ends with: each renaming leads to the next one of its outcome.
renamed(table, column) := object.get(outcome, [order.latest(graph.reachable(next, following([table, column], -1)))], column)

outcome := {a.position: a.operation.to | some a in renamings}

next := {a.position: following([a.table, a.operation.to], a.position) | some a in renamings}

# following(column, position) has the next renaming of a column after a position.
following(column, position) := {min(later) | count(later) > 0} if {
	later := order.since(object.get(renamed_at, [column], set()), {position})
}

renamed_at := {column: times |
	some a in renamings
	column := [a.table, a.operation.from]
	times := {b.position | some b in renamings; [b.table, b.operation.from] == column}
}

# lifetimes has the expiry that is set for each table, in seconds, by position.
lifetimes := {table: list |
	some [table, _, _] in expiries
	list := {position: lifetime | some [other, position, lifetime] in expiries; other == table}
}

expiries := at_creation | by_alteration

at_creation := {[table, [i, -1], seconds(lifetime)] | some table, i in tables; lifetime := input.statements[i].options.default_time_to_live}

by_alteration := {[a.table, a.position, seconds(lifetime)] | some a in alterations; lifetime := a.operation.options.default_time_to_live}

seconds(lifetime) := lifetime if {
	is_number(lifetime)
} else := to_number(lifetime) if {
	is_string(lifetime)
	regex.match(`^(0|[1-9][0-9]*)$`, lifetime)
} else := null

facts contains {
	"fact": "schema_change",
	"path": ["statements", i],
	"platform": "cassandra",
	"scope": null,
	"store": s.keyspace,
	"schema": changed(s),
	"adds": sort(columns_of(s, "add") | {o.to | some o in renames(s)}),
	"removes": removed(s),
	"statement": concat(": ", [what | some what in [headline(s), details(i)]; what != ""]),
	"says": sort(spoken(s)),
	"destructive": destroys(i),
} if {
	some i, s in input.statements
	s.object in {"keyspace", "table", "type", "index", "view", "function", "aggregate", "trigger"}
	s.verb in {"create", "replace", "alter", "drop", "truncate", "delete", "update", "insert"}
}

# spoken(s) is what a statement says beyond its words. The copies and the durability that a keyspace is made with are the store's: they may be raised.
spoken(s) := fields(object.get(s, "columns", null)) | (keyed(s) | (options(object.get(s, "options", null)) | (operated(s) | (kept(s) | worded(s)))))

fields(columns) := {typed(column) | some column in columns; column.type != null}

typed(column) := concat(" ", [word | some word in [column.name, column.type, {true: "static", false: ""}[column.static]]; word != ""])

keyed(s) := {sprintf("key (%v)", [concat(", ", array.concat([sprintf("(%v)", [concat(", ", s.partitionKey)])], s.clusteringKey))]) | s.partitionKey != null}

# options(said) leaves out what changes nothing that is kept, and the expiry that is none.
options(said) := {sprintf("%v %v", [name, json.marshal(value)]) |
	some name, value in said
	name != "comment"
	not [name, seconds(value)] == ["default_time_to_live", 0]
}

operated(s) := {word | some o in s.operations; some word in (fields(o.columns) | options(o.options))}

kept(s) := {sprintf("%v %v", [name, json.marshal(s[field])]) |
	s.verb == "alter"
	some field, name in {"replication": "replication", "durableWrites": "durable writes"}
	s[field] != null
}

# Of what stands beside tables nothing is told apart but that it is said otherwise.
worded(s) := {sprintf("words of digest %v", [substring(s.digest, 0, 12)]) | s.digest != null}

changed(s) := concat("/", [s.keyspace, s.name]) if {
	s.object == "table"
	s.keyspace != null
} else := null

removed(s) := null if {
	s.verb == "drop"
	s.object in {"keyspace", "table"}
} else := sort(columns_of(s, "drop") | {o.from | some o in renames(s)})

columns_of(s, how) := {column.name | some o in s.operations; o.operation == how; some column in o.columns}

renames(s) := [o | some o in s.operations; o.operation == "rename"]

headline(s) := sprintf("%v %v %v", [object.get({"delete": "delete from", "insert": "insert with an expiry into"}, s.verb, s.verb), s.object, concat("/", [part | some part in [s.keyspace, s.name]; part != null])]) if {
	s.object != "keyspace"
} else := sprintf("%v keyspace %v", [s.verb, s.name])

details(i) := concat(", ", [what | some field, what in {"replication": "replication", "durableWrites": "durable writes"}; input.statements[i].verb == "alter"; input.statements[i][field] != null]) if {
	input.statements[i].object == "keyspace"
} else := concat("; ", [words(operation) | some operation in input.statements[i].operations])

words(operation) := sprintf("rename %v to %v", [operation.from, operation.to]) if {
	operation.operation == "rename"
} else := sprintf("set %v", [concat(", ", sort(object.keys(operation.options)))]) if {
	operation.operation == "options"
} else := trim_space(sprintf("%v %v", [
	object.get({"type": "change the type of", "drop-compact-storage": "drop compact storage"}, operation.operation, operation.operation),
	concat(", ", [column.name | some column in operation.columns]),
]))

default destroys(_) := false

destroys(i) if input.statements[i].verb in {"drop", "replace", "truncate", "delete", "update", "insert"}

# What a trigger makes of a write, nobody reads here.
destroys(i) if {
	input.statements[i].object == "trigger"
	input.statements[i].verb == "create"
}

destroys(i) if {
	input.statements[i].object == "keyspace"
	input.statements[i].verb == "alter"
}

destroys(i) if {
	some operation in input.statements[i].operations
	operation.operation in {"drop", "rename", "type", "drop-compact-storage", "mask"}
}

# An expiry destroys what lived longer before: by an earlier expiry of this file, or else for ever.
destroys(i) if {
	s := input.statements[i]
	some j, operation in s.operations
	lifetime := seconds(operation.options.default_time_to_live)
	shortens(lifetime, earlier([s.keyspace, s.name], [i, j]))
}

shortens(null, _)

shortens(lifetime, before) if {
	lifetime > 0
	before in {0, null}
}

shortens(lifetime, before) if {
	lifetime > 0
	lifetime < before
}

# earlier(table, position) is the expiry that holds before a position.
earlier(table, position) := object.get(lifetimes, [table, object.get(befores, [table, position], null)], 0)

# befores[table] has the position of the setting before each one.
befores := {table: {position: sorted[k - 1] | some k, position in sorted; k > 0} |
	some table, list in lifetimes
	sorted := sort(object.keys(list))
}
