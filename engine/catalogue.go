package engine

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Check is one policy: one question about a system, at one level of one principle.
type Check struct {
	ID          string // principle/name
	Principle   string
	Title       string
	Description string // Markdown: what is asked, and why
	Level       int    // 1 to 5; 0 for a rule of a policy for conftest, which has none
	Kind        string // invariant, goal, transition or advice
	Severity    string // critical, high, medium or low
	Remediation string // what to do where it is not met
	Exemptible  bool
	OfRelease   bool     // whether it is about the release that a switch would select
	Awaits      []string // what it needs to be judged that this engine does not see yet; empty for a check that is judged
	Parameters  map[string]Parameter
	Related     []Link
	Reads       []string // kinds of facts that its rules read, sorted
	File        string   // the module that defines it

	pkg   string // its package, as a reference
	timed bool   // whether its rules ask for the time
	acts  bool   // of a rule about changes: whether it looks at what a change does, beside what it sees before and after
}

// Judged tells whether the check has rules.
func (c *Check) Judged() bool { return len(c.Awaits) == 0 }

// Binds tells whether what the check finds counts where a level is held. What has no level always counts, but for advice.
func (c *Check) Binds(level int) bool { return c.Level <= level && c.Kind != Advice }

// Parameter is a setting of a check.
type Parameter struct {
	Default     any
	Description string
}

// Link is a page that a check refers to.
type Link struct{ URL, Description string }

// Principle is one of the ten.
type Principle struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Sentence string `json:"sentence"`
}

// Level is one of the six levels of maturity.
type Level struct {
	Name     string `json:"name"`
	Sentence string `json:"sentence"`
}

// Highest is the highest level of maturity.
const Highest = 5

// metadata reads the custom annotations of one module, and collects what is wrong with them.
type metadata struct {
	file   string
	custom map[string]any
	faults []error
}

func (m *metadata) fault(format string, args ...any) {
	m.faults = append(m.faults, fmt.Errorf("%s: METADATA: %s", m.file, fmt.Sprintf(format, args...)))
}

// known complains of every key that is not among names.
func (m *metadata) known(names ...string) {
	for _, key := range slices.Sorted(maps.Keys(m.custom)) {
		if !slices.Contains(names, key) {
			m.fault("unknown key custom.%s; a module of this kind has %s", key, strings.Join(names, ", "))
		}
	}
}

// within does so for the keys of a map in custom.
func (m *metadata) within(where string, fields map[string]any, names ...string) {
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(names, key) {
			m.fault("unknown key custom.%s.%s; there it has %s", where, key, strings.Join(names, ", "))
		}
	}
}

func (m *metadata) text(key string) string {
	value, ok := m.custom[key].(string)
	if !ok || strings.TrimSpace(value) == "" {
		m.fault("custom.%s must be text", key)
	}
	return strings.TrimSpace(value)
}

func (m *metadata) oneOf(key string, values ...string) string {
	value, _ := m.custom[key].(string)
	if !slices.Contains(values, value) {
		m.fault("custom.%s is %v; it must be one of %s", key, m.custom[key], strings.Join(values, ", "))
	}
	return value
}

// texts reads a list of text; an absent one is empty.
func (m *metadata) texts(key string) []string {
	list, ok := m.custom[key].([]any)
	if !ok && m.custom[key] != nil {
		m.fault("custom.%s must be a list of text", key)
	}
	out := make([]string, 0, len(list))
	for _, entry := range list {
		out = append(out, fmt.Sprint(entry))
	}
	return out
}

func (m *metadata) level() int {
	level, err := integer(m.custom["level"])
	if err != nil || level < 1 || level > Highest {
		m.fault("custom.level is %v; it must be a number from 1 to %d", m.custom["level"], Highest)
	}
	return level
}

func (m *metadata) flag(key string, otherwise bool) bool {
	value, present := m.custom[key]
	if !present {
		return otherwise
	}
	flag, ok := value.(bool)
	if !ok {
		m.fault("custom.%s must be true or false", key)
	}
	return flag
}

