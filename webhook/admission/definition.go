package admission

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

// isDefinition tells whether an object is the definition of a kind.
func isDefinition(d *document.Document) bool {
	return d != nil && d.Object.Group() == "apiextensions.k8s.io" && d.Object.Kind == "CustomResourceDefinition"
}

// definition is what a definition says of its kind, in the shape of its JSON.
type definition struct {
	group, kind, plural string
	versions            []map[string]any
}

func definitionOf(d *document.Document) definition {
	spec := part(d.Value(), "spec")
	names := part(spec, "names")
	var of definition
	of.group, _ = spec["group"].(string)
	of.kind, _ = names["kind"].(string)
	of.plural, _ = names["plural"].(string)
	versions, _ := spec["versions"].([]any)
	for _, v := range versions {
		if version, ok := v.(map[string]any); ok {
			of.versions = append(of.versions, version)
		}
	}
	return of
}

// served is the first version in which the objects of a kind can still be read: any, and of our own kinds the one that this program reads; nil where there is none.
func (d definition) served() map[string]any {
	for _, v := range d.versions {
		if v["served"] == true && (d.group != v1alpha1.Group || v["name"] == v1alpha1.Version) {
			return v
		}
	}
	return nil
}

// lost are the fields of one of our kinds that the definition does not hold: an API server takes what no definition holds out of all that it reads.
func (d definition) lost() []string {
	if d.group != v1alpha1.Group || !slices.Contains(v1alpha1.Plurals, d.plural) {
		return nil
	}
	theirs := part(d.served(), "schema", "openAPIV3Schema", "properties", "spec")
	return lacks(v1alpha1.Schema(d.plural).(map[string]any), theirs, "spec")
}

// lacks are the fields that one schema has and another has not.
func lacks(ours, theirs map[string]any, at string) []string {
	if theirs["x-kubernetes-preserve-unknown-fields"] == true {
		return nil
	}
	if theirs == nil {
		return []string{at}
	}
	var fields []string
	properties, kept := part(ours, "properties"), part(theirs, "properties")
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		fields = append(fields, lacks(part(properties, name), part(kept, name), at+"."+name)...)
	}
	for _, word := range []string{"items", "additionalProperties"} {
		if inner := part(ours, word); inner != nil {
			fields = append(fields, lacks(inner, part(theirs, word), at+"[]")...)
		}
	}
	return fields
}

// part is what stands in an object under some names, one in the other; nil where there is none.
func part(value any, names ...string) map[string]any {
	fields, _ := value.(map[string]any)
	for _, name := range names {
		fields, _ = fields[name].(map[string]any)
	}
	return fields
}

// cuts tells why an update of the definition of one of our kinds is refused: it takes fields out of all objects of the kind, whatever those are told to guard. Empty
// where it does not. A definition that serves them no more is judged as the deletion of all.
func cuts(c change) string {
	if !isDefinition(c.before) || !isDefinition(c.after) || definitionOf(c.after).served() == nil {
		return ""
	}
	before := definitionOf(c.before).lost()
	lost := slices.DeleteFunc(definitionOf(c.after).lost(), func(field string) bool { return slices.Contains(before, field) })
	if len(lost) == 0 {
		return ""
	}
	told := strings.Join(lost[:min(shown, len(lost))], ", ")
	if more := len(lost) - shown; more > 0 {
		told += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("POCDR: %s would no longer hold %s, and the API server would take that out of every %s. Apply the definition that this webhook's own version of pocdr manifests writes; "+
		"where a later version does without the field, roll out the webhook first.", c.after.Object.Name, told, definitionOf(c.after).kind)
}
