package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// shownMost is how many operations, or findings of one block, are listed for people.
const shownMost = 20

// block is what people are told at once: what one check found, or what several checks say of one place in the same words.
type block struct {
	checks   []*engine.Check // the most severe first
	findings []*Finding
	rules    []string // by which the change is refused
}

// blocks arranges findings for people: the most severe check first, then in the catalogue's order. What several checks find,
// alike in place and words, is one thing and not several; but what fails and refuses the change stands with its check, which says what to do.
func (d *Decision) blocks(findings []*Finding, rule func(*Finding) string) []block {
	type cause struct {
		outcome        engine.Outcome
		place, message string
	}
	var blocks []block
	index := map[any]int{}
	checks := d.checksOf(findings)
	sharing := map[cause]map[string]bool{}
	causeOf := func(f *Finding) cause { return cause{f.Outcome, f.place(), f.Message} }
	for _, f := range findings {
		if sharing[causeOf(f)] == nil {
			sharing[causeOf(f)] = map[string]bool{}
		}
		sharing[causeOf(f)][f.Check] = true
	}
	for _, c := range checks {
		for _, f := range findings {
			if f.Check != c.ID {
				continue
			}
			var key any = c.ID
			if len(sharing[causeOf(f)]) > 1 && (rule == nil || f.Outcome == engine.Unknown) {
				key = causeOf(f)
			}
			at, started := index[key]
			if !started {
				at = len(blocks)
				index[key], blocks = at, append(blocks, block{})
			}
			blocks[at].add(c, f, rule)
		}
	}
	return merged(blocks)
}

func (b *block) add(c *engine.Check, f *Finding, rule func(*Finding) string) {
	if !slices.Contains(b.checks, c) {
		b.checks = append(b.checks, c)
	}
	if len(b.checks) == 1 && !slices.ContainsFunc(b.findings, f.says) { // of several checks, the first one speaks for all
		b.findings = append(b.findings, f)
	}
	if rule != nil && !slices.Contains(b.rules, rule(f)) {
		b.rules = append(b.rules, rule(f))
	}
}

// says tells whether another finding says the same of the same place: of one object and of the one in its stead, say.
func (f *Finding) says(other *Finding) bool {
	return f.Outcome == other.Outcome && f.Message == other.Message && f.place() == other.place()
}

// merged makes one block of those that several checks share.
func merged(blocks []block) []block {
	var out []block
	for _, b := range blocks {
		i := slices.IndexFunc(out, func(o block) bool {
			return len(b.checks) > 1 && slices.Equal(o.checks, b.checks) && slices.Equal(o.rules, b.rules)
		})
		if i < 0 {
			out = append(out, b)
			continue
		}
		out[i].findings = append(out[i].findings, b.findings...)
	}
	return out
}

// checksOf are the checks that findings are of: the most severe first, then in the order of the catalogue.
func (d *Decision) checksOf(findings []*Finding) []*engine.Check {
	var checks []*engine.Check
	for _, c := range d.catalogue.Rules() {
		if slices.ContainsFunc(findings, func(f *Finding) bool { return f.Check == c.ID }) {
			checks = append(checks, c)
		}
	}
	slices.SortStableFunc(checks, func(a, b *engine.Check) int { return cmp.Compare(severity(a), severity(b)) })
	return checks
}

// refusing are the blocks of what refuses the change of a system, or would in another mode.
func (d *Decision) refusing(s *SystemDecision) []block {
	rules := map[*Finding]string{}
	var findings []*Finding
	for i := range s.Refusals {
		f := &s.Refusals[i].Finding
		findings, rules[f] = append(findings, f), s.Refusals[i].Rule
	}
	return d.blocks(findings, func(f *Finding) string { return rules[f] })
}

// ids are the checks of a block, as text.
func (b block) ids() string {
	ids := make([]string, len(b.checks))
	for i, c := range b.checks {
		ids[i] = c.ID
	}
	return strings.Join(ids, ", ")
}

