package program

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// operand compiles a term of which everything is bound.
func (s *scope) operand(t *ast.Term) operand {
	switch x := t.Value.(type) {
	case ast.String:
		t = s.program.words.Word(string(x))
		return func(*frame) *ast.Term { return t }
	case ast.Null, ast.Boolean, ast.Number:
		return func(*frame) *ast.Term { return t }
	case ast.Var:
		return s.variable(x)
	case ast.Ref:
		return s.reference(x)
	case *ast.Array:
		return s.array(t, x)
	case ast.Object:
		return s.object(t, x)
	case ast.Set:
		return s.set(t, x)
	case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
		return s.comprehension(t)
	}
	refuse("the value of %s, a %T", t, t.Value)
	return nil
}

func (s *scope) variable(v ast.Var) operand {
	if v == ast.InputRootDocument.Value {
		return func(f *frame) *ast.Term { return f.run.input }
	}
	slot, bound := s.bound[v]
	if !bound {
		refuse("%s before it is bound", v)
	}
	return func(f *frame) *ast.Term { return f.slots[slot] }
}

// base compiles the start of a reference, and gives the steps that are left.
func (s *scope) base(ref ast.Ref) (operand, []*ast.Term) {
	if !ref[0].Equal(ast.DefaultRootDocument) {
		return s.operand(ref[0]), ref[1:]
	}
	d, steps := s.program.resolve(ref)
	switch {
	case d == nil:
		return func(*frame) *ast.Term { return nil }, nil
	case d.function:
		refuse("a function as a value, %s", ref)
	}
	return func(f *frame) *ast.Term { return f.run.document(d) }, ref[steps:]
}

// reference compiles a reference of which everything is bound.
func (s *scope) reference(ref ast.Ref) operand {
	base, rest := s.base(ref)
	keys := make([]operand, len(rest))
	for i, t := range rest {
		keys[i] = s.operand(t)
	}
	if len(keys) == 1 {
		key := keys[0]
		return func(f *frame) *ast.Term { return step1(f, base(f), key) }
	}
	return func(f *frame) *ast.Term {
		v := base(f)
		for _, key := range keys {
			if v = step1(f, v, key); v == nil {
				return nil
			}
		}
		return v
	}
}

func step1(f *frame, v *ast.Term, key operand) *ast.Term {
	if v == nil {
		return nil
	}
	k := key(f)
	if k == nil {
		return nil
	}
	return lookup(v.Value, k)
}

// fixed tells whether a term is a value as it stands.
func fixed(t *ast.Term) bool {
	fixed := true
	ast.NewGenericVisitor(func(x any) bool {
		switch x.(type) {
		case ast.Var, ast.Ref, ast.Call, *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
			fixed = false
		}
		return !fixed
	}).Walk(t)
	return fixed
}

func (s *scope) operands(terms []*ast.Term) []operand {
	all := make([]operand, len(terms))
	for i, t := range terms {
		all[i] = s.operand(t)
	}
	return all
}

func values(f *frame, all []operand) []*ast.Term {
	out := make([]*ast.Term, len(all))
	for i, value := range all {
		if out[i] = value(f); out[i] == nil {
			return nil
		}
	}
	return out
}

func (s *scope) array(t *ast.Term, x *ast.Array) operand {
	if fixed(t) {
		return func(*frame) *ast.Term { return t }
	}
	elements := make([]*ast.Term, x.Len())
	for i := range elements {
		elements[i] = x.Elem(i)
	}
	all := s.operands(elements)
	return func(f *frame) *ast.Term {
		found := values(f, all)
		if found == nil {
			return nil
		}
		return ast.NewTerm(ast.NewArray(found...))
	}
}

func (s *scope) set(t *ast.Term, x ast.Set) operand {
	if fixed(t) {
		return func(*frame) *ast.Term { return t }
	}
	all := s.operands(x.Slice())
	return func(f *frame) *ast.Term {
		found := values(f, all)
		if found == nil {
			return nil
		}
		return ast.NewTerm(ast.NewSet(found...))
	}
}

func (s *scope) object(t *ast.Term, x ast.Object) operand {
	if fixed(t) {
		return func(*frame) *ast.Term { return t }
	}
	keys := s.operands(x.Keys())
	var terms []*ast.Term
	for _, k := range x.Keys() {
		terms = append(terms, x.Get(k))
	}
	all := s.operands(terms)
	return func(f *frame) *ast.Term {
		r := f.run
		start := len(r.pairs)
		defined := true
		for i := 0; defined && i < len(keys); i++ {
			k, v := keys[i](f), all[i](f)
			r.pairs = append(r.pairs, [2]*ast.Term{k, v})
			defined = k != nil && v != nil
		}
		var object *ast.Term
		if defined {
			object = ast.ObjectTerm(r.pairs[start:]...)
		}
		r.pairs = r.pairs[:start]
		return object
	}
}

// collection is what a comprehension makes while it runs; a zero one is empty.
type collection struct {
	array  []*ast.Term
	set    ast.Set
	object ast.Object
}

