package engine

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// compare sorts the findings after the change by what it has to do with them.
func (c *comparison) compare(s *SystemDecision) {
	if c.after == nil {
		return
	}
	blind := c.policies.blind(c.entrance())
	known := c.knownBefore()
	changed := c.changed()
	for f := range c.after.all(blind) {
		switch {
		case f.Outcome == Exempt:
			s.Exemptions = append(s.Exemptions, f.Exemption)
			continue
		case blind[f.Check.ID] && !c.metBefore(f) && !c.pushed(f):
			continue
		case c.remains(f, known, changed):
			s.Remaining = append(s.Remaining, f)
			continue
		}
		if rule := c.rule(f, s.Floor, changed[f.Document]); rule != "" {
			s.Refusals = append(s.Refusals, Refusal{f, rule})
		} else {
			s.Warnings = append(s.Warnings, f)
		}
	}
	slices.Sort(s.Exemptions)
	s.Exemptions = slices.Compact(s.Exemptions)
	s.Mended = c.mended(blind)
}

// remains tells whether a finding was there before the change, and binds nobody for that: a change does not make it worse, and it is none of what was pushed through.
func (c *comparison) remains(f Finding, known *unmetBefore, changed map[string]bool) bool {
	was := c.atFirst(f)
	worse := f.Outcome == Fail && changed[f.Document] && !known.failed(was)
	return known.take(was) && !worse && !c.pushed(f)
}

// all are the findings of a system. Of a check that does not see all that it reads, they are what it says of what it sees:
// enough to tell that a subject that was met is met no longer, and for nothing else.
func (s *standing) all(blind map[string]bool) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		var half []Finding
		for id := range blind {
			half = append(half, s.judgement.answers[id].findings...)
		}
		s.snapshot.exempt(half)
		slices.SortStableFunc(half, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Check.ID, b.Check.ID), a.key.compare(b.key)) })
		for _, f := range half {
			if !yield(f) {
				return
			}
		}
		for _, f := range s.judgement.Findings {
			if !blind[f.Check.ID] && !yield(f) {
				return
			}
		}
	}
}

// rule is the one by which a new finding refuses the change; empty where none does.
func (c *comparison) rule(f Finding, floor int, changed bool) string {
	met := c.metBefore(f)
	switch {
	case met && f.Check.Kind == "invariant":
		return RuleInvariant
	case met && f.Check.Binds(floor):
		return RuleMet
	case f.Outcome == Fail && !f.Missing && changed && f.Check.Binds(floor) && !c.drafted(f):
		return RuleChanged
	case (f.Check.Kind == "invariant" || f.Check.Level <= floor) && c.lost(f.Check):
		return RuleLost
	}
	return ""
}

// drafted tells whether a finding is one of what is declared now, and not of what is done beside it: it stands in a System that was not there, which required
// nothing of itself and of which a first draft lacks something; or in what is claimed otherwise than before, and failed as it was.
func (c *comparison) drafted(f Finding) bool {
	if f.Document == c.after.snapshot.document {
		return c.before == nil
	}
	return c.restated != nil && slices.ContainsFunc(c.restated.judgement.Findings, func(was Finding) bool {
		return was.Outcome == Fail && was.identity() == c.atFirst(f).identity()
	})
}

// lost tells whether a check was met, by a subject among others that is gone with what the change takes away.
func (c *comparison) lost(check *Check) bool {
	return slices.ContainsFunc(c.earlier(), func(was *standing) bool {
		if !was.judgement.Outcomes[check.ID].Met() {
			return false
		}
		passed, still := was.judgement.answers[check.ID].passed, c.after.judgement.answers[check.ID].passed
		if passed != nil && still != nil {
			passed = passed.Diff(still)
		}
		return passed != nil && slices.ContainsFunc(passed.Slice(), c.takes)
	})
}

// takes tells whether the change updates or deletes the document of a subject.
func (c *comparison) takes(at *ast.Term) bool {
	return slices.ContainsFunc(c.request.Operations, func(o Operation) bool {
		return o.Verb != Create && o.Document == stringOf(at.Value.(*ast.Array).Elem(0))
	})
}

