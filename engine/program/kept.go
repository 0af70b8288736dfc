package program

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Kept is what a run over one input came to know. A run over another one takes over what would come to the same there.
type Kept struct {
	input     *ast.Term
	parts     []*ast.Term // of the input, by number
	documents []*known    // by number
}

// known is what is known of a document.
type known struct {
	value *ast.Term // nil: it is undefined
	asked []int     // the documents that were asked for to tell, by number, in the order in which they were
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
	for number, part := range parts {
		same[number] = sameValue(k.parts[number], part)
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
func (r *Run) recall(number int) *known {
	basis := r.program.numbered[number].basis
	for _, k := range r.recalled {
		if known := k.documents[number]; known != nil && (k.holds == nil || k.holds[basis]) {
			return known
		}
	}
	return nil
}

// stands gives what is kept of a document, where all that it looked at is the same now: of the input, and what it asked other documents for. Those
// are asked again in the order in which it asked, until one has another answer: so none is that it would not ask for now.
func (r *Run) stands(d *document) *known {
next:
	for _, k := range r.recalled {
		was := k.documents[d.number]
		if was == nil || !k.holds[d.own] {
			continue
		}
		for _, number := range was.asked {
			asked := k.documents[number]
			if asked == nil || r.document(r.program.numbered[number]) != asked.value || r.err != nil {
				continue next
			}
		}
		return was
	}
	return nil
}

// asBefore gives the value itself that is kept of a document where this one is the same: those who ask for it know it by that.
func (r *Run) asBefore(d *document, value *ast.Term) *ast.Term {
	for _, k := range r.recalled {
		if was := k.documents[d.number]; was != nil && sameValue(was.value, value) {
			return was.value
		}
	}
	return value
}

// sameValue tells whether both are undefined, or have one value.
func sameValue(a, b *ast.Term) bool { return a == b || a != nil && b != nil && equal(a, b) }

func at(input *ast.Term, steps []*ast.Term) *ast.Term {
	for _, step := range steps {
		if input == nil {
			return nil
		}
		input = lookup(input.Value, step)
	}
	return input
}

// rests finds the parts of the input, by number, on which rules rest: those at which they look themselves, and through functions; and all of them, with
// those on which what they ask for rests.
func (p *Program) rests(rules []*ast.Rule) (own, all []int) {
	mine, others := map[int]bool{}, map[int]bool{}
	add := func(to map[int]bool, parts ...int) {
		for _, part := range parts {
			to[part] = true
		}
	}
	var visitor *ast.GenericVisitor
	visitor = ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case ast.Var:
			if x.Equal(ast.InputRootDocument.Value) {
				add(mine, p.part(nil))
			}
		case ast.Ref:
			if x[0].Equal(ast.InputRootDocument) {
				add(mine, p.part(x[1:]))
			} else if d, _ := p.referred(x); d != nil {
				add(others, d.reads...)
				if d.function {
					add(mine, d.looks...)
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
	own = slices.Sorted(maps.Keys(mine))
	add(others, own...)
	return own, slices.Sorted(maps.Keys(others))
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
