package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine/program"
)

// View is all that one entrance sees at one moment: the facts of its documents, the declarations among them, and what could not be read.
type View struct {
	Entrance   Entrance // through which it is seen; a repository's, unless said otherwise
	policies   *Policies
	sources    sources
	stated     map[string][]*ast.Term            // facts of documents, by kind
	facts      map[string][]*ast.Term            // those, and what the joins make of them
	arrays     map[string]*ast.Term              // by kind that is seen by every system: its facts
	within     map[string]map[string][]*ast.Term // by kind that a system sees of its namespaces, and by namespace: its facts
	joined     map[string]joined                 // by join
	declared   []string                          // ids of the declarations, in the order of their addition
	systems    []*v1alpha1.System
	exemptions []*v1alpha1.Exemption
	profiles   map[string]*v1alpha1.Profile
	given      *ast.Term          // the spec of a Profile that was put in the place of all
	repeats    map[string]*repeat // by file
	Unread     []document.Unread
	Faults     []Fault
}

// NewView starts an empty view.
func (p *Policies) NewView() *View {
	v := &View{
		Entrance: CI, policies: p, sources: sources{base: map[string]*Facts{}}, stated: map[string][]*ast.Term{}, facts: map[string][]*ast.Term{},
		arrays: map[string]*ast.Term{}, within: map[string]map[string][]*ast.Term{},
		joined: map[string]joined{}, profiles: map[string]*v1alpha1.Profile{}, repeats: map[string]*repeat{},
	}
	for _, kind := range p.Kinds {
		v.put(kind)
	}
	return v
}

// Add puts the facts of a document into the view. The order of additions is part of the answer where two
// documents claim one identity, so callers add in the order of files.
func (v *View) Add(f *Facts) {
	if earlier := v.sources.get(f.Document); earlier != nil {
		if earlier.Digest == f.Digest {
			return // the same object, word for word
		}
		v.again(f, earlier)
		return
	}
	v.sources.set(f.Document, f)
	for kind, facts := range f.byKind {
		v.stated[kind] = append(v.stated[kind], facts...)
	}
	if f.declared != nil {
		v.declared = append(v.declared, f.Document)
		v.declare(f)
	}
}

// again notes, once a file, that it declares objects which an earlier file declares differently. Which of the two runs is
// unknown, so the earlier is judged and nothing that depends on it passes.
func (v *View) again(f, earlier *Facts) {
	u := v.repeats[f.File]
	if u == nil {
		u = &repeat{first: f.Document, earlier: earlier.File, kinds: map[string]bool{}}
		v.repeats[f.File] = u
	}
	u.documents = append(u.documents, f.Document)
	for _, which := range []*Facts{f, earlier} {
		u.declarations = u.declarations || which.declared != nil
		for kind := range which.byKind {
			if !sameFacts(f.byKind[kind], earlier.byKind[kind]) {
				u.kinds[kind] = true
			}
		}
	}
}

// repeat is a file that declares again what was declared before.
type repeat struct {
	first, earlier string
	documents      []string
	kinds          map[string]bool // the kinds of facts of which they say different things
	declarations   bool            // whether a System, Exemption or Profile is among them: those bear on everything
}

func (r *repeat) unread(file string) document.Unread {
	others := ""
	if n := len(r.documents) - 1; n > 0 {
		others = fmt.Sprintf(", and %d more", n)
	}
	return document.Unread{
		File: file, Document: r.first, Documents: r.documents, Formats: document.Formats,
		Message: fmt.Sprintf("declares %s again, differently from %s%s; which one runs is unknown, and the earlier is judged", r.first, r.earlier, others),
	}
}

func (v *View) declare(f *Facts) {
	switch d := f.declared; {
	case d.exemption != nil:
		v.exemptions = append(v.exemptions, d.exemption)
	case d.profile != nil:
		v.profiles[d.profile.Name] = d.profile
	case d.system != nil:
		v.declareSystem(d.system)
	}
}

// declareSystem adds a System. Of two that have one name the one counts that a cluster has had for longer, and else the first.
func (v *View) declareSystem(s *v1alpha1.System) {
	i := slices.IndexFunc(v.systems, func(other *v1alpha1.System) bool { return s.Name == other.Name })
	if i < 0 {
		v.systems = append(v.systems, s)
		return
	}
	if first := v.systems[i]; older(s, first) {
		v.systems[i], s = s, first
	}
	void := v.sources.get(idOfSystem(s))
	v.Unread = append(v.Unread, document.Unread{
		File: void.File, Document: void.Document,
		Message: fmt.Sprintf("System %s is declared before, in namespace %s; a System's name is its own in the whole source", s.Name, v.systems[i].Namespace),
	})
}

// older tells whether a cluster has had one System for longer than another one.
func older(s, other *v1alpha1.System) bool {
	return !s.CreationTimestamp.IsZero() && (other.CreationTimestamp.IsZero() || s.CreationTimestamp.Before(&other.CreationTimestamp))
}

func idOfSystem(s *v1alpha1.System) string {
	return document.Object{APIVersion: v1alpha1.Group + "/" + v1alpha1.Version, Kind: "System", Namespace: s.Namespace, Name: s.Name}.ID()
}

