package document

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// ids are the documents of a file, and its faults as line: message.
func ids(t *testing.T, file, content string) (documents, faults []string) {
	t.Helper()
	read, unread := Read(file, []byte(content), DefaultBounds)
	for _, d := range read {
		documents = append(documents, string(d.Format)+" "+d.ID)
	}
	for _, u := range unread {
		faults = append(faults, fmt.Sprintf("%d: %s", u.Line, u.Message))
	}
	return documents, faults
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, file, content string
		documents, faults   []string
	}{
		{"an object without a namespace", "a.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}", []string{"kubernetes Deployment.apps/default/x"}, nil},
		{"an object of the whole cluster", "a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: x, namespace: ignored}", []string{"kubernetes Namespace//x"}, nil},
		{"a generated name", "a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: x-}", []string{"kubernetes Pod/default/x-*"}, nil},
		{"a fault leaves the rest of the file", "a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n---\na: [\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: z}\n",
			[]string{"kubernetes Pod/default/x", "kubernetes Pod/default/z"}, []string{"5: did not find expected node content"}},
		{"a list is its entries", "a.yaml", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: x}}\n- {nothing: 1}\n- apiVersion: v1\n  kind: PodList\n  items:\n  - {apiVersion: v1, kind: Pod, metadata: {name: z}}\n",
			[]string{"kubernetes Pod/default/x", "kubernetes Pod/default/z"}, []string{"1: entry 1 of a List is no object: it has no apiVersion or kind"}},
		{"other YAML", "a.yaml", "a: 1\n---\n- b\n", []string{"data file:a.yaml", "data file:a.yaml#2"}, nil},
		{"duplicate keys", "a.yaml", "a: 1\nb: 2\na: 3\n", nil, []string{`3: key "a" already set in map`}},
		{"duplicate keys twice", "a.yaml", "a: 1\na: 2\na: 3\n", nil, []string{`2: key "a" already set in map, and 1 more such fault`}},
		{"a template", "a.yaml", "a: 1\nb: {{.c}}\n", nil, []string{"1: a key is a mapping or a list: {{…}} of a template that is not filled in, unless it is quoted"}},
		{"duplicate keys in JSON", "a.json", "{\"a\": 1,\n \"a\": 2}", nil, []string{`1: duplicate field "a"`}},
		{"JSON values in a row", "a.json", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"x\"}}\n{\"a\": 1}", []string{"kubernetes Pod/default/x", "data file:a.json#2"}, nil},
		{"broken JSON", "a.json", "{\n\"a\":\n}", nil, []string{"1: invalid character '}' looking for beginning of value"}},
		{"a name that is a number", "a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: 1}", nil, []string{"1: Pod: metadata.name is 1, which is not text: quote it"}},
		{"an object without a name", "a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {}", nil, []string{"1: Pod without metadata.name: an API server does not take it"}},
		{"the configuration of a tool", "a.yaml", "apiVersion: x/v1\nkind: Config\nsetting: 1", []string{"data file:a.yaml"}, nil},
		{"invalid UTF-8", "a.yaml", "a: \xff", nil, []string{"0: is not valid UTF-8"}},
		{"binary", "a.yaml", "PK\x00\x01", nil, []string{"0: holds NUL bytes: this is not text"}},
		{"a byte order mark and CRLF", "a.yaml", "\ufeffapiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: x\r\n", []string{"kubernetes Pod/default/x"}, nil},
		{"tabs", "a.yaml", "a:\n\tb: 1\n", nil, []string{"2: found character that cannot start any token"}},
		{"an empty file", "a.yaml", "", nil, nil},
		{"not one of ours", "README.md", "# hello", nil, nil},
		{"a workflow's on is no boolean", ".github/workflows/ci.yaml", "on: push\njobs: {}\n", []string{"github-actions file:.github/workflows/ci.yaml"}, nil},
		{"a pipeline", ".gitlab-ci.yml", "test: {script: [x]}\n", []string{"gitlab-ci file:.gitlab-ci.yml"}, nil},
		{"owners", ".github/CODEOWNERS", "# all\n* @all\n", []string{"codeowners file:.github/CODEOWNERS"}, nil},
		{"a schema", "c/x.avsc", `{"type": "record"}`, []string{"avro file:c/x.avsc"}, nil},
		{"a policy", "p.rego", "package a.b\n\nallow if true\n\ntest_x if allow\n", []string{"rego file:p.rego"}, nil},
		{"no policy", "p.rego", "hello", nil, []string{"1: a Rego module without a package"}},
		{"statements", "s.cql", "CREATE ROLE x;", []string{"cql file:s.cql"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			documents, faults := ids(t, c.file, c.content)
			if diff := cmp.Diff(c.documents, documents); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.faults, faults); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	laughs := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'i'; c++ {
		laughs += fmt.Sprintf("%c: &%c [*%[3]c, *%[3]c, *%[3]c, *%[3]c, *%[3]c, *%[3]c, *%[3]c, *%[3]c, *%[3]c]\n", c, c, c-1)
	}
	for _, c := range []struct{ name, file, content, want string }{
		{"billion laughs", "a.yaml", laughs, "0: document contains excessive aliasing"},
		{"deep flow", "a.yaml", strings.Repeat("[", 10000) + strings.Repeat("]", 10000), "1: nested too deeply: more than 100 levels"},
		{"deeper flow", "a.yaml", strings.Repeat("[", 20000), "1: exceeded max depth of 10000"},
		{"deep JSON", "a.json", strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000), "1: nested too deeply: more than 100 levels"},
		{"a large document", "a.yaml", "a: " + strings.Repeat("x", 4<<20), "1: a document of 4194307 bytes; more than 3145728 is not read"},
		{"a large file", "a.yaml", strings.Repeat("# comment\n", 2<<20), "0: 20971520 bytes; a file of more than 16777216 is not read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			documents, faults := ids(t, c.file, c.content)
			if len(documents) > 0 || len(faults) != 1 {
				t.Fatalf("documents %v, faults %v", documents, faults)
			}
			_, got, _ := strings.Cut(faults[0], ": ")
			if _, want, _ := strings.Cut(c.want, ": "); !strings.HasPrefix(got, want) {
				t.Errorf("got %s, want %s", faults[0], c.want)
			}
		})
	}
}

