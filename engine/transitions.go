package engine

import (
	"context"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/document"
)

// newLook asks what a package sees of a snapshot; it may see nothing.
func newLook(pkg string) *query {
	return &query{pkg: pkg, text: "result = {x | x := data." + pkg + ".sees}"}
}

// turning is the package that tells how a change turns a system's switch.
const turning = "pocdr.lib.turn"

// Turn is what a change does with a system's switch.
type Turn string

// The turns.
const (
	None    Turn = ""
	Forward Turn = "forward" // to a plant that did not serve before
	Back    Turn = "back"    // by who may, inside the window, to the plant that served before, and nothing else
	Bundled Turn = "bundled" // back, and something else with it: judged as one that goes forward
)

func (p *Policies) compileTurns(snapshots *compiled) error {
	if len(snapshots.GetRulesForVirtualDocument(ast.MustParseRef("data."+turning+".turn"))) == 0 {
		return nil
	}
	p.looks[turning] = newLook(turning)
	p.turns = &query{pkg: turning, text: "result = {x | x := data." + turning + ".turn}"}
	if err := p.looks[turning].compile(snapshots); err != nil {
		return err
	}
	return p.turns.compile(snapshots)
}

// turn tells how the change turns the switch of one system.
func (c *comparison) turn(ctx context.Context) (Turn, error) {
	if c.policies.turns == nil {
		return None, nil
	}
	seen, differs, err := c.seen(turning)
	if err != nil || !differs {
		return None, err
	}
	out, err := c.policies.turns.once(ctx, c.input(seen), c.policies.Limit)
	if err != nil {
		return None, err
	}
	turns := out.(ast.Set).Slice()
	switch {
	case len(turns) != 1:
		return None, nil
	case Turn(stringOf(turns[0])) == Back && c.besides():
		return Bundled, nil
	}
	return Turn(stringOf(turns[0])), nil
}

// refused asks every transition about the change of one system.
func (c *comparison) refused(ctx context.Context) ([]Finding, []Fault) {
	var findings []Finding
	var faults []Fault
	for _, t := range c.policies.Transitions {
		found, err := c.ask(ctx, t)
		if err != nil {
			f := c.now().finding(t, "the rule could not be evaluated: "+err.Error())
			found, faults = []Finding{f}, append(faults, Fault{Policy: t.pkg, Message: err.Error()})
		}
		findings = append(findings, found...)
	}
	c.now().exempt(findings)
	return findings, faults
}

// ask gives what a rule says of the change. One that sees the same before and after is asked only where it looks at the operations.
func (c *comparison) ask(ctx context.Context, t *Check) ([]Finding, error) {
	seen, differs, err := c.seen(t.ID)
	if err != nil || !differs && !t.acts {
		return nil, err
	}
	out, err := c.policies.questions[t.ID].once(ctx, c.input(seen), c.policies.Limit)
	if err != nil {
		return nil, err
	}
	object, _ := out.(ast.Object)
	if object == nil {
		return nil, errNoObject
	}
	var findings []Finding
	for _, at := range object.Keys() {
		f := c.now().about(t, at)
		f.Outcome, f.Message = Fail, strings.Join(messages(object.Get(at)), "; ") // what is said in another way refuses as well, without words
		if c.hidden(f.Document) {
			f.hide()
		}
		findings = append(findings, f)
	}
	slices.SortFunc(findings, func(a, b Finding) int { return a.key.compare(b.key) })
	return findings, nil
}

// hidden tells whether a document that there was may be in what cannot be read any more.
func (c *comparison) hidden(id string) bool {
	was := c.views[0].sources.get(id)
	return was != nil && c.views[1].sources.get(id) == nil && slices.ContainsFunc(c.views[1].Unread, func(u document.Unread) bool {
		return u.Document == id || was.File != "" && u.File == was.File
	})
}

// look notes what rules see before the change, and after it.
func (c *comparison) look(ctx context.Context) {
	c.sights[0] = c.before.look(ctx, c.policies, nil)
	c.sights[1] = c.after.look(ctx, c.policies, c.before.kept())
}

// seen is what a rule sees before a change and after it; nil for nothing. It tells whether that differs.
func (c *comparison) seen(id string) (seen [2]*ast.Term, differs bool, err error) {
	for i, sights := range c.sights {
		sight := sights[id]
		if sight.err != nil {
			return seen, false, sight.err
		}
		seen[i] = sight.seen
	}
	before, after := seen[0], seen[1]
	return seen, (before == nil) != (after == nil) || before != nil && !sameTerm(before, after), nil
}

// input is what a rule about a change is given: what it sees before and after, and what is known of the change.
func (c *comparison) input(seen [2]*ast.Term) *ast.Term {
	if c.common == nil {
		c.common = c.given()
	}
	pairs := slices.Clip(c.common)
	for i, when := range []string{"before", "after"} {
		if seen[i] != nil {
			pairs = append(pairs, [2]*ast.Term{ast.InternedTerm(when), seen[i]})
		}
	}
	return ast.ObjectTerm(pairs...)
}

// given is what all rules about a change are given.
func (c *comparison) given() [][2]*ast.Term {
	pairs := [][2]*ast.Term{{ast.StringTerm("change"), c.change()}}
	c.now().input.Value.(ast.Object).Foreach(func(key, value *ast.Term) {
		if stringOf(key) != "facts" {
			pairs = append(pairs, [2]*ast.Term{key, value})
		}
	})
	return pairs
}

// change is what the rules are told of the change.
func (c *comparison) change() *ast.Term {
	operations := []any{}
	for _, o := range c.request.Operations {
		paths := []any{}
		for _, path := range o.Paths {
			paths = append(paths, []any(path))
		}
		operations = append(operations, map[string]any{
			"operation": string(o.Verb), "at": []any{o.Document}, "ours": c.ours(o.Document), "paths": paths,
			"group": o.Object.Group(), "kind": o.Object.Kind, "namespace": o.Object.Namespace, "name": o.Object.Name,
		})
	}
	value := map[string]any{"entrance": string(c.entrance()), "operations": operations, "principal": nil, "served": nil}
	if p := c.request.Principal; p != nil {
		value["principal"] = map[string]any{"names": anys(p.Names)}
	}
	if s, known := c.request.Served[c.name()]; known {
		value["served"] = map[string]any{"value": s.Value, "until": s.Until.UnixNano(), "same": sameRelease(s.Release, c.views[0].Release(c.name(), s.Value))}
	}
	return term(value)
}

// ours tells whether a document is one of the system's own, before the change or after it.
func (c *comparison) ours(id string) bool {
	return c.before != nil && c.before.snapshot.documents[id] || c.after != nil && c.after.snapshot.documents[id]
}
