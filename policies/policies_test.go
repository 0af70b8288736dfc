package policies_test

import (
	"context"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

// TestPolicies runs the tests that stand beside the policies, and asks that they cover every line.
// POCDR_POLICY narrows it to the packages that hold its text, while a policy is being written.
func TestPolicies(t *testing.T) {
	only := os.Getenv("POCDR_POLICY")
	modules := parseAll(t)
	coverage := cover.New()
	runner := tester.NewRunner().SetDefaultRegoVersion(ast.RegoV2).SetModules(modules).
		SetStore(inmem.NewFromObject(fixtures(t))).CapturePrintOutput(true).SetCoverageQueryTracer(coverage).Filter(regexp.QuoteMeta(only))
	results, err := runner.RunTests(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for result := range results {
		ran++
		if !result.Pass() {
			t.Errorf("%s: %s.%s failed: %v\n%s", result.Location, result.Package, result.Name, result.Error, result.Output)
		}
	}
	if ran == 0 {
		t.Fatal("no tests ran")
	}
	t.Logf("%d tests of policies", ran)
	for file, report := range coverage.Report(modules).Files {
		uncovered := report.NotCovered
		if len(uncovered) > 0 && !strings.HasSuffix(file, "_test.rego") && (only == "" || strings.Contains(strings.ReplaceAll(file, "/", "."), only)) {
			t.Errorf("%s: lines not covered by a test: %v", file, lines(uncovered))
		}
	}
}

func lines(ranges []cover.Range) []int {
	var out []int
	for _, r := range ranges {
		for row := r.Start.Row; row <= r.End.Row; row++ {
			out = append(out, row)
		}
	}
	return slices.Compact(out)
}

func parseAll(t *testing.T) map[string]*ast.Module {
	t.Helper()
	modules := map[string]*ast.Module{}
	err := fs.WalkDir(os.DirFS("."), ".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(file) != ".rego" {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		modules[file], err = ast.ParseModuleWithOpts(file, string(text), ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV2})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return modules
}

// fixtures are what tests build facts and snapshots of.
func fixtures(t *testing.T) map[string]any {
	t.Helper()
	p, err := engine.Compile(engine.Tree{FS: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	return p.Fixtures()
}
