package v1alpha1

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"
	validation "k8s.io/kube-openapi/pkg/validation/errors"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	"sigs.k8s.io/yaml"
)

//go:embed crds/*.yaml
var crds embed.FS

// Fault is something wrong with a declaration: where in it, and what.
//
// +kubebuilder:object:generate=false
type Fault struct {
	Path    []any
	Message string
}

// ReadSystem reads a System from its plain value, as strictly as an API server
// with field validation would, and fills in what is left to default.
func ReadSystem(value map[string]any) (System, []Fault) {
	var s System
	faults := read("systems", value, &s)
	s.complete()
	return s, faults
}

// ReadExemption reads an Exemption likewise.
func ReadExemption(value map[string]any) (Exemption, []Fault) {
	var e Exemption
	return e, read("exemptions", value, &e)
}

// ReadProfile reads a Profile likewise.
func ReadProfile(value map[string]any) (Profile, []Fault) {
	var p Profile
	return p, read("profiles", value, &p)
}

// DefaultProfile is what holds where no Profile is declared: the defaults of every bound, and no approvals.
func DefaultProfile() Profile {
	p, faults := ReadProfile(map[string]any{
		"apiVersion": Group + "/" + Version, "kind": "Profile", "metadata": map[string]any{"name": "default"},
	})
	if len(faults) > 0 {
		panic(faults[0].Message) // the schema that ships does not accept its own defaults
	}
	return p
}

// complete fills in the defaults that depend on other fields: names without a namespace live in the System's own.
func (s *System) complete() {
	own := s.Namespace
	if len(s.Spec.Namespaces) == 0 {
		s.Spec.Namespaces = []string{own}
	}
	var actors []*Actor
	for _, p := range []*Plant{s.Spec.Plants.A, s.Spec.Plants.B} {
		if p != nil {
			actors = append(actors, &p.Actor)
		}
	}
	if s.Spec.Valve != nil {
		actors = append(actors, s.Spec.Valve)
	}
	for _, a := range actors {
		for i := range a.Workloads {
			orElse(&a.Workloads[i].Namespace, own)
		}
	}
	if s.Spec.Switch != nil {
		orElse(&s.Spec.Switch.Ref.Namespace, own)
	}
	if p := s.Spec.Rollback.Procedure; p != nil && p.Object != nil {
		orElse(&p.Object.Namespace, own)
	}
	for i, o := range s.Spec.Outlets {
		if o.Contract != nil {
			orElse(&s.Spec.Outlets[i].Contract.Schema, o.Name)
		}
	}
}

func orElse(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// read checks value against the custom resource definition, applies its defaults and decodes the result.
func read(plural string, value map[string]any, into any) []Fault {
	schema := schemas()[plural]
	if want := Group + "/" + Version; value["apiVersion"] != want {
		return []Fault{{[]any{"apiVersion"}, fmt.Sprintf("is %v; this engine reads %s", value["apiVersion"], want)}}
	}
	completed := withDefaults(schema, value)
	faults := append(unknown(schema, value, nil), violations(schema, completed)...)
	if len(faults) > 0 {
		return faults
	}
	text, err := json.Marshal(completed)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return []Fault{{Message: err.Error()}}
	}
	return violations(schema, asRead(into))
}

// asRead is what was read, as a plain value: a quantity that was written as a number, which no pattern binds, is a text there.
func asRead(from any) any {
	var value any
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, &value)
	}
	if err != nil {
		panic(err) // it was read from JSON
	}
	return value
}

func violations(schema *spec.Schema, value any) []Fault {
	var faults []Fault
	for _, err := range validate.NewSchemaValidator(schema, nil, "", strfmt.Default).Validate(value).Errors {
		faults = append(faults, invalid(schema, err))
	}
	return faults
}

var steps = regexp.MustCompile(`[^.\[\]]+|\[\d+\]`)

