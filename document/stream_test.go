package document

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	yaml3 "go.yaml.in/yaml/v3"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name, stream string
		want         []part
	}{
		{"one", "a: 1\n", []part{{[]byte("a: 1\n"), 1}}},
		{"two", "a: 1\n---\nb: 2\n", []part{{[]byte("a: 1\n"), 1}, {[]byte("---\nb: 2\n"), 2}}},
		{"comment on the marker", "a: 1\n--- # next\nb: 2", []part{{[]byte("a: 1\n"), 1}, {[]byte("--- # next\nb: 2"), 2}}},
		{"content on the marker", "--- {a: 1}\n--- {b: 2}\n", []part{{[]byte("--- {a: 1}\n"), 1}, {[]byte("--- {b: 2}\n"), 2}}},
		{"comments only", "# nothing\n---\n# here\n", nil},
		{"directive goes with what follows", "a: 1\n...\n%YAML 1.1\n---\nb: 2\n", []part{{[]byte("a: 1\n"), 1}, {[]byte("%YAML 1.1\n---\nb: 2\n"), 3}}},
		{"dashes inside a word", "a: |\n  ---x\n---b: 2\n", []part{{[]byte("a: |\n  ---x\n---b: 2\n"), 1}}},
		{"CRLF", "a: 1\r\n---\r\nb: 2\r\n", []part{{[]byte("a: 1\r\n"), 1}, {[]byte("---\r\nb: 2\r\n"), 2}}},
		{"leading comment keeps its lines", "# c\na: 1\n", []part{{[]byte("# c\na: 1\n"), 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, split([]byte(c.stream)), cmp.AllowUnexported(part{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzSplit holds the cut at markers against a decoder that reads the whole stream: where that one finds no fault, both find the same documents.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"a: 1\n---\nb: 2\n", "--- # c\n- 1\n...\n---\n\"x\n --- y\"\n", "a: |\n ---\n", "---\n---\n", "%YAML 1.2\n---\na\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stream string) {
		if strings.ContainsAny(stream, "\x00\u0085\u2028\u2029\ufeff%") || strings.Contains(strings.ReplaceAll(stream, "\r\n", ""), "\r") {
			t.Skip("line breaks and directives in which readers differ")
		}
		var want []any
		decoder := yaml3.NewDecoder(strings.NewReader(stream))
		for {
			var value any
			err := decoder.Decode(&value)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Skip("not YAML")
			}
			if value != nil {
				want = append(want, value)
			}
		}
		var got []any
		for _, p := range split([]byte(stream)) {
			var value any
			if err := yaml3.Unmarshal(p.text, &value); err != nil {
				t.Fatalf("a part does not parse: %q: %v", p.text, err)
			}
			if value != nil {
				got = append(got, value)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", stream, diff)
		}
	})
}
