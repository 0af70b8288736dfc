package engine

import (
	"context"
	"iter"
	"maps"
	"reflect"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

// Replacement puts a document in the place of the one that has its id, or takes it away.
type Replacement struct {
	Document string // id
	Facts    *Facts // nil where there is no such document any more, or where it cannot be read
	Unread   []document.Unread
	Faults   []Fault
}

// Replace makes the replacement by a document.
func (p *Policies) Replace(ctx context.Context, d document.Document) Replacement {
	facts, unread, faults := p.Derive(ctx, d)
	return Replacement{d.ID, facts, unread, faults}
}

// With gives the view as it is once documents are replaced. The view itself stays as it is, and shares all that does not
// change; where no fact changes, and nothing that is declared, it is the view itself.
func (v *View) With(ctx context.Context, replaced ...Replacement) *View {
	if len(replaced) == 0 {
		return v
	}
	w := &View{
		Entrance: v.Entrance, policies: v.policies, sources: v.sources.fork(), stated: maps.Clone(v.stated), joined: maps.Clone(v.joined),
		facts: maps.Clone(v.facts), arrays: maps.Clone(v.arrays), within: maps.Clone(v.within),
		declared: slices.Clone(v.declared), repeats: map[string]*repeat{}, Unread: slices.Clone(v.Unread), Faults: slices.Clone(v.Faults),
		systems: v.systems, exemptions: v.exemptions, profiles: v.profiles,
	}
	changed := map[string]bool{}
	different := false
	for _, r := range replaced {
		different = w.replace(r, changed) || different
	}
	if !different {
		return v
	}
	if slices.ContainsFunc(replaced, func(r Replacement) bool { return declares(v.sources.get(r.Document)) || declares(r.Facts) }) {
		w.redeclare()
	}
	w.join(ctx, changed)
	return w
}

// declaring gives the view as it is with the Systems and Profiles of another one; where they are the same, it is the view itself.
func (v *View) declaring(ctx context.Context, other *View) *View {
	var replaced []Replacement
	for _, id := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(v.declared, other.declared)))) {
		was, is := v.sources.get(id), other.sources.get(id)
		exempts := was.exempts() || is.exempts()
		if !exempts && (was == nil || is == nil || !was.same(is)) {
			replaced = append(replaced, Replacement{Document: id, Facts: is})
		}
	}
	w := v.With(ctx, replaced...)
	if w != v {
		w.systems, w.profiles, w.given = other.systems, other.profiles, other.given
	}
	return w
}

func (f *Facts) exempts() bool { return declares(f) && f.declared.exemption != nil }

func declares(f *Facts) bool { return f != nil && f.declared != nil }

// replace does one replacement, and tells whether it makes a difference. The slices of the kinds that it notes as changed are the view's own,
// and are written in place from then on. What another version of a document says as the one before did stays as it is.
func (v *View) replace(r Replacement, changed map[string]bool) (different bool) {
	old, new := v.sources.get(r.Document), r.Facts
	if new != nil && !v.Entrance.Sees(new.format) {
		new = nil
	}
	if old != nil && new != nil {
		new = new.keeping(old)
	}
	for kind := range v.policies.Kinds {
		was, is := old.kinds()[kind], new.kinds()[kind]
		switch {
		case slices.Equal(was, is):
			continue
		case len(was) > 0:
			v.stated[kind] = exchanged(v.stated[kind], was, is)
		case changed[kind]:
			v.stated[kind] = append(v.stated[kind], is...)
		default:
			v.stated[kind] = slices.Concat(v.stated[kind], is)
		}
		changed[kind], different = true, true
	}
	of := func(id string) bool { return id != "" && id == r.Document }
	v.declared = slices.DeleteFunc(v.declared, of)
	if declares(new) {
		v.declared = append(v.declared, r.Document)
	}
	v.sources.set(r.Document, new)
	return v.refault(r, of) || different || declares(old) || declares(new) || (old == nil) != (new == nil)
}

