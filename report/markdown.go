package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// How long a report in Markdown may be: GitHub takes 65,536 characters in a comment. Bytes are counted, which are never fewer.
const (
	markdownLimit   = 65_000
	markdownMessage = 400  // characters of a message
	markdownSystem  = 2000 // bytes that any system gets
	markdownMore    = 160  // bytes left for a line that says how much was cut
)

// Markdown writes the report so that it can be posted on a pull request as it is.
func (r *Report) Markdown(w io.Writer) error {
	m := r.summarise()
	foot := m.foot()
	limit := markdownLimit - len(foot) - markdownMore
	var b strings.Builder
	for i, s := range m.Systems {
		section := m.section(s, max((limit-b.Len())/(len(m.Systems)-i), markdownSystem))
		if b.Len()+len(section) > limit {
			fmt.Fprintf(&b, "… and %s.\n\n", document.Count(len(m.Systems)-i, "more system", "more systems"))
			break
		}
		b.WriteString(section)
	}
	_, err := io.WriteString(w, b.String()+foot)
	return err
}

// section is what there is to say of a system, in about so many bytes: the chart and the next steps first, then as much
// of what was found as there is room for.
func (m *summary) section(s System, limit int) string {
	head := m.markdownHead(s)
	next := m.markdownNext(s, limit-len(head))
	room := limit - len(head) - len(next)
	var failed, others []*Finding
	for _, g := range m.found[s.Name] {
		for _, f := range g.findings {
			if f.Outcome == engine.Fail {
				failed = append(failed, f)
			} else {
				others = append(others, f)
			}
		}
	}
	failures := findingTable("### What fails\n\n", "", failed, room*6/10)
	room -= len(failures)
	mend := m.markdownMend(s, room/2)
	room -= len(mend)
	rest := findingTable("<details><summary>What is unknown or exempt</summary>\n\n", "</details>\n\n", others, room)
	return head + failures + mend + rest + next
}

func (m *summary) markdownHead(s System) string {
	var b strings.Builder
	mark := failing
	if s.Level >= s.RequiredLevel {
		mark = met
	}
	fmt.Fprintf(&b, "## %s %s: %s\n\n%s\n\n| |", mark.emoji, code(s.Name), m.heading(s), m.counts(s))
	for n := 1; n <= engine.Highest; n++ {
		fmt.Fprintf(&b, " %d %s |", n, m.catalogue.Levels[n].Name)
	}
	b.WriteString(" Level |\n|---|" + strings.Repeat(":-:|", engine.Highest+1) + "\n")
	chart := m.chart(s)
	for _, p := range m.catalogue.Principles {
		fmt.Fprintf(&b, "| %s |", p.Title)
		for _, c := range chart[p.Name][1:] {
			fmt.Fprintf(&b, " %s |", strings.Replace(c.String(), c.mark.symbol, c.mark.emoji, 1))
		}
		fmt.Fprintf(&b, " **%d** |\n", s.Principles[p.Name])
	}
	b.WriteString("\n<sub>")
	for _, mark := range marks {
		fmt.Fprintf(&b, "%s %s · ", mark.emoji, mark.word)
	}
	fmt.Fprintf(&b, "1/2 met of all · %s</sub>\n\n", m.seen())
	if because := m.because(s); because != "" {
		fmt.Fprintf(&b, "Effective level %s: %s.\n\n", m.level(s.EffectiveLevel), prose(clip(because, markdownMessage)))
	}
	return b.String()
}

// findingTable is a table of findings between a head and a foot; nothing at all where there are none.
func findingTable(head, foot string, findings []*Finding, limit int) string {
	if len(findings) == 0 {
		return ""
	}
	head += "| Place | Check | What |\n|---|---|---|\n"
	rows := cut(len(findings), limit-len(head)-len(foot), func(i int) string {
		f := findings[i]
		outcome := ""
		if f.Outcome != engine.Fail {
			outcome = string(f.Outcome) + ": "
		}
		if f.Exemption != nil {
			outcome = "exempt by " + code(*f.Exemption) + ": "
		}
		return fmt.Sprintf("| %s | %s (%s, %s) | %s |\n", code(f.place()), code(f.Check), strings.TrimPrefix(inWords(f.Level), "level "), f.Severity, outcome+prose(clip(f.Message, markdownMessage)))
	})
	return head + rows + "\n" + foot
}

