package cql

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// one reads a file of exactly one statement.
func one(t *testing.T, src string) map[string]any {
	t.Helper()
	file, problems := Parse([]byte(src))
	if len(problems) > 0 || len(file.Skipped) > 0 || len(file.Statements) != 1 {
		t.Fatalf("Parse(%q) = %+v, %v; want one statement", src, file, problems)
	}
	return file.Statements[0].Value()
}

// decoded brings values and JSON to the same Go types.
func decoded(t *testing.T, v any) any {
	t.Helper()
	raw, ok := v.(string)
	if !ok {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		raw = string(b)
	}
	var out any
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return out
}

// equal compares the fields named in want, in JSON.
func equal(t *testing.T, got map[string]any, want string) {
	t.Helper()
	g, w := decoded(t, got).(map[string]any), decoded(t, want).(map[string]any)
	for name, value := range w {
		found, present := g[name]
		if !present || !reflect.DeepEqual(found, value) {
			t.Errorf("%s = %v (present: %v), want %v", name, found, present, value)
		}
	}
}

func TestWholeValues(t *testing.T) {
	for src, want := range map[string]string{
		"CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}": `{
			"verb": "create", "object": "keyspace", "line": 1, "keyspace": "ks", "name": "ks", "conditional": false,
			"replication": {"class": "SimpleStrategy", "factors": {"replication_factor": 1}}, "durableWrites": null}`,
		"DROP TABLE IF EXISTS ks.t": `{
			"verb": "drop", "object": "table", "line": 1, "keyspace": "ks", "name": "t", "conditional": true,
			"columns": null, "partitionKey": null, "clusteringKey": null, "options": null, "operations": null}`,
		"CREATE TABLE t (k int PRIMARY KEY)": `{
			"verb": "create", "object": "table", "line": 1, "keyspace": null, "name": "t", "conditional": false,
			"columns": [{"name": "k", "type": "int", "static": false}],
			"partitionKey": ["k"], "clusteringKey": [], "options": {}, "operations": null}`,
		"ALTER TABLE t DROP COMPACT STORAGE": `{
			"verb": "alter", "object": "table", "line": 1, "keyspace": null, "name": "t", "conditional": false,
			"columns": null, "partitionKey": null, "clusteringKey": null, "options": null,
			"operations": [{"operation": "drop-compact-storage", "columns": null, "from": null, "to": null, "options": null}]}`,
		"DROP TYPE ks.u": `{
			"verb": "drop", "object": "type", "line": 1, "keyspace": "ks", "name": "u", "conditional": false,
			"columns": null, "operations": null}`,
		"DROP INDEX IF EXISTS ks.i": `{
			"verb": "drop", "object": "index", "line": 1, "keyspace": "ks", "name": "i", "conditional": true, "digest": null}`,
		"DROP MATERIALIZED VIEW ks.v": `{
			"verb": "drop", "object": "view", "line": 1, "keyspace": "ks", "name": "v", "conditional": false, "digest": null}`,
		"DROP FUNCTION IF EXISTS ks.f (int, frozen<map<text, int>>)": `{
			"verb": "drop", "object": "function", "line": 1, "keyspace": "ks", "name": "f", "conditional": true, "digest": null}`,
		"DROP TRIGGER IF EXISTS x ON ks.t": `{
			"verb": "drop", "object": "trigger", "line": 1, "keyspace": "ks", "name": "x", "conditional": true, "digest": null}`,
		"DROP AGGREGATE ks.a": `{
			"verb": "drop", "object": "aggregate", "line": 1, "keyspace": "ks", "name": "a", "conditional": false, "digest": null}`,
		"DROP ROLE IF EXISTS r": `{
			"verb": "drop", "object": "role", "line": 1, "keyspace": null, "name": "r", "conditional": true, "options": null}`,
		"CREATE ROLE r": `{
			"verb": "create", "object": "role", "line": 1, "keyspace": null, "name": "r", "conditional": false,
			"options": {"superuser": null, "login": null, "passwordInClear": false, "datacenters": null, "cidrs": null}}`,
		"GRANT SELECT ON KEYSPACE ks TO r": `{
			"verb": "grant", "object": "permission", "line": 1, "keyspace": null, "name": null, "conditional": false,
			"permissions": ["SELECT"], "resource": {"type": "keyspace", "keyspace": "ks", "name": null}, "role": "r"}`,
		"REVOKE reader FROM app": `{
			"verb": "revoke", "object": "membership", "line": 1, "keyspace": null, "name": null, "conditional": false,
			"member": "app", "role": "reader"}`,
	} {
		if got := decoded(t, one(t, src)); !reflect.DeepEqual(got, decoded(t, want)) {
			t.Errorf("%s\n got %v\nwant %v", src, got, decoded(t, want))
		}
	}
}

