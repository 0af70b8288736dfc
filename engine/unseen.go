package engine

import (
	"cmp"
	"fmt"
	"slices"

	"pocdr.dev/pocdr/document"
)

// unseen is the finding of a check for what could not be read and might have said otherwise.
type unseen struct {
	finding Finding
	hides   bool // whether what a check misses may be there
}

// unseen has, by check, the first thing that could not be read.
func (s *Snapshot) unseen(p *Policies) map[string]*unseen {
	found := map[string]*unseen{}
	add := func(kinds map[string]bool, document, message string, hides bool) {
		for _, c := range p.Checks {
			if !slices.ContainsFunc(c.Reads, func(kind string) bool { return kinds[kind] }) {
				continue
			}
			if found[c.ID] == nil {
				f := s.finding(c, message)
				if s.view.sources.get(document) != nil {
					f.Document = document
				}
				f.Unread = true
				found[c.ID] = &unseen{finding: f}
			}
			found[c.ID].hides = found[c.ID].hides || hides
		}
	}
	for _, u := range s.unread {
		u.Formats = slices.DeleteFunc(slices.Clone(u.Formats), func(f document.Format) bool { return !s.view.Entrance.Sees(f) })
		where := cmp.Or(u.File, u.Document)
		message := fmt.Sprintf("%s could not be read, and might have said otherwise: %s", where, u.Message)
		if repeated(u.Unread) {
			message = where + " " + u.Message
		}
		if !u.near {
			message += "; what has nothing to do with this system can be kept in a repository that is not its authority"
		}
		add(s.view.couldHold(u), u.Document, message, !repeated(u.Unread))
	}
	for _, f := range s.view.Faults {
		add(set(f.Kinds), "", fmt.Sprintf("policy %s failed, so its facts are unknown: %s", f.Policy, f.Message), true)
	}
	return found
}

// mayHold makes unknown what fails for something that is not there, and may be in what could not be read.
func (u *unseen) mayHold(findings []Finding) {
	for i := range findings {
		if f := &findings[i]; u != nil && u.hides && f.Missing {
			f.hide()
		}
	}
}

// hide makes unknown what fails for something that may be in what could not be read.
func (f *Finding) hide() {
	f.Outcome, f.Missing, f.Unread = Unknown, false, true
	f.Message += "; it may be in what could not be read"
}

// besides adds itself to findings, unless they fail as it is: nothing passes for what could not be read.
func (u *unseen) besides(findings []Finding) []Finding {
	if u == nil || slices.ContainsFunc(findings, func(f Finding) bool { return f.Outcome == Fail }) {
		return findings
	}
	return append(findings, u.finding)
}
