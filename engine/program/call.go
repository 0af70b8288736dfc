package program

import (
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// call compiles a call as an expression: of a function of the policies, or of a builtin one. Its last term, where there is one more than
// it has arguments, is what its value must be.
func (s *scope) call(e *ast.Expr, terms []*ast.Term) step {
	operator, ok := terms[0].Value.(ast.Ref)
	if !ok {
		refuse("a call of %s, %s", terms[0], e.Location)
	}
	arity := s.program.compiler.GetArity(operator)
	if arity < 0 || len(terms) < arity+1 {
		refuse("a call of %s, %s", terms[0], e.Location)
	}
	args := s.operands(terms[1 : arity+1])
	value := s.called(operator, args, e)
	if len(terms) == arity+1 {
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
	first := define(slot, value)
	second := s.unify(terms[arity+1], slot)
	return func(next goal) goal { return first(second(next)) }
}

// called gives the value of a call.
func (s *scope) called(operator ast.Ref, args []operand, e *ast.Expr) operand {
	if operator[0].Equal(ast.DefaultRootDocument) {
		d, steps := s.program.resolve(operator)
		if d == nil || steps != len(operator) {
			refuse("a call of %s, %s", operator, e.Location)
		}
		return func(f *frame) *ast.Term {
			var v *ast.Term
			if found := f.run.pushArgs(f, args); found != nil {
				v = f.run.call(d, found)
			}
			f.run.popArgs(len(args))
			return v
		}
	}
	name := operator.String()
	native, function := natives[name], topdown.GetBuiltin(name)
	if function == nil {
		refuse("the builtin %s, %s", name, e.Location)
	}
	return func(f *frame) *ast.Term {
		var v *ast.Term
		if found := f.run.pushArgs(f, args); found != nil || len(args) == 0 {
			if native != nil {
				v = native(found)
			}
			if v == nil {
				v = f.run.builtin(function, found, e.Location)
			}
		}
		f.run.popArgs(len(args))
		return v
	}
}

// pushArgs evaluates the arguments of a call; nil where one is undefined. They are to be popped in any case.
func (r *Run) pushArgs(f *frame, args []operand) []*ast.Term {
	start := len(r.args)
	r.args = slices.Grow(r.args, len(args))[:start+len(args)]
	for i, arg := range args {
		v := arg(f)
		if v == nil {
			return nil
		}
		r.args[start+i] = v
	}
	return r.args[start : start+len(args) : start+len(args)]
}

func (r *Run) popArgs(n int) { r.args = r.args[:len(r.args)-n] }

// builtin asks OPA's own function.
func (r *Run) builtin(function topdown.BuiltinFunc, args []*ast.Term, location *ast.Location) *ast.Term {
	r.given, r.context.Location = nil, location
	if err := function(r.context, args, r.give); err != nil {
		r.fail("%w", err)
		return nil
	}
	return r.given
}

// argument compiles one argument of a function: a name for what is given, or a pattern that it must have.
func (s *scope) argument(t *ast.Term) argument {
	if v, free := s.free(t); free {
		slot := s.bind(v)
		return func(f *frame, value *ast.Term) bool { f.slots[slot] = value; return true }
	}
	slot := s.slot()
	matched := s.unify(t, slot)(func(f *frame) bool { f.flag = true; return false })
	return func(f *frame, value *ast.Term) bool {
		f.slots[slot], f.flag = value, false
		matched(f)
		found := f.flag
		f.flag = false
		return found
	}
}

// natives are builtins that are called often, done without ado. One that gives nil leaves the case to OPA's.
var natives = map[string]func(args []*ast.Term) *ast.Term{
	"neq": func(a []*ast.Term) *ast.Term { return truth(!equal(a[0], a[1])) },
	"eq":  func(a []*ast.Term) *ast.Term { return truth(equal(a[0], a[1])) },
	"gt":  func(a []*ast.Term) *ast.Term { return truth(a[0].Value.Compare(a[1].Value) > 0) },
	"gte": func(a []*ast.Term) *ast.Term { return truth(a[0].Value.Compare(a[1].Value) >= 0) },
	"lt":  func(a []*ast.Term) *ast.Term { return truth(a[0].Value.Compare(a[1].Value) < 0) },
	"lte": func(a []*ast.Term) *ast.Term { return truth(a[0].Value.Compare(a[1].Value) <= 0) },

	"plus":  func(a []*ast.Term) *ast.Term { return ofWhole(a, func(x, y int) int { return x + y }) },
	"minus": func(a []*ast.Term) *ast.Term { return ofWhole(a, func(x, y int) int { return x - y }) },

	"internal.member_2": member,
	"count":             count,
	"is_string":         func(a []*ast.Term) *ast.Term { _, is := a[0].Value.(ast.String); return truth(is) },
	"is_number":         func(a []*ast.Term) *ast.Term { _, is := a[0].Value.(ast.Number); return truth(is) },
	"is_boolean":        func(a []*ast.Term) *ast.Term { _, is := a[0].Value.(ast.Boolean); return truth(is) },
	"is_object":         func(a []*ast.Term) *ast.Term { return truth(isObject(a[0])) },
	"is_array":          func(a []*ast.Term) *ast.Term { _, is := a[0].Value.(*ast.Array); return truth(is) },
	"is_set":            func(a []*ast.Term) *ast.Term { _, is := a[0].Value.(ast.Set); return truth(is) },
	"is_null":           func(a []*ast.Term) *ast.Term { _, is := a[0].Value.(ast.Null); return truth(is) },
	"graph.reachable":   reachable,
	"object.get":        objectGet,
	"array.concat":      arrayConcat,
	"concat":            concat,
	"object.remove":     objectRemove,
	"object.union":      func(a []*ast.Term) *ast.Term { return united(a) },
	"object.union_n":    objectUnionN,
	"startswith":        func(a []*ast.Term) *ast.Term { return ofTexts(a, strings.HasPrefix) },
	"endswith":          func(a []*ast.Term) *ast.Term { return ofTexts(a, strings.HasSuffix) },
	"contains":          func(a []*ast.Term) *ast.Term { return ofTexts(a, strings.Contains) },
}

var yes, no = ast.InternedTerm(true), ast.InternedTerm(false)

func truth(b bool) *ast.Term {
	if b {
		return yes
	}
	return no
}

// holds tells whether a value is defined, and not false.
func holds(t *ast.Term) bool {
	if t == nil {
		return false
	}
	b, is := t.Value.(ast.Boolean)
	return !is || bool(b)
}

func member(a []*ast.Term) *ast.Term {
	switch all := a[1].Value.(type) {
	case ast.Set:
		return truth(all.Contains(a[0]))
	case *ast.Array:
		for i := range all.Len() {
			if equal(all.Elem(i), a[0]) {
				return truth(true)
			}
		}
		return truth(false)
	}
	return nil
}

func count(a []*ast.Term) *ast.Term {
	switch all := a[0].Value.(type) {
	case ast.Set:
		return ast.InternedTerm(all.Len())
	case *ast.Array:
		return ast.InternedTerm(all.Len())
	case ast.Object:
		return ast.InternedTerm(all.Len())
	}
	return nil
}

func ofTexts(a []*ast.Term, holds func(s, part string) bool) *ast.Term {
	text, first := a[0].Value.(ast.String)
	other, second := a[1].Value.(ast.String)
	if !first || !second {
		return nil
	}
	return truth(holds(string(text), string(other)))
}

// ofWhole is for whole numbers that are small.
func ofWhole(a []*ast.Term, of func(x, y int) int) *ast.Term {
	x, first := a[0].Value.(ast.Number)
	y, second := a[1].Value.(ast.Number)
	if !first || !second || len(x) > 9 || len(y) > 9 {
		return nil
	}
	m, err := strconv.Atoi(string(x))
	n, other := strconv.Atoi(string(y))
	if err != nil || other != nil {
		return nil
	}
	return ast.InternedTerm(of(m, n))
}

// reachable goes on from each node once. (OPA's goes on from a node as often as something leads to it.)
func reachable(a []*ast.Term) *ast.Term {
	graph, ok := a[0].Value.(ast.Object)
	if !ok {
		return nil
	}
	reached := ast.NewSet()
	var queue []*ast.Term
	visit := func(node *ast.Term) {
		if graph.Get(node) != nil && !reached.Contains(node) {
			reached.Add(node)
			queue = append(queue, node)
		}
	}
	if !eachOf(a[1], visit) {
		return nil
	}
	for ; len(queue) > 0; queue = queue[1:] {
		eachOf(graph.Get(queue[0]), visit)
	}
	return ast.NewTerm(reached)
}

// eachOf goes through an array or a set, and tells whether it is one.
func eachOf(t *ast.Term, do func(*ast.Term)) bool {
	switch all := t.Value.(type) {
	case ast.Set:
		all.Foreach(do)
	case *ast.Array:
		all.Foreach(do)
	default:
		return false
	}
	return true
}

func objectGet(a []*ast.Term) *ast.Term {
	object, ok := a[0].Value.(ast.Object)
	if !ok {
		return nil
	}
	path, ok := a[1].Value.(*ast.Array)
	if !ok {
		if v := object.Get(a[1]); v != nil {
			return v
		}
		return a[2]
	}
	v := a[0]
	for i := range path.Len() {
		if v = lookup(v.Value, path.Elem(i)); v == nil {
			return a[2]
		}
	}
	return v
}

func arrayConcat(a []*ast.Term) *ast.Term {
	x, first := a[0].Value.(*ast.Array)
	y, second := a[1].Value.(*ast.Array)
	if !first || !second {
		return nil
	}
	all := make([]*ast.Term, 0, x.Len()+y.Len())
	for i := range x.Len() {
		all = append(all, x.Elem(i))
	}
	for i := range y.Len() {
		all = append(all, y.Elem(i))
	}
	return ast.NewTerm(ast.NewArray(all...))
}

func concat(a []*ast.Term) *ast.Term {
	separator, ok := a[0].Value.(ast.String)
	all, array := a[1].Value.(*ast.Array)
	if !ok || !array {
		return nil
	}
	texts := make([]string, 0, 8)
	for i := range all.Len() {
		text, ok := all.Elem(i).Value.(ast.String)
		if !ok {
			return nil
		}
		texts = append(texts, string(text))
	}
	return ast.StringTerm(strings.Join(texts, string(separator)))
}

func objectRemove(a []*ast.Term) *ast.Term {
	object, ok := a[0].Value.(ast.Object)
	names, array := a[1].Value.(*ast.Array)
	if !ok || !array {
		return nil
	}
	pairs := make([][2]*ast.Term, 0, object.Len())
	object.Foreach(func(k, v *ast.Term) {
		for i := range names.Len() {
			if equal(names.Elem(i), k) {
				return
			}
		}
		pairs = append(pairs, [2]*ast.Term{k, v})
	})
	return ast.NewTerm(ast.NewObject(pairs...))
}

func isObject(t *ast.Term) bool { _, is := t.Value.(ast.Object); return is }