// bears tells how much a block weighs, and why it refuses.
func (b block) bears() string {
	low, high := engine.Highest, 0
	for _, c := range b.checks {
		low, high = min(low, c.Level), max(high, c.Level)
	}
	level := inWords(low)
	if low != high {
		level = fmt.Sprintf("levels %d to %d", low, high)
	}
	text := level + ", " + b.checks[0].Severity
	if len(b.rules) > 0 {
		text += ": " + strings.Join(b.rules, "; ")
	}
	return text
}

// verdict is the decision in one word.
func (d *Decision) verdict() string {
	if d.Allowed {
		return "Allowed"
	}
	return "Refused"
}

// what says in words what the change does.
func (d *Decision) what() string {
	n := map[engine.Verb]int{}
	for _, o := range d.Operations {
		n[o.Verb]++
	}
	var parts []string
	for _, verb := range []engine.Verb{engine.Create, engine.Update, engine.Delete} {
		if n[verb] > 0 {
			parts = append(parts, fmt.Sprintf("%d %sd", n[verb], verb))
		}
	}
	for _, side := range unreadSides {
		if n := len(d.unread(side.side)); n > 0 && side.title != "" {
			parts = append(parts, fmt.Sprintf("%d %s", n, side.title))
		}
	}
	if len(parts) == 0 {
		return "nothing that is judged changes"
	}
	return strings.Join(parts, ", ")
}

// unreadSides are the sides on which something could not be read, the one to look at first, and how people are told of it. What was unread and
// still is, as it was, has no title: nothing becomes of it.
var unreadSides = []struct {
	side        UnreadSide
	title, verb string
	means       string
}{
	{UnreadAfter, "newly unread", "unread", "may say anything"},
	{UnreadBefore, "unread before", "was unread", "may have met anything"},
	{UnreadEdited, "unread and edited", "edited", "may say anything else"},
	{UnreadBoth, "", "", ""},
}

