// Package engine judges: documents → facts → snapshots → findings and levels.
//
// It does no I/O and reads no clock: what it needs is handed to it. It is the
// only package that knows how policies are evaluated.
package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/engine/program"
)

// Policies are compiled policies and their catalogue. They are not changed once compiled, and may be used from several goroutines.
type Policies struct {
	Principles  []Principle
	Levels      []Level // Levels[n] is level n
	Checks      []*Check
	Transitions []*Check // rules about a change, each with the level from which it binds
	Kinds       map[string]*FactKind
	Digest      string        // of every module and schema
	Limit       time.Duration // bounds one check on one snapshot; what takes longer is unknown

	adapters  []*adapter
	joins     []*join
	questions map[string]*query // by check
	looks     map[string]*query // by transition: what it sees of one snapshot
	turns     *query            // how a change turns the switch
	blindAt   map[Entrance]map[string]bool
	reference bool
	tested    bool
	words     program.Words

	exemptible *ast.Term // by check and rule, as policies are told
}

// Tree is a folder of policies and what it is called in messages; empty for the shipped ones.
type Tree struct {
	Name   string
	FS     fs.FS
	Tested bool // it was compiled before, as it is: its types are not checked once more
}

// Compile reads and compiles policies: the shipped tree first, then a team's own. Every fault that it finds is in the error, with its place.
func Compile(trees ...Tree) (*Policies, error) { return compile(false, trees) }

// CompileReference compiles policies that OPA's own evaluator answers, slowly: what the answers of others are held to.
func CompileReference(trees ...Tree) (*Policies, error) { return compile(true, trees) }

func compile(reference bool, trees []Tree) (*Policies, error) {
	p := &Policies{reference: reference, tested: !slices.ContainsFunc(trees, func(t Tree) bool { return !t.Tested }), words: program.Words{}, Kinds: map[string]*FactKind{}, questions: map[string]*query{}, looks: map[string]*query{}, blindAt: map[Entrance]map[string]bool{}, Limit: 10 * time.Second}
	if err := p.readPrinciples(trees[0].FS); err != nil {
		return nil, err
	}
	var modules, conftest []*module
	var faults []error
	sum := sha256.New()
	for i, tree := range trees {
		kinds := len(p.Kinds)
		if err := readKinds(tree.FS, p.Kinds); err != nil {
			return nil, err
		}
		read, other, err := readModules(tree, i == 0)
		if err == nil && len(read)+len(other) == 0 && len(p.Kinds) == kinds {
			err = fmt.Errorf("%s: no policy is in this folder: it holds no .rego file, tests left out", tree.Name)
		}
		faults = append(faults, err)
		modules, conftest = append(modules, read...), append(conftest, other...)
	}
	for _, m := range slices.Concat(modules, conftest) {
		fmt.Fprintf(sum, "%s %d\n%s", m.file, len(m.text), m.text)
	}
	for _, m := range modules {
		faults = append(faults, p.register(m)...)
	}
	faults = append(faults, p.unasked(modules)...)
	remarks, err := p.registerConftest(conftest)
	modules, faults = append(modules, remarks...), append(faults, err)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	p.Digest = "sha256:" + hex.EncodeToString(sum.Sum(nil))
	slices.SortFunc(p.Checks, p.order)
	slices.SortFunc(p.Transitions, p.order)
	return p, p.compile(modules, conftest)
}

func (p *Policies) readPrinciples(tree fs.FS) error {
	text, err := fs.ReadFile(tree, "principles.yaml")
	if err != nil {
		return err
	}
	var file struct {
		Principles []Principle `json:"principles"`
		Levels     []Level     `json:"levels"`
	}
	err = yaml.UnmarshalStrict(text, &file)
	p.Principles, p.Levels = file.Principles, file.Levels
	return err
}

// Rules are all checks, and then all transitions.
func (p *Policies) Rules() []*Check { return slices.Concat(p.Checks, p.Transitions) }

