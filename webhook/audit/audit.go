// Package audit judges a cluster as it stands, from time to time and when it changes, and writes into the status of each System where it stands.
package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/maturity"
)

// Systems writes what the audit finds.
type Systems interface {
	// Status writes the status of a System, and of nothing else.
	Status(ctx context.Context, namespace, name string, status v1alpha1.SystemStatus) error
	// Event tells those who look at a System what befell it.
	Event(ctx context.Context, namespace, name string, warning bool, reason, message string) error
}

// Auditor audits a cluster.
type Auditor struct {
	Policies *engine.Policies
	Judged   func(ctx context.Context, asOf time.Time) (*engine.Judged, error) // what is known of the cluster
	Changed  <-chan struct{}                                                   // says that it changed
	Systems  Systems
	Every    time.Duration // at the latest
	Settle   time.Duration // after a change, until no more come
	Now      func() time.Time
	Log      *slog.Logger
	Metrics  *Metrics // nil: none

	last     *engine.Judged
	switches map[string]*v1alpha1.SwitchStatus // by system: what this audit knows of its switch
}

// Run audits until the context ends.
func (a *Auditor) Run(ctx context.Context) {
	ticker := time.NewTicker(a.Every)
	defer ticker.Stop()
	defer a.Metrics.end()
	for {
		if _, err := a.Audit(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("audit", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-a.Changed:
			select {
			case <-ctx.Done():
				return
			case <-time.After(a.Settle):
			}
		}
	}
}

// Audit judges the cluster once, writes where its systems stand, and gives the decision on all that changed since the last time.
func (a *Auditor) Audit(ctx context.Context) (*engine.Decision, error) {
	now := a.Now()
	known, err := a.Judged(ctx, now.Truncate(time.Second))
	if err != nil {
		return nil, err
	}
	judged, err := known.At(ctx, engine.Audit, a.last)
	if err != nil {
		return nil, err
	}
	decision := &engine.Decision{Allowed: true, Entrance: engine.Audit}
	if a.last != nil {
		decision = a.Policies.Decide(ctx, a.last, judged, engine.Request{Operations: engine.Between(a.last.View, judged.View), Served: a.last.View.Served(a.last.Settings.AsOf)})
	}
	assessed := maturity.Assess(a.Policies, judged.Judgements())
	a.switches = a.turned(judged.View, assessed, now)
	var faults []error
	for _, s := range assessed {
		if err := a.write(ctx, judged.View, s, decision, now); err != nil {
			faults = append(faults, fmt.Errorf("system %s: %w", s.System, err))
		}
	}
	if len(faults) == 0 { // else it is all told again
		a.last = judged
		a.Metrics.done(now, len(judged.View.Facts("broken_glass")))
	}
	return decision, errors.Join(faults...)
}

func (a *Auditor) write(ctx context.Context, v *engine.View, s maturity.System, d *engine.Decision, now time.Time) error {
	system := v.System(s.System)
	if system == nil {
		return nil
	}
	status := statusOf(system, s, v, a.switches[s.System], now)
	fell := fallen(d, s.System)
	if a.last == nil {
		fell = missed(system, s, v)
	}
	if fell != nil {
		reason, message := "Fell", strings.Join(fell, "; ")
		a.Log.Warn("a system fell", "system", s.System, "what", fell)
		if mode := system.Spec.Modes.Audit; mode != v1alpha1.Record {
			if err := a.Systems.Event(ctx, system.Namespace, system.Name, mode != v1alpha1.Warn, reason, message); err != nil {
				return err
			}
		}
	}
	if equality.Semantic.DeepEqual(status, system.Status) {
		return nil
	}
	status.LastChange = &metav1.Time{Time: now.Truncate(time.Second)}
	return a.Systems.Status(ctx, system.Namespace, system.Name, status)
}

// statusOf is where a system stands. What is as it was keeps its times.
func statusOf(system *v1alpha1.System, s maturity.System, v *engine.View, turned *v1alpha1.SwitchStatus, now time.Time) v1alpha1.SystemStatus {
	status := *system.Status.DeepCopy()
	status.ObservedGeneration = system.Generation
	status.Level, status.LevelSeen, status.EffectiveLevel = number(s.Level), number(s.LevelSeen), number(s.Effective)
	status.Principles = map[string]int32{}
	for name, level := range s.Principles {
		status.Principles[name] = int32(level)
	}
	status.Switch = turned
	judged := metav1.Condition{Type: "Judged", Status: metav1.ConditionTrue, Reason: "Judged", Message: "every check that can be asked here was asked"}
	if len(s.Faults) > 0 {
		judged.Status, judged.Reason, judged.Message = metav1.ConditionFalse, "PolicyFault", s.Faults[0].Policy+": "+s.Faults[0].Message
	}
	held := metav1.Condition{Type: "Held", Status: metav1.ConditionTrue, Reason: "AtRequiredLevel", Message: fmt.Sprintf("level seen %d, required %d", s.LevelSeen, s.RequiredLevel)}
	if s.LevelSeen < s.RequiredLevel {
		held.Status, held.Reason = metav1.ConditionFalse, "BelowRequiredLevel"
		held.Message += ": " + told(s, v)
	}
	for _, c := range []metav1.Condition{judged, held} {
		c.ObservedGeneration, c.LastTransitionTime = system.Generation, metav1.Time{Time: now.Truncate(time.Second)}
		meta.SetStatusCondition(&status.Conditions, c)
	}
	return status
}

// unmet names the checks that keep a system from the level that it requires, as far as can be seen, each with how it came out.
func unmet(s maturity.System, v *engine.View) string {
	var checks []string
	for _, c := range v.Unmet(s.Judgement) {
		checks = append(checks, fmt.Sprintf("%s (%s)", c.ID, s.Outcomes[c.ID]))
	}
	return strings.Join(checks, ", ")
}

// told says of each such check what it found first, and of how much more: who is to mend it has the cluster alone to ask.
func told(s maturity.System, v *engine.View) string {
	var checks []string
	for _, c := range v.Unmet(s.Judgement) {
		text := fmt.Sprintf("%s (%s)", c.ID, s.Outcomes[c.ID])
		found := slices.DeleteFunc(slices.Clone(s.Findings), func(f engine.Finding) bool { return f.Check != c || f.Outcome == engine.Exempt })
		if len(found) > 0 {
			text += strings.TrimSuffix(": "+found[0].Document, ": ") + ": " + found[0].Message
		}
		if more := len(found) - 1; more > 0 {
			text += fmt.Sprintf(", and %d more", more)
		}
		checks = append(checks, text)
	}
	all := []rune(strings.Join(checks, "; "))
	if len(all) > toldLength {
		return string(all[:toldLength]) + "…"
	}
	return string(all)
}

// toldLength is how many characters of findings a condition holds; Kubernetes takes 32768 in all.
const toldLength = 8192

// turned remembers, by system, what its switch selects and selected before. What was seen here holds, whatever a status says by now: the status tells
// what was seen before this audit began.
func (a *Auditor) turned(v *engine.View, assessed []maturity.System, now time.Time) map[string]*v1alpha1.SwitchStatus {
	all := map[string]*v1alpha1.SwitchStatus{}
	for _, s := range assessed {
		was, known := a.switches[s.System]
		if system := v.System(s.System); !known && system != nil {
			was = system.Status.Switch
		}
		all[s.System] = turned(was, v, s.System, now)
	}
	return all
}

// turned remembers what a switch selects and what that plant runs, and what it selected before, which was not later than now.
func turned(was *v1alpha1.SwitchStatus, v *engine.View, system string, now time.Time) *v1alpha1.SwitchStatus {
	selected := v.Selected(system)
	if selected == "" {
		return was
	}
	is := &v1alpha1.SwitchStatus{Selected: selected, Release: v.Release(system, selected)}
	switch {
	case was != nil && was.Selected == selected:
		is.Previous, is.PreviousRelease, is.Changed = was.Previous, was.PreviousRelease, was.Changed
		if is.Changed != nil && is.Changed.After(now) {
			is.Changed = &metav1.Time{Time: now.Truncate(time.Second)}
		}
	case was != nil:
		is.Previous, is.PreviousRelease, is.Changed = was.Selected, was.Release, &metav1.Time{Time: now.Truncate(time.Second)}
	}
	return is
}

// fallen says what a system lost since the last audit; nil where it lost nothing.
func fallen(d *engine.Decision, system string) []string {
	var lost []string
	for _, s := range d.Systems {
		if s.Name != system || s.Relief != "" {
			continue
		}
		for _, r := range s.Refusals {
			lost = append(lost, r.Check.ID+": "+r.Message)
		}
	}
	return lost
}

// missed says what a system lost while nobody audited, until this audit began: its status remembers what level it had.
func missed(system *v1alpha1.System, s maturity.System, v *engine.View) []string {
	was := system.Status.LevelSeen
	if was == nil || int(*was) <= s.LevelSeen {
		return nil
	}
	return []string{strings.TrimSuffix(fmt.Sprintf("level seen %d, and %d before this audit began: %s", s.LevelSeen, *was, unmet(s, v)), ": ")}
}

func number(n int) *int32 {
	m := int32(n)
	return &m
}
