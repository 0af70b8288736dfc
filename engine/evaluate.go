package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"pocdr.dev/pocdr/engine/program"
)

// query is one compiled question: a term that is built from rules of one package.
type query struct {
	pkg      string
	text     string
	body     ast.Body
	compiled *compiled
	program  *program.Query // nil where only the reference understands the question
}

// compiled is a set of modules that were compiled together, and the program that is made of them.
type compiled struct {
	*ast.Compiler
	program *program.Program // nil: everything is left to the reference
	refer   bool             // whether a question is
}

// forget lets the modules go, which take more memory than all else, where no question needs them any more.
func (c *compiled) forget() {
	if c.program == nil {
		return
	}
	c.program.Forget()
	if !c.refer {
		c.Compiler = nil
	}
}

// answers are the rules by which a check answers, in the order of a question's result. The rules that a check does not define are absent.
var answers = []string{"subjects", "passes", "fails", "missing", "unknowns", "not_applicable"}

// newQuestion asks for all of a check's answers at once, as {name: answer}.
func newQuestion(m *module) *query {
	var parts []string
	for _, rule := range answers {
		if !m.has(rule) {
			continue
		}
		ref := "data." + m.pkg() + "." + rule
		if rule == "not_applicable" { // may be undefined, which must not undo the other answers
			ref = "{x | x := " + ref + "}"
		}
		parts = append(parts, fmt.Sprintf("%q: %s", rule, ref))
	}
	return &query{pkg: m.pkg(), text: "result = {" + strings.Join(parts, ", ") + "}"}
}

// newFacts asks for the facts of an adapter or a join.
func newFacts(pkg string) *query {
	return &query{pkg: pkg, text: "result = data." + pkg + ".facts"}
}

func (q *query) compile(c *compiled) error {
	body, err := ast.ParseBodyWithOpts(q.text, ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return fmt.Errorf("package %s: %w", q.pkg, err)
	}
	q.compiled = c
	if q.body, err = c.QueryCompiler().Compile(body); err != nil {
		return fmt.Errorf("package %s: %w", q.pkg, err)
	}
	if c.program != nil {
		q.program, _ = c.program.Compile(q.body, result) // what it does not understand, the reference does
	}
	if q.program == nil {
		c.refer = true
	} else {
		q.body = nil
	}
	return nil
}

var emptyStore = inmem.NewWithOpts(inmem.OptRoundTripOnWrite(false))

var result = ast.Var("result")

// evaluation is one input, and what queries of the same modules over it have in common. It is not for several goroutines.
type evaluation struct {
	input   *ast.Term
	virtual topdown.VirtualCache
	fast    *program.Run
	kept    []*program.Kept // of other inputs, from which it takes over what rests on the same
}

func newEvaluation(input *ast.Term, kept ...*program.Kept) *evaluation {
	return &evaluation{input: input, kept: kept}
}

// end leaves the room that the evaluation took to another one.
func (e *evaluation) end() {
	if e.fast != nil {
		e.fast.Done()
	}
}

// keep ends the evaluation, and gives what others may take over; nil for nothing.
func (e *evaluation) keep() *program.Kept {
	if e.fast == nil {
		return append(e.kept, nil)[0]
	}
	return e.fast.Keep()
}

// once evaluates the query over an input of its own.
func (q *query) once(ctx context.Context, input *ast.Term, limit time.Duration, kept ...*program.Kept) (ast.Value, error) {
	e := newEvaluation(input, kept...)
	defer e.end()
	return q.run(ctx, e, limit)
}

// run evaluates the query. Where there is a deadline, no query takes more than a part of the time that is left, so that one which does not end leaves time for the others.
func (q *query) run(ctx context.Context, e *evaluation, limit time.Duration) (ast.Value, error) {
	if deadline, limited := ctx.Deadline(); limited {
		limit = min(limit, max(time.Until(deadline)/share, atLeast))
	}
	if q.program == nil {
		return q.refer(ctx, e, limit)
	}
	if e.fast == nil {
		e.fast = q.compiled.program.NewRun(e.input)
		for _, k := range e.kept {
			e.fast.Recall(k)
		}
	}
	value, err := e.fast.Eval(ctx, q.program, limit)
	switch {
	case errors.Is(err, context.DeadlineExceeded) || err != nil && ctx.Err() != nil:
		return nil, errLate
	case err != nil:
		return nil, err
	case value == nil:
		return nil, fmt.Errorf("%s is undefined", q.pkg)
	}
	return value.Value, nil
}

