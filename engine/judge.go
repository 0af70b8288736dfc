package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine/program"
)

// Outcome is the answer of a check, or of one subject of it.
type Outcome string

// The outcomes, the one that wins first.
const (
	Fail          Outcome = "fail"
	Unknown       Outcome = "unknown"
	Exempt        Outcome = "exempt"
	Pass          Outcome = "pass"
	NotApplicable Outcome = "not-applicable"
)

// Met tells whether a check with this outcome is met.
func (o Outcome) Met() bool { return o == Pass || o == NotApplicable }

// Finding is one answer of one check about one subject that is not met.
type Finding struct {
	Check     *Check
	System    string
	Outcome   Outcome
	Document  string // id of the document that the subject is in; empty for the system as a whole
	Path      document.Path
	Message   string
	Missing   bool   // what fails is that something elsewhere is not there
	Whole     bool   // about the check as a whole: no one subject of it
	Exemption string // the exemption that covers it

	key string // the subject, as text; the same for the same place
}

// Judgement is what the checks say of one system.
type Judgement struct {
	System        string
	Declared      bool
	RequiredLevel int
	DependsOn     []string
	Level         int
	LevelSeen     int // the level over the checks that can be answered from here
	Principles    map[string]int
	Outcomes      map[string]Outcome // by check
	NotApplicable map[string]string  // by check: the fact that makes it so
	Findings      []Finding
	Faults        []Fault

	answers map[string]answer // by check, before exemptions
	kept    *program.Kept     // what policies came to know of the snapshot
}

// Judge asks every check about a snapshot.
func (p *Policies) Judge(ctx context.Context, s *Snapshot) *Judgement {
	return p.rejudge(ctx, s, nil, nil)
}

// rejudge asks about a snapshot only those checks that read what differs in an earlier one of the same system; the
// answers of all others stand. What was kept of another system's snapshot is taken over where it rests on the same.
func (p *Policies) rejudge(ctx context.Context, s *Snapshot, earlier *standing, other *program.Kept) *Judgement {
	j := &Judgement{
		System: s.Name, Declared: s.Declared, RequiredLevel: s.RequiredLevel, DependsOn: s.DependsOn,
		Outcomes: map[string]Outcome{}, NotApplicable: map[string]string{}, answers: make(map[string]answer, len(p.Checks)),
	}
	evaluation := newEvaluation(s.input, earlier.kept(), other)
	unseen, blind := s.unseen(p), p.blind(s.view.Entrance)
	differs := s.differs(earlier)
	for _, c := range p.Checks {
		a, known := answer{}, false
		if earlier != nil && !differs(c) {
			a, known = earlier.judgement.answers[c.ID]
		}
		if !known {
			a = p.ask(ctx, c, s, evaluation)
		}
		j.answers[c.ID] = a
		if blind[c.ID] {
			a = answer{outcome: Unknown, findings: []Finding{s.finding(c, "not all that this check reads can be seen from here")}, fault: a.fault}
		}
		j.add(c, s.conclude(a, unseen[c.ID]))
	}
	j.kept = evaluation.keep()
	slices.SortStableFunc(j.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Check.ID, b.Check.ID), cmp.Compare(a.Document, b.Document), cmp.Compare(a.Path.String(), b.Path.String()))
	})
	j.Level, j.LevelSeen = p.LevelOf(j.Outcomes, s.view.Entrance)
	_, j.Principles = p.levels(j.Outcomes, nil)
	return j
}

func (j *Judgement) add(c *Check, a answer) {
	j.Outcomes[c.ID] = a.outcome
	if a.outcome == NotApplicable {
		j.NotApplicable[c.ID] = a.notApplicable
	}
	j.Findings = append(j.Findings, a.findings...)
	if a.fault != nil {
		j.Faults = append(j.Faults, *a.fault)
	}
}

// answer is what one check says of one snapshot.
type answer struct {
	outcome       Outcome
	findings      []Finding
	passed        map[string]bool // by subject
	notApplicable string
	fault         *Fault
}

