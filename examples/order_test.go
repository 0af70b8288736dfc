package examples_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// TestAnyOrder applies the objects of the example to an empty cluster one by one, in many orders: none may be refused, since
// nobody can know which comes first. Then its System retires, by an Exemption, since the cluster does not show who reads the store, and
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
		system := c.retire(t, seed, all["System.pocdr.dev/payments/payments"])
		shuffle()
		for _, id := range ids {
			if id != system.ID {
				c.admits(t, seed, all[id], nil)
			}
		}
		c.admits(t, seed, system, nil)
	}
}

// TestRetiring asks that a System with somebody downstream cannot retire, in one change or in two, as long as it is not seen that they are gone; and
// that what is admitted once it retires is that its things go, and nothing else.
func TestRetiring(t *testing.T) {
	p := compile(t)
	all := open(t, p, payments).documents
	c := newGated(t, p)
	c.build(t, all)
	system, plant := all["System.pocdr.dev/payments/payments"], all["StatefulSet.apps/payments/payments-a"]
	c.refuses(t, "transitions/system-kept", system, edited(t, system, undrunk, retiring))
	c.refuses(t, "transitions/system-kept", system, edited(t, system, retiring))
	c.refuses(t, "transitions/system-kept", system, edited(t, system, undrunk))
	c.retire(t, 0, system)
	other := edited(t, plant, edition{`plant@sha256:\w+`, "plant:latest"})
	c.refuses(t, "declaration/image-versioned", plant, other)
	c.refuses(t, "switch/one-writer", plant, edited(t, plant, edition{`"replicas":1`, `"replicas":5`}))
	c.admits(t, 0, plant, nil)
	c.refuses(t, "declaration/image-versioned", nil, other)
	c.admits(t, 0, all["KafkaTopic.kafka.strimzi.io/payments/payment-commands"], nil)
}

// TestTakenBack asks that a System does not take back what others rest on, where the checks that would say so do not see all that they read.
func TestTakenBack(t *testing.T) {
	p := compile(t)
	all := open(t, p, payments).documents
	c := newGated(t, p)
	system := edited(t, all["System.pocdr.dev/payments/payments"], edition{`"requiredLevel":2`, `"requiredLevel":3`})
	all[system.ID] = system
	c.build(t, all)
	for rule, editions := range map[string][]edition{
		"transitions/fence-kept":    {{`"parallel":false`, `"parallel":true`}, {`"fence":\{.*?\},`, ""}},
		"transitions/promises-kept": {{`"proof":\{.*?\},`, ""}, {`"correction":\{.*?\},`, ""}, {`"mechanism":"Valve"`, `"mechanism":"InPlace"`}},
		"transitions/system-kept":   {undrunk, {`"owners":\[.*?\],`, ""}},
	} {
		for _, e := range editions {
			c.refuses(t, rule, system, edited(t, system, e))
		}
	}
	valve := all["ConfigMap/payments/payments-switch"]
	c.refuses(t, "declaration/system-declared", valve, edited(t, valve, edition{`"data"`, `"immutable":true,"data"`}))
	c.admits(t, 0, system, edited(t, system, edition{`"volume":1000000`, `"volume":2000000`}))
}

// build makes all objects of the example.
func (g *gated) build(t *testing.T, all map[string]*document.Document) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if all[id].Format == document.Kubernetes {
			g.admits(t, 0, nil, all[id])
		}
	}
}

// edition is what is written in the place of a part of an object's text.
type edition struct{ old, new string }

var (
	undrunk  = edition{`"downstream":\[.*?\}\],`, ""}
	retiring = edition{`"spec":\{`, `"spec":{"lifecycle":"Retiring",`}
)

// edited is an object as it is after that.
func edited(t *testing.T, d *document.Document, editions ...edition) *document.Document {
	t.Helper()
	text, err := json.Marshal(d.Value())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range editions {
		after := regexp.MustCompile(e.old).ReplaceAll(text, []byte(e.new))
		if bytes.Equal(after, text) {
			t.Fatalf("%s: nothing is like %s", d.ID, e.old)
		}
		text = after
	}
	return parsed(t, string(text))
}

func parsed(t *testing.T, text string) *document.Document {
	t.Helper()
	d, err := document.ReadObject([]byte(text), document.DefaultBounds)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// retire takes the System of the example out of use, one change after the other, and gives what it is then. Who reads its store is not seen in the cluster: somebody answers for it.
func (g *gated) retire(t *testing.T, seed uint64, system *document.Document) *document.Document {
	t.Helper()
	g.admits(t, seed, nil, parsed(t, `{"apiVersion": "pocdr.dev/v1alpha1", "kind": "Exemption", "metadata": {"name": "nobody-reads", "namespace": "payments"}, "spec": {
		"system": "payments", "check": "transitions/system-kept", "subject": {"kind": "System", "name": "payments", "path": "spec.downstream"},
		"owner": "@acme/payments", "reason": "Both readers were moved to the new ledger.", "expires": "2026-01-08T00:00:00Z"}}`))
	left := edited(t, system, undrunk)
	g.admits(t, seed, system, left)
	retired := edited(t, left, retiring)
	g.admits(t, seed, left, retired)
	return retired
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
	o, judged, d := g.asks(t, before, after)
	for _, s := range d.Systems {
		for _, r := range s.Refusals {
			if !s.Allowed {
				t.Errorf("seed %d: %s is refused (%s): %s %s %s %s", seed, o, r.Rule, r.Check.ID, r.Document, r.Path, r.Message)
			}
		}
	}
	g.judged = judged
}

// refuses asks for a change of one object that a check or a rule refuses.
func (g *gated) refuses(t *testing.T, check string, before, after *document.Document) {
	t.Helper()
	o, _, d := g.asks(t, before, after)
	refused := slices.ContainsFunc(d.Systems, func(s engine.SystemDecision) bool {
		return !s.Allowed && slices.ContainsFunc(s.Refusals, func(r engine.Refusal) bool { return r.Check.ID == check })
	})
	if !refused {
		t.Errorf("%s is not refused by %s", o, check)
	}
}

func (g *gated) asks(t *testing.T, before, after *document.Document) (engine.Operation, *engine.Judged, *engine.Decision) {
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
		t.Errorf("%s: %s: %s", o, f.Policy, f.Message)
	}
	return o, judged, d
}
