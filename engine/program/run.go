package program

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Run evaluates queries over one input. What rules without arguments define is evaluated once, and shared by all queries. It is not for several goroutines.
type Run struct {
	program    *Program
	input      *ast.Term
	parted     []*ast.Term // its parts by number; nil until they are asked for
	documents  []*known    // by number
	recalled   []recalled
	indexes    []*grouped
	remembered []remembered // by number
	context    topdown.BuiltinContext
	given      *ast.Term // by a builtin, through give
	give       func(*ast.Term) error

	known    []int // the numbers of the documents that are known
	asking   []int // the documents that evaluations under way asked for, one evaluation after the other
	noted    []int // by number of a document: the evaluation that noted last that it asked for it
	current  int   // the evaluation under way
	begun    int   // how many evaluations were begun
	ctx      context.Context
	deadline time.Time
	steps    int
	err      error

	frames      []*frame       // by depth: each is used again
	depth       int            // frames that are in use
	slots       []*ast.Term    // of the frames in use, one after the other
	args        []*ast.Term    // of the calls under way
	pairs       [][2]*ast.Term // of the objects that are being made
	collections []collection   // of the comprehensions under way
	elements    []*ast.Term    // of the arrays that are being made
}

// NewRun starts a run over an input, in the room of one that is done where there is any.
func (p *Program) NewRun(input *ast.Term) *Run {
	r, _ := p.done.Get().(*Run)
	if r == nil {
		n := len(p.numbered)
		r = &Run{program: p, documents: make([]*known, n), noted: make([]int, n), remembered: make([]remembered, n), indexes: make([]*grouped, p.indexes)}
		r.give = func(t *ast.Term) error { r.given = t; return nil }
	}
	r.input, r.steps = input, 0
	return r
}

// Done ends a run, whose room another one takes.
func (r *Run) Done() {
	for _, number := range r.known {
		r.documents[number] = nil
	}
	clear(r.indexes)
	clear(r.recalled)
	r.input, r.parted, r.known, r.recalled = nil, nil, r.known[:0], r.recalled[:0]
	r.program.done.Put(r)
}

// Eval gives the result of a query; nil where it is undefined. It ends with an error soon after the context does, and soon after a time limit.
func (r *Run) Eval(ctx context.Context, q *Query, limit time.Duration) (*ast.Term, error) {
	r.ctx, r.err, r.depth, r.deadline = ctx, nil, 0, time.Now().Add(limit)
	r.context = topdown.BuiltinContext{Context: ctx}
	r.args, r.pairs, r.elements, r.collections, r.asking = r.args[:0], r.pairs[:0], r.elements[:0], r.collections[:0], r.asking[:0]
	f := r.push(q.slots)
	q.body(f)
	result := f.value
	r.pop(f)
	if r.err != nil {
		return nil, r.err
	}
	return result, nil
}

// frame holds the variables of one rule while it runs.
type frame struct {
	run   *Run
	slots []*ast.Term
	flag  bool      // whether an inner body had a solution
	value *ast.Term // what the rule was found to have so far
	tree  *part     // what the rule is a part of; nil for a rule that has one value
}

// push gives a frame with so many variables. What is in them is left over, and is never read: a variable is bound before it is used.
func (r *Run) push(slots int) *frame {
	if r.depth == len(r.frames) {
		r.frames = append(r.frames, &frame{run: r})
	}
	f := r.frames[r.depth]
	r.depth++
	if r.depth > maxDepth {
		r.fail("rules are nested more than %d deep", maxDepth)
	}
	if len(r.slots)+slots > cap(r.slots) { // frames in use keep the old ones
		r.slots = make([]*ast.Term, 0, 2*cap(r.slots)+slots+256)
	}
	start := len(r.slots)
	r.slots = r.slots[:start+slots]
	f.slots, f.flag, f.value, f.tree = r.slots[start:start+slots:start+slots], false, nil, nil
	return f
}

func (r *Run) pop(f *frame) {
	r.depth--
	if n := len(r.slots) - len(f.slots); n >= 0 {
		r.slots = r.slots[:n]
	}
	f.tree = nil
}

// bounds of an evaluation.
const (
	maxDepth   = 1000
	checkEvery = 1 << 10
)

