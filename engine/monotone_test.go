package engine_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pocdr.dev/pocdr/engine"
)

// TestMonotone goes from one broken state to another, and asks of each place that was met whether the change is refused for it where it is met no longer: by the words
// of the method, and not by those of the engine. So whatever a change mends, it pays for nothing that it breaks.
func TestMonotone(t *testing.T) {
	broken, mended := 0, 0
	laws(t, func(r *rapid.T, w *world) {
		before, after := w.judge(w.breaks(r), w.start), w.judge(w.breaks(r), w.start)
		for _, s := range w.decide(before, after).Systems {
			if s.Before == nil || s.After == nil {
				continue
			}
			for _, f := range findings(after, s.Name) {
				holds := f.Check.Kind == "invariant" || f.Check.Level <= s.Floor
				if !holds || f.Whole || f.Outcome == engine.Exempt || !isMet(before, f) {
					continue
				}
				if broken++; !slices.ContainsFunc(s.Refusals, func(x engine.Refusal) bool { return place(x.Finding) == place(f) }) {
					r.Errorf("%s: %s: was met, is not, and does not refuse", place(f), f.Message)
				}
				if len(s.Mended) > 0 {
					mended++
				}
			}
			if len(s.Refusals) > 0 && s.Allowed && s.Relief == "" && s.Mode == "Enforce" {
				r.Errorf("system %s has refusals, and is allowed", s.Name)
			}
		}
	})
	if broken == 0 || mended == 0 {
		t.Errorf("%d places were broken, %d beside something that was mended: nothing was tried", broken, mended)
	}
}

func findings(judged *engine.Judged, system string) []engine.Finding {
	var all []engine.Finding
	for _, j := range judged.Judgements() {
		if j.System == system {
			all = append(all, j.Findings...)
		}
	}
	return all
}

// isMet tells whether a place was asked about, and nothing was found there; nor the same, in the same words, in another entry of its document.
func isMet(judged *engine.Judged, f engine.Finding) bool {
	return isAsked(judged, f) && !slices.ContainsFunc(findings(judged, f.System), func(was engine.Finding) bool {
		return was.Check == f.Check && (was.Whole || place(was) == place(f) || was.Document == f.Document && was.Message == f.Message)
	})
}

// TestOperationsInAnyOrder decides on one change, told in two orders.
func TestOperationsInAnyOrder(t *testing.T) {
	laws(t, func(r *rapid.T, w *world) {
		after := w.judge(w.breaks(r), w.start)
		operations := engine.Between(w.start.View, after.View)
		var said [2]string
		for i, o := range [][]engine.Operation{operations, rapid.Permutation(operations).Draw(r, "order")} {
			d := w.policies.Decide(context.Background(), w.start, after, engine.Request{Operations: o})
			said[i] = shown(after, d)
		}
		if diff := cmp.Diff(said[0], said[1]); diff != "" {
			r.Errorf("in another order (-one +other):\n%s", diff)
		}
	})
}
