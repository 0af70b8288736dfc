package program

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// scope is one body while it is compiled, with the bodies inside of it: where each variable is kept, and which are bound by now.
type scope struct {
	program *Program
	bound   map[ast.Var]int // to its slot
	uses    map[ast.Var]int // how often each is written anywhere in the rule
	count   *int            // slots, of the whole rule
}

// step is a part of a body: given what comes after it, it makes what is to be done.
type step func(next goal) goal

func newScope(p *Program, node any) *scope {
	s := &scope{program: p, bound: map[ast.Var]int{}, uses: map[ast.Var]int{}, count: new(int)}
	ast.WalkVars(node, func(v ast.Var) bool { s.uses[v]++; return false })
	return s
}

// inner is a scope for a body inside of this one: it sees what is bound, and what it binds is its own.
func (s *scope) inner() *scope {
	bound := make(map[ast.Var]int, len(s.bound))
	for v, slot := range s.bound {
		bound[v] = slot
	}
	return &scope{s.program, bound, s.uses, s.count}
}

func (s *scope) slots() int { return *s.count }

func (s *scope) slot() int {
	*s.count++
	return *s.count - 1
}

func (s *scope) bind(v ast.Var) int {
	slot := s.slot()
	s.bound[v] = slot
	return slot
}

// free is the variable that a term is, where it is one that nothing has bound yet.
func (s *scope) free(t *ast.Term) (ast.Var, bool) {
	v, ok := t.Value.(ast.Var)
	if !ok || v == ast.InputRootDocument.Value || v == ast.DefaultRootDocument.Value {
		return "", false
	}
	_, bound := s.bound[v]
	return v, !bound
}

// known tells whether everything in a term is bound. What is bound inside a comprehension is its own.
func (s *scope) known(t *ast.Term) bool {
	known := true
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
			return true
		case *ast.Term:
			if _, free := s.free(x); free {
				known = false
			}
		}
		return !known
	}).Walk(t)
	return known
}

// body compiles expressions in the order that they have.
func (s *scope) body(body ast.Body) step {
	steps := make([]step, 0, len(body))
	for len(body) > 0 {
		step, n := s.union(body)
		if step == nil {
			step, n = s.walk(body)
		}
		if step == nil {
			step, n = s.expression(body[0]), 1
		}
		steps, body = append(steps, step), body[n:]
	}
	return chain(steps)
}

func chain(steps []step) step {
	return func(next goal) goal {
		for _, step := range slices.Backward(steps) {
			next = step(next)
		}
		return next
	}
}

func (s *scope) expression(e *ast.Expr) step {
	if len(e.With) > 0 {
		refuse("with, %s", e.Location)
	}
	if e.Negated {
		plain := *e
		plain.Negated = false
		return s.not(ast.Body{&plain})
	}
	switch terms := e.Terms.(type) {
	case *ast.Not:
		return s.not(terms.Body)
	case *ast.Every:
		return s.every(terms)
	case *ast.Term:
		return s.holds(terms)
	case []*ast.Term:
		if e.IsEquality() {
			return s.equal(terms[1], terms[2])
		}
		return s.call(e, terms)
	}
	refuse("%T, %s", e.Terms, e.Location)
	return nil
}

// not holds where a body has no solution.
func (s *scope) not(body ast.Body) step {
	inner := s.inner().body(body)(func(f *frame) bool { f.flag = true; return false })
	return func(next goal) goal {
		return func(f *frame) bool {
			f.flag = false
			inner(f)
			if found := f.flag; f.run.err != nil || found {
				f.flag = false
				return f.run.err == nil
			}
			return next(f)
		}
	}
}