// ask gives a check's answer to what the snapshot shows, as if nothing were exempt and nothing unread.
func (p *Policies) ask(ctx context.Context, c *Check, s *Snapshot, e *evaluation) answer {
	if !c.Judged() {
		return answer{outcome: Unknown}
	}
	out, err := p.questions[c.ID].run(ctx, e, p.Limit)
	if err != nil {
		fault := &Fault{Policy: c.pkg, Message: err.Error()}
		return answer{findings: []Finding{s.finding(c, "the check could not be evaluated: "+err.Error())}, fault: fault}
	}
	return s.decide(c, out.(ast.Object))
}

// conclude makes the outcome of an answer, given what is exempt and what could not be read.
func (s *Snapshot) conclude(a answer, u *unseen) answer {
	if a.outcome == Unknown { // nobody could answer
		return a
	}
	a.findings = slices.Clone(a.findings)
	u.mayHold(a.findings)
	s.exempt(a.findings)
	a.findings = u.besides(a.findings)
	a.outcome = overall(a)
	return a
}

// finding is one about the system as a whole, unknown until it is decided.
func (s *Snapshot) finding(c *Check, message string) Finding {
	return Finding{Check: c, System: s.Name, Outcome: Unknown, Document: s.document, Message: message, Whole: true}
}

// decide turns the answers of a check into findings, by one rule for all checks: a subject fails where a rule says so; it
// passes where a rule says so and none says otherwise; anything else is unknown.
func (s *Snapshot) decide(c *Check, out ast.Object) answer {
	get := func(rule string) *ast.Term { return out.Get(ast.InternedTerm(rule)) }
	subjects := get("subjects").Value.(ast.Set)
	says := map[string]map[string][]string{} // rule → subject → messages
	for _, rule := range []string{"fails", "missing", "unknowns"} {
		says[rule] = messages(get(rule))
	}
	if subjects.Len() == 0 {
		return s.withoutSubjects(c, get("not_applicable"))
	}
	passes, _ := valueOf(get("passes")).(ast.Set)
	a := answer{passed: map[string]bool{}}
	for _, subject := range subjects.Slice() {
		key := subject.Value.String()
		f := s.about(c, subject, key)
		passed := passes != nil && passes.Contains(subject)
		f.Missing = len(says["fails"][key]) == 0
		switch said := append(says["fails"][key], says["missing"][key]...); {
		case len(said) > 0 && passed:
			f.Outcome, f.Message = Unknown, "the check contradicts itself: it passes, and "+strings.Join(said, "; ")
			a.fault = &Fault{Policy: c.pkg, Message: key + " both passes and fails"}
		case len(said) > 0:
			f.Outcome, f.Message = Fail, strings.Join(said, "; ")
		case passed:
			a.passed[key] = true
			continue
		default:
			f.Outcome, f.Message = Unknown, strings.Join(says["unknowns"][key], "; ")
			f.Message = cmp.Or(f.Message, "nothing seen says whether this is so")
		}
		f.Missing = f.Missing && f.Outcome == Fail
		a.findings = append(a.findings, f)
	}
	if stray := strays(says, subjects); a.fault == nil && stray != "" {
		a.fault = &Fault{Policy: c.pkg, Message: stray + " is judged but is no subject"}
		a.findings = append(a.findings, s.finding(c, a.fault.Message))
	}
	return a
}

func (s *Snapshot) withoutSubjects(c *Check, notApplicable *ast.Term) answer {
	if reasons, ok := valueOf(notApplicable).(ast.Set); ok && reasons.Len() == 1 {
		return answer{notApplicable: stringOf(reasons.Slice()[0])}
	}
	return answer{findings: []Finding{s.finding(c, fmt.Sprintf("nothing is declared here that this could be asked of: %s", c.Title))}}
}

// about is a finding at a place: a document id and a path in it.
func (s *Snapshot) about(c *Check, subject *ast.Term, key string) Finding {
	f := s.finding(c, "")
	f.Whole, f.key = false, key
	place, ok := subject.Value.(*ast.Array)
	if !ok || place.Len() == 0 {
		return f
	}
	f.Document = stringOf(place.Elem(0))
	for i := 1; i < place.Len(); i++ {
		switch step := place.Elem(i).Value.(type) {
		case ast.String:
			f.Path = append(f.Path, string(step))
		case ast.Number:
			n, _ := step.Int()
			f.Path = append(f.Path, int64(n))
		}
	}
	return f
}

