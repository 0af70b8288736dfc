package policies_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

const (
	examples = "../examples"
	variants = "../testdata/variants/*.yaml"
)

// TestFactsKeepTheirSchema holds every fact of the examples, and of the ways to break them, to its kind's closed schema; each kind is there.
func TestFactsKeepTheirSchema(t *testing.T) {
	p := compile(t)
	schemas := map[string]*jsonschema.Schema{}
	for name, kind := range p.Kinds {
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource(name, kind.Schema); err != nil {
			t.Fatal(err)
		}
		schemas[name] = compiler.MustCompile(name)
	}
	seen := map[string]bool{}
	for _, files := range append([]map[string]string{declared(t)}, changed(t)...) {
		v := view(t, p, files)
		for name, schema := range schemas {
			for _, fact := range v.Facts(name) {
				seen[name] = true
				if err := schema.Validate(map[string]any(fact)); err != nil {
					t.Errorf("%s at %v: %v", name, fact["at"], err)
				}
			}
		}
	}
	for name := range p.Kinds {
		if !seen[name] {
			t.Errorf("no example declares what gives a fact of the kind %s", name)
		}
	}
}

// seed fixes the mutations; a failure names the one it is about, by its document and number.
const (
	seed      = 20260101
	mutations = 40
)

// TestAdaptersNeverErr puts a value of another type in the place of any field of any document: no adapter faults.
func TestAdaptersNeverErr(t *testing.T) {
	p := compile(t)
	for i, files := range append([]map[string]string{declared(t)}, changed(t)...) {
		for _, file := range slices.Sorted(maps.Keys(files)) {
			t.Run(fmt.Sprintf("%d/%s", i, file), func(t *testing.T) {
				t.Parallel()
				random := rand.New(rand.NewPCG(seed, uint64(i)))
				for _, text := range mutants(t, random, file, files[file]) {
					documents, _ := document.Read(file, []byte(text), document.DefaultBounds)
					for _, d := range documents {
						if _, _, faults := p.Derive(t.Context(), d); len(faults) > 0 {
							t.Errorf("seed %d: %s: %s\n%s", seed, faults[0].Policy, faults[0].Message, text)
						}
					}
				}
			})
		}
	}
}

// mutants are the texts of a file, first as it is, and then with one thing in it changed.
func mutants(t *testing.T, random *rand.Rand, file, text string) []string {
	out := []string{text}
	documents, _ := document.Read(file, []byte(text), document.DefaultBounds)
	for _, d := range documents {
		for range mutations {
			switch d.Format {
			case document.CQL, document.Rego: // a parser fixes their shape
				out = append(out, scramble(random, text))
			default:
				out = append(out, mutate(t, random, d))
			}
		}
	}
	return out
}

var replacements = []string{`null`, `true`, `7`, `1.5`, `""`, `"x"`, `[]`, `{}`, `[null]`, `{"a": null}`}

// mutate writes a document as JSON, in which another type of value stands at a random place.
func mutate(t *testing.T, random *rand.Rand, d document.Document) string {
	t.Helper()
	root := copied(t, d.Value())
	if d.Format == document.GitHubActions || d.Format == document.GitLabCI {
		root = root.(map[string]any)["pipeline"]
	}
	var places []func(any)
	var walk func(value any)
	walk = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(value)) {
				places = append(places, func(other any) { value[key] = other })
				walk(value[key])
			}
		case []any:
			for i := range value {
				places = append(places, func(other any) { value[i] = other })
				walk(value[i])
			}
		}
	}
	walk(root)
	var other any
	if err := json.Unmarshal([]byte(replacements[random.IntN(len(replacements))]), &other); err != nil {
		t.Fatal(err)
	}
	if len(places) > 0 {
		places[random.IntN(len(places))](other)
	}
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func copied(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	var out any
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var token = regexp.MustCompile(`\s+|\w+|'[^']*'|.`)

// scramble drops, doubles or replaces one token of a text.
func scramble(random *rand.Rand, text string) string {
	tokens := token.FindAllString(text, -1)
	i := random.IntN(len(tokens))
	for strings.TrimSpace(tokens[i]) == "" {
		i = random.IntN(len(tokens))
	}
	switch random.IntN(3) {
	case 0:
		tokens[i] = ""
	case 1:
		tokens[i] += " " + tokens[i]
	default:
		tokens[i] = tokens[random.IntN(len(tokens))]
	}
	return strings.Join(tokens, "")
}

func compile(t *testing.T) *engine.Policies {
	t.Helper()
	p, err := engine.Compile(engine.Tree{FS: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// view reads files, in the order of their names, and has one owner for all of them.
func view(t *testing.T, p *engine.Policies, files map[string]string) *engine.View {
	t.Helper()
	v := p.NewView()
	for _, file := range slices.Sorted(maps.Keys(files)) {
		documents, _ := document.Read(file, []byte(files[file]), document.DefaultBounds)
		for _, d := range documents {
			facts, _, faults := p.Derive(t.Context(), d)
			v.Faults = append(v.Faults, faults...)
			if facts != nil {
				v.Add(facts)
			}
		}
	}
	v.Own(t.Context(), "CODEOWNERS", func(string) []string { return []string{"@acme/crew"} })
	v.Join(t.Context())
	for _, f := range v.Faults {
		t.Errorf("%s: %s: %s", f.File, f.Policy, f.Message)
	}
	return v
}

// declared are the files of the examples, by their names inside each.
func declared(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(examples, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		inside, err := filepath.Rel(examples, file)
		if err != nil {
			return err
		}
		_, name, found := strings.Cut(filepath.ToSlash(inside), "/")
		if !found || document.Named(name) == nil {
			return nil
		}
		text, err := os.ReadFile(file)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// changed are, for each way to break the example, the files that it changes or adds.
func changed(t *testing.T) []map[string]string {
	t.Helper()
	unbroken := declared(t)
	names, err := filepath.Glob(variants)
	if err != nil || len(names) == 0 {
		t.Fatalf("nothing is called %s: %v", variants, err)
	}
	var out []map[string]string
	for _, name := range names {
		text, err := os.ReadFile(name)
		var variant struct {
			Change []struct {
				File, Create string
				Replace      struct{ Old, New string }
			}
		}
		if err == nil {
			err = yaml.Unmarshal(text, &variant)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		files := map[string]string{}
		for _, c := range variant.Change {
			switch before := unbroken[c.File]; {
			case c.Create != "":
				files[c.File] = c.Create
			case c.Replace.Old != "":
				if files[c.File] != "" {
					before = files[c.File]
				}
				files[c.File] = strings.Replace(before, c.Replace.Old, c.Replace.New, 1)
			}
		}
		out = append(out, files)
	}
	return out
}
