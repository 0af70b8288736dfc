package program

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// union compiles the two expressions that `object.union_n([{k: v} | …])` becomes, without making an object of each pair;
// and how many they are. It is nil for any others.
func (s *scope) union(body ast.Body) (step, int) {
	if len(body) < 2 || !plain(body[0]) || !body[0].IsEquality() || !plain(body[1]) || !body[1].IsCall() || body[1].Operator().String() != "object.union_n" {
		return nil, 0
	}
	list, made, call := body[0].Operand(0), body[0].Operand(1), body[1]
	name, free := s.free(list)
	comprehension, ok := made.Value.(*ast.ArrayComprehension)
	if !free || !ok || s.uses[name] != 2 || !call.Operand(0).Equal(list) || len(call.Operands()) != 2 {
		return nil, 0
	}
	pair, ok := comprehension.Term.Value.(ast.Object)
	if !ok || pair.Len() != 1 {
		return nil, 0
	}
	in := s.inner()
	step := in.body(comprehension.Body)
	key := pair.Keys()[0]
	united, slot := pairs(step, in.operand(key), in.operand(pair.Get(key)), call.Location), s.slot()
	first, second := define(slot, united), s.unify(call.Operand(1), slot)
	return func(next goal) goal { return first(second(next)) }, 2
}

func plain(e *ast.Expr) bool { return !e.Negated && len(e.With) == 0 }

// pairs makes an object of the pairs that two operands have for each solution.
func pairs(step step, key, value operand, location *ast.Location) operand {
	body := step(func(f *frame) bool {
		k := key(f)
		if k == nil {
			return f.run.err == nil
		}
		v := value(f)
		if v == nil {
			return f.run.err == nil
		}
		f.run.pairs = append(f.run.pairs, [2]*ast.Term{k, v})
		return true
	})
	return func(f *frame) *ast.Term {
		r, start := f.run, len(f.run.pairs)
		body(f)
		all := r.pairs[start:]
		r.pairs = r.pairs[:start]
		if r.err != nil {
			return nil
		}
		out := ast.NewObjectWithCapacity(len(all))
		for i, pair := range all {
			if out.Insert(pair[0], pair[1]); out.Len() == i { // what has one key is united
				return r.unitedByOPA(all, location)
			}
		}
		return ast.NewTerm(out)
	}
}

func (r *Run) unitedByOPA(pairs [][2]*ast.Term, location *ast.Location) *ast.Term {
	objects := make([]*ast.Term, len(pairs))
	for i, pair := range pairs {
		objects[i] = ast.ObjectTerm(pair)
	}
	return r.builtin(topdown.GetBuiltin("object.union_n"), []*ast.Term{ast.ArrayTerm(objects...)}, location)
}

// addEarlier adds a pair to those that come after it, of which the last one counts that has its key. It is false where both values are objects, which are to be united.
func addEarlier(out ast.Object, k, v *ast.Term) bool {
	later := out.Get(k)
	if later == nil {
		out.Insert(k, v)
		return true
	}
	return !isObject(later) || !isObject(v)
}

func objectUnionN(a []*ast.Term) *ast.Term {
	all, ok := a[0].Value.(*ast.Array)
	if !ok || all.Len() == 0 {
		return nil
	}
	objects := make([]*ast.Term, all.Len())
	for i := range objects {
		objects[i] = all.Elem(i)
	}
	return united(objects)
}

// united is the union of objects, of which the last one counts that has a key; nil where values are to be united, too.
func united(objects []*ast.Term) *ast.Term {
	size, one := 0, (*ast.Term)(nil)
	for _, t := range objects {
		object, ok := t.Value.(ast.Object)
		if !ok {
			return nil
		}
		if size += object.Len(); object.Len() > 0 || one == nil {
			one = t
		}
	}
	if one != nil && one.Value.(ast.Object).Len() == size { // the others are empty
		return one
	}
	out := ast.NewObjectWithCapacity(size)
	for _, t := range slices.Backward(objects) {
		if t.Value.(ast.Object).Until(func(k, v *ast.Term) bool { return !addEarlier(out, k, v) }) {
			return nil
		}
	}
	return ast.NewTerm(out)
}