func TestKeyspaces(t *testing.T) {
	for src, want := range map[string]string{
		"create schema if not exists Pay with replication = {'class':'org.apache.cassandra.locator.NetworkTopologyStrategy','DC1':'3','dc2':2} and durable_writes = false": `{
			"name": "pay", "conditional": true, "durableWrites": false,
			"replication": {"class": "NetworkTopologyStrategy", "factors": {"DC1": 3, "dc2": 2}}}`,
		`ALTER KEYSPACE IF EXISTS "Pay" WITH durable_writes = 'Yes';`: `{
			"verb": "alter", "name": "Pay", "keyspace": "Pay", "conditional": true, "durableWrites": true, "replication": null}`,
		"ALTER KEYSPACE k WITH REPLICATION = {'class': 'NetworkTopologyStrategy', 'a': '3/1'}": `{
			"replication": {"class": "NetworkTopologyStrategy", "factors": {"a": 2}}}`,
		"DROP KEYSPACE IF EXISTS k": `{"verb": "drop", "name": "k", "conditional": true, "replication": null, "durableWrites": null}`,
	} {
		equal(t, one(t, src), want)
	}
}

func TestTables(t *testing.T) {
	for src, want := range map[string]string{
		`CREATE TABLE IF NOT EXISTS Ledger.Entry (
			account uuid, day date, at timestamp, id timeuuid,
			balance decimal STATIC,
			tags map < TEXT , frozen<list<INT>> >,
			"Mixed" "Own Type",
			sum ks."T",
			e vector<float, 3>,
			f tuple<int,text>,
			c 'org.apache.cassandra.db.marshal.BytesType',
			secret text MASKED WITH mask_inner(1, null),
			other text masked with default,
			PRIMARY KEY ((account, day), at, id)
		) WITH CLUSTERING ORDER BY (at DESC, id ASC)
		  AND COMPACT STORAGE
		  AND GC_grace_seconds = 864000
		  AND bloom_filter_fp_chance = 0.01
		  AND comment = 'it''s; fine'
		  AND cdc = true
		  AND ID = 5a1c395e-b41f-11e5-9f22-ba0be0483c18
		  AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_size': 1, 'x': false}
		  AND extensions = {};`: `{
			"keyspace": "ledger", "name": "entry", "conditional": true,
			"columns": [
				{"name": "account", "type": "uuid", "static": false},
				{"name": "day", "type": "date", "static": false},
				{"name": "at", "type": "timestamp", "static": false},
				{"name": "id", "type": "timeuuid", "static": false},
				{"name": "balance", "type": "decimal", "static": true},
				{"name": "tags", "type": "map<text, frozen<list<int>>>", "static": false},
				{"name": "Mixed", "type": "\"Own Type\"", "static": false},
				{"name": "sum", "type": "ks.\"T\"", "static": false},
				{"name": "e", "type": "vector<float, 3>", "static": false},
				{"name": "f", "type": "tuple<int, text>", "static": false},
				{"name": "c", "type": "'org.apache.cassandra.db.marshal.BytesType'", "static": false},
				{"name": "secret", "type": "text", "static": false},
				{"name": "other", "type": "text", "static": false}],
			"partitionKey": ["account", "day"], "clusteringKey": ["at", "id"],
			"options": {
				"clustering_order": {"at": "desc", "id": "asc"}, "compact_storage": true,
				"gc_grace_seconds": 864000, "bloom_filter_fp_chance": "0.01", "comment": "it's; fine", "cdc": true,
				"id": "5a1c395e-b41f-11e5-9f22-ba0be0483c18",
				"compaction": {"class": "TimeWindowCompactionStrategy", "compaction_window_size": 1, "x": false},
				"extensions": {}}}`,
		"CREATE COLUMNFAMILY t (k int, v text,, PRIMARY KEY (k),)": `{
			"partitionKey": ["k"], "clusteringKey": [],
			"columns": [{"name": "k", "type": "int", "static": false}, {"name": "v", "type": "text", "static": false}]}`,
		"CREATE TABLE t (a int, b set<text>, PRIMARY KEY (a, b))": `{"partitionKey": ["a"], "clusteringKey": ["b"]}`,
		// Words that are keywords elsewhere.
		"CREATE TABLE type (key text PRIMARY KEY, ttl int, static text STATIC, role list<text>, frozen int)": `{
			"name": "type", "partitionKey": ["key"],
			"columns": [
				{"name": "key", "type": "text", "static": false}, {"name": "ttl", "type": "int", "static": false},
				{"name": "static", "type": "text", "static": true}, {"name": "role", "type": "list<text>", "static": false},
				{"name": "frozen", "type": "int", "static": false}]}`,
		"CREATE TABLE t (k int PRIMARY KEY) WITH a = 1e-3 AND b = 99999999999999999999 AND c = 0xCAFE AND d = -5 AND e = 12h AND f = all": `{
			"options": {"a": "1e-3", "b": "99999999999999999999", "c": "0xCAFE", "d": -5, "e": "12h", "f": "all"}}`,
		"TRUNCATE TABLE ks.t":          `{"verb": "truncate", "object": "table", "keyspace": "ks", "name": "t"}`,
		"TRUNCATE t":                   `{"keyspace": null, "name": "t"}`,
		"DELETE FROM ks.t WHERE k = 1": `{"verb": "delete", "object": "table", "keyspace": "ks", "name": "t"}`,
		"DELETE a, b['from'] FROM t USING TIMESTAMP 1 WHERE k = 1 IF EXISTS": `{"verb": "delete", "keyspace": null, "name": "t"}`,
	} {
		equal(t, one(t, src), want)
	}
}

