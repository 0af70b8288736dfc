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
	words     program.Words
}

// Tree is a folder of policies and what it is called in messages; empty for the shipped ones.
type Tree struct {
	Name string
	FS   fs.FS
}

// Compile reads and compiles policies: the shipped tree first, then a team's own. Every fault that it finds is in the error, with its place.
func Compile(trees ...Tree) (*Policies, error) { return compile(false, trees) }

// CompileReference compiles policies that OPA's own evaluator answers, slowly: what the answers of others are held to.
func CompileReference(trees ...Tree) (*Policies, error) { return compile(true, trees) }

func compile(reference bool, trees []Tree) (*Policies, error) {
	p := &Policies{reference: reference, words: program.Words{}, Kinds: map[string]*FactKind{}, questions: map[string]*query{}, looks: map[string]*query{}, blindAt: map[Entrance]map[string]bool{}, Limit: 10 * time.Second}
	if err := p.readPrinciples(trees[0].FS); err != nil {
		return nil, err
	}
	var modules []*module
	var faults []error
	sum := sha256.New()
	for i, tree := range trees {
		if err := readKinds(tree.FS, p.Kinds); err != nil {
			return nil, err
		}
		read, err := readModules(tree, i == 0)
		faults = append(faults, err)
		modules = append(modules, read...)
	}
	for _, m := range modules {
		fmt.Fprintf(sum, "%s %d\n%s", m.file, len(m.text), m.text)
		faults = append(faults, p.register(m)...)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	p.Digest = "sha256:" + hex.EncodeToString(sum.Sum(nil))
	slices.SortFunc(p.Checks, p.order)
	slices.SortFunc(p.Transitions, p.order)
	return p, p.compile(modules)
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
}

// readModules parses the modules of a tree, tests left out.
func readModules(tree Tree, shipped bool) ([]*module, error) {
	var modules []*module
	var faults []error
	err := fs.WalkDir(tree.FS, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".rego" || strings.HasSuffix(file, "_test.rego") {
			return err
		}
		text, err := fs.ReadFile(tree.FS, file)
		if err != nil {
			return err
		}
		name := path.Join(tree.Name, file)
		parsed, err := ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{
			ProcessAnnotation: true, RegoVersion: ast.RegoV2, Capabilities: capabilities(),
		})
		if err != nil {
			faults = append(faults, err)
			return nil
		}
		if !shipped {
			faults = append(faults, forbidden(parsed)...)
		}
		modules = append(modules, &module{name, text, parsed, shipped})
		return nil
	})
	return modules, errors.Join(append(faults, err)...)
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
func (m *module) has(rule string) bool {
	return slices.ContainsFunc(m.parsed.Rules, func(r *ast.Rule) bool {
		name, ok := r.Head.Ref()[0].Value.(ast.Var)
		return ok && string(name) == rule
	})
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
	}
	return md.faults
}

// compile compiles the adapters apart from the joins and checks, whose input is typed by the schemas of the facts.
func (p *Policies) compile(modules []*module) error {
	for _, kind := range p.Kinds {
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
		if a := m.annotation(); a == nil || a.Custom == nil {
			stage1[m.file] = m.parsed
		}
	}
	documents, err := p.compileModules(stage1, nil)
	if err != nil {
		return err
	}
	snapshots, err := p.compileModules(stage2, inputSchema(p.Kinds))
	if err != nil {
		return err
	}
	defer documents.forget()
	defer snapshots.forget()
	for _, a := range p.adapters {
		if err := a.query.compile(documents); err != nil {
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
	return nil
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
	}
	return p.compileTurns(snapshots)
}

func (p *Policies) compileModules(modules map[string]*ast.Module, schemas *ast.SchemaSet) (*compiled, error) {
	copies := make(map[string]*ast.Module, len(modules))
	for file, m := range modules {
		copies[file] = m.Copy()
	}
	compiler := ast.NewCompiler().WithStrict(true).WithSchemas(schemas).WithCapabilities(capabilities())
	if schemas != nil {
		compiler = compiler.WithUseTypeCheckAnnotations(true)
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