// Check finds a check or a transition by its ID; nil where there is none.
func (p *Policies) Check(id string) *Check {
	for _, c := range p.Rules() {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// module is a parsed Rego module of a policy tree.
type module struct {
	file    string
	text    []byte
	parsed  *ast.Module
	shipped bool
	entered bool // in the catalogue, as what its METADATA says that it is
}

// readModules parses the modules of a tree; those of a folder for conftest are kept apart.
func readModules(tree Tree, shipped bool) (modules, conftest []*module, err error) {
	if !shipped {
		if conftest, err = readConftest(tree); len(conftest) > 0 || err != nil {
			return nil, conftest, err
		}
	}
	var faults []error
	err = eachModule(tree, func(m *module) {
		m.shipped = shipped
		m.parsed, err = ast.ParseModuleWithOpts(m.file, string(m.text), ast.ParserOptions{
			ProcessAnnotation: true, RegoVersion: ast.RegoV2, Capabilities: capabilities(),
		})
		if err != nil {
			faults = append(faults, err)
			return
		}
		if !shipped {
			faults = append(faults, forbidden(m.parsed)...)
		}
		modules = append(modules, m)
	})
	return modules, nil, errors.Join(append(faults, err)...)
}

// eachModule reads the modules of a tree, tests left out.
func eachModule(tree Tree, do func(*module)) error {
	return fs.WalkDir(tree.FS, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".rego" || strings.HasSuffix(file, "_test.rego") {
			return err
		}
		text, err := fs.ReadFile(tree.FS, file)
		if err != nil {
			return err
		}
		do(&module{file: path.Join(tree.Name, file), text: text})
		return nil
	})
}

// pkg is the module's package, dotted and without the leading "data.".
func (m *module) pkg() string {
	var steps []string
	for _, term := range m.parsed.Package.Path[1:] {
		steps = append(steps, string(term.Value.(ast.String)))
	}
	return strings.Join(steps, ".")
}

// annotation is the annotation of the module's package; nil where it has none.
func (m *module) annotation() *ast.Annotations {
	for _, a := range m.parsed.Annotations {
		if a.Scope == "package" {
			return a
		}
	}
	return nil
}

// has tells whether the module defines a rule of this name.
func (m *module) has(rule string) bool { return m.find(rule) != nil }

// find is the first rule of this name; nil where there is none.
func (m *module) find(rule string) *ast.Rule {
	for _, r := range m.parsed.Rules {
		if name, ok := r.Head.Ref()[0].Value.(ast.Var); ok && string(name) == rule {
			return r
		}
	}
	return nil
}

// register enters a module in the catalogue, as what its METADATA says that it is: a check has a
// level, and so has a transition, whose kind says so; an adapter reads documents, a join joins facts; a module without any of them is a library.
func (p *Policies) register(m *module) []error {
	if !m.shipped && strings.HasPrefix(m.pkg()+".", "pocdr.") {
		return []error{fmt.Errorf("%s: package %s: packages under pocdr belong to the engine; use one of your own", m.file, m.pkg())}
	}
	a := m.annotation()
	if a == nil {
		return nil
	}
	md := &metadata{file: m.file, custom: a.Custom}
	switch {
	case a.Custom["kind"] == transition:
		p.registerTransition(m, a, md)
	case a.Custom["level"] != nil:
		p.registerCheck(m, a, md)
	case a.Custom["reads"] != nil:
		p.registerAdapter(m, md)
	case a.Custom["joins"] != nil:
		p.registerJoin(m, md)
	default:
		return nil
	}
	m.entered = true
	return md.faults
}

// unasked finds modules that nobody would ever ask, though they look like more than libraries: a check that is not in the catalogue finds nothing wrong.
func (p *Policies) unasked(modules []*module) []error {
	entered := map[string]*module{}
	for _, m := range modules {
		if m.entered {
			entered[m.pkg()] = m
		}
	}
	var faults []error
	for _, m := range modules {
		first := entered[m.pkg()]
		rule := m.first(answering)
		switch part := m.first(asked); {
		case m.entered:
		case first != nil && part != nil:
			faults = append(faults, fmt.Errorf("%s: rule %s is asked only where the METADATA of its package stands: move it to %s", part.Location, part.Head.Ref()[0], first.file))
		case first == nil && rule != nil:
			faults = append(faults, fmt.Errorf("%s: rule %s of package %s would be asked by nobody: %s", rule.Location, rule.Head.Ref()[0], m.pkg(), m.nameless()))
		case first == nil && p.named(m.pkg()):
			faults = append(faults, fmt.Errorf("%s: package %s would be asked by nobody: %s", m.parsed.Package.Location, m.pkg(), m.nameless()))
		}
	}
	return faults
}

// answering are the rules by which a check, a rule about changes, an adapter or a join answers. Others of theirs are names that a library may have, too.
var answering = []string{"subjects", "fails", "refuses", "facts"}

// asked are the rules that are asked of one module of a package.
var asked = append([]string{"sees"}, answers...)

// first is the first rule of the module that has one of these names; nil where there is none. A function is no such rule.
func (m *module) first(names []string) *ast.Rule {
	for _, name := range names {
		if rule := m.find(name); rule != nil && len(rule.Head.Args) == 0 {
			return rule
		}
	}
	return nil
}

// named tells whether a package is called as checks and rules about changes are.
func (p *Policies) named(pkg string) bool {
	steps := strings.Split(pkg, ".")
	n := len(steps)
	return n > 1 && steps[n-2] == "transitions" || n > 2 && steps[n-3] == "checks" && p.rank(strings.ReplaceAll(steps[n-2], "_", "-")) >= 0
}

// nameless says what METADATA a module lacks.
func (m *module) nameless() string {
	has := "there is none"
	if a := m.annotation(); a != nil && len(a.Custom) > 0 {
		has = "it has custom." + strings.Join(slices.Sorted(maps.Keys(a.Custom)), ", custom.")
	} else if a != nil {
		has = "it has no custom"
	}
	return "METADATA right above `package` tells what a module is, by custom.level (a check), custom.kind: transition (a rule about changes), custom.reads (an adapter) or custom.joins (a join); " +
		has + ". See policies/README.md"
}

// compile compiles the adapters apart from the joins and checks, whose input is typed by the schemas of the facts, and policies for conftest apart from both.
func (p *Policies) compile(modules, conftest []*module) error {
	for _, kind := range p.Kinds {
		kind.term = p.words.Word(kind.Name)
		for _, field := range kind.Fields {
			kind.keys = append(kind.keys, p.words.Word(field))
		}
	}
	stage1, stage2 := map[string]*ast.Module{}, map[string]*ast.Module{}
	for _, m := range modules {
		if p.isAdapter(m) {
			stage1[m.file] = m.parsed
		} else {
			stage2[m.file] = m.parsed
		}
		if !m.entered {
			stage1[m.file] = m.parsed
		}
	}
	documents, err := p.compileModules(p.strict(), stage1)
	if err != nil {
		return err
	}
	snapshots, err := p.compileModules(p.strict().WithSchemas(inputSchema(p.Kinds)).WithUseTypeCheckAnnotations(true), stage2)
	if err != nil {
		return err
	}
	remarks, err := p.compileConftest(conftest)
	if err != nil {
		return err
	}
	defer documents.forget()
	defer snapshots.forget()
	defer remarks.forget()
	for _, a := range p.adapters {
		c := documents
		if a.remarks != nil {
			c = remarks
		}
		if err := a.query.compile(c); err != nil {
			return err
		}
	}
	for _, j := range p.joins {
		if err := j.query.compile(snapshots); err != nil {
			return err
		}
	}
	if err := p.compileChecks(snapshots); err != nil {
		return err
	}
	for _, e := range Entrances {
		p.blindAt[e] = p.findBlind(e)
	}
	p.exemptible = term(p.mayExempt())
	return nil
}

func (p *Policies) strict() *ast.Compiler {
	c := ast.NewCompiler().WithStrict(true).WithCapabilities(capabilities())
	if p.tested {
		c = c.WithSkipStages(checking...)
	}
	return c
}

// checking are the stages of OPA's compiler that change nothing of a policy in which they find nothing.
var checking = []ast.StageID{
	ast.StageCheckUnusedImports, ast.StageCheckKeywordOverrides, ast.StageCheckDuplicateImports, ast.StageCheckVoidCalls, ast.StageCheckRuleConflicts,
	ast.StageCheckUndefinedFuncs, ast.StageCheckRecursion, ast.StageCheckTypes, ast.StageCheckUnsafeBuiltins, ast.StageCheckDeprecatedBuiltins,
	ast.StageBuildRequiredCapabilities,
}

func (p *Policies) compileChecks(snapshots *compiled) error {
	kinds := slices.Sorted(maps.Keys(p.Kinds))
	for _, c := range p.Rules() {
		if !c.Judged() {
			continue
		}
		for _, q := range []*query{p.questions[c.ID], p.looks[c.ID]} {
			if q == nil {
				continue
			}
			if err := q.compile(snapshots); err != nil {
				return err
			}
		}
		c.Reads, c.timed = reads(snapshots.Compiler, c.pkg, kinds)
		c.acts = c.Kind == transition && (p.looks[c.ID] == nil || readsOperations(snapshots.Compiler, c.pkg))
	}
	return p.compileTurns(snapshots)
}

func (p *Policies) compileModules(compiler *ast.Compiler, modules map[string]*ast.Module) (*compiled, error) {
	copies := make(map[string]*ast.Module, len(modules))
	for file, m := range modules {
		copies[file] = m.Copy()
	}
	if compiler.Compile(copies); compiler.Failed() {
		return nil, compiler.Errors
	}
	c := &compiled{Compiler: compiler}
	if !p.reference {
		c.program = program.New(compiler, p.words)
	}
	return c, nil
}