func TestOperations(t *testing.T) {
	type fields = map[string]any
	column := func(name string, typ any, static bool) any {
		return fields{"name": name, "type": typ, "static": static}
	}
	operation := func(name string, more fields) any {
		o := fields{"operation": name, "columns": nil, "from": nil, "to": nil, "options": nil}
		for k, v := range more {
			o[k] = v
		}
		return o
	}
	columns := func(c ...any) fields { return fields{"columns": c} }
	for src, want := range map[string][]any{
		"ALTER TABLE t ADD a int":                             {operation("add", columns(column("a", "int", false)))},
		"ALTER TABLE IF EXISTS t ADD IF NOT EXISTS a int":     {operation("add", columns(column("a", "int", false)))},
		"ALTER TABLE t ADD a int STATIC, b text":              {operation("add", columns(column("a", "int", true), column("b", "text", false)))},
		"ALTER TABLE t ADD (a int, b text MASKED WITH f())":   {operation("add", columns(column("a", "int", false), column("b", "text", false)))},
		"ALTER TABLE t DROP a":                                {operation("drop", columns(column("a", nil, false)))},
		"ALTER TABLE t DROP compact":                          {operation("drop", columns(column("compact", nil, false)))},
		"ALTER TABLE t DROP IF EXISTS a, b":                   {operation("drop", columns(column("a", nil, false), column("b", nil, false)))},
		"ALTER TABLE t DROP (a, b) USING TIMESTAMP 170000000": {operation("drop", columns(column("a", nil, false), column("b", nil, false)))},
		"ALTER TABLE t RENAME IF EXISTS a TO b AND c TO d": {
			operation("rename", fields{"from": "a", "to": "b"}), operation("rename", fields{"from": "c", "to": "d"})},
		"ALTER TABLE t ALTER a TYPE blob":                   {operation("type", columns(column("a", "blob", false)))},
		"ALTER TABLE t ALTER IF EXISTS a MASKED WITH k.f()": {operation("mask", columns(column("a", nil, false)))},
		"ALTER TABLE t ALTER a DROP MASKED":                 {operation("unmask", columns(column("a", nil, false)))},
		"ALTER TABLE t WITH x = 1 AND y = {'a': 'b'}": {
			operation("options", fields{"options": fields{"x": int64(1), "y": fields{"a": "b"}}})},
		"ALTER TYPE t ADD a int":          {operation("add", columns(column("a", "int", false)))},
		"ALTER TYPE t ALTER a TYPE blob":  {operation("type", columns(column("a", "blob", false)))},
		"ALTER TYPE t RENAME a TO b":      {operation("rename", fields{"from": "a", "to": "b"})},
		"ALTER TYPE ks.t RENAME key TO b": {operation("rename", fields{"from": "key", "to": "b"})},
	} {
		got := one(t, src)["operations"]
		if !reflect.DeepEqual(got, any(want)) {
			t.Errorf("%s\n got %v\nwant %v", src, got, want)
		}
	}
}

func TestUserTypes(t *testing.T) {
	equal(t, one(t, `CREATE TYPE IF NOT EXISTS "Geo".Address (street text, Zip frozen<set<int>>)`), `{
		"object": "type", "keyspace": "Geo", "name": "address", "conditional": true,
		"columns": [{"name": "street", "type": "text", "static": false}, {"name": "zip", "type": "frozen<set<int>>", "static": false}],
		"operations": null}`)
	deep := func(n int) string {
		return "CREATE TYPE t (a " + strings.Repeat("frozen<", n) + "int" + strings.Repeat(">", n) + ")"
	}
	one(t, deep(deepest))
	if _, problems := Parse([]byte(deep(deepest + 1))); len(problems) != 1 {
		t.Errorf("a type nested %d deep gave %v, want a problem", deepest+1, problems)
	}
}