func (r *Run) fail(format string, args ...any) bool {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
	return false
}

// goOn counts a step, and tells whether there is time for it.
func (r *Run) goOn() bool {
	r.steps++
	if r.steps%checkEvery == 0 && r.err == nil {
		if r.err = r.ctx.Err(); r.err == nil && time.Now().After(r.deadline) {
			r.err = context.DeadlineExceeded
		}
	}
	return r.err == nil
}

// document gives what rules define: it is evaluated once.
func (r *Run) document(d *document) *ast.Term {
	if len(d.reads) == 0 {
		return r.fixed(d)
	}
	r.note(d.number)
	if k := r.documents[d.number]; k != nil {
		return k.value
	}
	k := r.recall(d.number)
	if k == nil {
		k = r.stands(d)
	}
	if k == nil && r.err == nil {
		evaluation := r.begin()
		value := r.evaluate(d)
		k = &known{asked: r.end(evaluation)}
		k.value = r.asBefore(d, value)
	}
	if r.err != nil {
		return nil
	}
	r.documents[d.number] = k
	r.known = append(r.known, d.number)
	return k.value
}

// fixed gives what is the same for all inputs.
func (r *Run) fixed(d *document) *ast.Term {
	if k := d.fixed.Load(); k != nil {
		return k.value
	}
	value := r.evaluate(d)
	if r.err != nil {
		return nil
	}
	d.fixed.Store(&known{value: value})
	return value
}

// note notes that the evaluation under way asks for a document. What it notes more than once does no harm.
func (r *Run) note(number int) {
	if r.noted[number] != r.current {
		r.noted[number] = r.current
		r.asking = append(r.asking, number)
	}
}

// evaluation is what goes on once another one has ended.
type evaluation struct{ outer, start int }

// begin begins an evaluation inside of the one under way.
func (r *Run) begin() evaluation {
	e := evaluation{r.current, len(r.asking)}
	r.begun++
	r.current = r.begun
	return e
}

// end ends it, and gives what it asked for.
func (r *Run) end(e evaluation) (asked []int) {
	asked = slices.Clone(r.asking[e.start:])
	r.current, r.asking = e.outer, r.asking[:e.start]
	return asked
}

func (r *Run) evaluate(d *document) *ast.Term {
	if r.err != nil {
		return nil
	}
	if d.single {
		return r.orDefault(d, r.one(d, nil))
	}
	return r.orDefault(d, r.parts(d))
}

func (r *Run) orDefault(d *document, value *ast.Term) *ast.Term {
	if value == nil && d.fallback != nil && r.err == nil {
		return d.fallback(nil)
	}
	return value
}

// one gives the one value that rules have: nil for none, an error for two.
func (r *Run) one(d *document, args []*ast.Term) *ast.Term {
	var value *ast.Term
	for _, c := range d.rules {
		for ; c != nil; c = c.orElse {
			v := r.solve(c, args)
			if r.err != nil {
				return nil
			}
			if v == nil {
				continue
			}
			if value != nil && value != v && !equal(value, v) {
				r.conflict(c)
				return nil
			}
			value = v
			break
		}
		if value != nil && d.uniform {
			break
		}
	}
	return value
}

// solve gives the value of one rule.
func (r *Run) solve(c *rule, args []*ast.Term) *ast.Term {
	if !r.goOn() {
		return nil
	}
	f := r.push(c.slots)
	copy(f.slots, args[:c.named])
	matches := true
	for i, bind := range c.args {
		matches = matches && bind(f, args[c.named+i])
	}
	if matches {
		c.body(f)
	}
	value := f.value
	r.pop(f)
	if r.err != nil {
		return nil
	}
	return value
}

// found takes in a solution of the rule's body.
func (c *rule) found(f *frame) bool {
	if f.tree != nil {
		return f.run.goOn() && f.tree.add(f.run, c, f)
	}
	v := c.value(f)
	switch {
	case v == nil:
		return f.run.err == nil
	case f.value != nil && f.value != v && !equal(f.value, v):
		return f.run.conflict(c)
	}
	f.value = v
	return !c.constant
}

func (r *Run) conflict(c *rule) bool {
	return r.fail("%v: eval_conflict_error: a rule must not produce multiple outputs for the same inputs", c.location)
}

