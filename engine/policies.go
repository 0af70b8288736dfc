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
)

// Policies are compiled policies and their catalogue. They are not changed once compiled, and may be used from several goroutines.
type Policies struct {
	Principles []Principle
	Levels     []Level // Levels[n] is level n
	Checks     []*Check
	Kinds      map[string]*FactKind
	Digest     string        // of every module and schema
	Limit      time.Duration // bounds one check on one snapshot; what takes longer is unknown

	adapters  []*adapter
	joins     []*join
	questions map[string]*query // by check
}

// Tree is a folder of policies and what it is called in messages; empty for the shipped ones.
type Tree struct {
	Name string
	FS   fs.FS
}

// Compile reads and compiles policies: the shipped tree first, then a team's own. Every fault that it finds is in the error, with its place.
func Compile(trees ...Tree) (*Policies, error) {
	p := &Policies{Kinds: map[string]*FactKind{}, questions: map[string]*query{}, Limit: 10 * time.Second}
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

// Check finds a check by its ID; nil where there is none.
func (p *Policies) Check(id string) *Check {
	for _, c := range p.Checks {
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
// level, an adapter reads documents, a join joins facts; a module without any of them is a library.
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
	case a.Custom["level"] != nil:
		p.registerCheck(m, a, md)
	case a.Custom["reads"] != nil:
		p.registerAdapter(m, md)
	case a.Custom["joins"] != nil:
		p.registerJoin(m, md)
	}
	return md.faults
}

func (p *Policies) registerCheck(m *module, a *ast.Annotations, md *metadata) {
	md.known("level", "kind", "severity", "remediation", "parameters", "exemptible", "awaits")
	c := &Check{
		Title: a.Title, Description: strings.TrimSpace(a.Description), Level: md.level(), File: m.file, pkg: m.pkg(),
		Kind:        md.oneOf("kind", "invariant", "goal"),
		Severity:    md.oneOf("severity", "critical", "high", "medium", "low"),
		Remediation: md.text("remediation"), Parameters: md.parameters(),
		Exemptible: md.flag("exemptible", true), Awaits: md.texts("awaits"),
	}
	for _, r := range a.RelatedResources {
		c.Related = append(c.Related, Link{r.Ref.String(), r.Description})
	}
	steps := strings.Split(strings.ReplaceAll(m.pkg(), "_", "-"), ".")
	folder := path.Dir(m.file)
	if len(steps) < 3 || !strings.HasSuffix("/"+folder, "/"+steps[len(steps)-2]+"/"+steps[len(steps)-1]) {
		md.fault("package %s must end as its folder does: <principle>/<check>", m.pkg())
		return
	}
	c.Principle = steps[len(steps)-2]
	c.ID = c.Principle + "/" + steps[len(steps)-1]
	if p.rank(c.Principle) < 0 {
		md.fault("%q is none of the principles", c.Principle)
	}
	if c.Title == "" || c.Description == "" {
		md.fault("a check has a title and a description")
	}
	if c.Judged() != m.has("subjects") {
		md.fault("a check has either a rule `subjects`, or says in custom.awaits what it cannot see yet")
	}
	if other := p.Check(c.ID); other != nil {
		md.fault("check %s is defined already, in %s", c.ID, other.File)
	}
	p.Checks = append(p.Checks, c)
	if c.Judged() {
		p.questions[c.ID] = newQuestion(m)
	}
}

// compile compiles the adapters apart from the joins and checks, whose input is typed by the schemas of the facts.
func (p *Policies) compile(modules []*module) error {
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
	documents, err := compileModules(stage1, nil)
	if err != nil {
		return err
	}
	snapshots, err := compileModules(stage2, inputSchema(p.Kinds))
	if err != nil {
		return err
	}
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
	for _, c := range p.Checks {
		if !c.Judged() {
			continue
		}
		if err := p.questions[c.ID].compile(snapshots); err != nil {
			return err
		}
		c.Reads = reads(snapshots, c.pkg, slices.Sorted(maps.Keys(p.Kinds)))
	}
	return nil
}

func compileModules(modules map[string]*ast.Module, schemas *ast.SchemaSet) (*ast.Compiler, error) {
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
	return compiler, nil
}