// stillUnread counts what could be read on neither side; empty where there is none.
func (d *Decision) stillUnread() string {
	n := len(d.unread(UnreadBoth))
	if n == 0 {
		return ""
	}
	return document.Count(n, "file, or part of one, could not be read before and cannot now", "files, or parts of files, could not be read before and cannot now")
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

// heading says in words what becomes of the system.
func (s *SystemDecision) heading() string {
	text := fmt.Sprintf("%s%s, floor %d", s.levels(), s.seen(), s.Floor)
	if verdict := s.verdict(); verdict != "" {
		text += ": " + verdict
	}
	return text
}

// levels says which level the system had, and which it has after the change.
func (s *SystemDecision) levels() string {
	switch {
	case s.Before == nil:
		return fmt.Sprintf("new, level %d", s.After.Level)
	case s.hidden():
		return fmt.Sprintf("not read, level %d before", s.Before.Level)
	case s.After == nil:
		return fmt.Sprintf("gone, level %d before", s.Before.Level)
	case s.regained():
		return fmt.Sprintf("level %d or more → %d", s.Before.Level, s.After.Level)
	case s.Before.Level == s.After.Level:
		return fmt.Sprintf("level %d as before", s.After.Level)
	}
	return fmt.Sprintf("level %d → %d", s.Before.Level, s.After.Level)
}

// regained tells whether what bears on the system could not be read before, and all of it can now: what it met before is not known.
func (s *SystemDecision) regained() bool {
	return s.Before != nil && s.Before.Unread && s.After != nil && !s.After.Unread
}

// hidden tells whether the System is not gone, but may be in what cannot be read any more: of what is gone, rules about the change alone speak, and they know else.
func (s *SystemDecision) hidden() bool {
	unknown := func(f Finding) bool { return f.Outcome == engine.Unknown }
	return s.After == nil && (slices.ContainsFunc(s.Refusals, func(r Refusal) bool { return unknown(r.Finding) }) || slices.ContainsFunc(s.Warnings, unknown))
}

// unsure says what is not known of the system before the change, or after it; empty where all is.
func (s *SystemDecision) unsure() string {
	switch {
	case s.Before != nil && s.Before.Unread:
		return "Not all that bears on it could be read before the change. What was met there unseen, the change may break without being refused for it."
	case s.Before != nil && s.After != nil && s.After.Unread, s.hidden():
		return "Something that bears on it cannot be read after the change. See to that first: what else is found here may follow from it."
	}
	return ""
}

// seen says the levels over what is seen from here, where they are others.
func (s *SystemDecision) seen() string {
	if s.Before == nil || s.After == nil || s.Before.Level == s.Before.LevelSeen && s.After.Level == s.After.LevelSeen {
		return ""
	}
	return fmt.Sprintf(" (of what is seen here %d → %d)", s.Before.LevelSeen, s.After.LevelSeen)
}

func (s *SystemDecision) verdict() string {
	switch {
	case !s.Allowed:
		return "refused"
	case s.Relief != "":
		return "admitted, for " + s.Relief
	case len(s.Refusals) > 0:
		return fmt.Sprintf("admitted, for the mode here is %s", s.Mode)
	}
	return ""
}

// recorded tells whether what would refuse the change is only counted.
func (s *SystemDecision) recorded() bool { return s.Allowed && s.Mode == v1alpha1.Record }

// mark is how the system stands out.
func (s *SystemDecision) mark() mark {
	switch {
	case !s.Allowed:
		return failing
	case len(s.Refusals) > 0 && !s.recorded(), s.regained():
		return mild
	}
	return met
}

// mild marks what would refuse a change elsewhere, or at another time.
var mild = mark{"!", "⚠️", "warns", yellow}

// gravest are the systems as people are told of them: those that are refused, those that would be elsewhere, and the others, each by name,
// and what nobody declared last, since it follows from what becomes of the rest.
func (d *Decision) gravest() []*SystemDecision {
	var all []*SystemDecision
	for _, grave := range []mark{failing, mild, met} {
		for _, declared := range []bool{true, false} {
			for i := range d.Systems {
				if s := &d.Systems[i]; s.mark() == grave && s.Declared == declared {
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// turned says what becomes of the switch, and of the principles; empty where nothing does.
func (d *Decision) turned(s *SystemDecision) string {
	var parts []string
	switch {
	case s.Turn == nil:
	case *s.Turn == engine.Bundled:
		parts = append(parts, "The switch is turned back, and more is changed with it, so that it is judged as one that is turned forward. By itself it would be admitted.")
	default:
		parts = append(parts, "The switch is turned "+string(*s.Turn)+".")
	}
	var changed []string
	for _, p := range d.catalogue.Principles {
		if s.Before != nil && s.After != nil && !s.regained() && s.Before.Principles[p.Name] != s.After.Principles[p.Name] {
			changed = append(changed, fmt.Sprintf("%s %d→%d", p.Title, s.Before.Principles[p.Name], s.After.Principles[p.Name]))
		}
	}
	if len(changed) > 0 {
		parts = append(parts, strings.Join(changed, ", ")+".")
	}
	return strings.Join(parts, " ")
}

// title names what is changed to people.
func (o Operation) title() string {
	switch {
	case o.Object == nil && o.Document != "file:"+o.File: // one of several in its file
		return name(strings.TrimPrefix(o.Document, "file:"))
	case o.Object == nil:
		return name(o.File)
	case o.Object.Namespace == "":
		return o.Object.Kind + " " + o.Object.Name
	}
	return o.Object.Kind + " " + o.Object.Namespace + "/" + o.Object.Name
}

// fields names the first values that an update changes.
func (o Operation) fields() string {
	const most = 3
	var shown []string
	for _, path := range o.Paths[:min(most, len(o.Paths))] {
		shown = append(shown, middle(path, 69))
	}
	text := strings.Join(shown, ", ")
	if more := len(o.Paths) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// middle takes from the middle of a path that is longer than n: its start tells where it is, its end what it is.
func middle(path string, n int) string {
	runes := []rune(path)
	if len(runes) <= n {
		return path
	}
	return string(runes[:n/3]) + "…" + string(runes[len(runes)-(n-n/3-1):])
}

func pointers(findings []Finding) []*Finding {
	out := make([]*Finding, len(findings))
	for i := range findings {
		out[i] = &findings[i]
	}
	return out
}