func (m *summary) markdownMend(s System, limit int) string {
	failed := slices.DeleteFunc(slices.Clone(m.found[s.Name]), func(g group) bool { return g.outcome != engine.Fail })
	if len(failed) == 0 {
		return ""
	}
	head, foot := "<details><summary>How to mend it</summary>\n\n", "\n</details>\n\n"
	return head + cut(len(failed), limit-len(head)-len(foot), func(i int) string {
		c := failed[i].check
		return fmt.Sprintf("- %s: %s. %s\n", code(c.ID), prose(c.Title), prose(c.Remediation))
	}) + foot
}

func (m *summary) markdownNext(s System, limit int) string {
	if len(s.Next) == 0 {
		return ""
	}
	steps := m.steps(s)
	head := fmt.Sprintf("### Next, for level %s\n\n", m.level(s.Level+1))
	return head + cut(len(steps), limit-len(head), func(i int) string {
		step := steps[i]
		place, more := step.where()
		if place != "" {
			place = code(place) + " "
		}
		where := strings.TrimSpace(place + prose(more))
		if where != "" {
			where = " (" + where + ")"
		}
		return fmt.Sprintf("- %s %s: %s%s. %s\n", step.mark.emoji, code(step.check.ID), prose(step.check.Title), where, prose(step.check.Remediation))
	}) + "\n"
}

// foot says what does not belong to one system: what awaits something, what was not read, and which policies failed.
func (m *summary) foot() string {
	var b strings.Builder
	if n := len(m.NotJudged); n > 0 {
		fmt.Fprintf(&b, "<details><summary>%s not judged yet, and so unknown</summary>\n\n", document.Count(n, "check is", "checks are"))
		for _, a := range m.awaited() {
			fmt.Fprintf(&b, "- Awaiting %s: %s\n", prose(a.what), prose(clip(strings.Join(a.checks, ", "), 4000)))
		}
		b.WriteString("\n</details>\n\n")
	}
	if n := len(m.Unread); n > 0 {
		fmt.Fprintf(&b, "<details><summary>%s, and may say anything</summary>\n\n", m.unreadCount())
		b.WriteString(cut(n, 6000, func(i int) string {
			return fmt.Sprintf("- %s: %s\n", code(m.Unread[i].place()), prose(clip(m.Unread[i].Message, markdownMessage)))
		}))
		b.WriteString("\n</details>\n\n")
	}
	if n := len(m.Errors); n > 0 {
		fmt.Fprintf(&b, "### %s\n\n", document.Count(n, "fault of a policy", "faults of policies"))
		b.WriteString(cut(n, 6000, func(i int) string {
			return fmt.Sprintf("- %s: %s\n", code(m.Errors[i].Policy), prose(clip(m.Errors[i].Message, markdownMessage)))
		}) + "\n")
	}
	return b.String()
}

// cut writes rows while there is room for them, and says how many more there are.
func cut(n, limit int, row func(i int) string) string {
	var b strings.Builder
	for i := range n {
		text := row(i)
		if b.Len()+len(text) > limit-markdownMore {
			fmt.Fprintf(&b, "\n… and %d more; the JSON report lists them all.\n", n-i)
			break
		}
		b.WriteString(text)
	}
	return b.String()
}

// prose escapes text for Markdown, so that it means nothing but itself: no markup, no HTML, no mention of a person or an issue.
func prose(s string) string {
	var b strings.Builder
	text := []rune(clean(s))
	for i, r := range text {
		switch r {
		case '&':
			b.WriteString("&amp;")
			continue
		case '<':
			b.WriteString("&lt;")
			continue
		case '>':
			b.WriteString("&gt;")
			continue
		case '|': // in every place: a backslash before it would end a cell, or not, as the table likes
			b.WriteString("&#124;")
			continue
		case '\\', '`', '*', '_', '[', ']', '~', '$', '#':
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if (r == '@' || r == '#') && i+1 < len(text) && isWord(text[i+1]) && (i == 0 || r == '#' || !isWord(text[i-1])) {
			b.WriteString("&#8203;") // of no width
		}
	}
	return b.String()
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// code writes text as code. What could end the code, or a cell around it, is escaped the other way.
func code(s string) string {
	s = clean(s)
	if s == "" || strings.ContainsAny(s, "`|\\") || s != strings.TrimSpace(s) {
		return "<code>" + prose(s) + "</code>"
	}
	return "`" + s + "`"
}
