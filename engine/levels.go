package engine

import (
	"slices"

	"pocdr.dev/pocdr/document"
)

// LevelOf gives the level of a system with these outcomes, and its level over the checks that can be answered from an entrance: the highest N for
// which every check of levels 1 to N is met.
func (p *Policies) LevelOf(outcomes map[string]Outcome, e Entrance) (level, seen int) {
	level, seen = Highest, Highest
	blind := p.blind(e)
	for _, c := range p.Checks {
		reached := c.reached(outcomes)
		if level = min(level, reached); !blind[c.ID] {
			seen = min(seen, reached)
		}
	}
	return level, seen
}

// principles gives the level of each principle. One for which there is no check does not bind.
func (p *Policies) principles(outcomes map[string]Outcome) map[string]int {
	levels := make(map[string]int, len(p.Principles))
	for _, principle := range p.Principles {
		levels[principle.Name] = Highest
	}
	for _, c := range p.Checks {
		if reached := c.reached(outcomes); reached < Highest {
			levels[c.Principle] = min(levels[c.Principle], reached)
		}
	}
	return levels
}

// reached is the level that a check lets a system reach.
func (c *Check) reached(outcomes map[string]Outcome) int {
	if c.Level == 0 || outcomes[c.ID].Met() {
		return Highest
	}
	return c.Level - 1
}

// Unmet are the checks that keep a system from the level that it requires, of those that can be answered from here, in the catalogue's order.
func (v *View) Unmet(j *Judgement) []*Check {
	blind := v.policies.blind(v.Entrance)
	var checks []*Check
	for _, c := range v.policies.Checks {
		if c.Level > 0 && c.Level <= j.RequiredLevel && !blind[c.ID] && !j.Outcomes[c.ID].Met() {
			checks = append(checks, c)
		}
	}
	return checks
}

// Entrance is where a judgement is asked for. It decides what can be seen, and which of a System's modes holds.
type Entrance string

// The entrances.
const (
	CI        Entrance = "ci"        // a repository: every format
	Admission Entrance = "admission" // a request to the API server: objects of the cluster only
	Audit     Entrance = "audit"     // the cluster as it stands
)

// Entrances are all of them.
var Entrances = []Entrance{CI, Admission, Audit}

// Sees tells whether documents of this format can be seen from the entrance.
func (e Entrance) Sees(f document.Format) bool { return e == CI || f == document.Kubernetes }

// blind are the checks that cannot be answered from an entrance, by ID: they read a kind of facts that no adapter emits
// whose documents are seen there, nor a join of such facts.
func (p *Policies) blind(e Entrance) map[string]bool { return p.blindAt[e] }

func (p *Policies) findBlind(e Entrance) map[string]bool {
	seen := map[string]bool{}
	for _, a := range p.adapters {
		if slices.ContainsFunc(a.reads, func(s selector) bool { return e.Sees(s.Format) }) {
			for _, kind := range a.emits {
				seen[kind] = true
			}
		}
	}
	for _, j := range p.joins {
		if slices.ContainsFunc(j.joins, func(kind string) bool { return seen[kind] }) {
			for _, kind := range j.emits {
				seen[kind] = true
			}
		}
	}
	out := map[string]bool{}
	for _, c := range p.Checks {
		if slices.ContainsFunc(c.Reads, func(kind string) bool { return !seen[kind] }) {
			out[c.ID] = true
		}
	}
	return out
}
