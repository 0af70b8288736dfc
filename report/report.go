// Package report renders findings, levels and decisions. It is the only place that knows the file and line of a finding.
package report

import (
	"cmp"
	"slices"
	"time"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/maturity"
)

// Schema names the form of the JSON report; see schema.json beside this file.
const Schema = "pocdr.dev/report/v1"

// Report is all that one run found, ready to be written.
type Report struct {
	Schema    string      `json:"schema"`
	Source    Source      `json:"source"`
	AsOf      time.Time   `json:"asOf"`
	Policies  Policies    `json:"policies"`
	Systems   []System    `json:"systems"`
	Findings  []Finding   `json:"findings"`
	NotJudged []NotJudged `json:"notJudged"`
	Unread    []Unread    `json:"unread"`
	Errors    []Error     `json:"errors"`

	catalogue *engine.Policies
	anchor    string // a file of the source, for what is about none
}

// Source is what was judged. Revision is null for a directory.
type Source struct {
	Path     string  `json:"path"`
	Revision *string `json:"revision"`
}

// Policies tells which policies judged: the digest of all their modules, and how many checks they hold.
type Policies struct {
	Digest string `json:"digest"`
	Checks int    `json:"checks"`
}

// System is one judged system.
type System struct {
	Name           string                    `json:"name"`
	Declared       bool                      `json:"declared"`
	Level          int                       `json:"level"`
	LevelSeen      int                       `json:"levelSeen"`
	EffectiveLevel int                       `json:"effectiveLevel"`
	RequiredLevel  int                       `json:"requiredLevel"`
	Principles     map[string]int            `json:"principles"`
	Checks         map[string]engine.Outcome `json:"checks"`
	NotApplicable  map[string]string         `json:"notApplicable"` // by check: the fact that makes it so
	DependsOn      []string                  `json:"dependsOn"`
	Undeclared     []string                  `json:"undeclaredDependencies"` // systems it depends on whose level is not known here
	Next           []Step                    `json:"next"`
}

// Step is something to do.
type Step struct {
	Check       string `json:"check"`
	Remediation string `json:"remediation"`
}

// Object is the identity of a Kubernetes object.
type Object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
}

// Finding is one answer of one check about one subject that is not met. Line and column count from 1 and are 0 where the finding is about no file.
type Finding struct {
	Check       string         `json:"check"`
	Principle   string         `json:"principle"`
	Level       int            `json:"level"`
	Severity    string         `json:"severity"`
	Outcome     engine.Outcome `json:"outcome"`
	System      string         `json:"system"`
	Object      *Object        `json:"object"`
	Message     string         `json:"message"`
	Remediation string         `json:"remediation"`
	Exemption   *string        `json:"exemption"`
	File        string         `json:"file"`
	Document    string         `json:"document"`
	Line        int            `json:"line"`
	Column      int            `json:"column"`
	Path        string         `json:"path"`

	path    document.Path
	refuses bool // it refuses the change that brings it, or would in mode Enforce
	mild    bool // it is new, and does not refuse the change that brings it
}

// NotJudged is a check that this engine cannot judge yet: it is unknown, and binds.
type NotJudged struct {
	Check  string   `json:"check"`
	Level  int      `json:"level"`
	Awaits []string `json:"awaits"`
}

// Unread is a file, or a part of one, that could not be read. Line is 0 where the whole file is meant.
type Unread struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`

	declaration bool // of a System, Exemption or Profile, which is not read at all
}

// Error is a fault of a policy.
type Error struct {
	Policy  string `json:"policy"`
	File    string `json:"file"`
	Message string `json:"message"`
}

// Content gives the content of a file of the source; false where it cannot be read again.
type Content func(file string) ([]byte, bool)

// New makes the report of judged systems.
func New(p *engine.Policies, v *engine.View, source Source, asOf time.Time, systems []maturity.System, content Content) *Report {
	r := &Report{
		Schema: Schema, Source: source, AsOf: asOf.UTC(), Policies: Policies{p.Digest, len(p.Checks)}, catalogue: p,
		Systems: []System{}, Findings: []Finding{}, NotJudged: []NotJudged{}, Unread: []Unread{}, Errors: []Error{},
	}
	for _, s := range systems {
		r.Systems = append(r.Systems, newSystem(s))
		for _, f := range s.Findings {
			r.Findings = append(r.Findings, newFinding(v, f))
		}
		r.addErrors(s.Faults)
	}
	for _, c := range p.Checks {
		if !c.Judged() {
			r.NotJudged = append(r.NotJudged, NotJudged{c.ID, c.Level, c.Awaits})
		}
	}
	r.addErrors(v.Faults)
	if ids := v.Of(func(document.Object) bool { return true }); len(ids) > 0 {
		r.anchor, _, _ = v.Source(ids[0])
	}
	places := newPlaces(content)
	places.resolve(r.Findings)
	r.Unread = places.unread(v.Unread)
	r.sort()
	return r
}

func newSystem(s maturity.System) System {
	out := System{
		Name: s.System, Declared: s.Declared, Level: s.Level, LevelSeen: s.LevelSeen, EffectiveLevel: s.Effective, RequiredLevel: s.RequiredLevel,
		Principles: s.Principles, Checks: s.Outcomes, NotApplicable: s.NotApplicable,
		DependsOn: orEmpty(s.DependsOn), Undeclared: orEmpty(s.Unknown), Next: []Step{},
	}
	for _, c := range s.Next {
		out.Next = append(out.Next, Step{c.ID, c.Remediation})
	}
	return out
}

func newFinding(v *engine.View, f engine.Finding) Finding {
	out := Finding{
		Check: f.Check.ID, Principle: f.Check.Principle, Level: f.Check.Level, Severity: f.Check.Severity, Outcome: f.Outcome, System: f.System,
		Message: f.Message, Remediation: f.Check.Remediation, Document: f.Document, Path: f.Path.String(), path: f.Path,
	}
	if f.Exemption != "" {
		out.Exemption = &f.Exemption
	}
	file, o, known := v.Source(f.Document)
	out.File = file
	if known && o.Kind != "" {
		out.Object = &Object{o.APIVersion, o.Kind, o.Namespace, o.Name}
	}
	return out
}

func (r *Report) addErrors(faults []engine.Fault) {
	for _, f := range faults {
		r.Errors = append(r.Errors, Error{f.Policy, f.File, f.Message})
	}
}

// sort puts everything in an order that does not depend on how it was found.
func (r *Report) sort() {
	slices.SortStableFunc(r.Findings, inOrder)
	r.Unread, r.Errors = sorted(r.Unread, Unread.compare), sorted(r.Errors, Error.compare)
}

// inOrder is the order of findings: by system, check and place.
func inOrder(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.System, b.System), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Document, b.Document),
		cmp.Compare(a.Line, b.Line), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message),
	)
}

func (u Unread) compare(v Unread) int {
	return cmp.Or(cmp.Compare(u.File, v.File), cmp.Compare(u.Line, v.Line), cmp.Compare(u.Message, v.Message))
}

func (e Error) compare(f Error) int {
	return cmp.Or(cmp.Compare(e.Policy, f.Policy), cmp.Compare(e.File, f.File), cmp.Compare(e.Message, f.Message))
}

// sorted sorts a list, and leaves each entry in it once.
func sorted[T comparable](list []T, compare func(a, b T) int) []T {
	slices.SortFunc(list, compare)
	return slices.Compact(list)
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
