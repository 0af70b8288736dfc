package program

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Kept is what a run over one input came to know. A run over another one takes over from it what rests on parts that both inputs have in common.
type Kept struct {
	input     *ast.Term
	parts     []*ast.Term // of the input, by number
	documents []known
}

// Keep ends a run like Done, and keeps what it knows: what it came to know, and what it could have taken over.
func (r *Run) Keep() *Kept {
	k := &Kept{r.input, r.inputParts(), slices.Clone(r.documents)}
	for number := range k.documents {
		if k.documents[number] == nil {
			k.documents[number] = r.recall(number)
		}
	}
	r.Done()
	return k
}

// Recall lets the run take over from what was kept. What was recalled first is preferred.
func (r *Run) Recall(k *Kept) {
	if k == nil {
		return
	}
	if k.input == r.input {
		r.recalled = append(r.recalled, recalled{k, nil})
		return
	}
	parts := r.inputParts()
	same := make([]bool, len(parts))
	for number, b := range parts {
		a := k.parts[number]
		same[number] = a == b || a != nil && b != nil && a.Value.Hash() == b.Value.Hash() && equal(a, b)
	}
	holds := make([]bool, len(r.program.bases))
	for number, parts := range r.program.bases {
		holds[number] = !slices.ContainsFunc(parts, func(part int) bool { return !same[part] })
	}
	r.recalled = append(r.recalled, recalled{k, holds})
}

// inputParts are the parts of the input on which documents rest, by number.
func (r *Run) inputParts() []*ast.Term {
	if r.parted == nil {
		r.parted = make([]*ast.Term, len(r.program.parts))
		for number, steps := range r.program.parts {
			r.parted[number] = at(r.input, steps)
		}
	}
	return r.parted
}

// recalled is what was kept, with the bases that are the same now; nil for all of them.
type recalled struct {
	*Kept
	holds []bool
}

// recall gives what is kept of a document, by its number, where that rests on nothing that differs.
func (r *Run) recall(number int) known {
	basis := r.program.basis[number]
	for _, k := range r.recalled {
		if known := k.documents[number]; known != nil && (k.holds == nil || k.holds[basis]) {
			return known
		}
	}
	return nil
}

func at(input *ast.Term, steps []*ast.Term) *ast.Term {
	for _, step := range steps {
		if input == nil {
			return nil
		}
		input = lookup(input.Value, step)
	}
	return input
}

// rests finds the parts of the input, by number, on which rules rest, in themselves and in all that they refer to.
func (p *Program) rests(rules []*ast.Rule) []int {
	found := map[int]bool{}
	var visitor *ast.GenericVisitor
	visitor = ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case ast.Var:
			if x.Equal(ast.InputRootDocument.Value) {
				found[p.part(nil)] = true
			}
		case ast.Ref:
			if x[0].Equal(ast.InputRootDocument) {
				found[p.part(x[1:])] = true
			} else if d, _ := p.referred(x); d != nil {
				for _, part := range d.reads {
					found[part] = true
				}
			} else {
				visitor.Walk(x[0])
			}
			for _, step := range x[1:] {
				visitor.Walk(step)
			}
			return true
		}
		return false
	})
	for _, r := range rules {
		visitor.Walk(r)
	}
	return slices.Sorted(maps.Keys(found))
}

// base numbers a set of parts.
func (p *Program) base(parts []int) int {
	number := slices.IndexFunc(p.bases, func(other []int) bool { return slices.Equal(parts, other) })
	if number < 0 {
		number = len(p.bases)
		p.bases = append(p.bases, parts)
	}
	return number
}

func (p *Program) referred(ref ast.Ref) (*document, int) {
	if !ref[0].Equal(ast.DefaultRootDocument) {
		return nil, 0
	}
	return p.resolve(ref)
}

// part numbers a part of the input: what is at the first steps of a path, two at the most, that are known beforehand.
func (p *Program) part(path []*ast.Term) int {
	var steps []*ast.Term
	for _, step := range path[:min(2, len(path))] {
		text, ok := step.Value.(ast.String)
		if !ok {
			break
		}
		steps = append(steps, p.words.Word(string(text)))
	}
	number := slices.IndexFunc(p.parts, func(part []*ast.Term) bool { return slices.Equal(part, steps) })
	if number < 0 {
		number = len(p.parts)
		p.parts = append(p.parts, steps)
	}
	return number
}
