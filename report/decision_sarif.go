package report

import (
	"cmp"
	"io"
	"slices"
)

// SARIF writes what is new as SARIF 2.1.0. What refuses the change fails, though it be unknown; what does not is a warning at most, and what is only recorded is left out.
func (d *Decision) SARIF(w io.Writer) error {
	r := &Report{AsOf: d.AsOf, Policies: d.Policies, Source: Source{Path: d.Source.Path}, Unread: slices.Concat(d.unread(UnreadAfter), d.unread(UnreadEdited)), Errors: d.Errors, catalogue: d.catalogue}
	for _, o := range d.Operations {
		r.anchor = cmp.Or(r.anchor, o.File)
	}
	for i := range d.Systems {
		s := &d.Systems[i]
		if s.recorded() {
			continue
		}
		for _, refusal := range s.Refusals {
			f := refusal.Finding
			f.refuses, f.mild = true, s.Allowed
			r.Findings = append(r.Findings, f)
		}
		for _, f := range s.Warnings {
			f.mild = true
			r.Findings = append(r.Findings, f)
		}
	}
	r.sort()
	return r.sarif(w, d.Source)
}
