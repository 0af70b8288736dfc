package report

import (
	"fmt"
	"slices"
	"strings"

	"pocdr.dev/pocdr/engine"
)

// What a region of a hand-written page stands between. The name of what it holds follows the opening: principles, levels, chart, waiting,
// or "sentence" and a principle.
const (
	regionOpens  = "<!-- pocdr docs: "
	regionCloses = "<!-- /pocdr docs -->"
)

// Regions makes the marked regions of a Markdown page anew and leaves the rest of it as it is. reference is the way from
// the page to the folder that Reference was written to. A page without a region is an error: somebody meant there to be one.
func Regions(p *engine.Policies, page, reference string) (string, error) {
	parts := strings.Split(page, regionOpens)
	if len(parts) == 1 {
		return "", fmt.Errorf("has no region to write: put %sNAME --> and %s around one", regionOpens, regionCloses)
	}
	var b strings.Builder
	b.WriteString(parts[0])
	for _, part := range parts[1:] {
		name, rest, opened := strings.Cut(part, " -->\n")
		_, after, closed := strings.Cut(rest, regionCloses)
		if !opened || !closed {
			line, _, _ := strings.Cut(part, "\n")
			return "", fmt.Errorf("the region %q is not closed by %s", strings.TrimSuffix(line, " -->"), regionCloses)
		}
		text, err := region(p, name, reference)
		if err != nil {
			return "", err
		}
		b.WriteString(regionOpens + name + " -->\n\n" + text + "\n" + regionCloses + after)
	}
	return b.String(), nil
}

func region(p *engine.Policies, name, reference string) (string, error) {
	switch name {
	case "principles":
		return regionPrinciples(p), nil
	case "levels":
		return regionLevels(p), nil
	case "chart":
		return referenceChart(p, reference+"/README.md", reference+"/"), nil
	case "waiting":
		return regionWaiting(p, reference+"/"), nil
	}
	if principle, ok := strings.CutPrefix(name, "sentence "); ok {
		for _, known := range p.Principles {
			if known.Name == principle {
				return "**" + known.Sentence + "**\n", nil
			}
		}
		return "", fmt.Errorf("there is no principle %q", principle)
	}
	return "", fmt.Errorf("there is no region %q: it is principles, levels, chart, waiting, or sentence and a principle", name)
}

func regionPrinciples(p *engine.Policies) string {
	var b strings.Builder
	for n, principle := range p.Principles {
		fmt.Fprintf(&b, "%d. **%s.** %s\n", n+1, principle.Title, principle.Sentence)
	}
	return b.String()
}

func regionLevels(p *engine.Policies) string {
	var b strings.Builder
	for n, level := range p.Levels {
		fmt.Fprintf(&b, "- **%d, %s**: %s.\n", n, level.Name, level.Sentence)
	}
	return b.String()
}

// regionWaiting lists the checks that cannot be judged yet, by what they wait for.
func regionWaiting(p *engine.Policies, folder string) string {
	waiting := map[string][]string{}
	var causes []string
	for _, c := range p.Checks {
		if c.Judged() {
			continue
		}
		cause := strings.Join(c.Awaits, " and ")
		if _, known := waiting[cause]; !known {
			causes = append(causes, cause)
		}
		waiting[cause] = append(waiting[cause], fmt.Sprintf("[%s](%s%s.md)", c.ID, folder, c.ID))
	}
	slices.Sort(causes)
	var b strings.Builder
	for _, cause := range causes {
		fmt.Fprintf(&b, "- %s: %s\n", cause, strings.Join(waiting[cause], ", "))
	}
	return b.String()
}
