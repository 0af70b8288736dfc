// Package maturity turns the judgements of systems into their levels of
// maturity: each on its own, bounded by those it depends on, and what to do next.
package maturity

import (
	"slices"

	"pocdr.dev/pocdr/engine"
)

// System is a judged system among the others.
type System struct {
	*engine.Judgement
	Effective int             // its level, or that of the lowest system that it depends on, near or far
	Unknown   []string        // systems that it depends on and that are not declared here: their level counts as 0
	Next      []*engine.Check // what is not met of the next level
}

// Assess puts judged systems in relation to each other.
func Assess(p *engine.Policies, judgements []*engine.Judgement) []System {
	byName := make(map[string]*engine.Judgement, len(judgements))
	for _, j := range judgements {
		byName[j.System] = j
	}
	systems := make([]System, len(judgements))
	for i, j := range judgements {
		systems[i] = System{Judgement: j, Effective: j.Level, Next: next(p, j)}
		for _, name := range closure(j, byName) {
			level := 0
			if other := byName[name]; other != nil {
				level = other.Level
			} else {
				systems[i].Unknown = append(systems[i].Unknown, name)
			}
			systems[i].Effective = min(systems[i].Effective, level)
		}
	}
	return systems
}

// closure lists the systems that j depends on, near or far, sorted. A cycle is walked once, so all of it takes its minimum.
func closure(j *engine.Judgement, byName map[string]*engine.Judgement) []string {
	var seen []string
	todo := slices.Clone(j.DependsOn)
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if slices.Contains(seen, name) {
			continue
		}
		seen = append(seen, name)
		if other := byName[name]; other != nil {
			todo = append(todo, other.DependsOn...)
		}
	}
	slices.Sort(seen)
	return seen
}

// next lists the checks that keep a system from its next level, in the catalogue's order.
func next(p *engine.Policies, j *engine.Judgement) []*engine.Check {
	var checks []*engine.Check
	for _, c := range p.Checks {
		if c.Level == j.Level+1 && !j.Outcomes[c.ID].Met() {
			checks = append(checks, c)
		}
	}
	return checks
}
