package engine

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

// Undeclared is the name of the system that holds what no System claims.
const Undeclared = "(undeclared)"

// Snapshot is one system with all that bears on it, ready to be judged.
type Snapshot struct {
	Name          string
	Declared      bool
	RequiredLevel int
	DependsOn     []string

	view       *View
	document   string // id of the System; the place of findings about the system as a whole
	input      *ast.Term
	facts      map[string]*ast.Term // by kind: what was selected, an array; kept from an earlier snapshot where it is the same
	documents  map[string]bool      // ids of those that are the system's own
	exemptions []*v1alpha1.Exemption
	asOf       time.Time
	unread     []taint
	namespace  string // of the System
	namespaces []string
	modes      v1alpha1.Modes
	retired    bool // it is retiring, and declares nobody downstream
}

// Settings are what is decided outside of the documents.
type Settings struct {
	AsOf   time.Time                 // the moment of judgement
	Params map[string]map[string]any // overrides, by check and parameter

	params *ast.Term // those, and every default; nil: to be made of Params
}

// complete makes the parameters, where that was not done before.
func (p *Policies) complete(s Settings) Settings {
	if s.params == nil {
		s.params = p.params(s.Params)
	}
	return s
}

// Snapshots cuts the view into its systems: every declared one, and one more for workloads in production that none of
// them claims. In a repository that declares no System, all workloads are taken to be in production.
func (v *View) Snapshots(s Settings) []*Snapshot { return v.snapshots(v.policies.complete(s), nil) }

// snapshots are the same, with those parts of an earlier judgement's that they have in common.
func (v *View) snapshots(s Settings, earlier *Judged) []*Snapshot {
	var out []*Snapshot
	claimed := map[string]bool{}
	for _, system := range v.systems {
		for _, namespace := range system.Spec.Namespaces {
			claimed[namespace] = true
		}
		out = append(out, v.snapshot(system, system.Spec.Namespaces, s.AsOf, s.params, earlier.find(system.Name)))
	}
	if rest := v.unclaimed(claimed); v.undeclared() || len(rest) > 0 {
		out = append(out, v.snapshot(nil, rest, s.AsOf, s.params, earlier.find(Undeclared)))
	}
	return out
}

// undeclared tells whether the view is that of a repository without any System.
func (v *View) undeclared() bool { return v.Entrance == CI && len(v.systems) == 0 }

