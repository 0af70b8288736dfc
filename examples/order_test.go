package examples_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// TestAnyOrder applies the objects of the example to an empty cluster one by one, in many orders: none may be refused, since
// nobody can know which comes first. Then its System retires, and
// they are taken away in another order, the System last.
func TestAnyOrder(t *testing.T) {
	p := compile(t)
	all := open(t, p, payments).documents
	ids := slices.Sorted(maps.Keys(all))
	ids = slices.DeleteFunc(ids, func(id string) bool { return all[id].Format != document.Kubernetes })
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 0))
		shuffle := func() { random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] }) }
		c := newGated(t, p)
		shuffle()
		for _, id := range ids {
			c.admits(t, seed, nil, all[id])
		}
		system := retired(t, p)
		c.admits(t, seed, all[system.ID], system)
		shuffle()
		for _, id := range ids {
			if id != system.ID {
				c.admits(t, seed, all[id], nil)
			}
		}
		c.admits(t, seed, system, nil)
	}
}

// retired is the example's System on its way out, with nobody downstream.
func retired(t *testing.T, p *engine.Policies) *document.Document {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(payments)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "system", "system.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	downstream := regexp.MustCompile(`(?m)^  downstream:\n(?:  [- ].*\n)+`)
	if err := os.WriteFile(file, downstream.ReplaceAll(text, []byte("  lifecycle: Retiring\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, p, root).documents["System.pocdr.dev/payments/payments"]
}

// gated is what the admission webhook knows of one, request after request.
type gated struct {
	policies *engine.Policies
	judged   *engine.Judged
}

func newGated(t *testing.T, p *engine.Policies) *gated {
	t.Helper()
	v := p.NewView()
	v.Entrance = engine.Admission
	v.Join(t.Context())
	judged, err := p.JudgeAll(t.Context(), v, engine.Settings{AsOf: asOf}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &gated{p, judged}
}

// admits asks for a change of one object, and makes it.
func (g *gated) admits(t *testing.T, seed uint64, before, after *document.Document) {
	t.Helper()
	o, _ := engine.NewOperation(before, after)
	r := engine.Replacement{Document: o.Document}
	if after != nil {
		r = g.policies.Replace(t.Context(), *after)
	}
	judged, err := g.policies.JudgeAll(t.Context(), g.judged.View.With(t.Context(), r), g.judged.Settings, g.judged)
	if err != nil {
		t.Fatal(err)
	}
	d := g.policies.Decide(t.Context(), g.judged, judged, engine.Request{Operations: []engine.Operation{o}})
	for _, f := range d.Faults {
		t.Errorf("seed %d, %s: %s: %s", seed, o, f.Policy, f.Message)
	}
	for _, s := range d.Systems {
		for _, r := range s.Refusals {
			if !s.Allowed {
				t.Errorf("seed %d: %s is refused (%s): %s %s %s %s", seed, o, r.Rule, r.Check.ID, r.Document, r.Path, r.Message)
			}
		}
	}
	g.judged = judged
}
