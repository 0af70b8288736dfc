package report

import (
	"fmt"
	"io"
	"strings"

	"pocdr.dev/pocdr/document"
)

// Text writes the decision for a terminal.
func (d *Decision) Text(w io.Writer, o Options) error {
	t := decisionText{text{(&Report{catalogue: d.catalogue, Errors: d.Errors}).summarise(), &sheet{color: o.Color}}, d, o.All}
	t.pair(0, d.mark().ink, strings.ToUpper(d.verdict()), plain, d.what())
	t.paragraph(faint, 2, d.from())
	t.gap()
	t.operations()
	t.gap()
	for _, s := range d.gravest() {
		t.system(s)
	}
	t.errors()
	if !d.Allowed {
		t.paragraph(faint, 0, "'pocdr explain CHECK' tells what a check asks, and why.")
	}
	_, err := t.out.WriteTo(w)
	return err
}

// decisionText writes a decision for a terminal.
type decisionText struct {
	text
	*Decision
	all bool // with what was not met before and is not now
}

func (t decisionText) operations() {
	for i, o := range t.Operations {
		if i == shownMost {
			t.line(faint, 2, fmt.Sprintf("and %d more; the JSON decision lists them all", len(t.Operations)-i))
			break
		}
		t.blanks(2)
		t.put(faint, string(o.Verb))
		t.blanks(2)
		t.put(plain, o.title())
		t.newline()
		if fields := o.fields(); fields != "" {
			t.paragraph(plain, 10, fields)
		}
	}
	for _, side := range unreadSides {
		if side.title != "" {
			t.unreadOn(side.verb, side.title, t.Decision.unread(side.side))
		}
	}
	if still := t.stillUnread(); still != "" {
		t.line(faint, 2, still)
	}
}

func (t decisionText) unreadOn(verb, title string, list []Unread) {
	for i, u := range list {
		if i == unreadFiles {
			t.line(faint, 2, fmt.Sprintf("and %d more %s; the JSON decision lists them all", len(list)-i, title))
			break
		}
		t.blanks(2)
		t.put(yellow, verb)
		t.blanks(2)
		t.put(plain, u.place())
		t.newline()
		t.paragraph(plain, len(verb)+4, clip(u.Message, messageLimit))
	}
}

func (t decisionText) system(s *SystemDecision) {
	if heading := s.heading(); width(s.Name)+2+width(heading) > lineWidth {
		t.line(bold, 0, s.Name)
		t.paragraph(s.mark().ink, 2, heading)
	} else {
		t.pair(0, bold, s.Name, s.mark().ink, heading)
	}
	if turned := t.turned(s); turned != "" {
		t.paragraph(plain, 2, turned)
	}
	if unsure := s.unsure(); unsure != "" {
		t.paragraph(yellow, 2, unsure)
	}
	t.gap()
	switch {
	case s.recorded() && !t.all && len(s.Refusals) > 0:
		t.paragraph(faint, 0, document.Count(len(s.Refusals), "finding", "findings")+" would refuse the change in mode Enforce; --all shows them.")
	default:
		for _, b := range t.refusing(s) {
			t.refusal(s, b)
		}
	}
	t.section(yellow, "New, and does not refuse the change", s.Warnings)
	t.section(green, "Mended", s.Mended)
	if t.all {
		t.section(faint, "Not met before, and not now", s.Remaining)
	} else if len(s.Remaining) > 0 {
		t.paragraph(faint, 0, document.Count(len(s.Remaining), "finding is", "findings are")+" as before; --all shows them.")
	}
	if len(s.Exemptions) > 0 {
		t.paragraph(purple, 0, "Exempt by "+strings.Join(s.Exemptions, ", ")+".")
	}
	if len(s.NotSeen) > 0 {
		t.paragraph(faint, 0, "Only partly seen from here: "+strings.Join(s.NotSeen, ", ")+".")
	}
	t.gap()
}

// refusal writes one thing that refuses the change, and what to do about it.
func (t decisionText) refusal(s *SystemDecision, b block) {
	m := s.mark()
	if m == met { // recorded
		m = mild
	}
	c := b.checks[0]
	if len(b.checks) == 1 {
		t.pair(0, m.ink, m.symbol+" "+c.ID, faint, b.bears())
		t.paragraph(plain, 2, c.Title)
	} else {
		t.pair(0, m.ink, fmt.Sprintf("%s %d checks, for one reason", m.symbol, len(b.checks)), faint, b.bears())
		t.paragraph(plain, 2, b.ids())
	}
	t.places(b)
	if len(b.checks) == 1 {
		t.item(plain, 4, "→ ", c.Remediation)
	}
	t.gap()
}

func (t decisionText) section(i ink, title string, findings []Finding) {
	if len(findings) == 0 {
		return
	}
	t.line(i, 0, title)
	for _, b := range t.blocks(pointers(findings), nil) {
		t.paragraph(plain, 2, b.ids())
		t.places(b)
	}
	t.gap()
}

func (t decisionText) places(b block) {
	for n, f := range b.findings {
		if n == shownMost {
			t.line(faint, 4, fmt.Sprintf("and %d more; the JSON decision lists them all", len(b.findings)-n))
			break
		}
		t.finding(f)
	}
}