// gather gives what a comprehension makes of each solution, how that is added to a collection, and what the collection is in the end.
func gather(t *ast.Term) (parts []*ast.Term, add func(c *collection, r *Run, v [2]*ast.Term) bool, end func(c *collection) *ast.Term) {
	switch x := t.Value.(type) {
	case *ast.ArrayComprehension:
		return []*ast.Term{x.Term}, (*collection).append, func(c *collection) *ast.Term { return ast.NewTerm(ast.NewArray(c.array...)) }
	case *ast.SetComprehension:
		return []*ast.Term{x.Term}, (*collection).addElement, (*collection).asSet
	case *ast.ObjectComprehension:
		return []*ast.Term{x.Key, x.Value}, (*collection).addPair, (*collection).asObject
	}
	return nil, nil, nil
}

func (c *collection) append(_ *Run, v [2]*ast.Term) bool {
	c.array = append(c.array, v[0])
	return true
}

func (c *collection) addElement(_ *Run, v [2]*ast.Term) bool {
	if c.set == nil {
		c.set = ast.NewSet()
	}
	c.set.Add(v[0])
	return true
}

func (c *collection) asSet() *ast.Term {
	if c.set == nil {
		return ast.InternedEmptySet
	}
	return ast.NewTerm(c.set)
}

func (c *collection) addPair(r *Run, v [2]*ast.Term) bool {
	if c.object == nil {
		c.object = ast.NewObject()
	}
	if other := c.object.Get(v[0]); other != nil {
		return equal(other, v[1]) || r.fail("object keys must be unique: %v", v[0])
	}
	c.object.Insert(v[0], v[1])
	return true
}

func (c *collection) asObject() *ast.Term {
	if c.object == nil {
		return ast.InternedEmptyObject
	}
	return ast.NewTerm(c.object)
}

func bodyOf(t *ast.Term) ast.Body {
	switch x := t.Value.(type) {
	case *ast.ArrayComprehension:
		return x.Body
	case *ast.SetComprehension:
		return x.Body
	}
	return t.Value.(*ast.ObjectComprehension).Body
}

// comprehension compiles a comprehension that is evaluated where it stands.
func (s *scope) comprehension(t *ast.Term) operand {
	in := s.inner()
	step := in.body(bodyOf(t))
	if x, ok := t.Value.(*ast.ArrayComprehension); ok {
		return list(step, in.operand(x.Term))
	}
	terms, add, end := gather(t)
	parts := in.operands(terms)
	body := step(func(f *frame) bool {
		var v [2]*ast.Term
		for i, part := range parts {
			if v[i] = part(f); v[i] == nil {
				return f.run.err == nil
			}
		}
		return add(&f.run.collections[len(f.run.collections)-1], f.run, v)
	})
	return func(f *frame) *ast.Term {
		r := f.run
		depth := len(r.collections)
		r.collections = append(r.collections, collection{})
		body(f)
		c := &r.collections[depth]
		r.collections = r.collections[:depth]
		if r.err != nil {
			return nil
		}
		return end(c)
	}
}

// list makes an array of the values that an operand has for each solution.
func list(step step, element operand) operand {
	body := step(func(f *frame) bool {
		v := element(f)
		if v == nil {
			return f.run.err == nil
		}
		f.run.elements = append(f.run.elements, v)
		return true
	})
	return func(f *frame) *ast.Term {
		r, start := f.run, len(f.run.elements)
		body(f)
		made := r.elements[start:]
		r.elements = r.elements[:start]
		if r.err != nil {
			return nil
		}
		return ast.NewTerm(ast.NewArray(slices.Clone(made)...))
	}
}

// index compiles a comprehension that is the same for the same values of some variables: it is evaluated once for all of them. It is nil for any other term.
func (s *scope) index(t *ast.Term) operand {
	found := s.program.compiler.ComprehensionIndex(t)
	if found == nil {
		return nil
	}
	keys := s.operands(found.Keys)
	own := newScope(s.program, t)
	for _, k := range found.Keys {
		own.uses[k.Value.(ast.Var)]++
	}
	step := own.body(bodyOf(t))
	terms, add, end := gather(t)
	parts, of := own.operands(terms), own.operands(found.Keys)
	number := s.program.indexes
	s.program.indexes++
	body := step(func(f *frame) bool {
		key := values(f, of)
		if key == nil {
			return f.run.err == nil
		}
		var v [2]*ast.Term
		for i, part := range parts {
			if v[i] = part(f); v[i] == nil {
				return f.run.err == nil
			}
		}
		return add(f.run.indexes[number].at(key), f.run, v)
	})
	slots, empty := own.slots(), end(&collection{})
	return func(f *frame) *ast.Term {
		key := f.run.pushArgs(f, keys)
		defer f.run.popArgs(len(keys))
		if key == nil {
			return nil
		}
		all := f.run.indexes[number]
		if all == nil {
			if all = f.run.group(number, slots, body); all == nil {
				return nil
			}
		}
		for _, document := range all.asked {
			f.run.note(document)
		}
		if entry := all.get(key); entry != nil {
			if entry.made == nil {
				entry.made = end(&entry.collection)
			}
			return entry.made
		}
		return empty
	}
}