func TestRoles(t *testing.T) {
	none := `"superuser": null, "login": null, "datacenters": null, "cidrs": null`
	for src, want := range map[string]string{
		"CREATE ROLE IF NOT EXISTS Writer WITH PASSWORD = 'x' AND LOGIN = TRUE AND superuser = false": `{
			"name": "writer", "conditional": true,
			"options": {"superuser": false, "login": true, "passwordInClear": true, "datacenters": null, "cidrs": null}}`,
		`CREATE ROLE 'Writer' WITH HASHED PASSWORD = '$2a$10$JS' AND OPTIONS = {'a': 'b'}`: `{
			"name": "Writer", "options": {"passwordInClear": false, ` + none + `}}`,
		"ALTER ROLE IF EXISTS \"W\" WITH ACCESS TO DATACENTERS {'dc1', 'dc2'} AND ACCESS FROM CIDRS {'office'}": `{
			"name": "W", "verb": "alter",
			"options": {"superuser": null, "login": null, "passwordInClear": false, "datacenters": ["dc1", "dc2"], "cidrs": ["office"]}}`,
		"ALTER ROLE w WITH ACCESS TO ALL DATACENTERS AND ACCESS FROM ALL CIDRS": `{
			"options": {"superuser": null, "login": null, "passwordInClear": false, "datacenters": ["*"], "cidrs": ["*"]}}`,
		"CREATE ROLE w WITH GENERATED PASSWORD": `{"options": {"passwordInClear": false, ` + none + `}}`,
		"CREATE USER Ann WITH PASSWORD 'x' SUPERUSER": `{
			"verb": "create", "object": "role", "name": "Ann",
			"options": {"superuser": true, "login": true, "passwordInClear": true, "datacenters": null, "cidrs": null}}`,
		"ALTER USER 'ann' WITH HASHED PASSWORD 'x' NOSUPERUSER": `{
			"name": "ann",
			"options": {"superuser": false, "login": null, "passwordInClear": false, "datacenters": null, "cidrs": null}}`,
		"ALTER USER ann WITH GENERATED PASSWORD": `{"options": {"passwordInClear": false, ` + none + `}}`,
		"DROP USER IF EXISTS ann":                `{"verb": "drop", "object": "role", "name": "ann", "conditional": true, "options": null}`,
	} {
		equal(t, one(t, src), want)
	}
}

func TestGrants(t *testing.T) {
	resource := func(typ string, keyspace, name any) any {
		return map[string]any{"type": typ, "keyspace": keyspace, "name": name}
	}
	for on, want := range map[string]any{
		"ALL KEYSPACES":                 resource("all-keyspaces", nil, nil),
		"KEYSPACE Ks":                   resource("keyspace", "ks", nil),
		"SCHEMA ks":                     resource("keyspace", "ks", nil),
		"ALL TABLES IN KEYSPACE ks":     resource("all-tables", "ks", nil),
		"TABLE ks.t":                    resource("table", "ks", "t"),
		"COLUMNFAMILY t":                resource("table", nil, "t"),
		`ks."T"`:                        resource("table", "ks", "T"),
		"role":                          resource("table", nil, "role"),
		"role.all":                      resource("table", "role", "all"),
		"function":                      resource("table", nil, "function"),
		"ALL ROLES":                     resource("all-roles", nil, nil),
		"ROLE r":                        resource("role", nil, "r"),
		"ROLE 'R'":                      resource("role", nil, "R"),
		"ALL FUNCTIONS":                 resource("all-functions", nil, nil),
		"ALL FUNCTIONS IN KEYSPACE ks":  resource("all-functions", "ks", nil),
		"FUNCTION ks.f()":               resource("function", "ks", "f()"),
		"FUNCTION f(int,Map<int,text>)": resource("function", nil, "f(int, map<int, text>)"),
		"ALL MBEANS":                    resource("all-mbeans", nil, nil),
		"MBEAN 'a:b=c'":                 resource("mbean", nil, "a:b=c"),
		"MBEANS 'a:*'":                  resource("mbeans", nil, "a:*"),
	} {
		got := one(t, "GRANT ALL PERMISSIONS ON "+on+" TO r")
		if !reflect.DeepEqual(got["resource"], want) {
			t.Errorf("ON %s: %v, want %v", on, got["resource"], want)
		}
	}
	for src, want := range map[string]string{
		"REVOKE select PERMISSION, modify ON t FROM 'R'": `{"verb": "revoke", "permissions": ["SELECT", "MODIFY"], "role": "R"}`,
		"GRANT ALL ON t TO r":                            `{"object": "permission", "permissions": ["ALL"], "role": "r"}`,
		"GRANT SELECT_MASKED, UNMASK ON t TO r":          `{"permissions": ["SELECT_MASKED", "UNMASK"]}`,
		"GRANT all TO r":                                 `{"object": "membership", "role": "all", "member": "r"}`,
		`GRANT 'A' TO "B"`:                               `{"object": "membership", "role": "A", "member": "B"}`,
	} {
		equal(t, one(t, src), want)
	}
}

