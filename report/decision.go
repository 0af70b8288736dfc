package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"io"
	"slices"
	"time"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// DecisionSchema names the form of a JSON decision; see decision.schema.json beside this file.
const DecisionSchema = "pocdr.dev/decision/v1"

// DecisionJSONSchema is the JSON Schema (2020-12) of the JSON decision.
//
//go:embed decision.schema.json
var DecisionJSONSchema []byte

// Decision is the verdict on a change, ready to be written.
type Decision struct {
	Schema     string           `json:"schema"`
	Source     ChangeSource     `json:"source"`
	AsOf       time.Time        `json:"asOf"`
	Entrance   engine.Entrance  `json:"entrance"`
	Policies   Policies         `json:"policies"`
	Allowed    bool             `json:"allowed"`
	Operations []Operation      `json:"operations"`
	Systems    []SystemDecision `json:"systems"`
	Unread     []SideUnread     `json:"unread"`
	Errors     []Error          `json:"errors"`

	catalogue *engine.Policies
}

// ChangeSource is what was compared. Base is null where nothing was before; Revision is null for files as they lie there.
type ChangeSource struct {
	Path     string  `json:"path"`
	Base     *string `json:"base"`
	Revision *string `json:"revision"`
}

// Operation is what the change does with one document: an object, or a file that is none.
type Operation struct {
	Verb     engine.Verb `json:"operation"`
	Document string      `json:"document"`
	Object   *Object     `json:"object"`
	File     string      `json:"file"` // after the change; before it, for a deletion
	Paths    []string    `json:"paths"`
}

// SystemDecision is what the change does to one system. Before and After are null where there is no such system.
type SystemDecision struct {
	Name       string        `json:"name"`
	Declared   bool          `json:"declared"`
	Allowed    bool          `json:"allowed"`
	Mode       v1alpha1.Mode `json:"mode"`
	Floor      int           `json:"floor"`
	Turn       *engine.Turn  `json:"turn"`   // what the change does with the switch
	Relief     string        `json:"relief"` // why nothing refuses it
	Before     *Standing     `json:"before"`
	After      *Standing     `json:"after"`
	Refusals   []Refusal     `json:"refusals"`
	Warnings   []Finding     `json:"warnings"`
	Mended     []Finding     `json:"mended"`
	Remaining  []Finding     `json:"remaining"`
	Exemptions []string      `json:"exemptions"`
	NotSeen    []string      `json:"notSeen"`
}

// Standing is where a system stands before or after the change.
type Standing struct {
	Level      int            `json:"level"`
	LevelSeen  int            `json:"levelSeen"`
	Principles map[string]int `json:"principles"`
	Unread     bool           `json:"unread"` // whether something is unknown for what could not be read
}

// Refusal is a finding that refuses the change, or would in another mode, and by which of engine.Rules.
type Refusal struct {
	Rule    string `json:"rule"`
	Finding `json:"finding"`
}

// SideUnread is what could not be read before the change, after it, or both.
type SideUnread struct {
	Side UnreadSide `json:"side"`
	Unread
}

// UnreadSide tells when something could not be read.
type UnreadSide string

// The sides.
const (
	UnreadBefore UnreadSide = "before"
	UnreadAfter  UnreadSide = "after"
	UnreadBoth   UnreadSide = "both"
	UnreadEdited UnreadSide = "edited" // both, and it says something else now
)

// Side is what was read before a change, or after it.
type Side struct {
	View    *engine.View
	Source  Source
	Content Content
}

// locate gives findings their places: on this side where it has their document, else on the other one.
func (s Side) locate(other Side, findings []engine.Finding) []Finding {
	out := make([]Finding, len(findings))
	sides := []Side{s, other}
	var here [2][]int
	for i, f := range findings {
		side := 0
		if _, _, known := s.View.Source(f.Document); !known {
			side = 1
		}
		out[i] = newFinding(sides[side].View, f)
		here[side] = append(here[side], i)
	}
	for side, indexes := range here {
		found := make([]Finding, len(indexes))
		for i, n := range indexes {
			found[i] = out[n]
		}
		newPlaces(sides[side].Content).resolve(found)
		for i, n := range indexes {
			out[n] = found[i]
		}
	}
	slices.SortStableFunc(out, inOrder)
	return out
}

// NewDecision makes a decision ready to be written.
func NewDecision(p *engine.Policies, d *engine.Decision, before, after Side) *Decision {
	out := &Decision{
		Schema: DecisionSchema, AsOf: d.AsOf, Entrance: d.Entrance, Policies: Policies{p.Digest, len(p.Checks)}, Allowed: d.Allowed, catalogue: p,
		Source:     ChangeSource{Path: after.Source.Path, Base: before.Source.Revision, Revision: after.Source.Revision},
		Operations: []Operation{}, Systems: []SystemDecision{}, Errors: []Error{},
	}
	for _, o := range d.Operations {
		out.Operations = append(out.Operations, newOperation(o, before.View, after.View))
	}
	for _, s := range d.Systems {
		out.Systems = append(out.Systems, newSystemDecision(s, before, after))
	}
	out.setUnread(before, after)
	for _, f := range slices.Concat(d.Faults, after.View.Faults) {
		out.Errors = append(out.Errors, Error{f.Policy, f.File, f.Message})
	}
	out.Errors = sorted(out.Errors, Error.compare)
	return out
}