// TestAliases counts an alias each time it is met.
func TestAliases(t *testing.T) {
	bounds := DefaultBounds
	bounds.Values = 100
	_, unread := Read("a.yaml", []byte("a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\nb: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"), bounds)
	if len(unread) != 1 || unread[0].Message != "holds more than 100 values once its aliases are expanded" {
		t.Error(unread)
	}
}

// TestFollowsTheAPIServer holds the reader against the library that the API server's clients use.
func TestFollowsTheAPIServer(t *testing.T) {
	for _, text := range []string{
		"a: yes\nb: on\nc: \"no\"\nd: 0o17\ne: 017\nf: 1_000\ng: 1e3\nh: 0x1F\ni: ~\nj: 12:30:45\nk: 2001-01-01",
		"1: a\ntrue: b\n1.5: c\nnull: d",
		"big: 18446744073709551615\nneg: -9223372036854775808\nfloat: 1.0\nsmall: 1e-7",
		"base: &b {x: 1, y: 2}\nmerged: {<<: *b, y: 3}",
		"a: |\n  line\n  line\nb: >-\n  folded\n  text",
	} {
		checkAgainstLibrary(t, []byte(text))
	}
}

func checkAgainstLibrary(t *testing.T, text []byte) {
	t.Helper()
	want, wantErr := yaml.YAMLToJSONStrict(text)
	value, err := (&reading{}).decodeManifest(text, DefaultBounds)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%q: this reader says %v, the library %v", text, err, wantErr)
	}
	if err != nil {
		return
	}
	got, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if json.Unmarshal(got, &a) != nil || json.Unmarshal(want, &b) != nil {
		t.Fatal("no JSON")
	}
	if diff := cmp.Diff(b, a); diff != "" {
		t.Errorf("%q: %s", text, diff)
	}
}

func FuzzManifest(f *testing.F) {
	f.Add("a: yes\n1: x\n")
	f.Add("a: &a [1]\nb: *a\n? {}\n: 1\n")
	f.Add("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: x}}]")
	f.Add("\u2029l,*")
	f.Add("\u2028apiVersion: v1\u0085kind: Pod\r\nmetadata:\u2029  name: x\r")
	f.Fuzz(func(t *testing.T, text string) {
		documents, unread := Read("a.yaml", []byte(text), DefaultBounds)
		lines := strings.Count(strings.ReplaceAll(text, "\r", "\n"), "\n") + 1
		for _, u := range unread {
			if u.Line > lines+1 || strings.Contains(u.Message, "\n") {
				t.Errorf("%q: fault at line %d of %d: %q", text, u.Line, lines, u.Message)
			}
		}
		for _, d := range documents {
			place := Locate("a.yaml", []byte(text), DefaultBounds, map[string][]Path{d.ID: {{"metadata", "name"}}})[d.ID]
			if len(place) != 1 || place[0].Line < 1 || place[0].Line > lines {
				t.Errorf("%q: %s is at %v", text, d.ID, place)
			}
		}
	})
}

func TestLocate(t *testing.T) {
	content := []byte("# first\napiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: z}\n  spec:\n    containers:\n    - name: app\n      image: é:1\n")
	for _, c := range []struct {
		id   string
		path Path
		want Place
	}{
		{"Pod/default/x", Path{"metadata", "name"}, Place{5, 3}},
		{"Pod/default/x", Path{"spec", "containers"}, Place{2, 1}},
		{"Pod/default/x", Path{"metadata", "labels"}, Place{4, 1}},
		{"Pod/default/z", Path{"spec", "containers", int64(0), "image"}, Place{16, 7}},
		{"Pod/default/z", Path{"spec", "containers", int64(9), "image"}, Place{14, 5}},
		{"Pod/default/z", nil, Place{10, 3}},
	} {
		got := Locate("a.yaml", content, DefaultBounds, map[string][]Path{c.id: {c.path}})[c.id]
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s %s is at %v, want %v", c.id, c.path, got, c.want)
		}
	}
}

func TestPath(t *testing.T) {
	for want, path := range map[string]Path{
		"spec.containers[0].image":               {"spec", "containers", int64(0), "image"},
		`metadata.labels["app.kubernetes.io/x"]`: {"metadata", "labels", "app.kubernetes.io/x"},
		"":                                       nil,
	} {
		if got := path.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	content := []byte(strings.Repeat("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x, labels: {app: x}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        image: a:1\n        env:\n        - {name: A, value: b}\n---\n", 20))
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if d, u := Read("a.yaml", content, DefaultBounds); len(d) != 20 || len(u) != 0 {
			b.Fatal(len(d), u)
		}
	}
}

// BenchmarkReadReference reads the same text with the library that the API server's clients use.
func BenchmarkReadReference(b *testing.B) {
	content := []byte("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x, labels: {app: x}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        image: a:1\n        env:\n        - {name: A, value: b}\n")
	b.SetBytes(int64(len(content) * 20))
	b.ReportAllocs()
	for b.Loop() {
		for range 20 {
			var value any
			if err := yaml.UnmarshalStrict(content, &value); err != nil {
				b.Fatal(err)
			}
		}
	}
}