// every holds where a body has a solution for each value of its domain.
func (s *scope) every(e *ast.Every) step {
	domain := s.operand(e.Domain)
	in := s.inner()
	key, value := -1, -1
	if e.Key != nil {
		key = in.bind(e.Key.Value.(ast.Var))
	}
	value = in.bind(e.Value.Value.(ast.Var))
	inner := in.body(e.Body)(func(f *frame) bool { f.flag = true; return false })
	all := func(f *frame, d ast.Value) bool {
		return f.each(d, key >= 0, func(k, v *ast.Term) bool {
			if key >= 0 {
				f.slots[key] = k
			}
			f.slots[value], f.flag = v, false
			inner(f)
			return f.flag
		})
	}
	return func(next goal) goal {
		return func(f *frame) bool {
			d := domain(f)
			if d == nil || !hasParts(d.Value) {
				return f.run.err == nil
			}
			holds := all(f, d.Value)
			f.flag = false
			if f.run.err != nil {
				return false
			}
			return !holds || next(f)
		}
	}
}

// holds is where a term is defined and not false.
func (s *scope) holds(t *ast.Term) step {
	if s.known(t) {
		value := s.operand(t)
		return func(next goal) goal {
			return func(f *frame) bool {
				if !holds(value(f)) {
					return f.run.err == nil
				}
				return next(f)
			}
		}
	}
	slot := s.slot()
	generate := s.generate(t, slot)
	return func(next goal) goal {
		return generate(func(f *frame) bool {
			return !holds(f.slots[slot]) || next(f)
		})
	}
}

// equal makes two terms the same: what is bound is compared, and what is not is bound.
func (s *scope) equal(a, b *ast.Term) step {
	if s.known(a) && !s.known(b) {
		a, b = b, a
	}
	if v, free := s.free(a); free && s.known(b) {
		return s.assign(v, b)
	}
	if s.known(a) && s.known(b) {
		return s.same(a, b)
	}
	if !s.known(a) && !s.known(b) && !isRef(b) { // both are patterns, or the reference is on the left
		if !isRef(a) {
			return s.match(a, b)
		}
		a, b = b, a
	}
	slot := s.slot() // a is a pattern; or both are references
	first := s.generate(b, slot)
	second := s.unify(a, slot)
	return func(next goal) goal { return first(second(next)) }
}

// assign binds a variable to what a term has.
func (s *scope) assign(v ast.Var, t *ast.Term) step {
	if index := s.index(t); index != nil {
		slot := s.bind(v)
		return define(slot, index)
	}
	value := s.operand(t)
	return define(s.bind(v), value)
}

func define(slot int, value operand) step {
	return func(next goal) goal {
		return func(f *frame) bool {
			v := value(f)
			if v == nil {
				return f.run.err == nil
			}
			f.slots[slot] = v
			return next(f)
		}
	}
}

func (s *scope) same(a, b *ast.Term) step {
	left, right := s.operand(a), s.operand(b)
	return func(next goal) goal {
		return func(f *frame) bool {
			x := left(f)
			if x == nil {
				return f.run.err == nil
			}
			y := right(f)
			if y == nil {
				return f.run.err == nil
			}
			if x != y && !equal(x, y) {
				return true
			}
			return next(f)
		}
	}
}

// match makes two patterns the same, part by part.
func (s *scope) match(a, b *ast.Term) step {
	x, xs := a.Value.(*ast.Array)
	y, ys := b.Value.(*ast.Array)
	if !xs || !ys {
		refuse("%s = %s", a, b)
	}
	if x.Len() != y.Len() {
		return func(goal) goal { return func(*frame) bool { return true } }
	}
	steps := make([]step, x.Len())
	for i := range steps {
		steps[i] = s.equal(x.Elem(i), y.Elem(i))
	}
	return chain(steps)
}

// unify makes a term the same as what a slot has.
func (s *scope) unify(t *ast.Term, slot int) step {
	if v, free := s.free(t); free {
		s.bound[v] = slot // kept where it is: a slot is not written again before all that follows is done
		return func(next goal) goal { return next }
	}
	if s.known(t) {
		value := s.operand(t)
		return func(next goal) goal {
			return func(f *frame) bool {
				v := value(f)
				if v == nil || v != f.slots[slot] && !equal(v, f.slots[slot]) {
					return f.run.err == nil
				}
				return next(f)
			}
		}
	}
	switch x := t.Value.(type) {
	case *ast.Array:
		return s.unifyArray(x, slot)
	case ast.Object:
		return s.unifyObject(x, slot)
	case ast.Ref:
		other := s.slot()
		generate := s.generate(t, other)
		return func(next goal) goal {
			return generate(func(f *frame) bool { return !equal(f.slots[other], f.slots[slot]) || next(f) })
		}
	}
	refuse("a pattern of %s", t)
	return nil
}

