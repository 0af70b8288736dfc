package report

import (
	"fmt"
	"strings"

	"pocdr.dev/pocdr/engine"
)

// The columns of the chart; together they take a line.
const (
	principleWidth = 24
	cellWidth      = 10
	levelWidth     = lineWidth - principleWidth - engine.Highest*cellWidth
)

// stepLimit is how many characters are shown of what stands in the way of a step.
const stepLimit = 200

// charts writes the levels of all systems, and what to do next.
func (t text) charts() {
	t.undeclared()
	for _, s := range t.Systems {
		t.title(s)
		t.gap()
		t.table(s)
		t.gap()
		t.standing(s)
		t.next(s)
	}
	t.cannotSee()
	t.blind()
}

func (t text) table(s System) {
	t.blanks(principleWidth)
	for n := 1; n <= engine.Highest; n++ {
		t.centred(bold, cellWidth, fmt.Sprint(n))
	}
	t.newline()
	t.blanks(principleWidth)
	for n := 1; n <= engine.Highest; n++ {
		t.centred(plain, cellWidth, t.catalogue.Levels[n].Name)
	}
	t.centred(plain, levelWidth, "level")
	t.newline()
	t.line(faint, 0, strings.Repeat("─", lineWidth))
	chart := t.chart(s)
	for _, p := range t.catalogue.Principles {
		t.left(plain, principleWidth, p.Title)
		for _, c := range chart[p.Name][1:] {
			t.centred(c.mark.ink, cellWidth, c.String())
		}
		t.centred(bold, levelWidth, fmt.Sprint(s.Principles[p.Name]))
		t.newline()
	}
	t.line(faint, 0, strings.Repeat("─", lineWidth))
	for _, m := range marks {
		t.put(m.ink, m.symbol)
		t.put(faint, " "+m.word)
		t.blanks(2)
	}
	t.put(faint, "1/2 met of all")
	t.newline()
}

// standing says which level the system has, on what grounds, and what bounds it.
func (t text) standing(s System) {
	t.paragraph(plain, 0, fmt.Sprintf("Level %s, %s: %s.", t.level(s.Level), t.seen(), t.catalogue.Levels[s.Level].Sentence))
	if s.LevelSeen != s.Level {
		t.paragraph(plain, 0, fmt.Sprintf("Level %s over what can be seen from there.", t.level(s.LevelSeen)))
	}
	if because := t.because(s); because != "" {
		t.paragraph(yellow, 0, fmt.Sprintf("Effective level %s: %s.", t.level(s.EffectiveLevel), because))
	}
	t.gap()
}

func (t text) next(s System) {
	if len(s.Next) == 0 {
		return
	}
	t.line(bold, 0, fmt.Sprintf("Next, for level %s:", t.level(s.Level+1)))
	for _, step := range t.steps(s) {
		t.gap()
		t.step(step)
	}
	t.gap()
}

func (t text) step(s step) {
	t.pair(2, s.mark.ink, s.mark.symbol+" "+s.check.ID, faint, s.mark.word+", "+s.check.Severity)
	t.paragraph(plain, 4, s.check.Title)
	if place, more := s.where(); place+more != "" {
		t.pair(4, faint, place, faint, more)
	}
	if len(s.findings) > 0 {
		t.paragraph(faint, 6, clip(s.findings[0].Message, stepLimit))
	}
	t.item(plain, 4, "→ ", s.check.Remediation)
}

// cannotSee lists the checks that no commit can answer.
func (t text) cannotSee() {
	if len(t.NotJudged) == 0 {
		return
	}
	t.paragraph(bold, 0, "Not judged yet, and so unknown; they await")
	for _, a := range t.awaited() {
		t.item(plain, 2, a.what+": ", strings.Join(a.checks, ", "))
	}
	t.gap()
}

// blind says how much could not be read, so that nobody takes the chart for the whole of it.
func (t text) blind() {
	if len(t.Unread) > 0 {
		t.paragraph(yellow, 0, t.unreadCount()+"; 'pocdr scan' says which.")
		t.gap()
	}
	t.errors()
}