// invalid is a fault that the validator found, at the place that it names.
func invalid(schema *spec.Schema, err error) Fault {
	var v *validation.Validation
	if !errors.As(err, &v) || v.Name == "" {
		return Fault{Message: err.Error()}
	}
	f := Fault{Message: strings.TrimPrefix(strings.TrimPrefix(err.Error(), v.Name), " in body ")}
	for _, step := range steps.FindAllString(v.Name, -1) {
		if index, err := strconv.ParseInt(strings.Trim(step, "[]"), 10, 64); err == nil && step[0] == '[' {
			f.Path = append(f.Path, index)
		} else {
			f.Path = append(f.Path, step)
		}
	}
	if title := at(schema, f.Path).Title; title != "" {
		f.Message = fmt.Sprintf("is %v, and should be %s", v.Value, title)
	}
	return f
}

// at is the schema of what stands at a path.
func at(schema *spec.Schema, path []any) *spec.Schema {
	for _, step := range path {
		next := spec.Schema{}
		if name, ok := step.(string); ok {
			next = schema.Properties[name]
		} else if schema.Items != nil && schema.Items.Schema != nil {
			next = *schema.Items.Schema
		}
		schema = &next
	}
	return schema
}

// unknown finds the fields that the schema does not know.
func unknown(schema *spec.Schema, value any, path []any) []Fault {
	var faults []Fault
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			at := append(slices.Clone(path), name)
			property, known := schema.Properties[name]
			switch {
			case known:
				faults = append(faults, unknown(&property, value[name], at)...)
			case schema.AdditionalProperties == nil && len(schema.Properties) > 0:
				faults = append(faults, Fault{at, fmt.Sprintf("unknown field %q", name) + suggestion(schema, name)})
			}
		}
	case []any:
		if schema.Items == nil || schema.Items.Schema == nil {
			return nil
		}
		for i, entry := range value {
			faults = append(faults, unknown(schema.Items.Schema, entry, append(slices.Clone(path), int64(i)))...)
		}
	}
	return faults
}

// suggestion names the field that was probably meant, or all that there are.
func suggestion(schema *spec.Schema, name string) string {
	known := slices.Sorted(maps.Keys(schema.Properties))
	for _, field := range known {
		if levenshtein.ComputeDistance(strings.ToLower(field), strings.ToLower(name)) <= 2 {
			return fmt.Sprintf("; did you mean %q?", field)
		}
	}
	return "; it has " + strings.Join(known, ", ")
}

// withDefaults returns a copy of value in which absent fields have the schema's defaults.
func withDefaults(schema *spec.Schema, value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := maps.Clone(value)
		for name, property := range schema.Properties {
			field, present := out[name]
			if !present && property.Default != nil {
				field, present = property.Default, true
			}
			if present {
				out[name] = withDefaults(&property, field)
			}
		}
		return out
	case []any:
		if schema.Items == nil || schema.Items.Schema == nil {
			return value
		}
		out := make([]any, len(value))
		for i, entry := range value {
			out[i] = withDefaults(schema.Items.Schema, entry)
		}
		return out
	}
	return value
}

// Schema is the OpenAPI schema of a kind's spec, as plain JSON values, by the kind's plural.
func Schema(plural string) any {
	text, err := json.Marshal(schemas()[plural].Properties["spec"])
	var value any
	if err == nil {
		err = json.Unmarshal(text, &value)
	}
	if err != nil {
		panic(err) // the schema was read from JSON
	}
	return value
}

// Plurals are the resources of the group.
var Plurals = []string{"systems", "exemptions", "profiles"}

var schemas = sync.OnceValue(func() map[string]*spec.Schema {
	out := map[string]*spec.Schema{}
	for _, plural := range Plurals {
		text, err := crds.ReadFile("crds/" + Group + "_" + plural + ".yaml")
		if err != nil {
			panic(err)
		}
		var crd struct {
			Spec struct {
				Versions []struct {
					Schema struct{ OpenAPIV3Schema *spec.Schema }
				}
			}
		}
		if err := yaml.Unmarshal(text, &crd); err != nil {
			panic(err)
		}
		out[plural] = crd.Spec.Versions[0].Schema.OpenAPIV3Schema
	}
	return out
})
