package engine

// Passed tells whether a check passed at a place, known by a finding there.
func (j *Judgement) Passed(f Finding) bool { return j.answers[f.Check.ID].met(f) }

// Asked tells whether a check was asked about a place, known by a finding there.
func (j *Judgement) Asked(f Finding) bool {
	for _, other := range j.answers[f.Check.ID].findings {
		if other.key == f.key && !other.Whole {
			return true
		}
	}
	return j.Passed(f)
}
