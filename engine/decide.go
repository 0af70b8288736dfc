package engine

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/api/v1alpha1"
)

// Request is what is known of a change beside the views before and after it.
type Request struct {
	Operations []Operation       // what it does, one for each document
	Principal  *Principal        // who asks; nil where the entrance does not know
	Served     map[string]Served // by system: the plant that served before the selected one, where that is known
}

// Principal is who asks for a change, by the names that it has on each platform (platform:name), its groups among them.
type Principal struct {
	Names []string
}

// Served is a value that a switch had, until when, and what its plant ran then, as View.Release tells it; empty where that is not known.
type Served struct {
	Value   string
	Until   time.Time
	Release string
}

// Decision is the verdict on a change.
type Decision struct {
	Allowed    bool
	Entrance   Entrance
	AsOf       time.Time
	Operations []Operation
	Systems    []SystemDecision // those that the change touches, by name
	Faults     []Fault
}

// SystemDecision is the verdict on what a change does to one system.
type SystemDecision struct {
	Name      string
	Namespace string // of the System
	Declared  bool
	Allowed   bool
	Mode      v1alpha1.Mode
	Floor     int    // the level up to which goals may not be given up
	Turn      Turn   // what the change does with the switch
	Relief    string // why nothing refuses it: it goes back, or the system retires
	Before    *Standing
	After     *Standing

	Refusals   []Refusal // what refuses the change, or would where the mode enforced it
	Warnings   []Finding // what is new and does not refuse it
	Mended     []Finding
	Remaining  []Finding // what was not met before and is not now
	Exemptions []string  // that were used
	NotSeen    []string  // checks that cannot be answered from the entrance
}

// Standing is where a system stands before or after a change.
type Standing struct {
	Level      int
	LevelSeen  int
	Principles map[string]int
}

// Refusal is a finding that refuses a change, and by which rule: one of Rules.
type Refusal struct {
	Finding
	Rule string
}

// The rules by which a finding refuses a change, in words that follow "refused:".
const (
	RuleInvariant  = "an invariant that held before"
	RuleMet        = "met before"
	RuleChanged    = "new in a changed object"
	RuleLost       = "what met it was taken away"
	RuleTransition = "a rule about changes"
	RuleRelease    = "asked of the release switched to"
)

// Rules are all of them.
var Rules = []string{RuleInvariant, RuleMet, RuleChanged, RuleLost, RuleTransition, RuleRelease}

var errNoObject = errors.New("`refuses` is not an object of messages by place")

// Decide judges a change. It is the one place where a change is refused or admitted.
//
// A change is refused where a subject of an invariant, or of a goal at or below the floor, was met before and is not after; where a
// subject in a changed object newly fails, unless what fails is that something elsewhere is not there; where what met a check
// is taken away, and the check is not met any more; where it breaks a transition; and where it turns the switch forward while a check of the release is not met. Going back is always admitted.
func (p *Policies) Decide(ctx context.Context, before, after *Judged, request Request) *Decision {
	d := &Decision{Allowed: true, Entrance: after.View.Entrance, AsOf: after.Settings.AsOf.UTC(), Operations: request.Operations}
	moved := moves(before.View, after.View)
	for _, name := range names(before, after) {
		c := &comparison{
			policies: p, request: &request, before: before.find(name), after: after.find(name), views: [2]*View{before.View, after.View}, moved: moved,
		}
		s, faults := c.decide(ctx)
		d.Faults = append(d.Faults, faults...)
		if c.touched(&s) {
			d.Systems = append(d.Systems, s)
			d.Allowed = d.Allowed && s.Allowed
		}
	}
	return d
}

// Only is the decision as far as one system goes. A system that the change does not touch is not refused.
func (d *Decision) Only(system string) *Decision {
	only := *d
	only.Allowed, only.Systems = true, nil
	for _, s := range d.Systems {
		if s.Name == system {
			only.Allowed, only.Systems = s.Allowed, []SystemDecision{s}
		}
	}
	return &only
}

