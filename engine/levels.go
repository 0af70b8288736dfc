package engine

// levels gives the level of a system and of each principle: the highest N for which every check of levels 1 to N
// is met. A level of a principle for which there is no check does not bind.
func (p *Policies) levels(outcomes map[string]Outcome) (int, map[string]int) {
	principles := make(map[string]int, len(p.Principles))
	for _, principle := range p.Principles {
		principles[principle.Name] = Highest
	}
	for _, c := range p.Checks {
		if !outcomes[c.ID].Met() {
			principles[c.Principle] = min(principles[c.Principle], c.Level-1)
		}
	}
	level := Highest
	for _, n := range principles {
		level = min(level, n)
	}
	return level, principles
}
