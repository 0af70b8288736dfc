package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/document"
)

// adapter turns documents of some kinds into facts.
type adapter struct {
	pkg   string
	reads []selector
	emits []string
	query *query

	remarks []remark // of a policy for conftest: its rules
}

// selector names documents that an adapter reads. Group and Kinds are of Kubernetes objects; "*" is any. Fields are those that the adapter looks at, beside
// the object's type, and Annotations those of the objects' own; nil for all.
type selector struct {
	Format      document.Format
	Group       string
	Kinds       []string
	Fields      []string
	Annotations []string
}

// join makes facts of a snapshot's facts.
type join struct {
	pkg   string
	joins []string
	emits []string
	query *query
}

// deriveLimit bounds one adapter on one document, and one join on one view.
const deriveLimit = 30 * time.Second

func (p *Policies) registerAdapter(m *module, md *metadata) {
	md.known("reads", "emits")
	a := &adapter{pkg: m.pkg(), emits: p.kindsOf(md, "emits"), query: newFacts(m.pkg())}
	list, _ := md.custom["reads"].([]any)
	for _, entry := range list {
		fields, _ := entry.(map[string]any)
		md.within("reads", fields, "format", "group", "kinds", "fields", "annotations")
		s := selector{Format: document.Format(fmt.Sprint(fields["format"]))}
		s.Group, _ = fields["group"].(string)
		s.Kinds, s.Fields, s.Annotations = listed(fields["kinds"]), listed(fields["fields"]), listed(fields["annotations"])
		if !slices.Contains(document.Formats, s.Format) && s.Format != document.Ownership || (s.Format == document.Kubernetes) != (len(s.Kinds) > 0) {
			md.fault("custom.reads: an entry has a format, one of %v or %s; for %s also a group and kinds", document.Formats, document.Ownership, document.Kubernetes)
		}
		a.reads = append(a.reads, s)
	}
	p.adapters = append(p.adapters, a)
}

func (p *Policies) registerJoin(m *module, md *metadata) {
	md.known("joins", "emits")
	p.joins = append(p.joins, &join{pkg: m.pkg(), joins: p.kindsOf(md, "joins"), emits: p.kindsOf(md, "emits"), query: newFacts(m.pkg())})
}

// kindsOf reads a list of kinds of facts.
func (p *Policies) kindsOf(md *metadata, key string) []string {
	kinds := md.texts(key)
	for _, kind := range kinds {
		if p.Kinds[kind] == nil {
			md.fault("custom.%s: there is no kind of facts %q", key, kind)
		}
	}
	return kinds
}

// listed are the entries of a list, as text; nil where it is none.
func listed(list any) []string {
	entries, is := list.([]any)
	if !is {
		return nil
	}
	out := make([]string, len(entries))
	for i, entry := range entries {
		out[i] = fmt.Sprint(entry)
	}
	return out
}

// isAdapter tells whether the module reads documents.
func (p *Policies) isAdapter(m *module) bool {
	return slices.ContainsFunc(p.adapters, func(a *adapter) bool { return a.pkg == m.pkg() })
}

func (s selector) selects(d *document.Document) bool {
	switch {
	case s.Format != d.Format:
		return false
	case s.Format != document.Kubernetes:
		return true
	}
	return (s.Group == "*" || s.Group == d.Object.Group()) && (s.Kinds[0] == "*" || slices.Contains(s.Kinds, d.Object.Kind))
}

// Facts are what one document says, by kind. They are kept; the document is not.
type Facts struct {
	Document string // its id
	Digest   string
	File     string
	Object   document.Object
	format   document.Format
	byKind   map[string][]*ast.Term
	declared *declaration // for a System, Exemption or Profile
	partial  bool         // an adapter failed
}

// Fault is a policy that does not do its work: it errs, breaks its contract, or does not finish.
type Fault struct {
	Policy  string // package of the policy
	Message string
	Kinds   []string // the kinds of facts that are unknown because of it

	Document string // in hand, and its file, where there is one
	File     string
}

