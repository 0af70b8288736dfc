// Package examples_test holds the examples to what is said of them: how they stand, and what each way to break them breaks.
package examples_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/tester"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
	"pocdr.dev/pocdr/source"
	"pocdr.dev/pocdr/source/dir"
)

const (
	payments = "payments"                  // the example
	outcomes = "../testdata/payments.yaml" // its outcome of every check
	variants = "../testdata/variants/*.yaml"
)

var asOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// TestPayments pins the outcome of every check on the example, the team's own among them.
func TestPayments(t *testing.T) {
	got, unread := judge(t, compile(t), payments)
	for _, u := range unread {
		t.Errorf("%s:%d was not read: %s", u.File, u.Line, u.Message)
	}
	var want map[string]engine.Outcome
	read(t, outcomes, &want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the example stands otherwise than %s says (-want +got):\n%s", outcomes, diff)
	}
}

// TestOwnPolicies runs the tests of the team's policies, as `opa test` in its pipeline does.
func TestOwnPolicies(t *testing.T) {
	modules := map[string]*ast.Module{}
	for _, file := range glob(t, payments+"/policies/checks/*/*/*.rego") {
		text, err := os.ReadFile(file)
		if err == nil {
			modules[file], err = ast.ParseModule(file, string(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	results, err := tester.NewRunner().SetModules(modules).RunTests(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for result := range results {
		if !result.Pass() {
			t.Errorf("%s: %s failed: %v", result.Location, result.Name, result.Error)
		}
	}
}

// variant is one way to break the example, and what that breaks.
type variant struct {
	About   string                    `json:"about"`
	Change  []edit                    `json:"change"`
	Fails   map[string]engine.Outcome `json:"fails"`             // the checks whose outcome differs from the unbroken example's
	Refused []string                  `json:"refused,omitempty"` // the checks, and the rules about changes, that refuse to go from the unbroken example to this one; sorted
	Warned  []string                  `json:"warned,omitempty"`  // the rules about changes that warn of it, since the floor is below their level
}

// edit is a change of one file, in one of three ways.
type edit struct {
	File    string                     `json:"file"`
	Replace *struct{ Old, New string } `json:"replace,omitempty"` // Old stands there exactly once
	Delete  bool                       `json:"delete,omitempty"`
	Create  string                     `json:"create,omitempty"`
}

// TestVariants breaks the example in many ways, and asks for exactly the checks that each way breaks, and for exactly those that refuse it as a
// change; that the same checks refuse what is not of the declaration itself where the System is declared in the same change; and that OPA's own evaluator finds the same, word for word.
func TestVariants(t *testing.T) {
	p, reference := compile(t), compileReference(t)
	unbroken, _ := judge(t, p, payments)
	before, undeclared, broken := open(t, p, payments), open(t, p, without(t, "system/system.yaml")), map[string]bool{}
	files := glob(t, variants)
	for _, file := range files {
		var v variant
		read(t, file, &v)
		for _, check := range slices.Concat(slices.Collect(maps.Keys(v.Fails)), v.Refused, v.Warned) {
			broken[check] = true
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			root := filepath.Join(t.TempDir(), payments)
			if err := os.CopyFS(root, os.DirFS(payments)); err != nil {
				t.Fatal(err)
			}
			for _, e := range v.Change {
				if err := e.apply(root); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(findings(t, reference, root), findings(t, p, root)); diff != "" {
				t.Errorf("the evaluator differs from the reference (-reference +got):\n%s", diff)
			}
			got, _ := judge(t, p, root)
			maps.DeleteFunc(got, func(check string, outcome engine.Outcome) bool { return unbroken[check] == outcome })
			if diff := cmp.Diff(v.Fails, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", v.About, diff)
			}
			after := open(t, p, root)
			refusing, warned := refused(t, p, before, after)
			if diff := cmp.Diff([][]string{v.Refused, v.Warned}, [][]string{refusing, warned}); diff != "" {
				t.Errorf("%s, as a change, refused and warned (-want +got):\n%s", v.About, diff)
			}
			if v.declares() {
				return
			}
			first, _ := refused(t, p, undeclared, after)
			if diff := cmp.Diff(checks(v.Refused), checks(first)); diff != "" {
				t.Errorf("%s, as a change that declares the System as well, refused (-want +got):\n%s", v.About, diff)
			}
		})
	}
	for _, c := range p.Rules() {
		if c.Judged() && !broken[c.ID] {
			t.Errorf("no variant breaks %s", c.ID)
		}
	}
}

// declares tells whether a variant changes what is declared of the System, or who must approve it.
func (v variant) declares() bool {
	return slices.ContainsFunc(v.Change, func(e edit) bool { return strings.HasPrefix(e.File, "system/") || e.File == ".github/CODEOWNERS" })
}

// checks are those of some rules that are not about changes.
func checks(rules []string) []string {
	return slices.DeleteFunc(append([]string{}, rules...), func(id string) bool { return strings.HasPrefix(id, "transitions/") })
}

// without is a copy of the example that lacks a file.
func without(t *testing.T, file string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), payments)
	err := os.CopyFS(root, os.DirFS(payments))
	if err == nil {
		err = os.Remove(filepath.Join(root, file))
	}
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// refused are the checks and rules that refuse to go from one state of the example to another, and the rules about changes that warn of it.
func refused(t *testing.T, p *engine.Policies, before, after *state) (refused, warned []string) {
	t.Helper()
	request := engine.Request{}
	for _, id := range engine.Differing(before.judged.View, after.judged.View) {
		if o, differs := engine.NewOperation(before.documents[id], after.documents[id]); differs {
			request.Operations = append(request.Operations, o)
		}
	}
	decision := p.Decide(t.Context(), before.judged, after.judged, request)
	for _, f := range decision.Faults {
		t.Errorf("%s: %s", f.Policy, f.Message)
	}
	for _, s := range decision.Systems {
		for _, r := range s.Refusals {
			t.Logf("refused (%s): %s %s %s %s", r.Rule, r.Check.ID, r.Document, r.Path, r.Message)
			refused = append(refused, r.Check.ID)
		}
		for _, f := range s.Warnings {
			if f.Check.Kind == "transition" {
				warned = append(warned, f.Check.ID)
			}
		}
	}
	slices.Sort(refused)
	slices.Sort(warned)
	return slices.Compact(refused), slices.Compact(warned)
}

func (e edit) apply(root string) error {
	file := filepath.Join(root, e.File)
	if e.Delete {
		return os.Remove(file)
	}
	if e.Create != "" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, []byte(e.Create), 0o644)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), e.Replace.Old); n != 1 {
		return fmt.Errorf("%s: %q stands there %d times", e.File, e.Replace.Old, n)
	}
	return os.WriteFile(file, []byte(strings.Replace(string(text), e.Replace.Old, e.Replace.New, 1)), 0o644)
}

// findings are all that is found in the example at root, and all facts that it is found by.
func findings(t *testing.T, p *engine.Policies, root string) []string {
	t.Helper()
	v := open(t, p, root).judged.View
	var all []string
	for _, s := range v.Snapshots(engine.Settings{AsOf: asOf}) {
		for _, f := range p.Judge(t.Context(), s).Findings {
			all = append(all, fmt.Sprintf("%s: %s %s %s %s %s", f.System, f.Outcome, f.Check.ID, f.Document, f.Path, f.Message))
		}
	}
	for kind := range p.Kinds {
		for _, f := range v.Facts(kind) {
			all = append(all, fmt.Sprintf("%s %v", kind, f))
		}
	}
	slices.Sort(all)
	return all
}

func compile(t *testing.T) *engine.Policies { return compileWith(t, engine.Compile) }

func compileReference(t *testing.T) *engine.Policies { return compileWith(t, engine.CompileReference) }

func compileWith(t *testing.T, compile func(...engine.Tree) (*engine.Policies, error)) *engine.Policies {
	t.Helper()
	own := payments + "/policies"
	p, err := compile(engine.Tree{FS: policies.FS}, engine.Tree{Name: own, FS: os.DirFS(own)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// judge gives the outcome of every check on the system of the example at root, and what of it could not be read.
func judge(t *testing.T, p *engine.Policies, root string) (map[string]engine.Outcome, []document.Unread) {
	t.Helper()
	v := open(t, p, root).judged.View
	for _, s := range v.Snapshots(engine.Settings{AsOf: asOf}) {
		if s.Name != payments {
			continue
		}
		j := p.Judge(t.Context(), s)
		for _, f := range append(v.Faults, j.Faults...) {
			t.Errorf("%s: %s", f.Policy, f.Message)
		}
		for _, f := range j.Findings {
			t.Logf("%s %s %s %s %s", f.Outcome, f.Check.ID, f.Document, f.Path, f.Message)
		}
		return j.Outcomes, v.Unread
	}
	return map[string]engine.Outcome{}, v.Unread // nobody declares it
}

// state is the example as it stands in a folder.
type state struct {
	judged    *engine.Judged
	documents map[string]*document.Document
}

// open reads and judges what the command does.
func open(t *testing.T, p *engine.Policies, root string) *state {
	t.Helper()
	v, documents, err := view(t.Context(), p, root)
	if err != nil {
		t.Fatal(err)
	}
	judged, err := p.JudgeAll(t.Context(), v, engine.Settings{AsOf: asOf}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &state{judged, documents}
}

func view(ctx context.Context, p *engine.Policies, root string) (*engine.View, map[string]*document.Document, error) {
	tree, err := dir.Open(root)
	if err != nil {
		return nil, nil, err
	}
	contents, err := source.Open(ctx, tree, document.DefaultBounds)
	if err != nil {
		return nil, nil, err
	}
	files, err := source.Each(ctx, contents, func(documents []document.Document, unread []document.Unread) (derived, error) {
		d := derived{documents: documents, unread: unread}
		for _, document := range documents {
			facts, unread, faults := p.Derive(ctx, document)
			d.facts, d.unread, d.faults = append(d.facts, facts), append(d.unread, unread...), append(d.faults, faults...)
		}
		return d, nil
	})
	if err != nil {
		return nil, nil, err
	}
	v, all := p.NewView(), map[string]*document.Document{}
	v.Unread = append(v.Unread, contents.Unread...)
	for _, d := range files {
		v.Unread, v.Faults = append(v.Unread, d.unread...), append(v.Faults, d.faults...)
		for i, facts := range d.facts {
			all[d.documents[i].ID] = &d.documents[i]
			if facts != nil {
				v.Add(facts)
			}
		}
	}
	owners, err := contents.Owners()
	if err != nil {
		return nil, nil, err
	}
	v.Own(ctx, owners.File, owners.Of)
	v.Join(ctx)
	return v, all, nil
}

type derived struct {
	documents []document.Document
	facts     []*engine.Facts
	unread    []document.Unread
	faults    []engine.Fault
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = yaml.UnmarshalStrict(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing is called %s: %v", pattern, err)
	}
	return slices.Sorted(slices.Values(files))
}
