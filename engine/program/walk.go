package program

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// walk compiles a walk through all that is in a value, at any depth, with the path to each; and how many expressions that takes: what is asked
// right after it of the value alone is asked before there is a path. It is nil for any other expression.
func (s *scope) walk(body ast.Body) (step, int) {
	e := body[0]
	if !plain(e) || !e.IsCall() || e.Operator().String() != "walk" || len(e.Operands()) != 2 {
		return nil, 0
	}
	root := s.operand(e.Operand(0))
	pattern, ok := e.Operand(1).Value.(*ast.Array)
	if !ok || pattern.Len() != 2 {
		refuse("a walk that gives %s", e.Operand(1))
	}
	v, free := s.free(pattern.Elem(0))
	paths := !free || s.uses[v] > 1
	_, any := s.free(pattern.Elem(1))
	path, value := s.slot(), s.slot()
	bind := []step{s.unify(pattern.Elem(1), value)}
	n := 1
	var asked []step
	for ; free && any && n < len(body) && isNegated(body[n]) && !mentions(body[n], v); n++ {
		asked = append(asked, s.expression(body[n]))
	}
	wanted := chain(asked)(func(f *frame) bool { f.flag = true; return false })
	bind = append(bind, s.unify(pattern.Elem(0), path))
	return func(next goal) goal {
		then := chain(bind)(next)
		return func(f *frame) bool {
			v := root(f)
			if v == nil {
				return f.run.err == nil
			}
			return f.walk(v, make([]*ast.Term, 0, 16), paths, func(at []*ast.Term, v *ast.Term) bool {
				f.slots[value], f.flag = v, false
				if wanted(f); !f.flag {
					return f.run.err == nil
				}
				f.flag = false
				if paths {
					f.slots[path] = ast.NewTerm(ast.NewArray(slices.Clone(at)...))
				}
				return then(f)
			})
		}
	}, n
}

func (f *frame) walk(v *ast.Term, at []*ast.Term, paths bool, do func(at []*ast.Term, v *ast.Term) bool) bool {
	if len(at) > maxDepth {
		return f.run.fail("walk: a value is nested more than %d deep", maxDepth)
	}
	return do(at, v) && f.each(v.Value, paths, func(k, v *ast.Term) bool { return f.walk(v, append(at, k), paths, do) })
}

func isNegated(e *ast.Expr) bool {
	_, is := e.Terms.(*ast.Not)
	return is || e.Negated
}

func mentions(e *ast.Expr, name ast.Var) (found bool) {
	ast.WalkVars(e, func(v ast.Var) bool { found = found || v == name; return found })
	return found
}
