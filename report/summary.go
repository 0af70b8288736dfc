package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// summary is a report arranged for people: what was found by system and check, worst first.
type summary struct {
	*Report
	found   map[string][]group // by system
	systems map[string]System
	order   map[string]int // of the checks, in the catalogue
}

// group is what one check found in one system.
type group struct {
	check    *engine.Check
	outcome  engine.Outcome
	findings []*Finding
}

func (r *Report) summarise() *summary {
	m := &summary{Report: r, found: map[string][]group{}, systems: map[string]System{}, order: map[string]int{}}
	checks := map[string]*engine.Check{}
	for i, c := range r.catalogue.Checks {
		m.order[c.ID], checks[c.ID] = i, c
	}
	type key struct{ system, check string }
	groups := map[key]int{} // where it is in found
	for i := range r.Findings {
		f := &r.Findings[i]
		k := key{f.System, f.Check}
		at, started := groups[k]
		if !started {
			at = len(m.found[f.System])
			groups[k] = at
			m.found[f.System] = append(m.found[f.System], group{check: checks[f.Check]})
		}
		g := &m.found[f.System][at]
		g.findings = append(g.findings, f)
	}
	for _, s := range r.Systems {
		m.systems[s.Name] = s
		for i := range m.found[s.Name] {
			g := &m.found[s.Name][i]
			g.outcome = s.Checks[g.check.ID]
			slices.SortStableFunc(g.findings, byPlace)
		}
		slices.SortFunc(m.found[s.Name], m.byWeight)
	}
	return m
}

func byPlace(a, b *Finding) int {
	return cmp.Or(
		cmp.Compare(weight(a.Outcome), weight(b.Outcome)),
		cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
	)
}

// byWeight puts failures first, then what is exempt, then what is unknown; the most severe first in each.
func (m *summary) byWeight(a, b group) int {
	return cmp.Or(
		cmp.Compare(weight(a.outcome), weight(b.outcome)),
		cmp.Compare(severity(a.check), severity(b.check)),
		cmp.Compare(m.order[a.check.ID], m.order[b.check.ID]),
	)
}

func weight(o engine.Outcome) int {
	return slices.Index([]engine.Outcome{engine.Fail, engine.Exempt, engine.Unknown}, o)
}

func severity(c *engine.Check) int {
	return slices.Index([]string{"critical", "high", "medium", "low"}, c.Severity)
}

// place is where a finding stands, as editors and terminals understand it.
func (f *Finding) place() string {
	switch {
	case f.File != "":
		return fmt.Sprintf("%s:%d:%d", name(f.File), f.Line, f.Column)
	case f.Document != "":
		return f.Document
	}
	return "the whole system"
}

// level is a level with its name.
func (r *Report) level(n int) string { return fmt.Sprintf("%d (%s)", n, r.catalogue.Levels[n].Name) }

// unreadCount says how much was not read.
func (r *Report) unreadCount() string {
	return document.Count(len(r.Unread), "file, or part of one, was not read", "files, or parts of files, were not read")
}

// heading says in words which level a system has, and which it should have.
func (r *Report) heading(s System) string {
	return fmt.Sprintf("level %s, required %s", r.level(s.Level), r.level(s.RequiredLevel))
}

// counts says in words how many checks have which outcome.
func (r *Report) counts(s System) string {
	n := map[engine.Outcome]int{}
	for _, outcome := range s.Checks {
		n[outcome]++
	}
	words := []string{
		fmt.Sprintf("%d failed", n[engine.Fail]),
		fmt.Sprintf("%d unknown", n[engine.Unknown]-len(r.NotJudged)),
		fmt.Sprintf("%d passed", n[engine.Pass]),
	}
	for _, more := range []struct {
		n    int
		word string
	}{{n[engine.Exempt], "exempt"}, {n[engine.NotApplicable], "not applicable"}, {len(r.NotJudged), "not judged yet"}} {
		if more.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", more.n, more.word))
		}
	}
	return strings.Join(words, ", ")
}

// mark is how a cell of the chart is drawn. Each has a symbol of its own, so that it can be read without colour.
type mark struct {
	symbol, emoji, word string
	ink                 ink
}

var (
	failing  = mark{"✗", "❌", "fails", red}
	unknown  = mark{"?", "❓", "unknown", yellow}
	unjudged = mark{"…", "⏳", "not judged", cyan}
	exempt   = mark{"~", "🔶", "exempt", purple}
	met      = mark{"✓", "✅", "met", green}
	hollow   = mark{"○", "○", "no check", faint}
)

// marks are all of them. In a cell of several checks the first wins.
var marks = []mark{failing, unknown, unjudged, exempt, met, hollow}

