package engine_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// TestWith builds a view by replacing documents one at a time, and asks that it is judged as one that was read at once.
func TestWith(t *testing.T) {
	p := mustCompile(t, nil)
	settings := engine.Settings{AsOf: asOf}
	whole := p.NewView()
	whole.Entrance = engine.Admission
	stepwise := p.NewView()
	stepwise.Entrance = engine.Admission
	stepwise.Join(t.Context())
	for _, d := range example(t) {
		if d.Format != document.Kubernetes {
			continue
		}
		r := p.Replace(t.Context(), d)
		whole.Add(r.Facts)
		gone := engine.Replacement{Document: d.ID}
		stepwise = stepwise.With(t.Context(), r).With(t.Context(), gone).With(t.Context(), r)
	}
	whole.Join(t.Context())
	if diff := cmp.Diff(outcomes(t, p, whole, settings), outcomes(t, p, stepwise, settings)); diff != "" {
		t.Error(diff)
	}
}

func outcomes(t *testing.T, p *engine.Policies, v *engine.View, settings engine.Settings) map[string]map[string]engine.Outcome {
	t.Helper()
	judged, err := p.JudgeAll(context.Background(), v, settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]engine.Outcome{}
	for _, j := range judged.Judgements() {
		out[j.System] = j.Outcomes
	}
	return out
}