func (m *metadata) parameters() map[string]Parameter {
	raw, ok := m.custom["parameters"].(map[string]any)
	if !ok && m.custom["parameters"] != nil {
		m.fault("custom.parameters must be a map")
	}
	out := make(map[string]Parameter, len(raw))
	for name, value := range raw {
		fields, _ := value.(map[string]any)
		m.within("parameters."+name, fields, "default", "description")
		description, described := fields["description"].(string)
		if fields["default"] == nil || !described {
			m.fault("custom.parameters.%s must have a default and a description", name)
		}
		out[name] = Parameter{fields["default"], description}
	}
	return out
}

func integer(v any) (int, error) {
	var n int
	_, err := fmt.Sscanf(fmt.Sprint(v), "%d", &n)
	return n, err
}

// transition is the kind of check that judges a change, and no snapshot.
const transition = "transition"

// awaited is what checks may await.
var awaited = []string{"evidence", "history", "cluster"}

func (p *Policies) registerCheck(m *module, a *ast.Annotations, md *metadata) {
	md.known("level", "kind", "severity", "remediation", "parameters", "exemptible", "release", "awaits")
	c := p.newCheck(m, a, md)
	c.Kind, c.OfRelease, c.Awaits = md.oneOf("kind", "invariant", "goal"), md.flag("release", false), md.texts("awaits")
	for _, what := range c.Awaits {
		if !slices.Contains(awaited, what) {
			md.fault("custom.awaits: %q; it is of %s", what, strings.Join(awaited, ", "))
		}
	}
	c.Principle = path.Dir(c.ID)
	if p.rank(c.Principle) < 0 {
		md.fault("%q is none of the principles", c.Principle)
	}
	if c.Judged() != m.has("subjects") {
		md.fault("a check has either a rule `subjects`, or says in custom.awaits what it cannot see yet")
	}
	p.Checks = append(p.Checks, c)
	if c.Judged() {
		p.questions[c.ID] = newQuestion(m)
	}
}

func (p *Policies) registerTransition(m *module, a *ast.Annotations, md *metadata) {
	md.known("level", "kind", "severity", "remediation", "parameters", "exemptible", "principle")
	c := p.newCheck(m, a, md)
	c.Kind, c.Principle = transition, md.text("principle")
	if p.rank(c.Principle) < 0 {
		md.fault("custom.principle: %q is none of the principles", c.Principle)
	}
	if path.Dir(c.ID) != "transitions" || !m.has("refuses") {
		md.fault("a transition stands in transitions/<name>, and has a rule `refuses`")
	}
	p.Transitions = append(p.Transitions, c)
	p.questions[c.ID] = &query{pkg: c.pkg, text: "result = data." + c.pkg + ".refuses"}
	if m.has("sees") {
		p.looks[c.ID] = newLook(c.pkg)
	}
}

// newCheck reads what checks and transitions have in common.
func (p *Policies) newCheck(m *module, a *ast.Annotations, md *metadata) *Check {
	c := &Check{
		Title: a.Title, Description: strings.TrimSpace(a.Description), Level: md.level(), File: m.file, pkg: m.pkg(),
		Severity:    md.oneOf("severity", "critical", "high", "medium", "low"),
		Remediation: md.text("remediation"), Parameters: md.parameters(), Exemptible: md.flag("exemptible", true),
	}
	for _, r := range a.RelatedResources {
		c.Related = append(c.Related, Link{r.Ref.String(), r.Description})
	}
	steps := strings.Split(strings.ReplaceAll(m.pkg(), "_", "-"), ".")
	if len(steps) < 2 {
		steps = append([]string{""}, steps...)
	}
	c.ID = strings.Join(steps[len(steps)-2:], "/")
	if !strings.HasSuffix("/"+path.Dir(m.file), "/"+c.ID) {
		md.fault("package %s must end as its folder does: <principle>/<check>", m.pkg())
	}
	if c.Title == "" || c.Description == "" {
		md.fault("a check has a title and a description")
	}
	if other := p.Check(c.ID); other != nil {
		md.fault("check %s is defined already, in %s", c.ID, other.File)
	}
	return c
}

// order sorts checks by principle, in the principles' own order, then by level and name.
func (p *Policies) order(a, b *Check) int {
	return cmp.Or(
		cmp.Compare(p.rank(a.Principle), p.rank(b.Principle)),
		cmp.Compare(a.Level, b.Level),
		cmp.Compare(a.ID, b.ID),
	)
}

func (p *Policies) rank(principle string) int {
	return slices.IndexFunc(p.Principles, func(q Principle) bool { return q.Name == principle })
}
