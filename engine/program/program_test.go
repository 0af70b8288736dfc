package program_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"pocdr.dev/pocdr/engine/program"
)

// corpus are rules that say what they are about by the name of their result, out: each construct and each way to write it.
var corpus = []string{
	`out := input.a`,
	`out := input.a.b[0]`,
	`out := input.list[_]`, // several values: a conflict, or none
	`out := x if { some x in input.list; x == 1 }`,
	`out := [x | some x in input.list]`,
	`out := [i | some i, _ in input.list]`,
	`out := {x | some x in input.list}`,
	`out := {k: v | some k, v in input.map}`,
	`out := {v: k | some k, v in input.map}`, // keys may not be unique
	`out := {k: all | some k in {x.k | some x in input.things}; all := {x.v | some x in input.things; k = x.k}}`,
	`out := {[x, y] | some x in input.list; some y in input.list; x < y}`,
	`out := {x | [x, 1] = input.pairs[_]}`,
	`out := {x | {"k": x, "v": 1} = input.things[_]}`,
	`out := {x | [x, x] = input.pairs[_]}`,
	`out := {y | some [x, y] in input.pairs; x in input.list}`,
	`out if input.a`,
	`out if not input.a`,
	`out if not input.absent`,
	`out if { every x in input.list { x > 0 } }`,
	`out if { every k, v in input.map { v != k } }`,
	`out if { not input.a.b; input.list }`,
	`out := "default" if not input.flag else := "set" if input.flag == true else := "odd"`,
	"default out := 7\nout := 8 if input.flag",
	`out contains x if some x in input.list` + "\n" + `out contains y if some _, y in input.map`,
	`out[k] := v if some k, v in input.map`,
	`out[k] contains v if some {"k": k, "v": v} in input.things`,
	"out.a := input.a\nout.b := 2\nout[k] := v if some k, v in input.map",
	`out := f(input.a)` + "\n" + `f(x) := x.b if is_object(x)` + "\n" + `f(x) := "no" if not is_object(x)`,
	`out := {f(x) | some x in input.list}` + "\n" + `f(1) := "one"` + "\n" + `f(x) := x + 1 if x > 1`,
	`out := {x | some x in input.pairs; g(x)}` + "\n" + `g([a, a])` + "\n" + `g([1, _])`,
	`out := h(input.flag)` + "\n" + `default h(_) := "none"` + "\n" + `h(true) := "yes"`,
	`out := count(input.list) + count(input.map)`,
	`out := concat(",", sort([sprintf("%v", [x]) | some x in input.list]))`,
	`out := object.get(input.map, ["x", "y"], "none")`,
	`out := object.get(input, "a", null)`,
	`out := array.concat(input.list, input.list)`,
	`out := object.remove(input.map, ["x"])`,
	`out := object.union_n([input.map, {"x": 1}])`,
	`out := object.union_n([{"a": {"b": 2}}, {"a": input.flag}, {"a": {"c": 3}}, input.map])`,
	`out := object.union_n(input.list)`,
	`out := object.union_n([])`,
	`out := object.union_n([{x.k: x.v} | some x in input.things])`,
	`out := object.union_n([{x.k: {"v": x.v}} | some x in input.things])`,
	`out := object.union_n([{x.k: {x.v: i}} | some i, x in input.things])`,
	`out := [all, object.union_n(all)] if all := [{x.k: x.v} | some x in input.things]`,
	`out := object.union(input.map, object.union_n([{k: [1]} | some k, _ in input.map; k != "x"]))`,
	`out := object.union({"a": {"b": 2}, "c": 1}, {"a": {"c": 3}, "c": input.a})`,
	`out := object.union(input.map, {"x": 1, "y": {"z": 2}})`,
	`out := {p | walk(input.a, [p, v]); is_number(v)}`,
	`out := {p | walk([[[[input.a, input.pairs]]]], [p, v]); is_number(v)}`,
	`out := {v | walk(input.map, [["x"], v])}`,
	`out := {v | walk(input, [_, v]); not is_object(v); not is_array(v)}`,
	`out := [[p, v] | walk(input, [p, v]); not is_object(v); not is_array(v)]`,
	`out := {p | walk(input, [p, v]); not v == input.flag; not p[1] == 0; not is_object(v)}`,
	`out := {p | some n in input.list; walk(input, [p, v]); not holds(v, n)}` + "\n" + `holds(v, n) if { walk(v, [q, n]); count(q) > 0 }`,
	`out := {p | walk(input.a, [p, 1]); not input.flag}`,
	`out := {p | walk(input.a, [p, v]); not is_array(v); not v}`,
	`out if not walk(input.list, [[0], 1])`,
	`out := a | b if { a := {x | some x in input.list}; b := {1, 2} }`,
	`out := {x | some x in input.list} & {1, 2, 3}`,
	`out := graph.reachable({"a": ["b", "x"], "b": {"c", "a"}, "c": [], "d": ["a"]}, ["a", "z"])`,
	`out := graph.reachable({"a": input.a, 1: input.list, 2: {1}}, {x | some x in input.list})`,
	`out := graph.reachable(input.map, input.list)`,
	`out := max(input.list)`,
	`out := startswith(input.text, "a")`,
	`out := split(input.text, "b")`,
	`out := trim_space(input.text)`,
	`out := regex.match("^a", input.text)`,
	`out := input.list[count(input.list) - 1]`,
	`out := {x | x := input.things[_].k; x in {y | some y in input.list}}`,
	`out := {a: {b: c}} if { a := "x"; b := input.text; c := input.flag }`,
	`out := q.r` + "\n" + `q := {"r": input.a}`,
	`out := {k | p[k]}` + "\n" + `p contains x if some x in input.list`,
	`out := p[input.text]` + "\n" + `p[k] := v if some k, v in input.map`,
	`out := [x | some x in p]` + "\n" + `p contains x.k if some x in input.things`,
	`out := {[i, j] | input.pairs[i][j] == 1}`,
	`out := input.map[input.text]`,
	`out := x if { x := input.list[i]; i == 1 }`,
	`out := {x | some x in input.list; not x in input.pairs[0]}`,
	`out if { input.a == {"b": [1, 2]} }`,
	`out := json.marshal(input.things)`,
	`out := 0.1 + 0.2`,
	`out := {x | some x in [1, 1.0, 2, "1", true, null, [1], {"a": 1}]}`,
	// documents that ask for others: what one said of an earlier input stands as long as those say what they said
	"out := {x | some x in large; x < count(input.list)}\nlarge contains x if { some x in input.list; x > limit }\nlimit := count(input.map)",
	"out := many if few else := text\nfew if input.flag == true\nmany := [x | some x in sorted]\nsorted := sort(input.list)\ntext := to_number(input.text)",
	"out := [p, q]\np := {f(x) | some x in input.list}\nq contains f(x) if some x in input.pairs\nf(x) := [x, total]\ntotal := count(things)\nthings := {t | some t in input.things}",
	"out := [p, q]\np := {k: g(k) | some k, _ in input.map}\nq := {k: g(k) | some k in input.list}\ng(k) := all if all := {x.v | some x in things; k = x.k}\nthings := [x | some x in input.things; x.v != input.flag]",
	"out := [p, q]\np := {x | some x in r}\nq := [s | some x in input.things; s := {y.v | some y in r; x.k = y.k}]\nr := [x | some x in input.things; not x.v in input.list]",
	"out := v if { some v in named[input.text] }\nnamed[k] contains v if { some k, v in input.map; asked }\nasked if not input.flag == 1",
	"default out := 0\nout := n if n := size\nsize := count(rest) if rest\nrest := input.list if not input.flag",
}

