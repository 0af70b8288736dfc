package report

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pocdr.dev/pocdr/engine"
)

// Page writes the page of a check or of a rule about changes, as Markdown that can be read as it is.
func Page(w io.Writer, p *engine.Policies, c *engine.Check) error {
	_, err := io.WriteString(w, page(p, c, func(kind string) string { return "`" + kind + "`" }))
	return err
}

// page writes the page of a check. fact names a kind of facts, or links to it.
func page(p *engine.Policies, c *engine.Check, fact func(kind string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n%s\n\n", c.ID, flow("**"+c.Title+".**"), flow(nature(p, c)))
	if !c.Judged() {
		b.WriteString(flow("*Not judged yet: it awaits "+strings.Join(c.Awaits, " and ")+". Until then it is unknown, and unknown is not met.*") + "\n\n")
	}
	heading := "How to meet it"
	if c.Kind == "transition" {
		heading = "What to do"
	}
	fmt.Fprintf(&b, "%s\n\n## %s\n\n%s\n", cleanLines(c.Description), heading, flow(c.Remediation))
	if len(c.Parameters) > 0 {
		b.WriteString("\n## Parameters\n\n| parameter | default | what it sets |\n|---|---|---|\n")
		for _, name := range slices.Sorted(maps.Keys(c.Parameters)) {
			parameter := c.Parameters[name]
			fmt.Fprintf(&b, "| %s | %s | %s |\n", code(name), code(inJSON(parameter.Default)), cellOf(parameter.Description))
		}
	}
	if len(c.Reads) > 0 && c.Level > 0 {
		kinds := make([]string, len(c.Reads))
		for i, kind := range c.Reads {
			kinds[i] = fact(kind)
		}
		fmt.Fprintf(&b, "\n## What it reads\n\n%s\n", flow("Facts: "+strings.Join(kinds, ", ")+"."))
	}
	if len(c.Related) > 0 {
		b.WriteString("\n## See also\n\n")
		for _, link := range c.Related {
			fmt.Fprintf(&b, "- [%s](<%s>)\n", cleanLines(orElse(link.Description, link.URL)), clean(link.URL))
		}
	}
	return b.String()
}

// nature says what kind of a check it is, in one line.
func nature(p *engine.Policies, c *engine.Check) string {
	holds := map[string]string{"invariant": "invariant: holds at every moment", "goal": "goal: holds at the end of a change", "transition": "transition: asks about a change; refuses where the floor is at that level or above"}
	exemptible := "can be exempted"
	if !c.Exemptible {
		exemptible = "cannot be exempted"
	}
	parts := []string{"No level, and binds whatever the required level is"}
	if c.Kind == engine.Advice {
		parts[0] = "No level, and binds nobody"
	}
	if i := slices.IndexFunc(p.Principles, func(q engine.Principle) bool { return q.Name == c.Principle }); i >= 0 {
		parts = []string{fmt.Sprintf("Level %d, %s", c.Level, p.Levels[c.Level].Name), "principle " + p.Principles[i].Title, holds[c.Kind]}
	}
	return strings.Join(append(parts, "severity "+c.Severity, exemptible), " · ")
}

// inWords is the level of a check.
func inWords(level int) string {
	if level == 0 {
		return "no level"
	}
	return fmt.Sprintf("level %d", level)
}

// shortly is the level of a check in one column.
func shortly(level int) string {
	if level == 0 {
		return "-"
	}
	return strconv.Itoa(level)
}

// flow wraps a paragraph.
func flow(s string) string { return strings.Join(wrap(s, lineWidth), "\n") }

// cleanLines cleans text and keeps its lines.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(clean(line), " ")
	}
	return strings.Join(lines, "\n")
}

// cellOf puts Markdown into a cell of a table.
func cellOf(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(clean(s)), " "), "|", "&#124;")
}

func inJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// catalogueID is how many columns the names of checks take in the catalogue.
const catalogueID = 32

// transitionsSentence says what rules about changes are.
const transitionsSentence = "What no snapshot shows. A change that breaks one is refused where the system's floor is at the rule's level or above, and warned of below."

// conftest stands in the place of a principle for the checks that serve none.
var conftest = engine.Principle{Title: "Policies for conftest", Sentence: "What they deny binds, what they warn of does not; neither has a level."}

// Catalogue lists all checks, by principle and level, and then the rules about changes.
func Catalogue(w io.Writer, p *engine.Policies) error {
	s := &sheet{}
	for _, principle := range append(slices.Clone(p.Principles), conftest) {
		checks := slices.DeleteFunc(slices.Clone(p.Checks), func(c *engine.Check) bool { return c.Principle != principle.Name })
		if len(checks) == 0 && principle.Name == "" {
			continue
		}
		s.gap()
		s.line(bold, 0, principle.Title)
		s.paragraph(plain, 2, principle.Sentence)
		for _, c := range checks {
			s.catalogued(c)
		}
	}
	if len(p.Transitions) > 0 {
		s.gap()
		s.line(bold, 0, "Rules about changes")
		s.paragraph(plain, 2, transitionsSentence)
	}
	for _, c := range p.Transitions {
		s.catalogued(c)
	}
	s.gap()
	s.line(plain, 0, "'pocdr explain CHECK' says what a check asks, why, and how to meet it.")
	_, err := s.out.WriteTo(w)
	return err
}

func (s *sheet) catalogued(c *engine.Check) {
	title := c.Title
	if !c.Judged() {
		title += " (not judged yet: awaits " + strings.Join(c.Awaits, " and ") + ")"
	}
	s.blanks(2)
	s.put(plain, shortly(c.Level))
	s.blanks(2)
	s.left(plain, catalogueID, c.ID)
	if width(c.ID) >= catalogueID {
		s.newline()
		s.blanks(5 + catalogueID)
	}
	for n, line := range wrap(title, lineWidth-5-catalogueID) {
		if n > 0 {
			s.blanks(5 + catalogueID)
		}
		s.put(plain, line)
		s.newline()
	}
}
