package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/document"
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
	Unread    bool   // unknown for what could not be read, and might have been otherwise
	Exemption string // the exemption that covers it

	at    *ast.Term // the subject; nil for the check as a whole
	key   subject
	names string // the path without indexes
}

// subject tells what findings are about: a document and a path in it; or no document and what stands for a place, as text.
type subject struct{ document, path string }

func (s subject) compare(other subject) int {
	return cmp.Or(cmp.Compare(s.document, other.document), cmp.Compare(s.path, other.path))
}

// Judgement is what the checks say of one system.
type Judgement struct {
	System        string
	Declared      bool
	RequiredLevel int
	DependsOn     []string
	Level         int
	LevelSeen     int  // the level over the checks that can be answered from here
	Unread        bool // whether something is unknown for what could not be read: the levels may be higher
	Principles    map[string]int
	Outcomes      map[string]Outcome // by check
	NotApplicable map[string]string  // by check: the fact that makes it so
	Findings      []Finding
	Faults        []Fault
	Anew          int // how many checks were asked; what the others said before still stands

	answers map[string]answer // by check, before exemptions
}

// Judge asks every check about a snapshot.
func (p *Policies) Judge(ctx context.Context, s *Snapshot) *Judgement {
	evaluation := newEvaluation(s.input)
	defer evaluation.end()
	return p.rejudge(ctx, s, nil, s.differs(nil), evaluation)
}

// rejudge asks about a snapshot only those checks that read what differs in an earlier one of the same system; the
// answers of all others stand.
func (p *Policies) rejudge(ctx context.Context, s *Snapshot, earlier *standing, differs func(*Check) bool, evaluation *evaluation) *Judgement {
	j := &Judgement{
		System: s.Name, Declared: s.Declared, RequiredLevel: s.RequiredLevel, DependsOn: s.DependsOn,
		Outcomes: make(map[string]Outcome, len(p.Checks)), NotApplicable: map[string]string{}, answers: make(map[string]answer, len(p.Checks)),
	}
	unseen, blind := s.unseen(p), p.blind(s.view.Entrance)
	if earlier != nil {
		j.Findings = make([]Finding, 0, len(earlier.judgement.Findings)+4)
	}
	for _, c := range p.Checks {
		a, known := earlier.answer(c)
		if !known || differs(c) {
			a = p.ask(ctx, c, s, evaluation, a)
			j.Anew++
		}
		j.answers[c.ID] = a
		if blind[c.ID] {
			a = answer{outcome: Unknown, findings: []Finding{s.finding(c, "not all that this check reads can be seen from here")}, fault: a.fault}
		}
		a = s.conclude(a, unseen[c.ID])
		j.Unread = j.Unread || slices.ContainsFunc(a.findings, func(f Finding) bool { return f.Unread })
		j.add(c, a)
	}
	slices.SortStableFunc(j.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Check.ID, b.Check.ID), cmp.Compare(a.Document, b.Document), cmp.Compare(a.key.path, b.key.path))
	})
	j.Level, j.LevelSeen = p.LevelOf(j.Outcomes, s.view.Entrance)
	j.Principles = p.principles(j.Outcomes)
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
	said          ast.Object // what its rules gave; nil where there are none, or where they failed
	outcome       Outcome
	findings      []Finding
	passed        ast.Set // subjects
	notApplicable string
	fault         *Fault
}

// answer is what a check said of the system; false where it was not asked.
func (s *standing) answer(c *Check) (answer, bool) {
	if s == nil {
		return answer{}, false
	}
	a, known := s.judgement.answers[c.ID]
	return a, known
}

// ask gives a check's answer to what the snapshot shows, as if nothing were exempt and nothing unread: the earlier one, where the check says the same again.
func (p *Policies) ask(ctx context.Context, c *Check, s *Snapshot, e *evaluation, earlier answer) answer {
	if !c.Judged() {
		return answer{outcome: Unknown}
	}
	out, err := p.questions[c.ID].run(ctx, e, p.Limit)
	if err != nil {
		fault := &Fault{Policy: c.pkg, Message: err.Error()}
		return answer{findings: []Finding{s.finding(c, "the check could not be evaluated: "+err.Error())}, fault: fault}
	}
	said := out.(ast.Object)
	if earlier.said != nil && ast.ValueEqual(said, earlier.said) {
		return earlier
	}
	a := s.decide(c, said)
	a.said = said
	return a
}

