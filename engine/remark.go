package engine

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/document"
)

// remark is a rule of a conftest policy, which is a check as well.
type remark struct {
	check  string // package/rule
	rule   string
	except string // the name by which an `exception` of its package names it
	place  string // where it is defined first
}

// ask adds a rule of the package to those that are asked. Any of them may be undefined, and so may what the package excepts.
func (a *adapter) ask(m *module, rule, id string) {
	a.emits = append(a.emits, id)
	a.remarks = append(a.remarks, remark{id, rule, remarking.FindStringSubmatch(rule)[2], m.find(rule).Location.String()})
	var parts []string
	for _, r := range append([]remark{{rule: "exception"}}, a.remarks...) {
		parts = append(parts, fmt.Sprintf("%q: {x | x := %s.%s}", r.rule, m.parsed.Package.Path, r.rule))
	}
	a.query.text = "result = {" + strings.Join(parts, ", ") + "}"
}

// remarkKind is the kind of facts that a rule makes: what it said of one object.
func remarkKind(id string) *FactKind {
	text := map[string]any{"type": "string"}
	fields := []string{"messages", "namespace"}
	return &FactKind{
		Name: id, Title: "What " + id + " says", Description: "What a rule of a conftest policy says of an object.", Fields: fields, Namespaced: true, remarks: true,
		Schema: map[string]any{"type": "object", "additionalProperties": false, "required": anys(append(fields, "at")), "properties": map[string]any{
			"at": map[string]any{"type": "array"}, "namespace": text, "messages": map[string]any{"type": "array", "items": text},
		}},
	}
}

// remarkCheck is the check that finds what a rule said, and the module that answers it.
func (p *Policies) remarkCheck(m *module, id, rule string, n int) *module {
	c := &Check{
		ID: id, Title: fmt.Sprintf("No object breaks the rule %s of package %s", rule, m.pkg()),
		Description: fmt.Sprintf("Asks whether the rule `%s` of the package `%s` says something of an object.\n\nIt is a policy as conftest has them, in %s. It has no level: it neither lowers nor raises that of a system.", rule, m.pkg(), m.file),
		Remediation: "Do what the message asks for.", Kind: "goal", Severity: "high", Exemptible: true, File: m.file, pkg: fmt.Sprintf("pocdr.conftest.rule%d", n),
	}
	if strings.HasPrefix(rule, "warn") {
		c.Kind, c.Severity = Advice, "low"
	}
	text := strings.NewReplacer("PACKAGE", c.pkg, "KIND", fmt.Sprintf("%q", id)).Replace(remarkRules)
	answers := &module{file: path.Join("conftest", id), text: []byte(text), parsed: ast.MustParseModule(text), shipped: true}
	p.Checks = append(p.Checks, c)
	p.questions[c.ID] = newQuestion(answers)
	return answers
}

const remarkRules = `package PACKAGE

subjects contains r.at if some r in input.facts[KIND]

passes contains r.at if {
	some r in input.facts[KIND]
	r.messages == []
}

fails[r.at] contains message if {
	some r in input.facts[KIND]
	some message in r.messages
}

not_applicable := "the system has no object that it could be asked of" if input.facts[KIND] == []
`

// remarked makes facts of what the rules of a package said of a document.
func (a *adapter) remarked(out ast.Value, d document.Document) (ast.Value, error) {
	said := func(rule string) []*ast.Term {
		values := out.(ast.Object).Get(ast.StringTerm(rule)).Value.(ast.Set).Slice()
		if len(values) == 0 {
			return []*ast.Term{ast.NewTerm(ast.NewSet())}
		}
		return values
	}
	excepted, err := exceptions(said("exception")[0])
	if err != nil {
		return nil, fmt.Errorf("rule exception %w", err)
	}
	facts := ast.NewSet()
	for _, r := range a.remarks {
		texts, err := texts(said(r.rule)[0])
		if err != nil {
			return nil, fmt.Errorf("%s: rule %s %w", r.place, r.rule, err)
		}
		if slices.Contains(excepted, r.except) {
			texts = nil
		}
		facts.Add(term(map[string]any{"fact": r.check, "path": []any{}, "namespace": d.Object.Namespace, "messages": anys(texts)}))
	}
	return facts, nil
}

// texts reads the messages of a rule: text, or objects that hold it as msg.
func texts(said *ast.Term) ([]string, error) {
	list, err := members(said)
	var texts []string
	for _, entry := range list {
		if o, ok := entry.Value.(ast.Object); ok && o.Get(ast.StringTerm("msg")) != nil {
			entry = o.Get(ast.StringTerm("msg"))
		}
		text, ok := entry.Value.(ast.String)
		if !ok {
			return nil, fmt.Errorf("says %v; a message is text, or an object with text as msg", entry)
		}
		texts = append(texts, string(text))
	}
	slices.Sort(texts)
	return texts, err
}

// exceptions reads the names of rules that are excepted: a set of lists.
func exceptions(said *ast.Term) ([]string, error) {
	lists, err := members(said)
	var names []string
	for _, list := range lists {
		entries, err := members(list)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			names = append(names, stringOf(entry))
		}
	}
	return names, err
}

func members(t *ast.Term) ([]*ast.Term, error) {
	switch v := t.Value.(type) {
	case ast.Set:
		return v.Slice(), nil
	case *ast.Array:
		return slices.Collect(func(yield func(*ast.Term) bool) { v.Until(func(t *ast.Term) bool { return !yield(t) }) }), nil
	}
	return nil, fmt.Errorf("is %v, which is no set of messages", t)
}