func (s *scope) unifyArray(x *ast.Array, slot int) step {
	parts := make([]int, x.Len())
	steps := make([]step, x.Len())
	for i := range parts {
		parts[i] = s.slot()
		steps[i] = s.unify(x.Elem(i), parts[i])
	}
	rest := chain(steps)
	return func(next goal) goal {
		then := rest(next)
		return func(f *frame) bool {
			array, ok := f.slots[slot].Value.(*ast.Array)
			if !ok || array.Len() != len(parts) {
				return true
			}
			for i, part := range parts {
				f.slots[part] = array.Elem(i)
			}
			return then(f)
		}
	}
}

func (s *scope) unifyObject(x ast.Object, slot int) step {
	keys := x.Keys()
	parts := make([]int, len(keys))
	steps := make([]step, len(keys))
	for i, key := range keys {
		if !key.IsGround() || isRef(key) {
			refuse("a pattern with the key %s", key)
		}
		parts[i] = s.slot()
		steps[i] = s.unify(x.Get(key), parts[i])
	}
	rest := chain(steps)
	return func(next goal) goal {
		then := rest(next)
		return func(f *frame) bool {
			object, ok := f.slots[slot].Value.(ast.Object)
			if !ok || object.Len() != len(keys) {
				return true
			}
			for i, key := range keys {
				v := object.Get(key)
				if v == nil {
					return true
				}
				f.slots[parts[i]] = v
			}
			return then(f)
		}
	}
}

// generate puts every value that a term has into a slot, one after the other.
func (s *scope) generate(t *ast.Term, slot int) step {
	if s.known(t) {
		return define(slot, s.operand(t))
	}
	ref, ok := t.Value.(ast.Ref)
	if !ok {
		refuse("the values of %s", t)
	}
	base, rest := s.base(ref)
	start := define(slot, base)
	steps := []step{start}
	for _, t := range rest {
		steps = append(steps, s.descend(t, slot))
	}
	return chain(steps)
}

// descend goes from what a slot has to a part of it: the one that is named, or each.
func (s *scope) descend(t *ast.Term, slot int) step {
	if s.known(t) {
		key := s.operand(t)
		return func(next goal) goal {
			return func(f *frame) bool {
				k := key(f)
				if k == nil {
					return f.run.err == nil
				}
				v := lookup(f.slots[slot].Value, k)
				if v == nil {
					return true
				}
				f.slots[slot] = v
				return next(f)
			}
		}
	}
	part := s.slot()
	wanted := true
	var bind step
	if v, free := s.free(t); free {
		wanted = s.uses[v] > 1
		s.bound[v] = part
		bind = func(next goal) goal { return next }
	} else {
		bind = s.unify(t, part)
	}
	return func(next goal) goal {
		return parts(slot, part, wanted, bind(next))
	}
}

// parts goes through the parts of what a slot has: the slot has each of them in turn, and another one its key, where that is wanted.
func parts(slot, key int, wanted bool, then goal) goal {
	return func(f *frame) bool {
		array, ok := f.slots[slot].Value.(*ast.Array)
		if !ok {
			return f.each(f.slots[slot].Value, wanted, func(k, v *ast.Term) bool {
				f.slots[key], f.slots[slot] = k, v
				return then(f)
			})
		}
		for i := range array.Len() { // most often: without a function for each
			if wanted {
				f.slots[key] = ast.InternedTerm(i)
			}
			if f.slots[slot] = array.Elem(i); !f.run.goOn() || !then(f) {
				return false
			}
		}
		return true
	}
}