// refault takes what was wrong with another version of a document for what is wrong with this one, and tells whether there is or was anything.
func (v *View) refault(r Replacement, of func(id string) bool) bool {
	faults := slices.DeleteFunc(v.Faults, func(f Fault) bool { return of(f.Document) })
	unread := slices.DeleteFunc(v.Unread, func(u document.Unread) bool { return of(u.Document) })
	different := len(faults) < len(v.Faults) || len(unread) < len(v.Unread) || len(r.Faults)+len(r.Unread) > 0
	v.Faults, v.Unread = append(faults, r.Faults...), append(unread, r.Unread...)
	return different
}

// kinds are the facts of a document by kind; none where there is no document.
func (f *Facts) kinds() map[string][]*ast.Term {
	if f == nil {
		return nil
	}
	return f.byKind
}

// same tells whether two documents have the same facts, and declare the same.
func (f *Facts) same(other *Facts) bool {
	return f == other || f.format == other.format && maps.EqualFunc(f.byKind, other.byKind, sameFacts) && reflect.DeepEqual(f.declared.says(), other.declared.says())
}

func sameFacts(a, b []*ast.Term) bool {
	return slices.EqualFunc(a, b, func(x, y *ast.Term) bool { return x == y || x.Equal(y) })
}

// keeping is the document with those facts of another version that are the same: so they stay known by where they are kept.
func (f *Facts) keeping(other *Facts) *Facts {
	kept := *f
	kept.byKind = maps.Clone(f.byKind)
	for kind, facts := range f.byKind {
		if sameFacts(facts, other.byKind[kind]) {
			kept.byKind[kind] = other.byKind[kind]
		}
	}
	return &kept
}

// redeclare reads the declarations again from those that there are.
func (v *View) redeclare() {
	v.systems, v.exemptions, v.profiles = nil, nil, map[string]*v1alpha1.Profile{}
	slices.Sort(v.declared)
	for _, id := range v.declared {
		v.declare(v.sources.get(id))
	}
}

// exchanged gives the facts with others in the place of some of them, which are known by where they are kept: so all else stays where it is.
func exchanged(facts, old, new []*ast.Term) []*ast.Term {
	out := make([]*ast.Term, 0, len(facts)-len(old)+len(new))
	for _, f := range facts {
		switch {
		case !slices.Contains(old, f):
			out = append(out, f)
		case len(new) > 0:
			out, new = append(out, new[0]), new[1:]
		}
	}
	return append(out, new...)
}

// sources are the facts of documents by id: those of a base that many views share, and what differs from it.
type sources struct {
	base    map[string]*Facts
	changed map[string]*Facts // nil for what is no more; the map is nil where the base may be written
}

// fork gives a copy to be changed. What differs is copied; where it has become much, it becomes a base of its own.
func (s *sources) fork() sources {
	if len(s.changed) > 100 {
		return sources{base: maps.Collect(s.all()), changed: map[string]*Facts{}}
	}
	changed := maps.Clone(s.changed)
	if changed == nil {
		changed = map[string]*Facts{}
	}
	return sources{s.base, changed}
}

func (s *sources) get(id string) *Facts {
	if f, differs := s.changed[id]; differs {
		return f
	}
	return s.base[id]
}

func (s *sources) set(id string, f *Facts) {
	if s.changed == nil {
		s.base[id] = f
	} else {
		s.changed[id] = f
	}
}

// all gives the ids and facts of all documents, in no order.
func (s *sources) all() iter.Seq2[string, *Facts] {
	return func(yield func(string, *Facts) bool) {
		for id, f := range s.base {
			if _, differs := s.changed[id]; !differs && !yield(id, f) {
				return
			}
		}
		for id, f := range s.changed {
			if f != nil && !yield(id, f) {
				return
			}
		}
	}
}