func markOf(c *engine.Check, o engine.Outcome) mark {
	switch {
	case !c.Judged():
		return unjudged
	case o.Met():
		return met
	case o == engine.Exempt:
		return exempt
	case o == engine.Fail:
		return failing
	}
	return unknown
}

// cell is one level of one principle: how many of its checks are met.
type cell struct {
	mark       mark
	met, total int
}

func (c cell) String() string {
	if c.total == 0 {
		return c.mark.symbol
	}
	return fmt.Sprintf("%s %d/%d", c.mark.symbol, c.met, c.total)
}

// chart gives the cells of every principle, by level; the one of level 0 is not used.
func (r *Report) chart(s System) map[string]*[engine.Highest + 1]cell {
	chart := make(map[string]*[engine.Highest + 1]cell, len(r.catalogue.Principles))
	for _, p := range r.catalogue.Principles {
		row := &[engine.Highest + 1]cell{}
		for n := range row {
			row[n].mark = hollow
		}
		chart[p.Name] = row
	}
	for _, c := range r.catalogue.Checks {
		if c.Level == 0 {
			continue
		}
		at, outcome := &chart[c.Principle][c.Level], s.Checks[c.ID]
		at.total++
		if outcome.Met() {
			at.met++
		}
		if m := markOf(c, outcome); slices.Index(marks, m) < slices.Index(marks, at.mark) {
			at.mark = m
		}
	}
	return chart
}

// seen says what a level rests on.
func (r *Report) seen() string {
	if r.Source.Revision != nil {
		return fmt.Sprintf("as seen from git, at revision %.12s", *r.Source.Revision)
	}
	return "as seen from git, in the files as they lie there"
}

// because says why a system's effective level is lower than its own; empty where it is not.
func (m *summary) because(s System) string {
	if s.EffectiveLevel >= s.Level {
		return ""
	}
	var others []string
	for _, name := range m.dependencies(s) {
		other, known := m.systems[name]
		switch {
		case known && other.Level == s.EffectiveLevel:
			others = append(others, fmt.Sprintf("%s (level %d)", name, other.Level))
		case slices.Contains(s.Undeclared, name):
			others = append(others, name+" (not declared here, so 0)")
		}
	}
	if len(others) == 0 { // what bounds it is not part of this report
		others = s.DependsOn
	}
	return "it depends on " + strings.Join(others, ", ")
}

// dependencies are the systems that a system depends on, near or far, sorted.
func (m *summary) dependencies(s System) []string {
	seen := map[string]bool{}
	names := slices.Clone(s.DependsOn)
	for i := 0; i < len(names); i++ {
		if name := names[i]; !seen[name] {
			seen[name] = true
			names = append(names, m.systems[name].DependsOn...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// awaited are the checks that wait for the same things.
type awaited struct {
	what   string
	checks []string
}

func (r *Report) awaited() []awaited {
	var list []awaited
	for _, n := range r.NotJudged {
		what := strings.Join(n.Awaits, " and ")
		i := slices.IndexFunc(list, func(a awaited) bool { return a.what == what })
		if i < 0 {
			i = len(list)
			list = append(list, awaited{what: what})
		}
		list[i].checks = append(list[i].checks, n.Check)
	}
	slices.SortFunc(list, func(a, b awaited) int { return cmp.Compare(a.what, b.what) })
	return list
}

// step is a check that keeps a system from its next level.
type step struct {
	group
	mark mark
}

// steps lists what to do next, what fails first.
func (m *summary) steps(s System) []step {
	found := map[string]group{}
	for _, g := range m.found[s.Name] {
		found[g.check.ID] = g
	}
	steps := make([]step, len(s.Next))
	for i, n := range s.Next {
		c := m.catalogue.Checks[m.order[n.Check]]
		steps[i] = step{group{c, s.Checks[c.ID], found[c.ID].findings}, markOf(c, s.Checks[c.ID])}
	}
	slices.SortStableFunc(steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(slices.Index(marks, a.mark), slices.Index(marks, b.mark)), cmp.Compare(severity(a.check), severity(b.check)))
	})
	return steps
}

// where says where a step stands: the first place, and how many more there are; or what its check awaits.
func (s step) where() (place, more string) {
	switch n := len(s.findings); {
	case !s.check.Judged():
		return "", "awaits " + strings.Join(s.check.Awaits, " and ")
	case n == 0:
		return "", ""
	case n == 1:
		return s.findings[0].place(), ""
	default:
		return s.findings[0].place(), fmt.Sprintf("and %d more", n-1)
	}
}