func TestUse(t *testing.T) {
	file, problems := Parse([]byte(`
		TRUNCATE a; USE One; TRUNCATE b; CREATE TYPE u (f int); TRUNCATE x.c; GRANT ALL ON t TO r;
		USE "Two"; DROP TABLE d; CREATE ROLE r; USE a b; TRUNCATE e;`))
	var got []string
	for _, s := range file.Statements {
		got = append(got, s.Keyspace+"."+s.Name)
	}
	if want := []string{".a", "one.b", "one.u", "x.c", ".", "Two.d", ".r", ".e"}; !reflect.DeepEqual(got, want) {
		t.Errorf("names %v, want %v", got, want)
	}
	equal(t, file.Statements[4].Value(), `{"resource": {"type": "table", "keyspace": "one", "name": "t"}}`)
	if len(problems) != 1 || len(file.Skipped) != 2 {
		t.Errorf("problems %v, skipped %v; want one and two", problems, file.Skipped)
	}
}

func TestLexical(t *testing.T) {
	for src, want := range map[string]string{
		"\ufeffTRUNCATE/* a; ' */t\r\n":                  `{"name": "t", "line": 1}`,
		"-- a; '\n// b; \"\n\nTRUNCATE -- c;\n t // d;":  `{"name": "t", "line": 4}`,
		"-- x\rTRUNCATE t":                               `{"name": "t", "line": 1}`,
		"/*\n/* \n*/TRUNCATE t":                          `{"name": "t", "line": 3}`,
		"\r\n\r\n;;TRUNCATE t;;":                         `{"name": "t", "line": 3}`,
		`TRUNCATE "a""b;--"`:                             `{"name": "a\"b;--"}`,
		"CREATE ROLE 'a''b;\n'":                          `{"name": "a'b;\n"}`,
		"CREATE ROLE $$a'b;$c$$":                         `{"name": "a'b;$c"}`,
		"TRUNCATE\u0020t\n--":                            `{"name": "t"}`,
		"ALTER TABLE t DROP a USING TIMESTAMP -5--3;\n;": `{"name": "t"}`,
	} {
		equal(t, one(t, src), want)
	}
}

func TestSkipped(t *testing.T) {
	file, problems := Parse([]byte(`INSERT INTO t (a) VALUES ('x;' , $$;$$);
BEGIN BATCH
  UPDATE t SET a = 1 WHERE k = 2;
APPLY BATCH;
INSERT INTO t (a) VALUES (1) USING TIMESTAMP 5 AND TTL 0;
INSERT INTO t JSON '{"a": 1}' DEFAULT NULL IF NOT EXISTS;

SOURCE 'more.cql'
CONSISTENCY QUORUM; DESC KEYSPACES -- all
TRUNCATE t;
LOGIN ann 'secret'
GRANT a TO b;
LIST ROLES`))
	if len(problems) > 0 || len(file.Statements) != 3 {
		t.Fatalf("statements %v, problems %v", file.Statements, problems)
	}
	want := []Skipped{
		{1, "INSERT"}, {2, "BEGIN BATCH"}, {4, "APPLY BATCH"}, {5, "INSERT"}, {6, "INSERT"},
		{8, "SOURCE"}, {9, "CONSISTENCY"}, {9, "DESC"}, {11, "LOGIN"}, {13, "LIST"},
	}
	if !reflect.DeepEqual(file.Skipped, want) {
		t.Errorf("skipped %v\nwant    %v", file.Skipped, want)
	}
}

// TestExpiringRecords finds the records that are written to vanish.
func TestExpiringRecords(t *testing.T) {
	for src, want := range map[string]string{
		"INSERT INTO ks.t (a, b) VALUES (1, 'USING') USING TTL 60":                         `{"verb": "insert", "object": "table", "keyspace": "ks", "name": "t"}`,
		"insert into t json '{}' default unset if not exists using timestamp 1 and ttl ?;": `{"verb": "insert", "object": "table", "keyspace": null, "name": "t"}`,
	} {
		equal(t, one(t, src), want)
	}
}

