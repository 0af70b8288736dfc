package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"pocdr.dev/pocdr/engine"
)

// operationsShown is how many operations are listed for people.
const operationsShown = 20

// Text writes the decision for a terminal.
func (d *Decision) Text(w io.Writer, o Options) error {
	r := &Report{catalogue: d.catalogue, Unread: d.Unread, Errors: d.Errors}
	t := text{r.summarise(), &sheet{color: o.Color}}
	t.pair(0, d.ink(), d.verdict(), plain, d.what())
	t.paragraph(faint, 2, d.from())
	t.gap()
	for i, op := range d.Operations {
		if i == operationsShown {
			t.line(faint, 2, fmt.Sprintf("and %d more; the JSON decision lists them all", len(d.Operations)-i))
			break
		}
		t.operation(op)
	}
	t.gap()
	for _, s := range d.Systems {
		t.systemDecision(s, o.All)
	}
	t.errors()
	_, err := t.out.WriteTo(w)
	return err
}

func (d *Decision) ink() ink {
	if d.Allowed {
		return green
	}
	return red
}

func (d *Decision) verdict() string {
	if d.Allowed {
		return "ALLOWED"
	}
	return "REFUSED"
}

// what says in words what the change does.
func (d *Decision) what() string {
	n := map[engine.Verb]int{}
	for _, o := range d.Operations {
		n[o.Verb]++
	}
	if len(d.Operations) == 0 {
		return "nothing that is judged changes"
	}
	var parts []string
	for _, verb := range []engine.Verb{engine.Create, engine.Update, engine.Delete} {
		if n[verb] > 0 {
			parts = append(parts, fmt.Sprintf("%d %sd", n[verb], verb))
		}
	}
	return strings.Join(parts, ", ")
}

// from says what was compared with what.
func (d *Decision) from() string {
	after := "the files as they lie there"
	if d.Source.Revision != nil {
		after = fmt.Sprintf("%.12s", *d.Source.Revision)
	}
	before := "nothing"
	if d.Source.Base != nil {
		before = fmt.Sprintf("%.12s", *d.Source.Base)
	}
	text := "from " + before + " to " + after
	if d.Entrance != engine.CI {
		text += ", as a cluster sees it"
	}
	return text
}

func (t text) operation(o Operation) {
	t.blanks(2)
	t.put(faint, string(o.Verb))
	t.blanks(2)
	t.put(plain, o.title())
	if where := strings.Join(o.Paths[:min(3, len(o.Paths))], ", "); where != "" {
		if len(o.Paths) > 3 {
			where += fmt.Sprintf(" and %d more", len(o.Paths)-3)
		}
		t.newline()
		t.item(faint, 10, "", where)
		return
	}
	t.newline()
}

// title names what is changed to people.
func (o Operation) title() string {
	if o.Object == nil {
		return o.File
	}
	if o.Object.Namespace == "" {
		return o.Object.Kind + " " + o.Object.Name
	}
	return o.Object.Kind + " " + o.Object.Namespace + "/" + o.Object.Name
}

// heading says in words what becomes of the system.
func (s SystemDecision) heading() string {
	level := func(s *Standing) string {
		if s == nil {
			return "none"
		}
		return fmt.Sprint(s.Level)
	}
	text := fmt.Sprintf("level %s → %s, floor %d", level(s.Before), level(s.After), s.Floor)
	switch {
	case s.Relief != "":
		text += ", admitted: " + s.Relief
	case !s.Allowed:
		text += ", refused"
	case len(s.Refusals) > 0:
		text += fmt.Sprintf(", admitted: the mode here is %s", s.Mode)
	}
	return text
}

func (t text) systemDecision(s SystemDecision, all bool) {
	color := green
	if !s.Allowed {
		color = red
	}
	t.pair(0, bold, s.Name, color, s.heading())
	t.gap()
	t.refused(s.Refusals)
	t.findings(yellow, "New, and does not refuse the change", s.Warnings)
	t.findings(green, "Mended", s.Mended)
	if all {
		t.findings(faint, "Not met before, and not now", s.Remaining)
	} else if len(s.Remaining) > 0 {
		t.paragraph(faint, 0, plural(len(s.Remaining), "finding is", "findings are")+" as before; --all shows them.")
	}
	if len(s.Exemptions) > 0 {
		t.paragraph(purple, 0, "Exempt by "+strings.Join(s.Exemptions, ", ")+".")
	}
	if len(s.NotSeen) > 0 {
		t.paragraph(faint, 0, "Only partly seen from here: "+strings.Join(s.NotSeen, ", ")+".")
	}
	t.gap()
}

// refused writes what refuses a change, by check. Checks that are unknown for one and the same reason are written together.
func (t text) refused(all []Refusal) {
	byCheck := map[string][]Refusal{}
	sharing := map[reason][]string{}
	for _, r := range all {
		byCheck[r.Check] = append(byCheck[r.Check], r)
	}
	ids := checksOf(all, func(r Refusal) string { return r.Check })
	for _, id := range ids {
		key := alone(byCheck[id])
		sharing[key] = append(sharing[key], id)
	}
	for _, id := range ids {
		switch key := alone(byCheck[id]); {
		case key == reason{} || len(sharing[key]) == 1:
			t.refusedBy(t.catalogue.Check(id), byCheck[id])
		case sharing[key][0] == id:
			t.together(&byCheck[id][0].Finding, sharing[key])
		}
	}
}

// alone is why a check is unknown, where it is one reason alone.
func alone(refusals []Refusal) reason {
	if f := refusals[0].Finding; len(refusals) == 1 && f.Outcome == engine.Unknown {
		return reason{f.place(), f.Message}
	}
	return reason{}
}

func (t text) refusedBy(c *engine.Check, refusals []Refusal) {
	t.pair(0, red, failing.symbol+" "+c.ID, faint, fmt.Sprintf("level %d, %s", c.Level, c.Severity))
	t.paragraph(plain, 2, c.Title)
	for _, r := range refusals {
		t.finding(&r.Finding)
	}
	t.item(faint, 4, "why: ", refusals[0].Rule)
	t.item(plain, 4, "→ ", c.Remediation)
	t.gap()
}

func (t text) findings(i ink, title string, findings []Finding) {
	if len(findings) == 0 {
		return
	}
	t.line(i, 0, title)
	for _, id := range checksOf(findings, func(f Finding) string { return f.Check }) {
		t.line(plain, 2, id)
		for _, f := range findings {
			if f.Check == id {
				t.finding(&f)
			}
		}
	}
	t.gap()
}

// checksOf are the checks that findings are of, in their order, each once.
func checksOf[T any](findings []T, check func(T) string) []string {
	var ids []string
	for _, f := range findings {
		if !slices.Contains(ids, check(f)) {
			ids = append(ids, check(f))
		}
	}
	return ids
}
