package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// messageLimit is how many characters of a message are shown to people. It may quote what a repository holds, at any length.
const messageLimit = 1000

// text writes a report for a terminal.
type text struct {
	*summary
	*sheet
}

// Text writes the report for a terminal.
func (r *Report) Text(w io.Writer, o Options) error {
	t := text{r.summarise(), &sheet{color: o.Color}}
	if o.Style == Chart {
		t.charts()
	} else {
		t.everything()
	}
	_, err := t.out.WriteTo(w)
	return err
}

// everything writes what is wrong, by system, and ends with how many checks have which outcome.
func (t text) everything() {
	t.undeclared()
	for _, s := range t.Systems {
		t.title(s)
		t.paragraph(plain, 2, t.counts(s))
		t.gap()
		t.groups(t.found[s.Name])
	}
	t.unread()
	t.errors()
	t.unjudged()
	for _, s := range t.Systems {
		t.total(s)
	}
}

// undeclared writes, before all else, which declarations could not be read: nothing is judged as they say.
func (t text) undeclared() {
	declarations := slices.DeleteFunc(slices.Clone(t.Unread), func(u Unread) bool { return !u.declaration })
	if len(declarations) == 0 {
		return
	}
	t.line(red, 0, "Not judged as declared, since the declaration cannot be read:")
	for _, u := range declarations[:min(unreadReasons, len(declarations))] {
		t.line(bold, 2, u.place())
		t.paragraph(plain, 4, clip(u.Message, messageLimit))
	}
	if more := len(declarations) - unreadReasons; more > 0 {
		t.line(faint, 2, fmt.Sprintf("and %d more", more))
	}
	t.gap()
}

// total sums a system up, on one line where it fits.
func (t text) total(s System) {
	counts := t.counts(s) + ";"
	if len(t.Systems) > 1 {
		counts = s.Name + ": " + counts
	}
	if width(counts)+1+width(t.heading(s)) > lineWidth {
		t.paragraph(plain, 0, counts)
		t.line(t.levelInk(s), 2, t.heading(s))
		return
	}
	t.put(plain, counts+" ")
	t.line(t.levelInk(s), 0, t.heading(s))
}

func (t text) title(s System) {
	t.pair(0, bold, s.Name, t.levelInk(s), t.heading(s))
}

// levelInk is green for a system that has the level that it should have.
func (t text) levelInk(s System) ink {
	if s.Level >= s.RequiredLevel {
		return green
	}
	return red
}

// groups writes what the checks found. Checks that are unknown for one and the same reason are written together.
func (t text) groups(groups []group) {
	shared := shared(groups)
	for _, g := range groups {
		ids := shared[keyOf(g)]
		switch {
		case len(ids) < 2:
			t.group(g)
		case ids[0] == g.check.ID:
			t.together(g.findings[0], ids)
		}
	}
}

// reason is why a check is unknown, where it is one reason alone.
type reason struct{ place, message string }

func keyOf(g group) reason {
	if g.outcome != engine.Unknown || len(g.findings) != 1 {
		return reason{}
	}
	return reason{g.findings[0].place(), g.findings[0].Message}
}

// shared gives the checks that are unknown for the same reason.
func shared(groups []group) map[reason][]string {
	found := map[reason][]string{}
	for _, g := range groups {
		if key := keyOf(g); key != (reason{}) {
			found[key] = append(found[key], g.check.ID)
		}
	}
	return found
}

func (t text) group(g group) {
	m := markOf(g.check, g.outcome)
	t.pair(0, m.ink, m.symbol+" "+g.check.ID, faint, inWords(g.check.Level)+", "+g.check.Severity)
	t.paragraph(plain, 2, g.check.Title)
	for _, f := range g.findings {
		t.finding(f)
	}
	if g.outcome != engine.Exempt {
		t.item(plain, 4, "→ ", g.check.Remediation)
	}
	t.gap()
}

func (t text) finding(f *Finding) {
	outcome := string(f.Outcome)
	if f.Exemption != nil {
		outcome += " (" + *f.Exemption + ")"
	}
	place, message := f.place(), clip(f.Message, messageLimit)
	if 4+width(place)+2+width(outcome)+2+width(message) > lineWidth {
		t.line(bold, 4, place)
		t.item(inkOf(f.Outcome), 6, outcome+"  ", message)
		return
	}
	t.blanks(4)
	t.put(bold, place)
	t.blanks(2)
	t.put(inkOf(f.Outcome), outcome)
	t.blanks(2)
	t.put(plain, message)
	t.newline()
}

func inkOf(o engine.Outcome) ink {
	switch o {
	case engine.Fail:
		return failing.ink
	case engine.Exempt:
		return exempt.ink
	}
	return unknown.ink
}

func (t text) together(f *Finding, ids []string) {
	t.line(unknown.ink, 0, fmt.Sprintf("%s %d checks, for one reason", unknown.symbol, len(ids)))
	t.paragraph(plain, 2, strings.Join(ids, ", "))
	t.finding(f)
	t.gap()
}

// How much is shown of what was not read: its reasons, and files for each.
const (
	unreadReasons = 10
	unreadFiles   = 3
)

// unread writes what was not read, by reason, the most frequent first. The JSON report has all of it.
func (t text) unread() {
	if len(t.Unread) == 0 {
		return
	}
	byReason := map[string][]Unread{}
	for _, u := range t.Unread {
		byReason[u.Message] = append(byReason[u.Message], u)
	}
	reasons := make([]string, 0, len(byReason))
	for message := range byReason {
		reasons = append(reasons, message)
	}
	slices.SortFunc(reasons, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(byReason[b]), len(byReason[a])), cmp.Compare(byReason[a][0].File, byReason[b][0].File), cmp.Compare(a, b))
	})
	t.line(yellow, 0, t.unreadCount()+", and may say anything")
	for _, message := range reasons[:min(unreadReasons, len(reasons))] {
		t.unreadFor(message, byReason[message])
	}
	if more := len(reasons) - unreadReasons; more > 0 {
		t.line(faint, 2, "and for "+document.Count(more, "more reason", "more reasons")+"; the JSON report lists them all")
	}
	t.gap()
}

func (t text) unreadFor(message string, list []Unread) {
	t.paragraph(plain, 2, clip(message, messageLimit))
	for _, u := range list[:min(unreadFiles, len(list))] {
		t.line(bold, 4, u.place())
	}
	if more := len(list) - unreadFiles; more > 0 {
		t.line(faint, 4, fmt.Sprintf("and %d more", more))
	}
}

func (u Unread) place() string {
	if u.Line == 0 {
		return name(u.File)
	}
	return fmt.Sprintf("%s:%d", name(u.File), u.Line)
}

func (t text) errors() {
	if len(t.Errors) == 0 {
		return
	}
	t.line(red, 0, document.Count(len(t.Errors), "fault of a policy", "faults of policies"))
	for _, e := range t.Errors {
		about := ""
		if e.File != "" {
			about = "about " + name(e.File)
		}
		t.pair(2, bold, e.Policy, plain, about)
		t.paragraph(plain, 4, clip(e.Message, messageLimit))
	}
	t.gap()
}

func (t text) unjudged() {
	if len(t.NotJudged) > 0 {
		t.paragraph(faint, 0, document.Count(len(t.NotJudged), "check awaits", "checks await")+" what cannot be seen here yet, unknown until then; 'pocdr maturity' tells which.")
		t.gap()
	}
}