// TestBesideTables reads what stands beside tables: what it is called, and a digest of what else is said.
func TestBesideTables(t *testing.T) {
	for src, want := range map[string]string{
		"CREATE CUSTOM INDEX IF NOT EXISTS i ON ks.t (a) USING 'x'": `{"verb": "create", "object": "index", "keyspace": "ks", "name": "i", "conditional": true}`,
		"CREATE INDEX ON t (a)": `{"verb": "create", "object": "index", "keyspace": null, "name": null}`,
		"CREATE MATERIALIZED VIEW ks.v AS SELECT * FROM ks.t WHERE a IS NOT NULL PRIMARY KEY (a)":               `{"verb": "create", "object": "view", "keyspace": "ks", "name": "v"}`,
		"ALTER MATERIALIZED VIEW ks.v WITH comment = 'x'":                                                       `{"verb": "alter", "object": "view", "keyspace": "ks", "name": "v"}`,
		"CREATE FUNCTION ks.f (i int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS 'return 1; // 2'": `{"verb": "create", "object": "function", "keyspace": "ks", "name": "f"}`,
		"CREATE OR REPLACE FUNCTION ks.f () CALLED ON NULL INPUT RETURNS int LANGUAGE java AS $$ return 1; $$":  `{"verb": "replace", "object": "function", "keyspace": "ks", "name": "f"}`,
		"CREATE OR REPLACE AGGREGATE ks.a (int) SFUNC f STYPE int":                                              `{"verb": "replace", "object": "aggregate", "keyspace": "ks", "name": "a"}`,
		"CREATE TRIGGER IF NOT EXISTS x ON ks.t USING 'org.acme.X'":                                             `{"verb": "create", "object": "trigger", "keyspace": "ks", "name": "x", "conditional": true}`,
	} {
		got := one(t, src)
		equal(t, got, want)
		if digest, ok := got["digest"].(string); !ok || len(digest) != 64 {
			t.Errorf("%s: digest %v", src, got["digest"])
		}
	}
	same := one(t, "CREATE INDEX i ON t (a)")["digest"]
	if other := one(t, "create index i on T -- of a\n ( A )")["digest"]; other != same {
		t.Error("the same words in other lines have another digest")
	}
	if other := one(t, "CREATE INDEX i ON t (b)")["digest"]; other == same {
		t.Error("other words have the same digest")
	}
}

// TestBatch reads batches, whose statements need no semicolons.
func TestBatch(t *testing.T) {
	file, problems := Parse([]byte(`BEGIN UNLOGGED BATCH USING TIMESTAMP 1 INSERT INTO a (k, v) VALUES (1, 'DELETE FROM x')
  UPDATE b SET v = {'delete': 1} WHERE k = 2 DELETE v FROM c WHERE k = 3
  DELETE FROM d WHERE k = 4; APPLY BATCH; SELECT "delete" FROM e`))
	var names []string
	for _, s := range file.Statements {
		names = append(names, s.Verb+" "+s.Name)
	}
	if got := strings.Join(names, ", "); len(problems) > 0 || got != "update b, delete c, delete d" {
		t.Errorf("%s, problems %v", got, problems)
	}
	want := []Skipped{{1, "BEGIN UNLOGGED BATCH"}, {1, "INSERT"}, {3, "APPLY BATCH"}, {3, "SELECT"}}
	if !reflect.DeepEqual(file.Skipped, want) {
		t.Errorf("skipped %v\nwant    %v", file.Skipped, want)
	}
}

const sourcing = "SOURCE: it runs a file that is not read here; one that is ends in .cql and is named from here"

// TestSourceEndsWithTheLine reads on after a file that is not read.
func TestSourceEndsWithTheLine(t *testing.T) {
	file, problems := Parse([]byte("SOURCE 'x'\nTRUNCATE a; SOURCE 'y' TRUNCATE b"))
	if len(problems) != 2 || len(file.Statements) != 1 || file.Statements[0].Name != "a" {
		t.Errorf("statements %v, problems %v", file.Statements, problems)
	}
}

