package engine

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

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

// registerConftest makes an adapter of each package, which asks its rules of every object of a cluster, and a check of each rule, which finds what
// it said. It gives the modules by which the checks answer.
func (p *Policies) registerConftest(modules []*module) ([]*module, error) {
	var faults []error
	var checks []*module
	byPackage := map[string]*adapter{}
	for _, m := range modules {
		for _, rule := range m.remarks() {
			a, id := byPackage[m.pkg()], m.pkg()+"/"+rule
			if a != nil && slices.Contains(a.emits, id) {
				continue
			}
			if other := p.Check(id); other != nil {
				faults = append(faults, fmt.Errorf("%s: rule %s of package %s would be the check %s, which there is already: %s", m.file, rule, m.pkg(), id, other.File))
				continue
			}
			if a == nil {
				a = &adapter{pkg: m.pkg(), reads: []selector{{Format: document.Kubernetes, Group: "*", Kinds: []string{"*"}}}, query: &query{pkg: m.pkg()}}
				byPackage[m.pkg()] = a
				p.adapters = append(p.adapters, a)
			}
			a.ask(m, rule, id)
			p.Kinds[id] = remarkKind(id)
			checks = append(checks, p.remarkCheck(m, id, rule, len(p.Checks)))
		}
	}
	return checks, errors.Join(faults...)
}

// compileConftest compiles the modules of all conftest folders, together and apart from all others. What conftest
// would look up elsewhere is not there; a rule that reads it would find nothing wrong for the wrong reason.
func (p *Policies) compileConftest(modules []*module) (*compiled, error) {
	if len(modules) == 0 {
		return &compiled{}, nil
	}
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
			if prefix := ref.GroundPrefix(); ref[0].Equal(ast.DefaultRootDocument) && len(c.GetRulesDynamicWithOpts(prefix, ast.RulesOptions{})) == 0 {
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