// System gives the System of that name; nil where none is declared.
func (v *View) System(name string) *v1alpha1.System {
	for _, s := range v.systems {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// SetProfile puts a Profile in the place of whichever the Systems name.
func (v *View) SetProfile(p *v1alpha1.Profile) {
	clear(v.profiles)
	for _, s := range v.systems {
		v.profiles[s.Spec.Profile] = p
	}
	v.profiles["default"] = p
	v.given = specOf(p)
}

// Source is the file of a document and the object in it; false where the view has no such document.
func (v *View) Source(id string) (file string, object document.Object, ok bool) {
	f := v.sources.get(id)
	if f == nil {
		return "", document.Object{}, false
	}
	return f.File, f.Object, true
}

// Of lists the ids of the documents of some objects, sorted.
func (v *View) Of(which func(document.Object) bool) []string {
	var ids []string
	for id, f := range v.sources.all() {
		if f.format == document.Kubernetes && which(f.Object) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Known gives the facts of a document, as of its file, where the view holds the same document word for word and all adapters could read it; nil where it does not.
func (v *View) Known(d document.Document) *Facts {
	f := v.sources.get(d.ID)
	if f == nil || f.partial || d.Digest == "" || f.Digest != d.Digest || f.format != d.Format {
		return nil
	}
	same := *f
	same.File = d.File
	return &same
}

// Documents is how many documents the view holds, by format.
func (v *View) Documents() map[document.Format]int {
	count := map[document.Format]int{}
	for _, f := range v.sources.all() {
		count[f.format]++
	}
	return count
}

// Join makes an end of adding: it runs the joins over all that was added.
func (v *View) Join(ctx context.Context) {
	for _, file := range slices.Sorted(maps.Keys(v.repeats)) {
		v.Unread = append(v.Unread, v.repeats[file].unread(file))
	}
	changed := map[string]bool{}
	for kind := range v.policies.Kinds {
		changed[kind] = true
	}
	v.join(ctx, changed)
}

// join runs those joins whose facts have changed, and puts what all of them made beside what documents state. A join sees what documents state, and no other join.
func (v *View) join(ctx context.Context, changed map[string]bool) {
	made := map[string]bool{}
	for _, j := range v.policies.joins {
		if slices.ContainsFunc(j.joins, func(kind string) bool { return changed[kind] }) {
			v.runJoin(ctx, j, made)
		}
	}
	maps.Copy(made, changed)
	for kind := range made {
		v.put(v.policies.Kinds[kind])
	}
	slices.SortFunc(v.systems, func(a, b *v1alpha1.System) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(v.exemptions, func(a, b *v1alpha1.Exemption) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Namespace, b.Namespace))
	})
}

// put gathers the facts of one kind, as systems see them.
func (v *View) put(kind *FactKind) {
	facts := slices.Clip(v.stated[kind.Name])
	for _, j := range v.policies.joins {
		facts = append(facts, v.joined[j.pkg].facts[kind.Name]...)
	}
	v.facts[kind.Name] = facts
	if !kind.Namespaced {
		v.arrays[kind.Name] = ast.ArrayTerm(facts...)
		return
	}
	within := map[string][]*ast.Term{}
	for _, fact := range facts {
		namespace := namespaceOf(fact)
		within[namespace] = append(within[namespace], fact)
	}
	v.within[kind.Name] = within
}

// joined is what a join made of the facts of a view.
type joined struct {
	said  ast.Value              // as it said it; nil where it failed
	facts map[string][]*ast.Term // by kind
	known *program.Kept          // what it came to know on the way
}

// runJoin runs a join, and notes the kinds of which it made other facts than before.
func (v *View) runJoin(ctx context.Context, j *join, changed map[string]bool) {
	earlier := v.joined[j.pkg]
	evaluation := newEvaluation(v.input(j.joins), earlier.known)
	said, err := j.query.run(ctx, evaluation, deriveLimit)
	made := joined{said, map[string][]*ast.Term{}, evaluation.keep()}
	if err == nil && said == earlier.said {
		v.joined[j.pkg] = joined{said, earlier.facts, made.known}
		return
	}
	if err == nil {
		err = v.policies.collect(said, "", j.emits, made.facts)
	}
	v.Faults = slices.DeleteFunc(v.Faults, func(f Fault) bool { return f.Policy == j.pkg })
	if err != nil {
		made.said = nil
		v.Faults = append(v.Faults, Fault{Policy: j.pkg, Message: err.Error(), Kinds: j.emits})
	}
	for _, kind := range j.emits {
		if earlier.facts != nil && sameFacts(made.facts[kind], earlier.facts[kind]) {
			made.facts[kind] = earlier.facts[kind]
		} else {
			changed[kind] = true
		}
	}
	v.joined[j.pkg] = made
}

// input is {"facts": {kind: [...]}} with what documents state of the kinds that are named.
func (v *View) input(kinds []string) *ast.Term {
	pairs := make([][2]*ast.Term, 0, len(kinds))
	for _, kind := range kinds {
		pairs = append(pairs, [2]*ast.Term{ast.StringTerm(kind), ast.ArrayTerm(v.stated[kind]...)})
	}
	return ast.ObjectTerm([2]*ast.Term{ast.InternedTerm("facts"), ast.ObjectTerm(pairs...)})
}

func set(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, name := range names {
		out[name] = true
	}
	return out
}