// Derive turns a document into facts. It may be called from several goroutines.
func (p *Policies) Derive(ctx context.Context, d document.Document) (*Facts, []document.Unread, []Fault) {
	f := &Facts{Document: d.ID, Digest: d.Digest, File: d.File, Object: d.Object, format: d.Format, byKind: map[string][]*ast.Term{}}
	value, unread := f.declare(d)
	if len(unread) > 0 {
		return nil, unread, nil
	}
	var faults []Fault
	var e *evaluation
	for _, a := range p.adapters {
		if !slices.ContainsFunc(a.reads, func(s selector) bool { return s.selects(&d) }) {
			continue
		}
		if e == nil {
			input, err := p.words.Term(p.shown(&d, value))
			if err != nil {
				return f, nil, []Fault{{Policy: a.pkg, Message: err.Error(), Kinds: a.emits, Document: d.ID, File: d.File}}
			}
			e = newEvaluation(input)
			defer e.end()
		}
		out, err := a.derive(ctx, e, d)
		if err == nil {
			err = p.collect(out, d.ID, a.emits, f.byKind)
		}
		if err != nil {
			faults = append(faults, Fault{Policy: a.pkg, Message: err.Error(), Kinds: a.emits, Document: d.ID, File: d.File})
		}
	}
	f.partial = len(faults) > 0
	return f, nil, faults
}

// derive asks the adapter for the facts of a document. Policies for conftest are compiled apart from all others.
func (a *adapter) derive(ctx context.Context, e *evaluation, d document.Document) (ast.Value, error) {
	if a.remarks == nil {
		return a.query.run(ctx, e, deriveLimit)
	}
	out, err := a.query.once(ctx, e.input, deriveLimit)
	if err != nil {
		return nil, err
	}
	return a.remarked(out, d)
}

// collect sorts emitted facts by kind. A fact of a document gets the place {document id, path...} as `at`; a joined one has it.
func (p *Policies) collect(out ast.Value, id string, emits []string, into map[string][]*ast.Term) error {
	set, ok := out.(ast.Set)
	if !ok {
		return fmt.Errorf("`facts` is not a set")
	}
	for _, term := range set.Slice() {
		name, fact, err := p.fact(term, id)
		if err != nil {
			return err
		}
		if !slices.Contains(emits, name) {
			return fmt.Errorf("emits a fact of kind %q, which its METADATA does not say", name)
		}
		into[name] = append(into[name], fact)
	}
	return nil
}

var factKey, pathKey = ast.StringTerm("fact"), ast.StringTerm("path")

// fact checks an emitted fact against its kind.
func (p *Policies) fact(term *ast.Term, id string) (string, *ast.Term, error) {
	object, ok := term.Value.(ast.Object)
	if !ok {
		return "", nil, fmt.Errorf("emits %v, which is no fact", term)
	}
	name := stringOf(object.Get(factKey))
	kind := p.Kinds[name]
	if kind == nil {
		return "", nil, fmt.Errorf("emits a fact of the unknown kind %q", name)
	}
	place := object.Get(atKey)
	if path := object.Get(pathKey); path != nil && place == nil {
		place = prepend(id, path)
	}
	if place == nil || object.Len() != len(kind.Fields)+2 {
		return "", nil, fmt.Errorf("emits a fact %s with the fields %v; it has %v, and a path", name, object.Keys(), kind.Fields)
	}
	pairs := make([][2]*ast.Term, 0, len(kind.Fields)+1)
	for i, key := range kind.keys {
		value := object.Get(key)
		if value == nil {
			return "", nil, fmt.Errorf("emits a fact %s without %s", name, kind.Fields[i])
		}
		pairs = append(pairs, [2]*ast.Term{key, value})
	}
	pairs = append(pairs, [2]*ast.Term{atKey, place})
	return name, ast.ObjectTerm(pairs...), nil
}

func prepend(id string, path *ast.Term) *ast.Term {
	array, ok := path.Value.(*ast.Array)
	if !ok {
		return nil
	}
	terms := make([]*ast.Term, 0, array.Len()+1)
	terms = append(terms, ast.StringTerm(id))
	array.Foreach(func(t *ast.Term) { terms = append(terms, t) })
	return ast.ArrayTerm(terms...)
}

func stringOf(t *ast.Term) string {
	if t == nil {
		return ""
	}
	s, _ := t.Value.(ast.String)
	return string(s)
}
