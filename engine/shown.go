package engine

import (
	"maps"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

// Fields of an object's metadata that the API server keeps and nobody declares.
var kept = []string{"creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"}

// declared is the value of an object without what nobody declares: its status, what else the API server keeps, and the annotations that are
// not wanted. Any other document is as it is.
func declared(d *document.Document, value any, wanted func(annotation string) bool) any {
	object, _ := value.(map[string]any)
	metadata, is := object["metadata"].(map[string]any)
	if d.Format != document.Kubernetes || !is {
		return value
	}
	object, metadata = maps.Clone(object), maps.Clone(metadata)
	object["metadata"] = metadata
	delete(object, "status")
	for _, field := range kept {
		delete(metadata, field)
	}
	if annotations, are := metadata["annotations"].(map[string]any); are {
		annotations = maps.Clone(annotations)
		maps.DeleteFunc(annotations, func(name string, _ any) bool { return !wanted(name) })
		metadata["annotations"] = annotations
		if len(annotations) == 0 {
			delete(metadata, "annotations")
		}
	}
	return object
}

// shown is what adapters see of a document: what is declared in it, of an object the fields that one of them names, and its own annotations that one of
// them names. Policies for conftest see all.
func (p *Policies) shown(d *document.Document, value any) any {
	fields, annotations := map[string]bool{"apiVersion": true, "kind": true}, map[string]bool{}
	allFields, allAnnotations := false, false
	for _, a := range p.adapters {
		for _, s := range a.reads {
			switch {
			case !s.selects(d):
			case a.remarks != nil:
				return value
			default:
				allFields, allAnnotations = allFields || s.Fields == nil, allAnnotations || s.Annotations == nil
				maps.Copy(fields, set(s.Fields))
				maps.Copy(annotations, set(s.Annotations))
			}
		}
	}
	value = declared(d, value, func(annotation string) bool { return allAnnotations || annotations[annotation] })
	object, is := value.(map[string]any)
	if !is || allFields || d.Format != document.Kubernetes {
		return value
	}
	some := map[string]any{}
	for name := range fields {
		if field, there := object[name]; there {
			some[name] = field
		}
	}
	return some
}

// Alike tells whether no adapter can tell two versions of an object apart: their facts are the same then.
func (p *Policies) Alike(a, b document.Document) bool {
	return a.Format == document.Kubernetes && a.Format == b.Format && a.Object == b.Object && a.Object.Group() != v1alpha1.Group &&
		sameValue(p.shown(&a, a.Value()), p.shown(&b, b.Value()))
}
