package policies_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

// entry is a line of the method's table of checks.
type entry struct {
	ID    string
	Level int
	Kind  string
}

// method is that table, in its order: by level, and within one by principle.
var method = []entry{
	{"declaration/system-declared", 1, "goal"},
	{"declaration/claimed", 1, "goal"},
	{"declaration/image-versioned", 1, "goal"},
	{"radius/owned", 1, "goal"},
	{"intake/declared", 1, "invariant"},
	{"access/own-identity", 1, "goal"},
	{"delivery/health-declared", 1, "goal"},
	{"rollback/previous-kept", 1, "goal"},
	{"switch/one-writer", 1, "invariant"},
	{"repair/observed", 1, "goal"},
	{"gate/scanned", 1, "goal"},
	{"gate/exemptions-expire", 1, "goal"},

	{"intake/retention-covers-window", 2, "invariant"},
	{"intake/replicated", 2, "invariant"},
	{"declaration/image-pinned", 2, "goal"},
	{"declaration/config-immutable", 2, "goal"},
	{"access/enforced", 2, "invariant"},
	{"access/least-reach", 2, "invariant"},
	{"access/one-writer", 2, "invariant"},
	{"switch/authorised", 2, "invariant"},
	{"radius/downstream-declared", 2, "goal"},
	{"radius/bounded", 2, "goal"},
	{"rollback/schema-expands", 2, "invariant"},
	{"repair/invariants-declared", 2, "goal"},
	{"gate/policies-tested", 2, "goal"},

	{"delivery/second-plant", 3, "goal"},
	{"delivery/parity", 3, "goal"},
	{"delivery/criteria-declared", 3, "goal"},
	{"delivery/proven", 3, "goal"},
	{"access/candidate-diverted", 3, "invariant"},
	{"radius/candidate-bounded", 3, "invariant"},
	{"radius/contract-versioned", 3, "goal"},
	{"radius/objective-declared", 3, "goal"},
	{"rollback/as-code", 3, "goal"},
	{"repair/provenance", 3, "goal"},
	{"repair/correction-path", 3, "goal"},
	{"gate/evidence-signed", 3, "goal"},
	{"gate/commit-judged", 3, "goal"},

	{"rollback/rehearsed", 4, "goal"},
	{"switch/single", 4, "goal"},
	{"switch/revertible", 4, "goal"},
	{"switch/handed-over", 4, "goal"},
	{"standby/warm", 4, "invariant"},
	{"standby/same-release", 4, "invariant"},
	{"standby/offsets-kept", 4, "invariant"},
	{"repair/downstream-corrects", 4, "goal"},
	{"gate/enforced", 4, "invariant"},
	{"declaration/no-drift", 4, "goal"},

	{"delivery/always-proven", 5, "goal"},
	{"rollback/always-rehearsed", 5, "goal"},
	{"declaration/signed-history", 5, "goal"},
	{"intake/replay-drilled", 5, "goal"},
	{"repair/drilled", 5, "goal"},
	{"gate/routine", 5, "goal"},
	{"radius/budgeted", 5, "goal"},
}

// unexempted are the checks that no exemption may cover.
var unexempted = []string{"access/candidate-diverted", "access/enforced", "declaration/system-declared", "gate/evidence-signed", "gate/exemptions-expire"}

// changes are the rules about changes.
var changes = []entry{
	{"transitions/bedrock-apart", 1, "transition"},
	{"transitions/claim-kept", 1, "transition"},
	{"transitions/claims-apart", 1, "transition"},
	{"transitions/level-kept", 1, "transition"},
	{"transitions/mode-kept", 1, "transition"},
	{"transitions/production-kept", 1, "transition"},
	{"transitions/profile-kept", 1, "transition"},
	{"transitions/promises-kept", 3, "transition"},
	{"transitions/served-kept", 1, "transition"},
	{"transitions/system-kept", 1, "transition"},
	{"transitions/config-kept", 2, "transition"},
	{"transitions/enforcer-kept", 2, "transition"},
	{"transitions/fence-kept", 1, "transition"},
	{"transitions/gate-kept", 2, "transition"},
	{"transitions/outlet-alone", 2, "transition"},
	{"transitions/partitions-kept", 2, "transition"},
	{"transitions/reach-kept", 2, "transition"},
	{"transitions/retention-kept", 2, "transition"},
	{"transitions/schema-kept", 2, "transition"},
	{"transitions/switch-alone", 2, "transition"},
	{"transitions/switchers-kept", 2, "transition"},
	{"transitions/release-kept", 3, "transition"},
	{"transitions/standby-kept", 4, "transition"},
}

// TestCatalogue asks that the shipped checks are those of the method, no more and no fewer.
func TestCatalogue(t *testing.T) {
	p, err := engine.Compile(engine.Tree{FS: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	var shipped []entry
	var firm []string
	for _, c := range p.Rules() {
		shipped = append(shipped, entry{c.ID, c.Level, c.Kind})
		if !c.Exemptible {
			firm = append(firm, c.ID)
		}
		tests, err := fs.Glob(files, path.Join(path.Dir(c.File), "*_test.rego"))
		if err != nil {
			t.Fatal(err)
		}
		if c.Judged() && len(tests) == 0 {
			t.Errorf("%s has no test beside it", c.File)
		}
	}
	byID := func(a, b entry) int { return strings.Compare(a.ID, b.ID) }
	if diff := cmp.Diff(slices.SortedFunc(slices.Values(slices.Concat(method, changes)), byID), slices.SortedFunc(slices.Values(shipped), byID)); diff != "" {
		t.Errorf("the method's table (-) and the shipped checks (+) differ:\n%s", diff)
	}
	slices.Sort(firm)
	if diff := cmp.Diff(unexempted, firm); diff != "" {
		t.Errorf("checks that no exemption may cover, wanted (-) and shipped (+):\n%s", diff)
	}
}

// files are the policies with their tests, which are not shipped.
var files = os.DirFS(".")

// product finds the names of platforms, which are the adapters' alone.
var product = regexp.MustCompile(`(?i)\b(kafka|strimzi|zookeeper|cassandra|k8ssandra|cql|kubernetes|k8s|kubectl|prometheus|grafana|helm|kustomize|argo|argocd|tekton|keda|github|gitlab|postgres|debezium)\w*`)

// related is the part of METADATA that may lead anywhere.
var related = regexp.MustCompile(`(?m)^# related_resources:\n(?:# [- ].*\n)+`)

// TestNoProducts asks that checks, and what they share, name no product.
func TestNoProducts(t *testing.T) {
	for _, root := range []string{"checks", "transitions", "lib"} {
		err := fs.WalkDir(files, root, func(file string, _ fs.DirEntry, err error) error {
			if err != nil || path.Ext(file) != ".rego" || strings.HasSuffix(file, "_test.rego") {
				return err
			}
			text, err := fs.ReadFile(files, file)
			if err != nil {
				return err
			}
			for _, name := range product.FindAllString(related.ReplaceAllString(string(text), ""), -1) {
				t.Errorf("%s names %s", file, name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
