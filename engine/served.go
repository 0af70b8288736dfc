package engine

import (
	"slices"
	"time"
)

// Served gives, by system, what its switch selected before the present value, as the status of the System remembers it. A status that is
// about another value than the present one was written before the switch was turned: what it says is selected is what served, until now.
func (v *View) Served(now time.Time) map[string]Served {
	found := map[string]Served{}
	for _, s := range v.systems {
		status := s.Status.Switch
		if status == nil {
			continue
		}
		if selected := v.Selected(s.Name); selected != "" && selected != status.Selected {
			found[s.Name] = Served{Value: status.Selected, Until: now, Release: status.Release}
		} else if status.Previous != "" && status.Changed != nil {
			found[s.Name] = Served{Value: status.Previous, Until: status.Changed.Time, Release: status.PreviousRelease}
		}
	}
	return found
}

// Turned gives, by system, what its switch selects in this view, where the same switch selects another value in a later one.
func (v *View) Turned(later *View, now time.Time) map[string]Served {
	found := map[string]Served{}
	switches := v.Switches()
	for _, s := range later.Switches() {
		if was := v.selected(s); was != "" && was != later.selected(s) && slices.Contains(switches, s) {
			found[s.System] = Served{Value: was, Until: now, Release: v.Release(s.System, was)}
		}
	}
	return found
}
