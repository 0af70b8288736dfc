package engine

import "slices"

// LevelOf gives the level of a system with these outcomes, and its level over the checks that can be answered from here.
func (p *Policies) LevelOf(outcomes map[string]Outcome) (level, seen int) {
	level, _ = p.levels(outcomes, nil)
	seen, _ = p.levels(outcomes, p.blind())
	return level, seen
}

// levels gives the level of a system and of each principle: the highest N for which every check of levels 1 to N
// is met. A level of a principle for which there is no check does not bind, nor does a check that is left out.
func (p *Policies) levels(outcomes map[string]Outcome, leftOut map[string]bool) (int, map[string]int) {
	principles := make(map[string]int, len(p.Principles))
	for _, principle := range p.Principles {
		principles[principle.Name] = Highest
	}
	for _, c := range p.Checks {
		if !leftOut[c.ID] && !outcomes[c.ID].Met() {
			principles[c.Principle] = min(principles[c.Principle], c.Level-1)
		}
	}
	level := Highest
	for _, n := range principles {
		level = min(level, n)
	}
	return level, principles
}

// blind are the checks that cannot be answered from here: they read a kind of facts that no adapter and no join emits.
func (p *Policies) blind() map[string]bool {
	emitted := map[string]bool{}
	for _, a := range p.adapters {
		for _, kind := range a.emits {
			emitted[kind] = true
		}
	}
	for _, j := range p.joins {
		for _, kind := range j.emits {
			emitted[kind] = true
		}
	}
	out := map[string]bool{}
	for _, c := range p.Checks {
		if slices.ContainsFunc(c.Reads, func(kind string) bool { return !emitted[kind] }) {
			out[c.ID] = true
		}
	}
	return out
}
