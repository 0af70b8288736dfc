package cql

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var seeds = []string{
	"",
	"CREATE KEYSPACE IF NOT EXISTS k WITH replication = {'class': 'NetworkTopologyStrategy', 'a': '3/1'} AND durable_writes = true;",
	"CREATE TABLE k.t (a int, b map<text, frozen<\"T\">> STATIC, PRIMARY KEY ((a), b)) WITH CLUSTERING ORDER BY (b DESC) AND x = {'a': 1};",
	"ALTER TABLE t ADD (a int, b int); ALTER TABLE t DROP a, b USING TIMESTAMP 5; ALTER TABLE t RENAME a TO b AND c TO d;",
	"CREATE TYPE t (a int,); ALTER TYPE t ALTER a TYPE text; DROP TYPE IF EXISTS t; TRUNCATE TABLE t",
	"CREATE ROLE 'r' WITH PASSWORD = $$x$$ AND ACCESS TO DATACENTERS {'a'}; ALTER USER u WITH PASSWORD 'x' SUPERUSER;",
	"GRANT SELECT, MODIFY ON ALL TABLES IN KEYSPACE k TO r; REVOKE ALL ON FUNCTION f(int) FROM r; GRANT a TO b;",
	"CREATE OR REPLACE FUNCTION f (i int) RETURNS int LANGUAGE java AS $$;$$; CREATE INDEX ON t (a); DROP TRIGGER x ON t; INSERT INTO t (k) VALUES (1) USING TTL 5 AND TIMESTAMP 1;",
	"BEGIN BATCH CREATE TRIGGER x ON t INSERT INTO t JSON '' USING TTL 1 APPLY BATCH; CREATE INDEX i ON t $$",
	"BEGIN BATCH USING TIMESTAMP 1 INSERT INTO t (k) VALUES (1) DELETE FROM t WHERE k = 1 APPLY BATCH", "SOURCE x\nUSE k; LOGIN $$;", "\ufeffUSE k;\r\n-- a;\r// b\n/* ; */ SOURCE 'x'\nBEGIN BATCH INSERT 1; APPLY BATCH; nonsense;",
	"/* ; '; \"; $$; 'a''b;", "CREATE TABLE t (a int PRIMARY KEY) WITH id = 5a1c395e-b41f-11e5-9f22-ba0be0483c18 AND b = 1e-5;",
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, problems := Parse(src)
		again, problemsAgain := Parse(bytes.Clone(src))
		if !reflect.DeepEqual(file, again) || !reflect.DeepEqual(problems, problemsAgain) {
			t.Fatal("two readings differ")
		}
		lines := 1 + bytes.Count(src, []byte("\n"))
		checkLines(t, file, problems, lines)
		for _, s := range file.Statements {
			checkPlain(t, s.Value())
		}
		found := len(file.Statements) + len(file.Skipped) + len(problems)
		if want := pieces(src); found < want || found > want+unended(file, problems) {
			t.Fatalf("%d statements found, %d are there", found, want)
		}
	})
}

// pieces counts the statements between semicolons, in another way than the parser does.
func pieces(src []byte) int {
	n, inside := 0, false
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	for len(src) > 0 {
		token := tokens.Find(src)
		switch {
		case bytes.ContainsAny(token[:1], " \t\r\n"), bytes.HasPrefix(token, []byte("--")), bytes.HasPrefix(token, []byte("//")):
		case bytes.HasPrefix(token, []byte("/*")) && len(token) > 2:
		case token[0] == ';':
			inside = false
		default:
			if !inside {
				n, inside = n+1, true
			}
			if unclosed(token, src[len(token):]) {
				token, _, _ = bytes.Cut(src, []byte(";"))
			}
		}
		src = src[len(token):]
	}
	return n
}

// unclosed tells whether the token opens something that never closes. A string that a quotation mark
// follows is one, since both marks together stand for one in the text.
func unclosed(token, rest []byte) bool {
	switch string(token) {
	case "'", `"`, "$$", "/*":
		return true
	}
	quote := token[0]
	return (quote == '\'' || quote == '"') && len(rest) > 0 && rest[0] == quote
}