func TestProblems(t *testing.T) {
	for src, want := range map[string]Problem{
		"CREATE TABLE t":         {1, `CREATE TABLE: expected "(", found the end of the statement`},
		"CREATE TABLE t (a int)": {1, "CREATE TABLE: the table has no primary key"},
		"CREATE TABLE t (a int PRIMARY KEY, PRIMARY KEY (a))":             {1, "CREATE TABLE: the table has two primary keys"},
		"CREATE TABLE t (a int PRIMARY KEY\n b int)":                      {2, `CREATE TABLE: expected ")", found a word`},
		"CREATE TABLE t (a PRIMARY KEY)":                                  {1, "CREATE TABLE: expected a type, found the reserved word PRIMARY"},
		"CREATE TABLE select (a int)":                                     {1, "CREATE TABLE: expected the name of the table, found the reserved word SELECT"},
		"CREATE TABLE \"\" (a int)":                                       {1, "CREATE TABLE: expected the name of the table, found empty quotation marks"},
		"CREATE TABLE a.b.c (a int)":                                      {1, `CREATE TABLE: expected "(", found "."`},
		"CREATE TABLE t (a int PRIMARY KEY) WITH x = 1 AND\nx = 2":        {2, "CREATE TABLE: the same name is given two values"},
		"CREATE TABLE t (a int PRIMARY KEY) WITH x = '\xff'":              {1, "CREATE TABLE: expected a value, found text that is not UTF-8"},
		"CREATE TABLE t (a int PRIMARY KEY) WITH CLUSTERING ORDER BY (a)": {1, `CREATE TABLE: expected ASC or DESC, found ")"`},
		"CREATE TABLE t (a int PRIMARY KEY MASKED WITH f(":                {1, `CREATE TABLE: expected ")", found a word`},
		"CREATE TABLE t (a int MASKED WITH f((1)":                         {1, `CREATE TABLE: expected ")", found the end of the statement`},
		"CREATE TYPE t ()":                                                {1, "CREATE TYPE: the type has no fields"},
		"CREATE TYPE t (a int<text>)":                                     {1, `CREATE TYPE: expected ")", found "<"`},
		"ALTER TABLE t":                                                   {1, "ALTER TABLE: expected ADD, DROP, RENAME, ALTER or WITH, found the end of the statement"},
		"ALTER TYPE t DROP a":                                             {1, "ALTER TYPE: expected ADD, RENAME or ALTER, found the reserved word DROP"},
		"ALTER TABLE t ALTER a int":                                       {1, "ALTER TABLE: expected TYPE, MASKED or DROP MASKED, found a word"},
		"ALTER TABLE t DROP a USING TIMESTAMP 1.5":                        {1, "ALTER TABLE: expected a whole number, found a number"},
		"CREATE KEYSPACE k":                                               {1, "CREATE KEYSPACE: expected WITH, found the end of the statement"},
		"ALTER KEYSPACE k WITH replication = 3":                           {1, "ALTER KEYSPACE: replication must be a map that names a class"},
		"ALTER KEYSPACE k WITH durable_writes = 3":                        {1, "ALTER KEYSPACE: durable_writes must be true or false"},
		"CREATE TRIGGER ON t USING 'x'":                                   {1, "CREATE TRIGGER: expected the name of the trigger, found the reserved word ON"},
		"CREATE INDEX i t (a)":                                            {1, "CREATE INDEX: expected ON, found a word"},
		"CREATE INDEX i ON t (a) 'x":                                      {1, "CREATE INDEX: a string that begins here is never closed"},
		"INSERT t (a) VALUES (1)":                                         {1, "INSERT: expected INTO, found a word"},
		"INSERT INTO t (a) VALUES ('x":                                    {1, "INSERT: a string that begins here is never closed"},
		"DROP INDEX i (a)":                                                {1, "DROP INDEX: expected the end of the statement, found \"(\""},
		"DROP FUNCTION (a)":                                               {1, "DROP FUNCTION: expected the name of the function, found \"(\""},
		"TRUNCATE t u":                                                    {1, "TRUNCATE: expected the end of the statement, found a word"},
		"TRUNCATE t \x01":                                                 {1, "TRUNCATE: expected the end of the statement, found an unexpected character"},
		"GRANT FLY ON t TO r":                                             {1, "GRANT: expected a permission, found a word"},
		"GRANT ALL ON MBEAN x TO r":                                       {1, "GRANT: expected the name of an MBean as a string, found a word"},
		"GRANT SELECT ON t FROM r":                                        {1, "GRANT: expected TO, found the reserved word FROM"},
		"CREATE ROLE r WITH FLIGHT = true":                                {1, "CREATE ROLE: expected an option of a role, found a word"},
		"CREATE ROLE r WITH LOGIN = 1":                                    {1, "CREATE ROLE: expected true or false, found a number"},
		"CREATE USER \"Ann\"":                                             {1, "CREATE USER: expected the name of a user without double quotes, found a quoted name"},
		"CREATE USER ann WITH SUPERUSER":                                  {1, "CREATE USER: expected PASSWORD, found a word"},
		"\n\nFROBNICATE the table":                                        {3, "this is not a statement of CQL"},
		"CREATE":                                                          {1, "this is not a statement of CQL"},
		"DROP SOMETHING VERY NEW INDEED":                                  {1, "this is not a statement of CQL"},
		"CREATE OR REPLACE TABLE t (a int)":                               {1, "this is not a statement of CQL"},
		"(":                                                               {1, "this is not a statement of CQL"},
		"TRUNCATE\nt 'abc":                                                {2, "TRUNCATE: a string that begins here is never closed"},
		"TRUNCATE\n\"abc":                                                 {2, "TRUNCATE: a quoted name that begins here is never closed"},
		"INSERT\n/* abc":                                                  {2, "INSERT: a comment that begins here is never closed"},
		"SOURCE 'more.txt'":                                               {1, sourcing},
		"SOURCE '/more.cql'":                                              {1, sourcing},
		"SOURCE 'a/../../b.cql'":                                          {1, sourcing},
		"SOURCE more.cql":                                                 {1, sourcing},
		"SOURCE":                                                          {1, sourcing},
		"SOURCE $$abc":                                                    {1, "SOURCE: a string that begins here is never closed"},
		"'abc":                                                            {1, "a string that begins here is never closed"},
		"ALTER KEYSPACE k WITH replication = {'class': 'S', 'a': 'x', 'b': '1/x', 'c': true}": {1, "ALTER KEYSPACE: a replication factor must be a whole number"},
	} {
		file, problems := Parse([]byte("" + src + "\n;TRUNCATE after;"))
		if len(problems) != 1 || problems[0] != want {
			t.Errorf("%q\n got %v\nwant %v", src, problems, want)
		}
		if len(file.Statements) != 1 || file.Statements[0].Name != "after" {
			t.Errorf("%q: what follows was lost: %+v", src, file)
		}
	}
}

