package document

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	yaml3 "go.yaml.in/yaml/v3"
)

// checkBlock holds the fast reader against the full one: where it does not give up, both say the same.
func checkBlock(t *testing.T, text []byte) (read bool) {
	t.Helper()
	got, ok := readBlock(text, DefaultBounds)
	if !ok {
		return false
	}
	want, err := decodeFully(text, DefaultBounds)
	if err != nil {
		t.Fatalf("%q: the full reader says %v, the fast one %v", text, err, got)
	}
	if !reflect.DeepEqual(want, got) {
		t.Fatalf("%q: the full reader says %#v, the fast one %#v", text, want, got)
	}
	if root := readNodes(text); root != nil {
		checkSeek(t, seeker(text), root, got, nil)
	}
	return true
}

// checkSeek holds the fast way to a place against the full one, for a value and all that is in it, and for what is not.
func checkSeek(t *testing.T, s *block, root *yaml3.Node, value any, path Path) {
	t.Helper()
	if place, ok := s.seek(path); ok {
		sought++
		if node := find(root, path); place != (Place{node.Line, node.Column}) {
			t.Fatalf("%q: %v is at %v, not at %d:%d", s.text, path, place, node.Line, node.Column)
		}
	}
	below := func(step, value any) { checkSeek(t, s, root, value, append(slices.Clip(path), step)) }
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			below(key, inner)
		}
		below("no such key", nil)
	case []any:
		for i, inner := range value {
			below(int64(i), inner)
		}
		below(int64(len(value)), nil)
	case string:
		below("no mapping", nil)
	}
}

var sought int // places that the fast way found

var blocks = []string{
	"a: 1\nb: two\nc: [x, 'y', \"z\", 3, {k: v, \"q\": 1}]\nd: {}\ne: []\nf:\n",
	"# c\n---\na:\n- b: 1\n  c: 2 # comment\n-   d:\n      e: f\n- - g\n  - h\n-\n  i: j\n- k\n",
	"a: |\n  x\n   y\n\n  z\n\nb: |-\n  q\n\nc: |+\n  r\n\nd: 1\n",
	"image: repo/app:1.2@sha256:abc\ncpu: 500m\nmem: 128Mi\nip: 10.0.0.1\ndate: 2020-01-01\noct: 017\nhex: 0x1f\nexp: 1e3\nneg: -5\nplus: +5\nbool: yes\nt: True\nnull: x\n",
	"a: b: c\n", "a:\n  - b\n c: d\n", "a: x\n  y\n", "a: 'it''s'\n", "a: \"\\n\"\n", "a: &x 1\nb: *x\n", "<<: {a: 1}\n", "a: 1\na: 2\n", "- a\nb: c\n", "a:\n- b\nc: d\n", "a: >\n  folded\n",
	"a: one\n  two\n\n  three # c\nb:\n- x\n y\n- z\n  - w\nc: 1\n  2\n", "a: x\n # c\n  y\n", "a: x # c\n  y\n", "a: x\n  b: y\n", "a: 2001-01-01\n  10:00:00\n", "a: x\n  #y\n", "a: x\n  -\n",
	"a: 'it''s\n  one  \n\n\n  more '\nb: \"x\\\"y\\\\ \\n\\t \n  z\"\nc: ['''', 'a''b', \"\\\"\"]\n'k''': v\n", "a: 'x\n y", "a: 'x\ny'\n", "a: '\n  x'\n", "a: \"x\\\n  y\"\n", "a: \"\\u00e9\"\n", "- 'a\n  b'\n- 'c': d\n", "- 'a\n  b': c\n", "a: 'x'\n  y\n", "a: 'x\n  # y'\n", "a: 'x\n  y' # z\n",
	"a: ^(x|y)+$\nb: [^a]\nc: =\nd: =~\n- =\n", "- =\n- ^x\n- !=\n", "=: x\n",
	"a: {b: [c, {d: e}], f: 'g'}\n", "a: [b, c,]\n", "a: [b\n c]\n", "key with spaces: x\n", "a#b: c\n", "a: b#c #d\n", "url: http://x:80/y?z=1\n", "1: a\n", "y: a\n", "- \n- a:\n- # c\n  b\n", "a: -\n", "a: - b\n", "... a:\n", "a:\n--- b:\n", "a: ---\n", "a: ...\n", "a: [- b]\n", "a: -\n", "a: [-]\n", "a: [-, b]\n", "a: .5\nb: ~\nc: .inf\nd: =\n", "a: |\n\n  x\n", "a: |\n    x\n  y\n", "a: 12:30:45\n", "a: 1_000\n", "\"k\": v\n'l': w\n", "a: {b: c}d\n", "a: ...\n", "a:\n\n\n  b: c\n", "  a: b\n  c: d\n", "a: 'x' # y\n", "a: 'x'# y\n", "é: ü\n", "a: {y: 1}\n", "a: {b: on}\n", "a: 0\nb: 00\nc: 0o7\nd: 9223372036854775807\ne: 99999999999999999999\n",
}

func TestBlock(t *testing.T) {
	read := 0
	for _, text := range blocks {
		if checkBlock(t, []byte(text)) {
			read++
		}
	}
	if read < 15 || sought < 100 {
		t.Errorf("the fast reader gave up on all but %d of %d, the fast way on all but %d places", read, len(blocks), sought)
	}
}

func FuzzBlock(f *testing.F) {
	for _, text := range blocks {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if utf8.Valid(text) {
			checkBlock(t, text)
		}
	})
}

// TestBlockOnManifests reads the project's own manifests, and those of POCDR_CORPUS where it names a folder.
func TestBlockOnManifests(t *testing.T) {
	read, all := 0, 0
	for _, root := range []string{"..", os.Getenv("POCDR_CORPUS")} {
		if root == "" {
			continue
		}
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if ext := filepath.Ext(name); err != nil || entry.IsDir() || ext != ".yaml" && ext != ".yml" {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			for _, p := range split(text) {
				all++
				if checkBlock(t, p.text) {
					read++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("the fast reader read %d of %d documents", read, all)
}
