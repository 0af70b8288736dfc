package program

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// remembered is what a function that rests on no input had for scalars: over many documents, the same is asked of the same few names and quantities
// again and again.
type remembered struct {
	values  map[scalars]*ast.Term // nil: undefined
	hits    int
	useless bool
}

// scalars are the arguments of a call; nil where there are fewer.
type scalars [2]ast.Value

// bounds of what is remembered.
const (
	manyRemembered = 1 << 10 // calls of a function
	longRemembered = 1 << 8  // bytes of a text
)

// scalarsOf tells whether the arguments are short scalars.
func scalarsOf(args []*ast.Term) (key scalars, ok bool) {
	if len(args) > len(key) {
		return key, false
	}
	for i, a := range args {
		switch v := a.Value.(type) {
		case ast.String:
			if len(v) > longRemembered {
				return key, false
			}
		case ast.Number, ast.Boolean, ast.Null:
		default:
			return key, false
		}
		key[i] = a.Value
	}
	return key, true
}

// call gives what a function has for its arguments; nil where that is undefined.
func (r *Run) call(d *document, args []*ast.Term) *ast.Term {
	m := &r.remembered[d.number]
	key, short := scalars{}, false
	if len(d.reads) == 0 && !m.useless {
		key, short = scalarsOf(args)
	}
	if !short {
		return r.orDefault(d, r.one(d, args))
	}
	if v, known := m.values[key]; known {
		m.hits++
		return v
	}
	for i := range args { // a text that is kept must not keep the file that it is a part of
		switch v := key[i].(type) {
		case ast.String:
			key[i] = ast.String(strings.Clone(string(v)))
		case ast.Number:
			key[i] = ast.Number(strings.Clone(string(v)))
		}
		args[i] = ast.NewTerm(key[i])
	}
	v := r.orDefault(d, r.one(d, args))
	if r.err == nil {
		m.put(key, v)
	}
	return v
}

// put remembers a value. Once there is no more room, it starts anew, unless what was remembered was hardly asked for.
func (m *remembered) put(key scalars, value *ast.Term) {
	if len(m.values) == manyRemembered {
		m.useless, m.values, m.hits = m.hits < manyRemembered, nil, 0
	}
	if m.useless {
		return
	}
	if m.values == nil {
		m.values = map[scalars]*ast.Term{}
	}
	m.values[key] = value
}