var tokens = regexp.MustCompile(`(?s)^(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$.*?\$\$|/\*.*?\*/|(?:--|//)[^\r\n]*|/\*|\$\$|[a-zA-Z0-9_]+|.)`)

// unended is how many statements ended without a semicolon, at most: with a line, or before the next one of a batch.
func unended(file File, problems []Problem) int {
	n := 0
	for _, p := range problems {
		if name, _, _ := strings.Cut(p.Message, ": "); commands[name].line {
			n++
		}
	}
	for _, s := range file.Skipped {
		if c := commands[s.Verb]; c.line || c.read != nil || slices.Contains(ofBatches, s.Verb) {
			n++
		}
	}
	for _, s := range file.Statements {
		if _, ok := s.body.(*named); ok || slices.Contains([]string{"insert", "delete", "update"}, s.Verb) {
			n++
		}
	}
	return n
}

func checkLines(t *testing.T, file File, problems []Problem, lines int) {
	t.Helper()
	check := func(line int) {
		if line < 1 || line > lines {
			t.Fatalf("line %d of a file of %d", line, lines)
		}
	}
	for _, s := range file.Statements {
		check(s.Line)
	}
	for _, s := range file.Skipped {
		check(s.Line)
	}
	for _, p := range problems {
		check(p.Line)
	}
}

// checkPlain makes sure that a value holds nothing but what Statement.Value promises.
func checkPlain(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case nil, int64, bool:
	case string:
		if v != strings.ToValidUTF8(v, "?") {
			t.Fatalf("%q is not UTF-8", v)
		}
	case []any:
		for _, e := range v {
			checkPlain(t, e)
		}
	case map[string]any:
		for k, e := range v {
			checkPlain(t, k)
			checkPlain(t, e)
		}
	default:
		t.Fatalf("%T in a value", v)
	}
}

// FuzzPassword makes sure that a password is nowhere in what is returned, however the statement goes on.
func FuzzPassword(f *testing.F) {
	f.Add("hunter2", "= ", " AND LOGIN = true;")
	f.Add("hunter2", "", "' SUPERUSER")
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		secret = "zQ" + regexp.MustCompile(`[^a-zA-Z0-9 ]`).ReplaceAllString(secret, "") + "Zq"
		if strings.ContainsAny(before+after, `'"$;/-`+"\r\n") || strings.Contains(before+after, secret) {
			t.Skip("no longer one statement about this password")
		}
		for _, src := range []string{
			"CREATE ROLE r WITH PASSWORD " + before + "'" + secret + "'" + after,
			"ALTER USER r WITH PASSWORD " + before + "$$" + secret + "$$" + after,
			"CREATE ROLE r WITH PASSWORD " + before + secret + after,
			"CREATE ROLE r WITH PASSWORD = '" + secret,
			"CREATE ROLE r WITH PASSWORD = 'a'" + secret + "' AND LOGIN = true",
		} {
			file, problems := Parse([]byte(src))
			if said := all(t, file, problems); strings.Contains(strings.ToLower(said), strings.ToLower(secret)) {
				t.Fatalf("%s\nleaks the password: %s", src, said)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	var src []byte
	for i := 0; len(src) < 1<<20; i++ {
		src = fmt.Appendf(src, schema, i)
	}
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := Parse(src); len(problems) > 0 {
			b.Fatal(problems[0])
		}
	}
}

const schema = `-- one migration of many
USE ledger;
CREATE TABLE IF NOT EXISTS entry_%d (
    account uuid,
    day date,
    at timestamp,
    tags map<text, frozen<list<int>>>,
    balance decimal STATIC, /* what is left */
    PRIMARY KEY ((account, day), at)
) WITH CLUSTERING ORDER BY (at DESC)
  AND gc_grace_seconds = 864000
  AND comment = 'what happened; when'
  AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_size': '1'};
ALTER TABLE entry ADD (producer text, position bigint);
CREATE INDEX ON entry (producer);
GRANT SELECT, MODIFY ON TABLE ledger.entry TO writer;
INSERT INTO entry (account, day, note) VALUES (5a1c395e-b41f-11e5-9f22-ba0be0483c18, '2026-01-01', 'it''s');
`
