package engine

import (
	"fmt"
	"maps"
	"slices"

	"pocdr.dev/pocdr/document"
)

// Verb is what an operation does with its object.
type Verb string

// The verbs.
const (
	Create Verb = "create"
	Update Verb = "update"
	Delete Verb = "delete"
)

// Operation is what a change does with one document.
type Operation struct {
	Verb     Verb
	Document string // its id
	Object   document.Object
	Paths    []document.Path // of an update: the values that differ, sorted; what the API server keeps is left out
}

// NewOperation makes the operation that leads from one document to the other; nil stands for none. It is false where nothing changes.
func NewOperation(before, after *document.Document) (Operation, bool) {
	switch {
	case before == nil && after == nil:
		return Operation{}, false
	case before == nil:
		return Operation{Verb: Create, Document: after.ID, Object: after.Object}, true
	case after == nil:
		return Operation{Verb: Delete, Document: before.ID, Object: before.Object}, true
	}
	o := Operation{Verb: Update, Document: after.ID, Object: after.Object, Paths: differing(said(before), said(after), nil)}
	return o, len(o.Paths) > 0
}

// lastApplied is where kubectl keeps what it was given: it changes with every change.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// said is what somebody declares in a document.
func said(d *document.Document) any {
	return declared(d, d.Value(), func(annotation string) bool { return annotation != lastApplied })
}

// step leads from a value to a part of it: to a field, or to an entry of a list.
type step struct {
	above *step
	field string
	entry int
}

// path is the way to where the step leads, from the top; nil is the top.
func (s *step) path() document.Path {
	switch {
	case s == nil:
		return document.Path{}
	case s.entry >= 0:
		return append(s.above.path(), int64(s.entry))
	}
	return append(s.above.path(), s.field)
}

// differing are the paths of the smallest values that differ. at is where a and b are.
func differing(a, b any, at *step) []document.Path {
	switch before := a.(type) {
	case map[string]any:
		if after, ok := b.(map[string]any); ok {
			return differingFields(before, after, at)
		}
	case []any:
		if after, ok := b.([]any); ok && len(before) == len(after) {
			var found []document.Path
			for i := range before {
				found = append(found, differing(before[i], after[i], &step{at, "", i})...)
			}
			return found
		}
	default:
		if a == b {
			return nil
		}
	}
	return []document.Path{at.path()}
}

func sameValue(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, sameValue)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameValue)
	}
	return a == b
}

func differingFields(before, after map[string]any, at *step) []document.Path {
	var fields map[string][]document.Path // those that differ
	note := func(name string, was, is any) {
		if found := differing(was, is, &step{at, name, -1}); found != nil {
			if fields == nil {
				fields = map[string][]document.Path{}
			}
			fields[name] = found
		}
	}
	for name, was := range before {
		note(name, was, after[name])
	}
	for name, is := range after {
		if _, there := before[name]; !there {
			note(name, nil, is)
		}
	}
	var found []document.Path
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		found = append(found, fields[name]...)
	}
	return found
}

// Differing lists the ids of the documents that two views do not have in common, sorted. A file that moved is no difference.
func Differing(before, after *View) []string {
	found := map[string]bool{}
	for id, f := range before.sources.all() {
		if g := after.sources.get(id); g == nil || g.Digest != f.Digest || f.Digest == "" && !f.same(g) {
			found[id] = true
		}
	}
	for id := range after.sources.all() {
		if before.sources.get(id) == nil {
			found[id] = true
		}
	}
	for id, old := range moves(before, after) {
		delete(found, id)
		delete(found, old)
	}
	return slices.Sorted(maps.Keys(found))
}

// Between are the operations that lead from one view to another, as far as can be told without their documents: of an update, it is not known where.
func Between(before, after *View) []Operation {
	var all []Operation
	for _, id := range Differing(before, after) {
		was, is := before.sources.get(id), after.sources.get(id)
		switch {
		case was == nil:
			all = append(all, Operation{Verb: Create, Document: id, Object: is.Object})
		case is == nil:
			all = append(all, Operation{Verb: Delete, Document: id, Object: was.Object})
		case !was.same(is):
			all = append(all, Operation{Verb: Update, Document: id, Object: is.Object})
		}
	}
	return all
}

// String names the operation to people.
func (o Operation) String() string {
	return fmt.Sprintf("%s %s", o.Verb, o.Document)
}