// What one query may take of the time that is left, and what it may take in any case: more than any that ends.
const (
	share   = 8
	atLeast = 250 * time.Millisecond
)

var errLate = errors.New("did not finish in time")

// refer asks the reference.
func (q *query) refer(ctx context.Context, e *evaluation, limit time.Duration) (ast.Value, error) {
	ctx, done := context.WithTimeout(ctx, limit)
	defer done()
	if e.virtual == nil {
		e.virtual = topdown.NewVirtualCache()
	}
	cancel := topdown.NewCancel()
	defer context.AfterFunc(ctx, cancel.Cancel)()
	txn, err := emptyStore.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer emptyStore.Abort(ctx, txn)
	return q.eval(ctx, e.input, e.virtual, cancel, txn)
}

func (q *query) eval(ctx context.Context, input *ast.Term, cache topdown.VirtualCache, cancel topdown.Cancel, txn storage.Transaction) (ast.Value, error) {
	var value ast.Value
	t := topdown.NewQuery(q.body).WithCompiler(q.compiled.Compiler).WithStore(emptyStore).WithTransaction(txn).
		WithInput(input).WithCancel(cancel).WithStrictBuiltinErrors(true).WithVirtualCache(cache)
	err := t.Iter(ctx, func(r topdown.QueryResult) error {
		value = r[result].Value
		return nil
	})
	switch {
	case topdown.IsCancel(err) && ctx.Err() != nil:
		return nil, errLate
	case err != nil:
		return nil, err
	case value == nil:
		return nil, fmt.Errorf("%s is undefined", q.pkg)
	}
	return value, nil
}

// reads finds what of a snapshot the rules of a package read, by walking the rules and all that they refer to: the kinds of facts, and whether they ask for the time.
func reads(compiler *ast.Compiler, pkg string, kinds []string) (facts []string, now bool) {
	found := map[string]bool{}
	everyRef(compiler, pkg, func(ref ast.Ref) {
		if kind, ok := factRef(ref); ok {
			found[kind] = true
		}
		now = now || ref.HasPrefix(nowRef)
	})
	if found[""] { // a reference to all facts, or to a kind that is only known when evaluated
		return kinds, now
	}
	return slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return !found[kind] }), now
}

var nowRef, operationsRef = ast.MustParseRef("input.now"), ast.MustParseRef("input.change.operations")

// readsOperations tells whether rules of a package look at the operations of a change.
func readsOperations(compiler *ast.Compiler, pkg string) (found bool) {
	everyRef(compiler, pkg, func(ref ast.Ref) {
		ground := ref.GroundPrefix()
		found = found || ground.HasPrefix(operationsRef) || operationsRef.HasPrefix(ground)
	})
	return found
}

// everyRef visits the references in the rules of a package, and in all rules that those refer to.
func everyRef(compiler *ast.Compiler, pkg string, visit func(ast.Ref)) {
	seen := map[*ast.Rule]bool{}
	var walk func(rule *ast.Rule)
	follow := func(ref ast.Ref) bool {
		visit(ref)
		if ref[0].Equal(ast.DefaultRootDocument) {
			for _, rule := range compiler.GetRulesDynamicWithOpts(ref.GroundPrefix(), ast.RulesOptions{}) {
				walk(rule)
			}
		}
		return false
	}
	walk = func(rule *ast.Rule) {
		if !seen[rule] {
			seen[rule] = true
			ast.WalkRefs(rule, follow)
		}
	}
	follow(ast.MustParseRef("data." + pkg))
}

// factRef tells the kind that a reference to input.facts names; "" where it names none.
func factRef(ref ast.Ref) (string, bool) {
	if !ref[0].Equal(ast.InputRootDocument) || len(ref) < 2 || !ref[1].Equal(ast.InternedTerm("facts")) {
		return "", false
	}
	if len(ref) == 2 {
		return "", true
	}
	kind, _ := ref[2].Value.(ast.String)
	return string(kind), true
}
