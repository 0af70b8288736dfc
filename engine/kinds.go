package engine

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/api/v1alpha1"
)

// FactKind is a kind of facts: its fields, and who sees them.
type FactKind struct {
	Name        string
	Title       string
	Description string
	Fields      []string // sorted
	Joined      bool     // made by a join from other facts
	Namespaced  bool     // a system sees those of its namespaces only
	Closed      bool     // checks pass for there being no other, so that one counts wherever it is hidden
	Schema      map[string]any

	term    *ast.Term   // the name
	keys    []*ast.Term // the names of the fields
	remarks bool        // what a policy for conftest says
}

// factFile is how a kind of facts is written down.
type factFile struct {
	Title       string         `json:"title"`
	Description string         `json:"description"`
	From        string         `json:"x-from"`
	Select      string         `json:"x-select"`
	Closed      bool           `json:"x-closed"`
	Properties  map[string]any `json:"properties"`
}

// readKinds reads the schemas in the folder facts of a policy tree.
func readKinds(tree fs.FS, into map[string]*FactKind) error {
	files, err := fs.Glob(tree, "facts/*.yaml")
	if err != nil {
		return err
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".yaml")
		if into[name] != nil {
			return fmt.Errorf("%s: the kind of facts %q is defined already", file, name)
		}
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		kind, err := parseKind(name, text)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		into[name] = kind
	}
	return nil
}

func parseKind(name string, text []byte) (*FactKind, error) {
	var f factFile
	if err := yaml.UnmarshalStrict(text, &f); err != nil {
		return nil, err
	}
	if f.Title == "" || f.Description == "" || len(f.Properties) == 0 {
		return nil, fmt.Errorf("a kind of facts has a title, a description and properties")
	}
	if !slices.Contains([]string{"document", "join"}, f.From) || !slices.Contains([]string{"all", "namespace"}, f.Select) {
		return nil, fmt.Errorf("x-from is document or join, x-select is all or namespace")
	}
	fields := slices.Sorted(maps.Keys(f.Properties))
	for field, property := range f.Properties {
		f.Properties[field] = nullable(property)
	}
	f.Properties["at"] = map[string]any{"type": "array"}
	return &FactKind{
		Name: name, Title: f.Title, Description: f.Description, Fields: fields,
		Joined: f.From == "join", Namespaced: f.Select == "namespace", Closed: f.Closed,
		Schema: map[string]any{
			"type": "object", "additionalProperties": false, "properties": f.Properties,
			"required": anys(append(slices.Clone(fields), "at")),
		},
	}, nil
}

// nullable writes `type: [t, "null"]` as a choice, which the type checker of Rego understands.
func nullable(property any) any {
	p, ok := property.(map[string]any)
	if !ok {
		return property
	}
	types, ok := p["type"].([]any)
	if !ok {
		return property
	}
	choices := make([]any, len(types))
	for i, t := range types {
		choice := map[string]any{"type": t}
		if t == "array" {
			choice["items"] = p["items"]
		}
		choices[i] = choice
	}
	choice := map[string]any{"anyOf": choices}
	if p["description"] != nil {
		choice["description"] = p["description"]
	}
	return choice
}

// inputSchema types the input of joins and checks: a snapshot.
func inputSchema(kinds map[string]*FactKind) *ast.SchemaSet {
	facts := map[string]any{}
	for name, kind := range kinds {
		facts[name] = map[string]any{"type": "array", "items": kind.Schema}
	}
	object := func(properties map[string]any) map[string]any {
		return map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	}
	system := object(map[string]any{
		"at": map[string]any{"type": "array"}, "name": map[string]any{"type": "string"},
		"namespace": map[string]any{"type": "string"}, "declared": map[string]any{"type": "boolean"},
		"spec": v1alpha1.Schema("systems"),
	})
	profile := object(map[string]any{"name": map[string]any{"type": "string"}, "declared": map[string]any{"type": "boolean"}, "spec": v1alpha1.Schema("profiles")})
	schema := object(map[string]any{
		"now": map[string]any{"type": "number"}, "params": map[string]any{"type": "object"}, "exemptible": map[string]any{"type": "object"},
		"system": system, "profile": profile, "facts": object(facts),
		"before": map[string]any{}, "after": map[string]any{}, "change": changeSchema,
	})
	set := ast.NewSchemaSet()
	set.Put(ast.SchemaRootRef, schema)
	return set
}

// changeSchema types what transitions know of a change beside what they see before and after it.
var changeSchema = map[string]any{
	"type": "object", "additionalProperties": false, "properties": map[string]any{
		"entrance":  map[string]any{"type": "string"},
		"principal": map[string]any{},
		"served":    map[string]any{},
		"operations": map[string]any{"type": "array", "items": map[string]any{
			"type": "object", "additionalProperties": false, "properties": map[string]any{
				"operation": map[string]any{"type": "string"}, "at": map[string]any{"type": "array"}, "ours": map[string]any{"type": "boolean"},
				"group": map[string]any{"type": "string"}, "kind": map[string]any{"type": "string"},
				"namespace": map[string]any{"type": "string"}, "name": map[string]any{"type": "string"},
				"paths": map[string]any{"type": "array", "items": map[string]any{"type": "array"}},
			},
		}},
	},
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
