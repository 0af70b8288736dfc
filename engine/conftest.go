package engine

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/document"
)

// remarking are the names of rules that conftest asks: of each object, what is wrong with it.
var remarking = regexp.MustCompile(`^(deny|violation|warn)(?:_([a-zA-Z0-9_]+))?$`)

// Advice is the kind of a check that only warns: what it finds binds nobody.
const Advice = "advice"

// readConftest reads a folder of policies in conftest's manner: modules with rules that say, of one object, what is wrong with it, in either
// version of Rego. It gives none where the folder is of another manner.
func readConftest(tree Tree) ([]*module, error) {
	var modules []*module
	var faults []error
	var remarks, ours *module
	err := eachModule(tree, func(m *module) {
		if err := m.parseEither(); err != nil {
			faults = append(faults, err)
			return
		}
		faults = append(faults, forbidden(m.parsed)...)
		modules = append(modules, m)
		switch {
		case m.catalogued():
			ours = m
		case len(m.remarks()) > 0:
			remarks = m
		}
	})
	switch {
	case remarks == nil:
		return nil, err
	case ours != nil:
		return nil, fmt.Errorf("%s has the rule %s, as policies for conftest do, and %s is one for pocdr: put them into two folders, each with a --policy of its own", remarks.file, remarks.remarks()[0], ours.file)
	}
	return modules, errors.Join(append(faults, err)...)
}

// parseEither parses a module in the version of Rego that it is written in. The error is that of the version which got further.
func (m *module) parseEither() error {
	parse := func(version ast.RegoVersion) (*ast.Module, error) {
		return ast.ParseModuleWithOpts(m.file, string(m.text), ast.ParserOptions{ProcessAnnotation: true, RegoVersion: version, Capabilities: capabilities("print", "trace")})
	}
	var err, old error
	if m.parsed, err = parse(ast.RegoV1); err == nil {
		return nil
	}
	if m.parsed, old = parse(ast.RegoV0); old != nil && firstLine(old) < firstLine(err) {
		return err
	}
	return old
}

func firstLine(err error) int {
	var faults ast.Errors
	if errors.As(err, &faults) && len(faults) > 0 && faults[0].Location != nil {
		return faults[0].Location.Row
	}
	return 0
}

// catalogued tells whether the METADATA of the module makes it one of pocdr's.
func (m *module) catalogued() bool {
	a := m.annotation()
	return a != nil && (a.Custom["level"] != nil || a.Custom["reads"] != nil || a.Custom["joins"] != nil)
}

// remarks are the names of the module's rules that conftest asks, sorted.
func (m *module) remarks() []string {
	var names []string
	for _, r := range m.parsed.Rules {
		if name, ok := r.Head.Ref()[0].Value.(ast.Var); ok && remarking.MatchString(string(name)) {
			names = append(names, string(name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// remark is a rule of a conftest policy, which is a check as well.
type remark struct {
	check  string // package/rule
	rule   string
	except string // the name by which an `exception` of its package names it
	place  string // where it is defined first
}

// registerConftest makes an adapter of each package, which asks its rules of every object of a cluster, and a check of each rule, which finds what it said.
func (p *Policies) registerConftest(modules []*module) ([]*module, error) {
	var faults []error
	var checks []*module
	byPackage := map[string]*adapter{}
	for _, m := range modules {
		for _, rule := range m.remarks() {
			id := m.pkg() + "/" + rule
			if other := p.Check(id); other != nil && other.Level > 0 {
				faults = append(faults, fmt.Errorf("%s: rule %s of package %s would be the check %s, which there is already: %s", m.file, rule, m.pkg(), id, other.File))
			} else if other == nil {
				p.Kinds[id] = remarkKind(id)
				checks = append(checks, p.remarkCheck(m, id, rule, len(p.Checks)))
			}
			a := byPackage[m.pkg()]
			if a == nil {
				a = &adapter{pkg: m.pkg(), reads: []selector{{document.Kubernetes, "*", []string{"*"}}}, query: &query{pkg: m.pkg()}}
				byPackage[m.pkg()] = a
				p.adapters = append(p.adapters, a)
			}
			if !slices.Contains(a.emits, id) {
				a.emits = append(a.emits, id)
				a.remarks = append(a.remarks, remark{id, rule, remarking.FindStringSubmatch(rule)[2], m.find(rule).Location.String()})
				a.query.text = newRemarks(m, a.remarks)
			}
		}
	}
	return checks, errors.Join(faults...)
}

// newRemarks asks the rules of a package, any of which may be undefined, and what it excepts.
func newRemarks(m *module, remarks []remark) string {
	var parts []string
	for _, rule := range append([]remark{{rule: "exception"}}, remarks...) {
		parts = append(parts, fmt.Sprintf("%q: {x | x := %s.%s}", rule.rule, m.parsed.Package.Path, rule.rule))
	}
	return "result = {" + strings.Join(parts, ", ") + "}"
}

// remarkKind is the kind of facts that a rule makes: what it said of one object.
func remarkKind(id string) *FactKind {
	text := map[string]any{"type": "string"}
	fields := []string{"messages", "namespace"}
	return &FactKind{
		Name: id, Title: "What " + id + " says", Description: "What a rule of a conftest policy says of an object.", Fields: fields, remarks: true,
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

// compileConftest compiles the modules of all conftest folders, together and apart from all others. What conftest
// would look up elsewhere is not there; a rule that reads it would find nothing wrong for the wrong reason.
func (p *Policies) compileConftest(modules []*module) (*compiled, error) {
	parsed := map[string]*ast.Module{}
	for _, m := range modules {
		parsed[m.file] = m.parsed
	}
	c, err := p.compileModules(ast.NewCompiler().WithCapabilities(capabilities("print", "trace")), parsed)
	if err != nil {
		return nil, err
	}
	var faults ast.Errors
	for _, m := range modules {
		ast.WalkRefs(c.Modules[m.file], func(ref ast.Ref) bool {
			if prefix := ref.GroundPrefix(); ref[0].Equal(ast.DefaultRootDocument) && len(c.GetRulesDynamic(prefix)) == 0 {
				faults = append(faults, ast.NewError(ast.CompileErr, ref[0].Location, "%s is defined by no module of the folder; data from elsewhere is not read", prefix))
			}
			return false
		})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return c, nil
}

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