// met tells whether the check passed at the subject of a finding.
func (a answer) met(f Finding) bool { return f.at != nil && a.passed != nil && a.passed.Contains(f.at) }

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
// passes where a rule says so and none says otherwise; anything else is unknown. A check that says what it cannot mean is at fault.
func (s *Snapshot) decide(c *Check, out ast.Object) answer {
	says, wrong := readClaims(out)
	if wrong != "" {
		return s.faulty(c, wrong)
	}
	stray := says.stray()
	switch {
	case says.subjects.Len() == 0 && stray != "":
		return s.faulty(c, stray)
	case says.subjects.Len() == 0:
		return s.withoutSubjects(c, says.notApplicable)
	}
	a := answer{passed: ast.NewSet()}
	for _, at := range says.subjects.Slice() {
		if says.met(at) {
			a.passed.Add(at)
			continue
		}
		f, fault := s.subject(c, at, says)
		a.findings, a.fault = append(a.findings, f), cmp.Or(a.fault, fault)
	}
	if stray != "" {
		faulty := s.faulty(c, stray)
		a.fault, a.findings = cmp.Or(a.fault, faulty.fault), append(a.findings, faulty.findings...)
	}
	return a
}

// subject is what a check says of a subject that is not met, and what is wrong with how it says it.
func (s *Snapshot) subject(c *Check, at *ast.Term, says claims) (Finding, *Fault) {
	f := s.about(c, at)
	fails := says.fails.of(at)
	against := slices.Concat(fails, says.missing.of(at))
	why := strings.Join(slices.Concat(against, says.unknowns.of(at)), "; ")
	wrong := ""
	switch passed := says.passes.Contains(at); {
	case !isPlace(at):
		f.Whole, wrong = true, "is no place, [document id, path…]"
		f.Message = at.String() + " " + wrong
	case passed && len(against) > 0:
		wrong = "both passes and fails"
		f.Message = "the check contradicts itself: it passes, and " + why
	case passed && why != "":
		wrong = "both passes and is unknown"
		f.Message = "the check contradicts itself: it passes, and is unknown: " + why
	case len(against) > 0:
		f.Outcome, f.Missing, f.Message = Fail, len(fails) == 0, strings.Join(against, "; ")
	default:
		f.Message = cmp.Or(why, "nothing seen says whether this is so")
	}
	if wrong != "" {
		return f, &Fault{Policy: c.pkg, Message: at.String() + " " + wrong}
	}
	return f, nil
}

// faulty is the answer of a check that breaks its contract.
func (s *Snapshot) faulty(c *Check, how string) answer {
	return answer{findings: []Finding{s.finding(c, how)}, fault: &Fault{Policy: c.pkg, Message: how}}
}

func (s *Snapshot) withoutSubjects(c *Check, notApplicable ast.Set) answer {
	if notApplicable.Len() == 1 {
		return answer{notApplicable: stringOf(notApplicable.Slice()[0])}
	}
	return answer{findings: []Finding{s.finding(c, fmt.Sprintf("nothing is declared here that this could be asked of: %s", c.Title))}}
}

// about is a finding at a place: a document id and a path in it.
func (s *Snapshot) about(c *Check, at *ast.Term) Finding {
	f := s.finding(c, "")
	f.Whole, f.at = false, at
	if !isPlace(at) {
		f.key = subject{path: at.String()}
		return f
	}
	place := at.Value.(*ast.Array)
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
	names := slices.DeleteFunc(slices.Clone(f.Path), func(step any) bool { _, is := step.(string); return !is })
	f.key, f.names = subject{f.Document, f.Path.String()}, names.String()
	return f
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
