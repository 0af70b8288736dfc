package draft_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/draft"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

// seen is a view of the files that are given.
func seen(t *testing.T, files fs.FS) *engine.View {
	t.Helper()
	p, err := engine.Compile(engine.Tree{FS: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	v, ctx := p.NewView(), context.Background()
	err = fs.WalkDir(files, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || document.Named(file) == nil || path.Dir(file) == "system" {
			return err
		}
		text, err := fs.ReadFile(files, file)
		documents, _ := document.Read(file, text, document.DefaultBounds)
		for _, d := range documents {
			facts, _, faults := p.Derive(ctx, d)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if facts != nil {
				v.Add(facts)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	v.Join(ctx)
	return v
}

// TestTwoPlants drafts the example without its declaration: what both plants read is the intake, what each writes alone is its own output, and what only the
// gateway writes is no outlet. A service that names pods one by one is no switch.
func TestTwoPlants(t *testing.T) {
	log := func(name string) draft.Resource {
		return draft.Resource{Platform: "kafka", Scope: "payments/payments", Name: name}
	}
	d, ok := draft.Infer(seen(t, os.DirFS("../examples/payments")), "payments", nil)
	want := draft.Draft{
		Name: "payments", Namespace: "payments", PartOf: "payments",
		Intake:   []draft.Resource{log("payment-commands")},
		Plants:   [2][]draft.Workload{{{Kind: "StatefulSet", Name: "payments-a"}}, {{Kind: "StatefulSet", Name: "payments-b"}}},
		Groups:   [2][]string{{"payments-a"}, {"payments-b"}},
		Diverted: [2][]draft.Resource{{log("ledger-entries-a")}, {log("ledger-entries-b")}},
		Outlets:  []draft.Resource{},
		Valve:    []draft.Workload{{Kind: "StatefulSet", Name: "payments-valve"}},
	}
	if diff := cmp.Diff(want, d); !ok || diff != "" {
		t.Error(diff)
	}
	if text := d.YAML(); strings.Contains(text, "\n  outlets:") || strings.Contains(text, "\n  switch:") {
		t.Errorf("states what nothing says:\n%s", text)
	}
}

// TestServicesOfPlants asks which service is taken for the switch.
func TestServicesOfPlants(t *testing.T) {
	const plant = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop-%[1]s, namespace: shop}\nspec: {template: {metadata: {labels: {app: shop, colour: %[1]s}}, spec: {containers: [{name: app, image: \"app:1\"}]}}}\n---\n"
	const service = "apiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: shop}\nspec: {selector: {%s}, clusterIP: %s}\n---\n"
	selecting := func(name, selector string) string { return fmt.Sprintf(service, name, selector, "10.0.0.1") }
	for _, c := range []struct {
		name, services, service, label string
		several                        []string
	}{
		{"one", selecting("shop", "app: shop, colour: blue"), "shop", "colour", nil},
		{"one, turned to the other", selecting("shop", "app: shop, colour: green"), "shop", "colour", nil},
		{"one of both", selecting("shop", "app: shop"), "", "", nil},
		{"one of each", selecting("blue", "colour: blue") + selecting("green", "colour: green"), "", "colour", []string{"blue", "green"}},
		{"one that names pods", fmt.Sprintf(service, "pods", "colour: blue", "None"), "", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := fmt.Sprintf(plant, "blue") + fmt.Sprintf(plant, "green") + c.services
			file := path.Join(t.TempDir(), "a.yaml")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			d, _ := draft.Infer(seen(t, os.DirFS(path.Dir(file))), "", nil)
			if d.Service != c.service || d.Label != c.label || !cmp.Equal(d.Services, c.several) {
				t.Errorf("service %q, label %q, of %q", d.Service, d.Label, d.Services)
			}
		})
	}
}