func (c *comparison) metBefore(f Finding) bool {
	return slices.ContainsFunc(c.earlier(), func(was *standing) bool {
		if f.Whole {
			return was.judgement.Outcomes[f.Check.ID].Met()
		}
		return was.judgement.answers[f.Check.ID].met(c.atFirst(f))
	})
}

// atFirst is a finding at the place that it had before the change, where its document has moved with its file.
func (c *comparison) atFirst(f Finding) Finding {
	if old, moved := c.moved[f.Document]; moved {
		f.Document = old
		if f.at != nil && isPlace(f.at) {
			f.at = prepend(old, ast.NewTerm(f.at.Value.(*ast.Array).Slice(1, -1)))
			f.key.document = old
		}
	}
	return f
}

func (c *comparison) changed() map[string]bool {
	changed := map[string]bool{}
	for _, o := range c.request.Operations {
		changed[o.Document] = true
	}
	return changed
}

// pushed tells whether a finding is one of what was pushed through a refusal, and is to be so no longer: it stands in that, or was met without it.
func (c *comparison) pushed(f Finding) bool {
	return f.Outcome == Fail && c.closed[f.Document] || c.bare != nil && c.bare.judgement.answers[f.Check.ID].met(c.atFirst(f))
}

// closed are the documents that were pushed through a refusal, and are to be so no longer: what fails in them, or for them elsewhere, binds as if they came anew.
func closed(before, after *View) map[string]bool {
	closed := before.broken()
	maps.DeleteFunc(closed, func(document string, _ bool) bool { return after.broken()[document] })
	return closed
}

// broken are the documents with the annotations by which a change is pushed through a refusal.
func (v *View) broken() map[string]bool {
	found := map[string]bool{}
	for _, fact := range v.stated["broken_glass"] {
		found[documentOf(fact)] = true
	}
	return found
}

func (c *comparison) mended(blind map[string]bool) []Finding {
	if c.before == nil {
		return nil
	}
	var mended []Finding
	for _, f := range c.before.judgement.Findings {
		after := c.after.judgement
		if f.Outcome != Exempt && !f.Unread && !blind[f.Check.ID] && (after.answers[f.Check.ID].met(f) || after.Outcomes[f.Check.ID].Met()) {
			mended = append(mended, f)
		}
	}
	return mended
}

// unmetBefore are the findings before a change, each to be found again once.
type unmetBefore struct {
	exact map[identity]Outcome
	moved map[looks]int
}

// identity is what a finding answers: a check, of a subject or as a whole.
type identity struct {
	check string
	about subject
}

// looks are what a finding is known by when entries of a list have moved: its place is that without indexes.
type looks struct {
	check, document, names, message string
	outcome                         Outcome
}

func (c *comparison) knownBefore() *unmetBefore {
	u := &unmetBefore{}
	if c.before == nil {
		return u
	}
	was := c.before.judgement.Findings
	u.exact, u.moved = make(map[identity]Outcome, len(was)), make(map[looks]int, len(was))
	for _, f := range was {
		if f.Outcome != Exempt {
			u.exact[f.identity()] = f.Outcome
			u.moved[f.looks()]++
		}
	}
	return u
}

// take tells whether the finding was there before the change, at its place or, in the same words, at another place of its list.
func (u *unmetBefore) take(f Finding) bool {
	_, same := u.exact[f.identity()]
	looks := f.looks()
	if known := same || u.moved[looks] > 0; !known {
		return false
	}
	u.moved[looks]--
	return true
}

// failed tells whether a finding that was there before was a failure then.
func (u *unmetBefore) failed(f Finding) bool {
	outcome, same := u.exact[f.identity()]
	return !same || outcome == Fail
}

func (f Finding) identity() identity {
	if f.Whole {
		return identity{check: f.Check.ID}
	}
	return identity{f.Check.ID, f.key}
}

func (f Finding) looks() looks { return looks{f.Check.ID, f.Document, f.names, f.Message, f.Outcome} }