// Kinds are the kinds of facts that the refusing checks read, sorted.
func (d *Decision) Kinds() []string {
	kinds := map[string]bool{}
	for _, s := range d.Systems {
		for _, r := range s.Refusals {
			maps.Copy(kinds, set(r.Check.Reads))
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

func names(before, after *Judged) []string {
	var all []string
	for _, s := range slices.Concat(before.systems, after.systems) {
		all = append(all, s.snapshot.Name)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// comparison is one system before and after a change.
type comparison struct {
	policies      *Policies
	request       *Request
	before, after *standing // nil where there is no such system
	views         [2]*View
	moved         map[string]string // see moves
	common        [][2]*ast.Term    // of the inputs of rules about the change
}

// now is the snapshot that speaks for the system: the later one, as long as there is one.
func (c *comparison) now() *Snapshot {
	if c.after != nil {
		return c.after.snapshot
	}
	return c.before.snapshot
}

func (c *comparison) name() string       { return c.now().Name }
func (c *comparison) entrance() Entrance { return c.views[1].Entrance }

func (c *comparison) decide(ctx context.Context) (SystemDecision, []Fault) {
	first := c.first()
	s := SystemDecision{
		Name: c.name(), Namespace: c.now().namespace, Declared: c.now().Declared, Floor: first.RequiredLevel, Mode: c.mode(),
		Before: c.before.level(), After: c.after.level(), NotSeen: c.notSeen(),
	}
	transitions, faults := c.refused(ctx)
	turn, err := c.turn(ctx)
	if err != nil {
		faults = append(faults, Fault{Policy: turning, Message: err.Error()})
	}
	s.Turn = turn
	if c.after != nil {
		faults = append(faults, c.after.judgement.Faults...)
	}
	c.compare(&s)
	c.judgeTransitions(&s, transitions)
	if turn == Forward {
		c.judgeRelease(&s)
	}
	s.Relief = c.relief(turn)
	s.Allowed = s.Mode != v1alpha1.Enforce || s.Relief != "" || len(s.Refusals) == 0
	return s, faults
}

// first is the snapshot whose floor holds: raising it is never refused, and lowering it does not count before it is done.
func (c *comparison) first() *Snapshot {
	if c.before != nil {
		return c.before.snapshot
	}
	return c.after.snapshot
}

func (s *standing) level() *Standing {
	if s == nil {
		return nil
	}
	return &Standing{s.judgement.Level, s.judgement.LevelSeen, s.judgement.Principles}
}

// mode is how the entrance holds the system to its floor. In a cluster, only production is more than warned.
func (c *comparison) mode() v1alpha1.Mode {
	mode := c.first().modes.At(string(c.entrance()))
	if c.entrance() != CI && mode == v1alpha1.Enforce && !c.production() {
		return v1alpha1.Warn
	}
	return mode
}

// production tells whether a namespace of the system is in production, before the change or after it.
func (c *comparison) production() bool {
	for _, v := range c.views {
		production := v.production()
		for _, s := range []*standing{c.before, c.after} {
			if s != nil && slices.ContainsFunc(s.snapshot.namespaces, func(n string) bool { return production[n] }) {
				return true
			}
		}
	}
	return false
}

func (c *comparison) notSeen() []string {
	var ids []string
	blind := c.policies.blind(c.entrance())
	for _, check := range c.policies.Checks {
		if blind[check.ID] {
			ids = append(ids, check.ID)
		}
	}
	return ids
}

// compare sorts the findings after the change by what it has to do with them.
func (c *comparison) compare(s *SystemDecision) {
	if c.after == nil {
		return
	}
	blind := c.policies.blind(c.entrance())
	known := c.knownBefore()
	changed := c.changed()
	for _, f := range c.after.all(blind) {
		switch {
		case f.Outcome == Exempt:
			s.Exemptions = append(s.Exemptions, f.Exemption)
			continue
		case blind[f.Check.ID] && !c.metBefore(f):
			continue
		case known.take(c.atFirst(f)) && !(f.Outcome == Fail && changed[f.Document] && !known.failed(c.atFirst(f))):
			s.Remaining = append(s.Remaining, f)
			continue
		}
		if rule := c.rule(f, s.Floor, changed[f.Document]); rule != "" {
			s.Refusals = append(s.Refusals, Refusal{f, rule})
		} else {
			s.Warnings = append(s.Warnings, f)
		}
	}
	slices.Sort(s.Exemptions)
	s.Exemptions = slices.Compact(s.Exemptions)
	s.Mended = c.mended(blind)
}

// all are the findings of a system. Of a check that does not see all that it reads, they are what it says of what it sees:
// enough to tell that a subject that was met is met no longer, and for nothing else.
func (s *standing) all(blind map[string]bool) []Finding {
	var all []Finding
	for id := range blind {
		all = append(all, s.judgement.answers[id].findings...)
	}
	all = slices.Clone(all)
	s.snapshot.exempt(all)
	slices.SortStableFunc(all, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Check.ID, b.Check.ID), cmp.Compare(a.key, b.key)) })
	for _, f := range s.judgement.Findings {
		if !blind[f.Check.ID] {
			all = append(all, f)
		}
	}
	return all
}

// rule is the one by which a new finding refuses the change; empty where none does.
func (c *comparison) rule(f Finding, floor int, changed bool) string {
	met := c.metBefore(f)
	switch {
	case met && f.Check.Kind == "invariant":
		return RuleInvariant
	case met && f.Check.Binds(floor):
		return RuleMet
	case f.Outcome == Fail && !f.Missing && changed && f.Check.Binds(floor):
		return RuleChanged
	case (f.Check.Kind == "invariant" || f.Check.Level <= floor) && c.lost(f.Check):
		return RuleLost
	}
	return ""
}

// lost tells whether a check was met, by a subject among others that is gone with what the change takes away.
func (c *comparison) lost(check *Check) bool {
	if c.before == nil || !c.before.judgement.Outcomes[check.ID].Met() {
		return false
	}
	for key := range c.before.judgement.answers[check.ID].passed {
		if !c.after.judgement.answers[check.ID].passed[key] && c.takes(key) {
			return true
		}
	}
	return false
}

// takes tells whether the change updates or deletes the document of a subject.
func (c *comparison) takes(key string) bool {
	return slices.ContainsFunc(c.request.Operations, func(o Operation) bool {
		rest, within := strings.CutPrefix(key, "["+ast.String(o.Document).String())
		return within && o.Verb != Create && (rest[0] == ',' || rest[0] == ']')
	})
}

func (c *comparison) metBefore(f Finding) bool {
	if c.before == nil {
		return false
	}
	if f.Whole {
		return c.before.judgement.Outcomes[f.Check.ID].Met()
	}
	return c.before.judgement.answers[f.Check.ID].passed[c.atFirst(f).key]
}

// atFirst is a finding at the place that it had before the change, where its document has moved with its file.
func (c *comparison) atFirst(f Finding) Finding {
	if old, moved := c.moved[f.Document]; moved {
		f.key = strings.Replace(f.key, ast.String(f.Document).String(), ast.String(old).String(), 1)
		f.Document = old
	}
	return f
}

func (c *comparison) changed() map[string]bool {
	changed := map[string]bool{}
	for _, o := range c.request.Operations {
		changed[o.Document] = true
	}
	return changed
}

func (c *comparison) mended(blind map[string]bool) []Finding {
	if c.before == nil {
		return nil
	}
	var mended []Finding
	for _, f := range c.before.judgement.Findings {
		after := c.after.judgement
		if f.Outcome != Exempt && !blind[f.Check.ID] && (after.answers[f.Check.ID].passed[f.key] || after.Outcomes[f.Check.ID].Met()) {
			mended = append(mended, f)
		}
	}
	return mended
}

// judgeTransitions adds what the rules about changes refuse. A rule above the floor warns.
func (c *comparison) judgeTransitions(s *SystemDecision, findings []Finding) {
	for _, f := range findings {
		switch {
		case f.Outcome == Exempt:
			s.Exemptions = append(s.Exemptions, f.Exemption)
		case f.Check.Level <= s.Floor:
			s.Refusals = append(s.Refusals, Refusal{f, RuleTransition})
		default:
			s.Warnings = append(s.Warnings, f)
		}
	}
}

// judgeRelease holds a forward switch to every check of the release, whatever was unmet before.
func (c *comparison) judgeRelease(s *SystemDecision) {
	for _, check := range c.policies.Checks {
		if !check.OfRelease || check.Level > s.Floor || c.after.judgement.Outcomes[check.ID].Met() || c.policies.blind(c.entrance())[check.ID] {
			continue
		}
		for _, f := range c.unmet(check) {
			if !slices.ContainsFunc(s.Refusals, func(r Refusal) bool { return r.Check == f.Check && r.key == f.key }) {
				s.Refusals = append(s.Refusals, Refusal{f, RuleRelease})
			}
		}
	}
}

func (c *comparison) unmet(check *Check) []Finding {
	var found []Finding
	for _, f := range c.after.judgement.Findings {
		if f.Check == check && f.Outcome != Exempt {
			found = append(found, f)
		}
	}
	if len(found) == 0 && c.after.judgement.Outcomes[check.ID] == Unknown {
		return []Finding{c.now().finding(check, "not judged yet: it awaits "+strings.Join(check.Awaits, " and "))}
	}
	return found
}

// relief tells why a change is admitted whatever it breaks.
func (c *comparison) relief(turn Turn) string {
	switch {
	case turn == Back:
		return "it goes back to the plant that served before"
	case c.before != nil && c.before.snapshot.retired:
		return "the system is retiring, and nobody is downstream of it"
	}
	return ""
}

// touched tells whether the change has to do with the system.
func (c *comparison) touched(s *SystemDecision) bool {
	if len(s.Refusals)+len(s.Warnings)+len(s.Mended) > 0 || c.before == nil && c.now().Declared || c.after == nil {
		return true
	}
	return slices.ContainsFunc(c.request.Operations, func(o Operation) bool { return c.ours(o.Document) })
}

// unmetBefore are the findings before a change, each to be found again once.
type unmetBefore struct {
	exact map[string]Outcome // by check and subject
	moved map[string]int     // by check, document, place without indexes, and message
}

func (c *comparison) knownBefore() *unmetBefore {
	u := &unmetBefore{exact: map[string]Outcome{}, moved: map[string]int{}}
	if c.before == nil {
		return u
	}
	for _, f := range c.before.judgement.Findings {
		if f.Outcome != Exempt {
			u.exact[f.subject()] = f.Outcome
			u.moved[f.looks()]++
		}
	}
	return u
}

// take tells whether the finding was there before the change, at its place or, in the same words, at another place of its list.
func (u *unmetBefore) take(f Finding) bool {
	_, same := u.exact[f.subject()]
	if same || u.moved[f.looks()] > 0 {
		u.moved[f.looks()]--
		return true
	}
	return false
}

// failed tells whether a finding that was there before was a failure then.
func (u *unmetBefore) failed(f Finding) bool {
	outcome, same := u.exact[f.subject()]
	return !same || outcome == Fail
}

func (f Finding) subject() string {
	if f.Whole {
		return f.Check.ID
	}
	return f.Check.ID + " " + f.key
}

// looks is what a finding is known by when entries of a list have moved.
func (f Finding) looks() string {
	var b strings.Builder
	for _, step := range f.Path {
		if name, ok := step.(string); ok {
			b.WriteString(name + ".")
		}
	}
	return strings.Join([]string{f.Check.ID, f.Document, b.String(), string(f.Outcome), f.Message}, "\x00")
}