// TestSame holds programs to OPA's own evaluator: over inputs of every shape, both give the same value, none, or an error.
func TestSame(t *testing.T) {
	understood := 0
	for n, rules := range corpus {
		compiler := compile(t, rules)
		body, err := compiler.QueryCompiler().Compile(ast.MustParseBody("result = data.p.out"))
		if err != nil {
			t.Fatalf("%s: %v", rules, err)
		}
		p := program.New(compiler, program.Words{})
		q, err := p.Compile(body, "result")
		if err != nil {
			t.Errorf("%s: %v", rules, err)
			continue
		}
		understood++
		var kept *program.Kept
		random := rand.New(rand.NewPCG(uint64(n), 1))
		given := map[string]any{}
		for range 300 {
			given = nextInput(random, given)
			input := ast.NewTerm(ast.MustInterfaceToValue(given))
			r := p.NewRun(input)
			r.Recall(kept)
			got, gotErr := r.Eval(t.Context(), q, time.Minute)
			kept = r.Keep()
			want, wantErr := reference(t, compiler, body, input)
			if gotErr != nil && wantErr == nil && want == nil {
				continue // the reference's index of rules saw that one has no answer before it came to what is wrong with it
			}
			if (gotErr != nil) != (wantErr != nil) || gotErr == nil && !same(got, want) {
				t.Fatalf("%s\ninput %v\nprogram: %v, %v\nreference: %v, %v", rules, input, got, gotErr, want, wantErr)
			}
		}
	}
	t.Logf("%d of %d understood", understood, len(corpus))
}

