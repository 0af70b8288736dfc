// Package program evaluates compiled Rego quickly.
//
// Rules are turned into closures once: which variable is bound where is known from the order that the compiler has put a
// body into, so that nothing is unified, traced or undone when they run. The reference for what they mean is OPA's own
// evaluator; what is not understood here is refused when it is compiled, and left to that.
package program

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Program holds the rules of one compiler, each turned into closures when it is first asked for. Queries are compiled one after
// the other; what is compiled may be run by several goroutines.
type Program struct {
	compiler  *ast.Compiler
	rules     map[string][]*ast.Rule // by the reference that names them, such as data.a.b
	documents map[string]*document
	indexes   int       // comprehensions that are looked up by key
	done      sync.Pool // of runs
	words     Words
	parts     [][]*ast.Term // of inputs, by number: the path to each
	bases     [][]int       // by number: parts on which a document rests
	numbered  []*document   // by number
}

// New starts a program over compiled modules, and adds the words that they name to those of others.
func New(compiler *ast.Compiler, words Words) *Program {
	p := &Program{compiler: compiler, rules: map[string][]*ast.Rule{}, documents: map[string]*document{}, words: words}
	for _, m := range compiler.Modules {
		for _, r := range m.Rules {
			name := m.Package.Path.Extend(r.Head.Ref()[:1]).String()
			p.rules[name] = append(p.rules[name], r)
		}
	}
	return p
}

// goal is what is left to be shown: it is called for each solution so far, and tells whether more are wanted.
type goal func(f *frame) (more bool)

// operand gives the value of a term of which everything is bound; nil where it is undefined.
type operand func(f *frame) *ast.Term

// document is all rules of one name: what they define, or a function.
type document struct {
	name     string
	number   int
	rules    []*rule
	fallback operand // of a default rule
	function bool
	single   bool                  // one value, and no parts
	uniform  bool                  // every rule has the same constant value: the first that holds is enough
	looks    []int                 // the parts of the input at which it looks itself, and through functions
	reads    []int                 // the parts of the input on which it rests
	own      int                   // the number of the base that is what it looks at
	basis    int                   // the number of the base that is what it rests on
	fixed    atomic.Pointer[known] // what it defines, where it rests on none; nil until that is known
	refused  *unsupported
}

// rule is one rule of a document.
type rule struct {
	slots    int
	named    int        // how many arguments are names only, before any other: they are the first variables
	args     []argument // those after them
	body     goal       // ends in the frame's found
	parts    []operand  // the steps below the document's name
	value    operand
	contains bool // the value is an element
	constant bool // the value is the same for each solution
	orElse   *rule
	location *ast.Location
}

// argument binds one argument of a function, or refuses it.
type argument func(f *frame, value *ast.Term) bool

// Query is a compiled question.
type Query struct {
	slots int
	body  goal
}

// unsupported is the panic of the compiler where it does not understand something; Compile makes an error of it.
type unsupported struct{ what string }

func refuse(format string, args ...any) { panic(unsupported{fmt.Sprintf(format, args...)}) }

// Compile compiles a query, and all that it refers to. variable is the one whose value is its result. The error says what is not understood.
func (p *Program) Compile(body ast.Body, variable ast.Var) (q *Query, err error) {
	defer func() {
		if r := recover(); r != nil {
			u, ok := r.(unsupported)
			if !ok {
				panic(r)
			}
			q, err = nil, fmt.Errorf("not understood: %s", u.what)
		}
	}()
	s := newScope(p, body)
	s.uses[variable] += 2 // it is read from outside
	step := s.body(body)
	slot, bound := s.bound[variable]
	if !bound {
		refuse("a query without %s", variable)
	}
	q = &Query{body: step(func(f *frame) bool { f.value = f.slots[slot]; return false })}
	q.slots = s.slots()
	return q, nil
}

// Forget lets go of the modules. Nothing is compiled after it.
func (p *Program) Forget() { p.compiler, p.rules = nil, nil }

// document finds or compiles the rules of one name.
func (p *Program) document(name string) *document {
	if d := p.documents[name]; d != nil {
		if d.refused != nil {
			panic(*d.refused)
		}
		return d
	}
	d := &document{name: name, number: len(p.documents)}
	p.documents[name], p.numbered = d, append(p.numbered, d)
	defer func() {
		if r := recover(); r != nil {
			if u, ok := r.(unsupported); ok {
				d.refused = &u
			}
			panic(r)
		}
	}()
	single := true
	for _, r := range p.rules[name] {
		if r.Default {
			d.fallback = p.constant(r)
			continue
		}
		c := p.rule(r)
		d.function = d.function || len(r.Head.Args) > 0
		single = single && len(c.parts) == 0 && !c.contains
		d.rules = append(d.rules, c)
	}
	d.looks, d.reads = p.rests(p.rules[name])
	d.own, d.basis = p.base(d.looks), p.base(d.reads)
	d.single, d.uniform = single, single && uniform(d.rules)
	return d
}

func uniform(rules []*rule) bool {
	for _, c := range rules {
		if !c.constant || c.orElse != nil || !equal(c.value(nil), rules[0].value(nil)) {
			return false
		}
	}
	return true
}

func (p *Program) constant(r *ast.Rule) operand {
	s := newScope(p, r)
	for _, a := range r.Head.Args {
		s.argument(a)
	}
	if len(r.Body) != 1 || !isTrue(r.Body[0]) || !fixed(r.Head.Value) {
		refuse("a default that is computed, %s", r.Location)
	}
	return s.operand(r.Head.Value)
}

func isTrue(e *ast.Expr) bool {
	t, ok := e.Terms.(*ast.Term)
	return ok && t.Value == ast.Boolean(true)
}

// rule compiles one rule.
func (p *Program) rule(r *ast.Rule) *rule {
	s := newScope(p, r)
	c := &rule{location: r.Location}
	for _, a := range r.Head.Args {
		if v, free := s.free(a); free && len(c.args) == 0 {
			c.named = s.bind(v) + 1
			continue
		}
		c.args = append(c.args, s.argument(a))
	}
	step := s.body(r.Body)
	for _, t := range r.Head.Ref()[1:] {
		c.parts = append(c.parts, s.operand(t))
	}
	switch {
	case r.Head.RuleKind() == ast.MultiValue:
		c.contains, c.value = true, s.operand(r.Head.Key)
	default:
		c.value, c.constant = s.operand(r.Head.Value), fixed(r.Head.Value)
	}
	c.body = step(c.found)
	c.slots = s.slots()
	if r.Else != nil {
		c.orElse = p.rule(r.Else)
	}
	return c
}

func isRef(t *ast.Term) bool { _, ok := t.Value.(ast.Ref); return ok }

// resolve finds the document that a reference to data names, and how many of its steps that takes; nil where nothing defines it.
func (p *Program) resolve(ref ast.Ref) (*document, int) {
	ground := ref.GroundPrefix()
	for n := 2; n <= len(ground); n++ {
		if name := ground[:n].String(); p.rules[name] != nil {
			return p.document(name), n
		}
	}
	for name := range p.rules {
		if strings.HasPrefix(name, ground.String()) {
			refuse("a reference to a package, %s", ref)
		}
	}
	return nil, 0
}