func TestPasswordsAreNotKept(t *testing.T) {
	for _, src := range []string{
		"CREATE ROLE r WITH PASSWORD = 'hunter2'",
		"CREATE ROLE r WITH PASSWORD = $$hunter2$$ AND LOGIN = true",
		"CREATE ROLE r WITH PASSWORD = hunter2",
		"CREATE ROLE r WITH PASSWORD = \"hunter2\"",
		"CREATE ROLE r WITH PASSWORD 'hunter2'",
		"CREATE ROLE r WITH PASSWORD = 'it's hunter2' AND LOGIN = true",
		"CREATE ROLE r WITH PASSWORD = 'it's;hunter2 is;' AND LOGIN = true",
		"CREATE ROLE r WITH PASSWORD = 'hunter2",
		"CREATE ROLE r WITH HASHED PASSWORD = 'hunter2'",
		"CREATE ROLE r WITH OPTIONS = {'token': 'hunter2'}",
		"CREATE ROLE r WITH LOGIN = 'hunter2'",
		"CREATE USER r WITH PASSWORD 'hunter2' NOSUPERUSER",
		"CREATE USER r WITH PASSWORD = 'hunter2'",
		"ALTER USER r WITH PASSWORD hunter2",
		"LOGIN ann hunter2\nLOGIN ann 'hunter2'",
	} {
		file, problems := Parse([]byte(src))
		if said := all(t, file, problems); strings.Contains(strings.ToLower(said), "hunter2") {
			t.Errorf("%s\nleaks the password: %s", src, said)
		}
	}
}

// all is everything that Parse returned, in JSON.
func all(t *testing.T, file File, problems []Problem) string {
	t.Helper()
	values := []any{}
	for _, s := range file.Statements {
		values = append(values, s.Value())
	}
	b, err := json.Marshal([]any{values, file.Skipped, problems})
	if err != nil {
		t.Fatal(err)
	}
	return string(b) + fmt.Sprintf("%+v", file)
}

func TestValueIsTheCallers(t *testing.T) {
	file, _ := Parse([]byte("CREATE TABLE t (k int PRIMARY KEY) WITH x = {'a': 'b'}"))
	s := file.Statements[0]
	v := s.Value()
	v["options"].(map[string]any)["x"].(map[string]any)["a"] = "changed"
	v["partitionKey"].([]any)[0] = "changed"
	equal(t, s.Value(), `{"options": {"x": {"a": "b"}}, "partitionKey": ["k"]}`)
	if got := (Statement{}).Value(); got["verb"] != "" {
		t.Errorf("an empty statement has the value %v", got)
	}
}

// TestHostileInput holds Parse to linear time: anything quadratic takes minutes at this length.
func TestHostileInput(t *testing.T) {
	const length = 1 << 20
	for _, unit := range []string{
		"/*;", "/*", "'", "';", "';''", `";""`, "$$;", "$", "$$$;", "--", "-", ";", "x;", "x ", "é", "\n",
		"(", "frozen<", "a.", "1e", "1.", "GRANT ", "CREATE ROLE ", "EXIT\n", "EXIT '", "SELECT ',;", "a-",
		"5a1c395e-b41f-11e5-9f22-ba0be0483c1", "TRUNCATE t;", "CREATE TYPE t (a frozen<", "USE a;",
	} {
		for _, prefix := range []string{"", "CREATE TYPE t (a "} {
			start := time.Now()
			Parse([]byte(prefix + strings.Repeat(unit, length/len(unit))))
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%q and %q again and again took %v", prefix, unit, took)
			}
		}
	}
}