// messages reads {subject: {message, ...}}, sorted.
func messages(t *ast.Term) map[string][]string {
	object, ok := valueOf(t).(ast.Object)
	if !ok {
		return nil
	}
	out := make(map[string][]string, object.Len())
	object.Foreach(func(subject, said *ast.Term) {
		texts := []string{}
		if list, ok := said.Value.(ast.Set); ok {
			for _, text := range list.Slice() {
				texts = append(texts, stringOf(text))
			}
		}
		out[subject.Value.String()] = texts
	})
	return out
}

// strays finds something that is said of what is no subject: a mistake in the check that would otherwise lose a failure.
func strays(says map[string]map[string][]string, subjects ast.Set) string {
	known := map[string]bool{}
	for _, subject := range subjects.Slice() {
		known[subject.Value.String()] = true
	}
	for _, rule := range []string{"fails", "missing"} {
		for subject := range says[rule] {
			if !known[subject] {
				return subject
			}
		}
	}
	return ""
}

func valueOf(t *ast.Term) ast.Value {
	if t == nil {
		return nil
	}
	return t.Value
}

// overall is the outcome of a check over its findings.
func overall(a answer) Outcome {
	for _, o := range []Outcome{Fail, Unknown, Exempt} {
		if slices.ContainsFunc(a.findings, func(f Finding) bool { return f.Outcome == o }) {
			return o
		}
	}
	if a.notApplicable != "" {
		return NotApplicable
	}
	return Pass
}

// unseen is the finding of a check for what could not be read and might have said otherwise.
type unseen struct {
	finding Finding
	hides   bool // whether what a check misses may be there
}

// unseen has, by check, the first thing that could not be read.
func (s *Snapshot) unseen(p *Policies) map[string]*unseen {
	found := map[string]*unseen{}
	add := func(kinds map[string]bool, document, message string, hides bool) {
		for _, c := range p.Checks {
			if !slices.ContainsFunc(c.Reads, func(kind string) bool { return kinds[kind] }) {
				continue
			}
			if found[c.ID] == nil {
				f := s.finding(c, message)
				if s.view.sources.get(document) != nil {
					f.Document = document
				}
				found[c.ID] = &unseen{finding: f}
			}
			found[c.ID].hides = found[c.ID].hides || hides
		}
	}
	for _, u := range s.unread {
		u.Formats = slices.DeleteFunc(slices.Clone(u.Formats), func(f document.Format) bool { return !s.view.Entrance.Sees(f) })
		where := cmp.Or(u.File, u.Document)
		message := fmt.Sprintf("%s could not be read, and might have said otherwise: %s", where, u.Message)
		if repeated(u.Unread) {
			message = where + " " + u.Message
		}
		if !u.near {
			message += "; what has nothing to do with this system can be kept in a repository that is not its authority"
		}
		add(s.view.couldHold(u), u.Document, message, !repeated(u.Unread))
	}
	for _, f := range s.view.Faults {
		add(set(f.Kinds), "", fmt.Sprintf("policy %s failed, so its facts are unknown: %s", f.Policy, f.Message), true)
	}
	return found
}

// mayHold makes unknown what fails for something that is not there, and may be in what could not be read.
func (u *unseen) mayHold(findings []Finding) {
	for i := range findings {
		if f := &findings[i]; u != nil && u.hides && f.Missing {
			f.Outcome, f.Missing = Unknown, false
			f.Message += "; it may be in what could not be read"
		}
	}
}

// besides adds itself to findings, unless they fail as it is: nothing passes for what could not be read.
func (u *unseen) besides(findings []Finding) []Finding {
	if u == nil || slices.ContainsFunc(findings, func(f Finding) bool { return f.Outcome == Fail }) {
		return findings
	}
	return append(findings, u.finding)
}
