package engine

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/api/v1alpha1"
)

var errNoObject = errors.New("`refuses` is not an object of messages by place")

// Decide judges a change. It is the one place where a change is refused or admitted.
//
// A change is refused where a subject of an invariant, or of a goal at or below the floor, was met before and is not after; where a
// subject in a changed object newly fails, unless what fails is that something elsewhere is not there; where what met a check
// is taken away, and the check is not met any more; where it breaks a transition; and where it turns the switch forward while a check of the release is not met. Going back is always admitted.
func (p *Policies) Decide(ctx context.Context, before, after *Judged, request Request) *Decision {
	d := &Decision{Allowed: true, Entrance: after.View.Entrance, AsOf: after.Settings.AsOf.UTC(), Operations: request.Operations}
	moved, restated, closed := moves(before.View, after.View), p.restate(ctx, before, after), closed(before.View, after.View)
	bare := p.without(ctx, before, closed)
	for _, name := range names(before, after) {
		c := &comparison{
			policies: p, request: &request, before: before.find(name), restated: restated.find(name), bare: bare.find(name), after: after.find(name),
			views: [2]*View{before.View, after.View}, moved: moved, closed: closed,
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
	restated      *standing // see restate; nil where what is declared does not change
	bare          *standing // without what is closed; nil where nothing is
	views         [2]*View
	moved         map[string]string   // see moves
	closed        map[string]bool     // see closed
	sights        [2]map[string]sight // what rules about changes see of the system before and after it
	common        [][2]*ast.Term      // of the inputs of rules about the change
	excused       bool                // whether an Exemption covers what a rule about the change finds
}

// now is the snapshot that speaks for the system: the later one, as long as there is one.
func (c *comparison) now() *Snapshot {
	if c.after != nil {
		return c.after.snapshot
	}
	return c.before.snapshot
}

// earlier is how the system stood before the change: as it was declared then, as it is declared now, and before anything was pushed through that is closed.
func (c *comparison) earlier() []*standing {
	return slices.DeleteFunc([]*standing{c.before, c.restated, c.bare}, func(s *standing) bool { return s == nil })
}

func (c *comparison) name() string       { return c.now().Name }
func (c *comparison) entrance() Entrance { return c.views[1].Entrance }

func (c *comparison) decide(ctx context.Context) (SystemDecision, []Fault) {
	s := SystemDecision{
		Name: c.name(), Namespace: c.now().namespace, Declared: c.now().Declared, Floor: c.first().RequiredLevel, Mode: c.mode(),
		Before: c.before.level(), After: c.after.level(), NotSeen: c.notSeen(),
	}
	c.look(ctx)
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
	if turn == Forward || turn == Bundled {
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
	return &Standing{s.judgement.Level, s.judgement.LevelSeen, s.judgement.Principles, s.judgement.Unread}
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

// judgeTransitions adds what the rules about changes refuse. A rule above the floor warns.
func (c *comparison) judgeTransitions(s *SystemDecision, findings []Finding) {
	for _, f := range findings {
		switch {
		case f.Outcome == Exempt:
			s.Exemptions, c.excused = append(s.Exemptions, f.Exemption), true
		case f.Check.Level <= s.Floor:
			s.Refusals = append(s.Refusals, Refusal{f, RuleTransition})
		default:
			s.Warnings = append(s.Warnings, f)
		}
	}
	slices.Sort(s.Exemptions)
	s.Exemptions = slices.Compact(s.Exemptions)
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
	case c.before != nil && c.before.snapshot.retired && c.deletes():
		return "the system is retiring, nobody is downstream of it, and its things may go"
	}
	return ""
}

// deletes tells whether all that the change does to what is judged is to delete. What can be read no longer is not deleted, and what is created or updated in a system
// that retires is held to what holds for it as long as it stands.
func (c *comparison) deletes() bool {
	return !c.unreadAnew() && !slices.ContainsFunc(c.request.Operations, func(o Operation) bool {
		return o.Verb != Delete && !sameSaid(c.views[0].sources.get(o.Document), c.views[1].sources.get(o.Document))
	})
}

// touched tells whether the change has to do with the system. What nobody declared comes and goes with the Systems beside it.
func (c *comparison) touched(s *SystemDecision) bool {
	comes := (c.before == nil || c.after == nil) && c.now().Declared
	reads := s.Before != nil && s.After != nil && s.Before.Unread != s.After.Unread
	if comes || reads || c.excused || len(s.Refusals)+len(s.Warnings)+len(s.Mended) > 0 {
		return true
	}
	return slices.ContainsFunc(c.request.Operations, func(o Operation) bool { return c.ours(o.Document) })
}
