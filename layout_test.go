// Package pocdr_test holds the layout of the project against its design.
package pocdr_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const self = "pocdr.dev/pocdr/"

// may lists, for each folder, the folders of ours that it may import, in one direction along the data flow. "/..." takes in what is below.
var may = map[string][]string{
	"api/v1alpha1":         {},
	"document":             {"document/cql"},
	"document/cql":         {},
	"document/codeowners":  {},
	"source":               {"document", "document/codeowners"},
	"source/dir":           {"document", "source"},
	"source/git":           {"document", "source"},
	"source/cluster":       {"document"},
	"policies":             {},
	"engine":               {"api/v1alpha1", "document", "engine/program"},
	"engine/program":       {},
	"maturity":             {"engine"},
	"draft":                {"engine"},
	"report":               {"api/v1alpha1", "document", "engine", "maturity"},
	"webhook":              {"api/v1alpha1", "document", "engine", "maturity", "source/cluster"},
	"webhook/admission":    {"api/v1alpha1", "document", "engine", "source/cluster", "webhook"},
	"webhook/audit":        {"api/v1alpha1", "engine", "maturity"},
	"webhook/manifests":    {"api/v1alpha1", "engine", "policies", "webhook/admission"},
	"webhook/controlplane": {"engine", "policies"}, // for tests
	"cmd/pocdr":            {"..."},
	"cmd/pocdr/memory":     {},
	"bench":                {},
}

// only lists the libraries that only one folder, and those below it, may import, so that replacing them is that folder's work.
var only = map[string]string{
	"github.com/open-policy-agent/opa": "engine",
	"github.com/go-git/go-git/v5":      "source/git",
}

// TestImports reads the imports of every file. It parses rather than asks `go list`, whose answer the test cache would not see change.
func TestImports(t *testing.T) {
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := filepath.ToSlash(filepath.Dir(file))
		allowed, known := may[folder]
		if !known {
			t.Errorf("%s: the design has no folder %s", file, folder)
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkImport(t, file, folder, imported, allowed)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkImport(t *testing.T, file, folder, imported string, allowed []string) {
	t.Helper()
	if ours, ok := strings.CutPrefix(imported, self); ok && !slices.Contains(allowed, ours) && !slices.Contains(allowed, "...") {
		t.Errorf("%s imports %s; %s may import %v", file, ours, folder, allowed)
	}
	for library, owner := range only {
		if strings.HasPrefix(imported, library) && folder != owner && !strings.HasPrefix(folder, owner+"/") {
			t.Errorf("%s imports %s; only %s may", file, library, owner)
		}
	}
}