// parts gives the set or object that rules define part by part.
func (r *Run) parts(d *document) *ast.Term {
	tree := &part{}
	for _, c := range d.rules {
		f := r.push(c.slots)
		f.tree = tree
		c.body(f)
		r.pop(f)
		if r.err != nil {
			return nil
		}
	}
	if t := tree.term(); t != nil || len(d.rules) == 0 {
		return t
	}
	return d.rules[0].nothing()
}

// part is a part of what rules define: a value, a set, or an object of parts.
type part struct {
	value  *ast.Term
	set    ast.Set
	object ast.Object // from key to a term that stands for the part of that number
	below  []*part
}

// nothing is what a rule defines part by part where it has no solution.
func (c *rule) nothing() *ast.Term {
	if len(c.parts) == 0 {
		return ast.InternedEmptySet
	}
	return ast.InternedEmptyObject
}

func (t *part) add(r *Run, c *rule, f *frame) bool {
	for _, step := range c.parts {
		key := step(f)
		if key == nil {
			return r.err == nil
		}
		if t.value != nil || t.set != nil {
			return r.fail("%v: eval_conflict_error: a part of what is defined whole elsewhere", c.location)
		}
		if t.object == nil {
			t.object = ast.NewObject()
		}
		t = t.child(key)
	}
	v := c.value(f)
	switch {
	case v == nil:
		return r.err == nil
	case c.contains:
		if t.set == nil {
			t.set = ast.NewSet()
		}
		t.set.Add(v)
	case t.value != nil && t.value != v && !equal(t.value, v):
		return r.fail("%v: eval_conflict_error: object keys must be unique", c.location)
	default:
		t.value = v
	}
	return true
}

func (t *part) child(key *ast.Term) *part {
	if at := t.object.Get(key); at != nil {
		n, _ := at.Value.(ast.Number).Int()
		return t.below[n]
	}
	t.object.Insert(key, ast.InternedTerm(len(t.below)))
	t.below = append(t.below, &part{})
	return t.below[len(t.below)-1]
}

func (t *part) term() *ast.Term {
	switch {
	case t.value != nil:
		return t.value
	case t.set != nil:
		return ast.NewTerm(t.set)
	case t.object == nil:
		return nil
	}
	pairs := make([][2]*ast.Term, 0, t.object.Len())
	t.object.Foreach(func(key, at *ast.Term) {
		n, _ := at.Value.(ast.Number).Int()
		pairs = append(pairs, [2]*ast.Term{key, t.below[n].term()})
	})
	return ast.NewTerm(ast.NewObject(pairs...))
}

// grouped is a comprehension by the values of its keys, with the documents that it asked for.
type grouped struct {
	entries map[int][]*entry
	asked   []int
}

type entry struct {
	key        []*ast.Term
	collection collection
	made       *ast.Term
}

func hash(key []*ast.Term) int {
	h := 0
	for _, k := range key {
		h = h*31 + k.Value.Hash()
	}
	return h
}

func (g *grouped) find(key []*ast.Term) (int, *entry) {
	h := hash(key)
next:
	for _, e := range g.entries[h] {
		for i, k := range key {
			if !equal(k, e.key[i]) {
				continue next
			}
		}
		return h, e
	}
	return h, nil
}

func (g *grouped) get(key []*ast.Term) *entry {
	_, e := g.find(key)
	return e
}

func (g *grouped) at(key []*ast.Term) *collection {
	h, e := g.find(key)
	if e == nil {
		e = &entry{key: key}
		g.entries[h] = append(g.entries[h], e)
	}
	return &e.collection
}

// group evaluates a comprehension for all values of its keys at once.
func (r *Run) group(number, slots int, body goal) *grouped {
	g := &grouped{entries: map[int][]*entry{}}
	r.indexes[number] = g
	evaluation, f := r.begin(), r.push(slots)
	body(f)
	r.pop(f)
	if g.asked = r.end(evaluation); r.err != nil {
		r.indexes[number] = nil
	}
	return r.indexes[number]
}

// Steps is how much was gone through so far: each part of a value, each rule.
func (r *Run) Steps() int { return r.steps }