// setUnread lists what could not be read on either side. What could not be read before, and has only moved inside its file, is the same.
func (d *Decision) setUnread(before, after Side) {
	type cause struct{ file, message string }
	list := func(s Side) ([]Unread, map[cause]document.Unread) {
		known := map[cause]document.Unread{}
		for _, u := range s.View.Unread {
			known[cause{u.File, u.Message}] = u
		}
		return sorted(newPlaces(s.Content).unread(s.View.Unread), Unread.compare), known
	}
	old, unreadBefore := list(before)
	now, unreadAfter := list(after)
	d.Unread = []SideUnread{}
	for _, u := range now {
		side := UnreadAfter
		if was, both := unreadBefore[cause{u.File, u.Message}]; both {
			side = UnreadBoth
			if edited(was, unreadAfter[cause{u.File, u.Message}], before.Content, after.Content) {
				side = UnreadEdited
			}
		}
		d.Unread = append(d.Unread, SideUnread{side, u})
	}
	for _, u := range old {
		if _, both := unreadAfter[cause{u.File, u.Message}]; !both {
			d.Unread = append(d.Unread, SideUnread{UnreadBefore, u})
		}
	}
	slices.SortFunc(d.Unread, func(a, b SideUnread) int { return cmp.Or(a.Unread.compare(b.Unread), cmp.Compare(a.Side, b.Side)) })
}

// edited tells whether what could not be read as text has another text now, or one of those for which it speaks.
func edited(was, is document.Unread, before, after Content) bool {
	return is.Document == "" && slices.ContainsFunc(slices.Concat([]string{is.File}, was.Parts, is.Parts), func(file string) bool {
		old, there := before(file)
		now, here := after(file)
		return there != here || !bytes.Equal(old, now)
	})
}

// unread is what could not be read on one side, or on both.
func (d *Decision) unread(side UnreadSide) []Unread {
	var list []Unread
	for _, u := range d.Unread {
		if u.Side == side {
			list = append(list, u.Unread)
		}
	}
	return list
}

func newSystemDecision(s engine.SystemDecision, before, after Side) SystemDecision {
	out := SystemDecision{
		Name: s.Name, Declared: s.Declared, Allowed: s.Allowed, Mode: s.Mode, Floor: s.Floor, Relief: s.Relief,
		Before: newStanding(s.Before), After: newStanding(s.After), Exemptions: orEmpty(s.Exemptions), NotSeen: orEmpty(slices.Sorted(slices.Values(s.NotSeen))),
		Warnings: after.locate(before, s.Warnings), Mended: before.locate(after, s.Mended), Remaining: after.locate(before, s.Remaining),
		Refusals: []Refusal{},
	}
	if s.Turn != engine.None {
		out.Turn = &s.Turn
	}
	for rule, findings := range byRule(s.Refusals) {
		for _, f := range after.locate(before, findings) {
			out.Refusals = append(out.Refusals, Refusal{rule, f})
		}
	}
	slices.SortFunc(out.Refusals, func(a, b Refusal) int { return cmp.Or(inOrder(a.Finding, b.Finding), cmp.Compare(a.Rule, b.Rule)) })
	return out
}

func byRule(refusals []engine.Refusal) map[string][]engine.Finding {
	found := map[string][]engine.Finding{}
	for _, r := range refusals {
		found[r.Rule] = append(found[r.Rule], r.Finding)
	}
	return found
}

func newStanding(s *engine.Standing) *Standing {
	if s == nil {
		return nil
	}
	return &Standing{s.Level, s.LevelSeen, s.Principles, s.Unread}
}

func newOperation(o engine.Operation, before, after *engine.View) Operation {
	out := Operation{Verb: o.Verb, Document: o.Document, Paths: []string{}}
	if o.Object.Kind != "" {
		out.Object = &Object{o.Object.APIVersion, o.Object.Kind, o.Object.Namespace, o.Object.Name}
	}
	file, _, known := after.Source(o.Document)
	if !known {
		file, _, _ = before.Source(o.Document)
	}
	out.File = file
	for _, path := range o.Paths {
		out.Paths = append(out.Paths, path.String())
	}
	return out
}

// Write writes the decision in one of the Formats.
func (d *Decision) Write(w io.Writer, format string, o Options) error {
	switch format {
	case "json":
		return writeJSON(w, d)
	case "text":
		return d.Text(w, o)
	case "markdown":
		return d.Markdown(w, o)
	case "sarif":
		return d.SARIF(w)
	}
	return unknownFormat(format)
}
