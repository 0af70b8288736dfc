package program

import "github.com/open-policy-agent/opa/v1/ast"

// lookup gives the part of a value that a key names; nil where there is none.
func lookup(v ast.Value, key *ast.Term) *ast.Term {
	switch v := v.(type) {
	case ast.Object:
		return v.Get(key)
	case *ast.Array:
		return v.Get(key)
	case ast.Set:
		if v.Contains(key) {
			return key
		}
	}
	return nil
}

func hasParts(v ast.Value) bool {
	switch v.(type) {
	case *ast.Array, ast.Object, ast.Set:
		return true
	}
	return false
}

// each goes through the parts of a value in their order, until do wants no more; it tells whether it went to the end. Where
// keys are not wanted, those of arrays are nil.
func (f *frame) each(v ast.Value, keys bool, do func(k, v *ast.Term) bool) bool {
	switch v := v.(type) {
	case *ast.Array:
		for i := range v.Len() {
			var k *ast.Term
			if keys {
				k = ast.InternedTerm(i)
			}
			if !f.run.goOn() || !do(k, v.Elem(i)) {
				return false
			}
		}
	case ast.Object:
		return !v.Until(func(k, v *ast.Term) bool { return !f.run.goOn() || !do(k, v) })
	case ast.Set:
		for _, k := range v.Slice() {
			if !f.run.goOn() || !do(k, k) {
				return false
			}
		}
	}
	return true
}

// equal tells whether two values are the same.
func equal(a, b *ast.Term) bool {
	if a == b {
		return true
	}
	switch x := a.Value.(type) {
	case ast.String:
		y, ok := b.Value.(ast.String)
		return ok && x == y
	case ast.Boolean:
		y, ok := b.Value.(ast.Boolean)
		return ok && x == y
	case ast.Null:
		_, ok := b.Value.(ast.Null)
		return ok
	case ast.Number:
		return a.Value.Compare(b.Value) == 0
	}
	return a.Value.Hash() == b.Value.Hash() && a.Value.Compare(b.Value) == 0
}