func same(a, b *ast.Term) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(b)
}

func compile(t *testing.T, rules string) *ast.Compiler {
	t.Helper()
	m, err := ast.ParseModuleWithOpts("p.rego", "package p\n"+rules, ast.ParserOptions{RegoVersion: ast.RegoV2})
	if err != nil {
		t.Fatalf("%s: %v", rules, err)
	}
	c := ast.NewCompiler()
	if c.Compile(map[string]*ast.Module{"p.rego": m}); c.Failed() {
		t.Fatalf("%s: %v", rules, c.Errors)
	}
	return c
}

// understood gives what rules are compiled to.
func understood(t *testing.T, rules string) (*program.Program, *program.Query) {
	t.Helper()
	compiler := compile(t, rules)
	body, err := compiler.QueryCompiler().Compile(ast.MustParseBody("result = data.p.out"))
	if err != nil {
		t.Fatal(err)
	}
	p := program.New(compiler, program.Words{})
	q, err := p.Compile(body, "result")
	if err != nil {
		t.Fatal(err)
	}
	return p, q
}

func reference(t *testing.T, c *ast.Compiler, body ast.Body, input *ast.Term) (*ast.Term, error) {
	t.Helper()
	store := inmem.New()
	txn, err := store.NewTransaction(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var value *ast.Term
	err = topdown.NewQuery(body).WithCompiler(c).WithStore(store).WithTransaction(txn).WithInput(input).WithStrictBuiltinErrors(true).
		Iter(t.Context(), func(r topdown.QueryResult) error { value = r["result"]; return nil })
	return value, err
}

// anyInput has the fields that the corpus reads, most of them as it expects them, and some of another shape or not at all.
func anyInput(random *rand.Rand) map[string]any {
	scalar := func() any {
		return []any{1, 2, 3, 0, "a", "x", "ab", true, false, nil, 1.5}[random.IntN(11)]
	}
	list := func() any {
		out := []any{}
		for range random.IntN(4) {
			out = append(out, scalar())
		}
		return out
	}
	pairs := []any{}
	for range random.IntN(4) {
		pairs = append(pairs, []any{scalar(), scalar()})
	}
	things := []any{}
	for range random.IntN(5) {
		things = append(things, map[string]any{"k": scalar(), "v": scalar()})
	}
	object := map[string]any{}
	for range random.IntN(4) {
		object[[]string{"x", "y", "z", "ab"}[random.IntN(4)]] = scalar()
	}
	input := map[string]any{
		"a": map[string]any{"b": list()}, "list": list(), "pairs": pairs, "things": things, "map": object, "text": []any{"abc", " a ", "x", ""}[random.IntN(4)], "flag": scalar(),
	}
	for _, name := range slices.Sorted(maps.Keys(input)) {
		switch random.IntN(12) {
		case 0:
			delete(input, name)
		case 1:
			input[name] = scalar()
		}
	}
	return input
}

// nextInput has one field of the input before anew, or all of them.
func nextInput(random *rand.Rand, before map[string]any) map[string]any {
	next := anyInput(random)
	if random.IntN(4) == 0 {
		return next
	}
	fields := []string{"a", "flag", "list", "map", "pairs", "text", "things"}
	anew := fields[random.IntN(len(fields))]
	for _, name := range fields {
		if name == anew {
			continue
		}
		delete(next, name)
		if value, given := before[name]; given {
			next[name] = value
		}
	}
	return next
}

// TestTakesOver asks how much is gone through again: what looks at what differs, and not what asks that, where it says what it said.
func TestTakesOver(t *testing.T) {
	p, q := understood(t, `out := [[x, y] | some x in names; some y in names]
names := {x.name | some x in input.things}`)
	var kept *program.Kept
	things := func(value string, n int) []any {
		var all []any
		for i := range n {
			all = append(all, map[string]any{"name": fmt.Sprint(i), "value": value})
		}
		return all
	}
	const n = 100
	for _, of := range []struct {
		what   string
		things []any
		most   int
	}{
		{"at first", things("a", n), 2 * n * n},
		{"where no name differs", things("b", n), 2 * n},
		{"where one name less is there", things("b", n-1), 2 * n * n},
	} {
		r := p.NewRun(ast.NewTerm(ast.MustInterfaceToValue(map[string]any{"things": of.things})))
		r.Recall(kept)
		value, err := r.Eval(t.Context(), q, time.Minute)
		if want := len(of.things) * len(of.things); err != nil || value.Value.(*ast.Array).Len() != want {
			t.Fatalf("%s: %v pairs, and not %d: %v", of.what, value, want, err)
		}
		if steps := r.Steps(); steps > of.most || of.most > n*n && steps < n*(n-1) {
			t.Errorf("%s, it took %d steps", of.what, steps)
		}
		kept = r.Keep()
	}
}

// TestEnds cuts off what takes too long, and what is nested too deep.
func TestEnds(t *testing.T) {
	p, q := understood(t, `out := [1 | some a in numbers.range(1, 2000); some b in numbers.range(1, 2000); a + b < 0]`)
	ctx, done := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer done()
	if _, err := p.NewRun(ast.NewTerm(ast.NewObject())).Eval(ctx, q, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ended with %v", err)
	}
	if _, err := p.NewRun(ast.NewTerm(ast.NewObject())).Eval(t.Context(), q, 10*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("past its limit, it ended with %v", err)
	}
}

// TestRefuses leaves to the reference what is not understood, and says what that is.
func TestRefuses(t *testing.T) {
	for rules, what := range map[string]string{
		"out := x if { x := y with input as 1 }\ny := input": "with",
		"out := data.p":                      "a package",
		"out if { input.a or input.b }":      "LogicalOr",
		"out := x if { some x; walk(x, 1) }": "",
	} {
		m, err := ast.ParseModuleWithOpts("p.rego", "package p\n"+rules, ast.ParserOptions{RegoVersion: ast.RegoV2})
		if err != nil {
			t.Fatalf("%s: %v", rules, err)
		}
		c := ast.NewCompiler()
		if c.Compile(map[string]*ast.Module{"p.rego": m}); c.Failed() {
			continue // nobody has to understand that
		}
		body, err := c.QueryCompiler().Compile(ast.MustParseBody("result = data.p.out"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := program.New(c, program.Words{}).Compile(body, "result"); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", rules, err)
		}
	}
}

// TestGroups asks how often a body is gone through: a comprehension that is looked up by key takes one pass for all keys.
func TestGroups(t *testing.T) {
	p, q := understood(t, `out := {k: all | some k in {x.k | some x in input.things}; all := {x.v | some x in input.things; k = x.k}}`)
	steps := func(n int) int {
		things := make([]any, n)
		for i := range things {
			things[i] = map[string]any{"k": fmt.Sprint(i), "v": i}
		}
		r := p.NewRun(ast.NewTerm(ast.MustInterfaceToValue(map[string]any{"things": things})))
		if _, err := r.Eval(t.Context(), q, time.Minute); err != nil {
			t.Fatal(err)
		}
		return r.Steps()
	}
	if few, many := steps(100), steps(1000); many > 11*few {
		t.Errorf("ten times the facts took %d steps, and not ten times %d", many, few)
	}
}