// unclaimed are the namespaces with workloads in production that no System names.
func (v *View) unclaimed(claimed map[string]bool) []string {
	production := v.production()
	found := map[string]bool{}
	for namespace := range v.within["workload"] {
		if !claimed[namespace] && (v.undeclared() || production[namespace]) {
			found[namespace] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// production are the namespaces that are labelled so.
func (v *View) production() map[string]bool {
	found := map[string]bool{}
	for _, fact := range v.facts["namespace"] {
		if fact.Get(ast.InternedTerm("production")).Equal(ast.InternedTerm(true)) {
			found[textOf(fact, "name")] = true
		}
	}
	return found
}

var atKey, namespaceKey = ast.StringTerm("at"), ast.StringTerm("namespace")

// documentOf is the id of the document in which a fact stands.
func documentOf(fact *ast.Term) string {
	return stringOf(fact.Value.(ast.Object).Get(atKey).Value.(*ast.Array).Elem(0))
}

func namespaceOf(fact *ast.Term) string {
	return stringOf(fact.Value.(ast.Object).Get(namespaceKey))
}

// textOf is a field of a fact; empty where it is no text.
func textOf(fact *ast.Term, field string) string {
	return stringOf(fact.Get(ast.InternedTerm(field)))
}

// snapshot selects what bears on a system: of the facts that live in a namespace, those of its own; of all others, all.
func (v *View) snapshot(system *v1alpha1.System, namespaces []string, asOf time.Time, params *ast.Term, earlier *standing) *Snapshot {
	s := &Snapshot{Name: Undeclared, view: v, exemptions: v.exemptions, asOf: asOf, namespaces: namespaces}
	declared := ast.ObjectTerm(
		[2]*ast.Term{ast.StringTerm("at"), ast.ArrayTerm(ast.StringTerm(""))},
		[2]*ast.Term{ast.StringTerm("name"), ast.StringTerm(Undeclared)},
		[2]*ast.Term{ast.StringTerm("namespace"), ast.StringTerm("")},
		[2]*ast.Term{ast.StringTerm("declared"), ast.InternedTerm(false)},
		[2]*ast.Term{ast.StringTerm("spec"), ast.ObjectTerm()},
	)
	profileName := "default"
	if system != nil {
		s.Name, s.Declared, s.DependsOn = system.Name, true, system.Spec.DependsOn
		s.RequiredLevel, profileName = int(*system.Spec.RequiredLevel), system.Spec.Profile
		s.modes, s.retired = system.Spec.Modes, system.Spec.Lifecycle == v1alpha1.Retiring && len(system.Spec.Downstream) == 0
		s.namespace = system.Namespace
		s.document = idOfSystem(system)
		declared = ast.ObjectTerm(
			[2]*ast.Term{ast.InternedTerm("at"), ast.ArrayTerm(ast.StringTerm(s.document))},
			[2]*ast.Term{ast.InternedTerm("name"), ast.StringTerm(system.Name)},
			[2]*ast.Term{ast.InternedTerm("namespace"), ast.StringTerm(system.Namespace)},
			[2]*ast.Term{ast.InternedTerm("declared"), ast.InternedTerm(true)},
			[2]*ast.Term{ast.InternedTerm("spec"), v.sources.get(s.document).declared.spec},
		)
	} else {
		s.RequiredLevel = 1
	}
	s.selectFacts(namespaces, earlier)
	s.unread = v.taints(slices.Sorted(maps.Keys(s.documents)), namespaces)
	s.input = ast.ObjectTerm(
		[2]*ast.Term{ast.StringTerm("now"), term(asOf.UnixNano())},
		[2]*ast.Term{ast.StringTerm("params"), params},
		[2]*ast.Term{ast.StringTerm("exemptible"), v.policies.exemptible},
		[2]*ast.Term{ast.StringTerm("profile"), v.profile(profileName)},
		[2]*ast.Term{ast.StringTerm("system"), declared},
		[2]*ast.Term{ast.StringTerm("facts"), v.policies.byKind(s.facts)},
	)
	return s
}

// profile is the Profile of a name. Where none is declared, the bounds' defaults hold.
func (v *View) profile(name string) *ast.Term {
	p, spec := v.profiles[name], (*ast.Term)(nil)
	switch {
	case p == nil:
		spec = standardProfile().spec
	case v.given != nil:
		spec = v.given
	default:
		spec = v.sources.get(document.Object{APIVersion: v1alpha1.Group + "/" + v1alpha1.Version, Kind: "Profile", Name: p.Name}.ID()).declared.spec
	}
	return ast.ObjectTerm(
		[2]*ast.Term{ast.InternedTerm("name"), ast.StringTerm(name)},
		[2]*ast.Term{ast.InternedTerm("declared"), ast.InternedTerm(v.profiles[name] != nil)},
		[2]*ast.Term{ast.InternedTerm("spec"), spec},
	)
}

var standardProfile = sync.OnceValue(func() declaration {
	p := v1alpha1.DefaultProfile()
	return declaration{profile: &p, spec: specOf(&p)}
})

// selectFacts takes the facts that bear on the system, and notes which documents make it up.
func (s *Snapshot) selectFacts(namespaces []string, earlier *standing) {
	s.facts, s.documents = maps.Clone(s.view.arrays), map[string]bool{}
	if s.document != "" {
		s.documents[s.document] = true
	}
	namespaces = slices.Compact(slices.Sorted(slices.Values(namespaces)))
	for kind, within := range s.view.within {
		var mine []*ast.Term
		for _, namespace := range namespaces {
			mine = append(mine, within[namespace]...)
		}
		for _, fact := range mine {
			s.documents[documentOf(fact)] = true
		}
		if s.view.policies.Kinds[kind].remarks {
			mine = s.remarks(kind, mine)
		}
		s.facts[kind] = earlier.arrayOf(kind, mine)
	}
	if earlier == nil {
		return
	}
	for kind, was := range earlier.snapshot.facts {
		if sameTerm(was, s.facts[kind]) {
			s.facts[kind] = was
		}
	}
}

// arrayOf is the array of some facts of a kind: the one that was selected before, where those are the very same.
func (s *standing) arrayOf(kind string, facts []*ast.Term) *ast.Term {
	if s != nil && s.snapshot.facts[kind] != nil {
		was := s.snapshot.facts[kind]
		i := -1
		differs := func(f *ast.Term) bool { i++; return f != facts[i] }
		if array := was.Value.(*ast.Array); array.Len() == len(facts) && !array.Until(differs) {
			return was
		}
	}
	return ast.ArrayTerm(facts...)
}

// remarks are what policies for conftest say of the objects in the system's namespaces, and of those in none. In a repository without Systems it is all.
func (s *Snapshot) remarks(kind string, mine []*ast.Term) []*ast.Term {
	if s.view.undeclared() {
		return s.view.facts[kind]
	}
	return append(mine, s.view.within[kind][""]...)
}

// sameTerm tells whether two values are the same; where they differ, their hashes mostly tell.
func sameTerm(a, b *ast.Term) bool { return a == b || a.Value.Hash() == b.Value.Hash() && a.Equal(b) }

// byKind is {kind: [facts]} with every kind.
func (p *Policies) byKind(facts map[string]*ast.Term) *ast.Term {
	pairs := make([][2]*ast.Term, 0, len(p.Kinds))
	for name, kind := range p.Kinds {
		pairs = append(pairs, [2]*ast.Term{kind.term, facts[name]})
	}
	return ast.ObjectTerm(pairs...)
}

// differs tells which checks may answer differently here than in an earlier snapshot of the same system.
func (s *Snapshot) differs(earlier *standing) func(*Check) bool {
	if earlier == nil || !s.sameBut(earlier.snapshot, "facts", "now") {
		return func(*Check) bool { return true }
	}
	changed := map[string]bool{}
	for kind, facts := range s.facts {
		if facts != earlier.snapshot.facts[kind] {
			changed[kind] = true
		}
	}
	return func(c *Check) bool {
		return c.timed && !s.asOf.Equal(earlier.snapshot.asOf) || slices.ContainsFunc(c.Reads, func(kind string) bool { return changed[kind] })
	}
}

// sameBut tells whether the inputs of two snapshots are the same, some parts left out.
func (s *Snapshot) sameBut(other *Snapshot, parts ...string) bool {
	mine, theirs := s.input.Value.(ast.Object), other.input.Value.(ast.Object)
	return !mine.Until(func(key, value *ast.Term) bool {
		return !slices.Contains(parts, stringOf(key)) && !value.Equal(theirs.Get(key))
	})
}

// params gives {check: {parameter: value}}, with every default.
func (p *Policies) params(overrides map[string]map[string]any) *ast.Term {
	all := map[string]any{}
	for _, c := range p.Rules() {
		values := map[string]any{}
		for name, parameter := range c.Parameters {
			values[name] = parameter.Default
		}
		maps.Copy(values, overrides[c.ID])
		if len(values) > 0 {
			all[c.ID] = values
		}
	}
	return term(all)
}

// term converts a plain value.
func term(value any) *ast.Term {
	v, err := ast.InterfaceToValue(value)
	if err != nil {
		panic(err) // a value of ours that Rego cannot hold
	}
	return ast.NewTerm(v)
}
