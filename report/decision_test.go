package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/report"
)

// kept is a rule about changes: a System's requiredLevel is not lowered.
const kept = `# METADATA
# title: The level that a system requires is not lowered
# description: Asks whether it is kept.
# custom:
#   level: 1
#   kind: transition
#   principle: gate
#   severity: high
#   remediation: Keep it.
package pocdr.transitions.level_kept

sees := {"at": [input.system.at[0], "spec", "requiredLevel"], "level": input.system.spec.requiredLevel} if input.system.declared

refuses[input.after.at] contains sprintf("requires level %v, and level %v before", [input.after.level, input.before.level]) if {
	input.after.level < input.before.level
}
`

// turns tells how a switch is turned, by the owner that a System names first.
const turns = `package pocdr.lib.turn

sees := input.system.spec.owners[0] if input.system.declared

turn := input.after if input.after != input.before
`

var change = tree("transitions/level-kept/level_kept.rego", kept, "lib/turn.rego", turns)

// decided is the decision on what leads from files to others, through an entrance.
func decided(t testing.TB, p *engine.Policies, entrance engine.Entrance, before, after map[string]string) *report.Decision {
	t.Helper()
	var views [2]*engine.View
	var judged [2]*engine.Judged
	for i, files := range []map[string]string{before, after} {
		views[i] = read(p, files)
		views[i].Entrance = entrance
		var err error
		if judged[i], err = p.JudgeAll(context.Background(), views[i], engine.Settings{AsOf: asOf}, judged[0]); err != nil {
			t.Fatal(err)
		}
	}
	request := engine.Request{}
	for _, id := range engine.Differing(views[0], views[1]) {
		o, differs := engine.NewOperation(find(before, id), find(after, id))
		if file, _, _ := views[0].Source(id); o.Verb == engine.Delete && slices.ContainsFunc(views[1].Unread, func(u document.Unread) bool { return u.File == file }) {
			continue // it is not gone, but cannot be read
		}
		if differs {
			request.Operations = append(request.Operations, o)
		}
	}
	base := "0123456789abcdef0123456789abcdef01234567"
	d := report.NewDecision(p, p.Decide(context.Background(), judged[0], judged[1], request),
		report.Side{View: views[0], Source: report.Source{Path: "examples/payments", Revision: &base}, Content: content(before)},
		report.Side{View: views[1], Source: report.Source{Path: "examples/payments"}, Content: content(after)})
	d.Policies.Digest = "sha256:0" // of policies that change while they are written
	return d
}

func find(files map[string]string, id string) *document.Document {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		documents, _ := document.Read(name, []byte(files[name]), document.DefaultBounds)
		for _, d := range documents {
			if d.ID == id {
				return &d
			}
		}
	}
	return nil
}

// edited is a source with some files changed; those that are empty are gone.
func edited(files map[string]string, changes ...string) map[string]string {
	after := maps.Clone(files)
	for i := 0; i < len(changes); i += 2 {
		after[changes[i]] = changes[i+1]
		if changes[i+1] == "" {
			delete(after, changes[i])
		}
	}
	return after
}

func system(name, spec string) string {
	return fmt.Sprintf("apiVersion: pocdr.dev/v1alpha1\nkind: System\nmetadata: {name: %s, namespace: %s}\nspec: {%s}\n", name, name, spec)
}

// itself makes a System its own switch, so that one change turns it and breaks something.
const itself = "switch: {mechanism: Valve, ref: {apiVersion: pocdr.dev/v1alpha1, kind: System, name: ledger}, field: spec.profile}"

const pinned = "registry.example.com/plant@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// decisions are decisions that between them show everything that one can hold. They are made once.
func decisions(t testing.TB) map[string]*report.Decision {
	t.Helper()
	if made == nil {
		made = decide(t)
	}
	return made
}

var made map[string]*report.Decision

func decide(t testing.TB) map[string]*report.Decision {
	t.Helper()
	p, err := engine.Compile(engine.Tree{FS: change})
	if err != nil {
		t.Fatal(err)
	}
	ledger := map[string]string{
		"ledger/system.yaml": system("ledger", "requiredLevel: 2, owners: [forward]"), "ledger/a.yaml": deployment("ledger", "a", pinned),
		"ledger/b.yaml": deployment("ledger", "b", "ledger:2"), "web/system.yaml": system("web", "requiredLevel: 1"), "web/a.yaml": deployment("web", "a", "a:1"),
		"web/broken.yaml": "a: [1\n",
	}
	spec := func(spec string) map[string]string {
		return edited(ledger, "ledger/system.yaml", system("ledger", spec))
	}
	in := func(before map[string]string, after ...string) *report.Decision {
		return decided(t, p, engine.CI, before, edited(before, after...))
	}
	worse := []string{"ledger/a.yaml", deployment("ledger", "a", "x"), "ledger/c.yaml", deployment("ledger", "c", "c:1"), "web/a.yaml", deployment("web", "a", "a:2")}
	many := []string{}
	for i := range 600 {
		many = append(many, fmt.Sprintf("ledger/many-%d.yaml", i), deployment("ledger", fmt.Sprintf("many-%d", i), fmt.Sprintf("many-with-a-name-that-is-long-%d:1", i)))
	}
	for i := range 40 {
		many = append(many, fmt.Sprintf("many-%d/system.yaml", i), system(fmt.Sprintf("many-%d", i), ""))
	}
	return map[string]*report.Decision{
		"nothing":   in(ledger),
		"readme":    in(ledger, "README.md", "hello"),
		"moved":     in(ledger, "ledger/a.yaml", "", "ledger/deeper/a.yaml", ledger["ledger/a.yaml"]),
		"refused":   in(ledger, worse...),
		"warned":    in(spec("requiredLevel: 2, modes: {ci: Warn}"), worse...),
		"recorded":  in(spec("requiredLevel: 2, modes: {ci: Record}"), worse...),
		"lowered":   in(ledger, "ledger/system.yaml", system("ledger", "requiredLevel: 1, owners: [forward]")),
		"forward":   in(spec("requiredLevel: 2, owners: [back]"), "ledger/system.yaml", ledger["ledger/system.yaml"]),
		"back":      in(spec("requiredLevel: 2, owners: [forward], "+itself), "ledger/system.yaml", system("ledger", "requiredLevel: 1, owners: [back], "+itself)),
		"bundled":   in(spec("requiredLevel: 2, owners: [forward], "+itself), "ledger/system.yaml", system("ledger", "requiredLevel: 2, owners: [back], "+itself), "ledger/a.yaml", deployment("ledger", "a", "x")),
		"mended":    in(ledger, "ledger/b.yaml", deployment("ledger", "b", pinned)),
		"gone":      in(ledger, "ledger/system.yaml", ""),
		"new":       in(ledger, "new/system.yaml", system("new", "requiredLevel: 1"), "new/a.yaml", deployment("new", "a", "a:1")),
		"unread":    in(ledger, "ledger/broken.yaml", "a: [1\n"),
		"broken":    in(ledger, "ledger/a.yaml", "a: [1\n"),
		"readable":  in(ledger, "web/broken.yaml", ""),
		"regained":  in(edited(ledger, "ledger/a.yaml", "a: [1\n"), "ledger/a.yaml", ledger["ledger/a.yaml"]),
		"deleted":   in(ledger, "ledger/a.yaml", "", "ledger/b.yaml", ""),
		"payments":  in(payments, "payments/a.yaml", "", "payments/d.yaml", deployment("payments", "d", "d:1")),
		"admission": decided(t, p, engine.Admission, ledger, edited(ledger, worse...)),
		"hostile":   in(hostile, "payments/`a`|<b>: c.yaml", deployment("payments", "a", "x"+evil), "payments/x\x1b[31m|`.yaml", deployment("payments", "x", evil), "payments/y\x1b[2J\n# y.yaml", "a: [1\n"),
		"many":      in(ledger, many...),
	}
}

func TestDecisionGoldens(t *testing.T) {
	all := decisions(t)
	for name, d := range all {
		if name == "many" { // which differs from the others in its length alone
			continue
		}
		t.Run(name, func(t *testing.T) {
			golden(t, "decisions/"+name+".txt", write(t, d, "text", report.Options{}))
			golden(t, "decisions/"+name+".md", write(t, d, "markdown", report.Options{}))
		})
	}
	golden(t, "decisions/refused.json", write(t, all["refused"], "json", report.Options{}))
	golden(t, "decisions/refused.sarif", write(t, all["refused"], "sarif", report.Options{}))
	golden(t, "decisions/refused-all.txt", write(t, all["refused"], "text", report.Options{All: true}))
	golden(t, "decisions/recorded-all.txt", write(t, all["recorded"], "text", report.Options{All: true}))
}

// TestDecisionSchemas holds every decision to the published schema, and every SARIF file to the standard's.
func TestDecisionSchemas(t *testing.T) {
	sarif, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string]*jsonschema.Schema{"json": schema(t, report.DecisionJSONSchema), "sarif": schema(t, sarif)}
	for name, d := range decisions(t) {
		for format, schema := range schemas {
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(write(t, d, format, report.Options{})))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s as %s: %v", name, format, err)
			}
		}
	}
	var published struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []any }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(report.DecisionJSONSchema, &published); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fmt.Sprint(engine.Rules), fmt.Sprint(published.Defs["refusal"].Properties["rule"].Enum)); diff != "" {
		t.Error("the schema has other rules than the engine:", diff)
	}
}

// TestSchemasAgree asks that what a decision has in common with a report is defined alike in both: each schema stands alone, so that any validator can read it.
func TestSchemasAgree(t *testing.T) {
	var defs [2]struct {
		Defs map[string]any `json:"$defs"`
	}
	for i, text := range [][]byte{report.JSONSchema, report.DecisionJSONSchema} {
		if err := json.Unmarshal(text, &defs[i]); err != nil {
			t.Fatal(err)
		}
	}
	for name, own := range defs[1].Defs {
		if other, shared := defs[0].Defs[name]; shared && !slices.Contains([]string{"source", "system", "unread"}, name) {
			if diff := cmp.Diff(other, own); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

// TestDecisionOrder asks that lists are sorted, and that the same change gives the same bytes.
func TestDecisionOrder(t *testing.T) {
	again := decide(t)
	place := func(f report.Finding) string {
		return fmt.Sprintf("%s %s %6d %s %s", f.Check, f.Document, f.Line, f.Path, f.Message)
	}
	for name, d := range decisions(t) {
		for _, format := range report.Formats {
			if diff := cmp.Diff(string(write(t, d, format, report.Options{All: true})), string(write(t, again[name], format, report.Options{All: true}))); diff != "" {
				t.Errorf("%s as %s is written in two ways: %s", name, format, diff)
			}
		}
		ordered(t, name+" operations", d.Operations, func(o report.Operation) string { return o.Document })
		ordered(t, name+" systems", d.Systems, func(s report.SystemDecision) string { return s.Name })
		ordered(t, name+" unread", d.Unread, func(u report.SideUnread) string { return fmt.Sprintf("%s %6d", u.File, u.Line) })
		for _, s := range d.Systems {
			ordered(t, name+" refusals", s.Refusals, func(r report.Refusal) string { return place(r.Finding) + r.Rule })
			for _, list := range [][]report.Finding{s.Warnings, s.Mended, s.Remaining} {
				ordered(t, name+" findings", list, place)
			}
			for _, list := range [][]string{s.Exemptions, s.NotSeen} {
				ordered(t, name+" names", list, func(s string) string { return s })
			}
		}
	}
}

// TestRefusedFirst refuses the last of many systems: people are told of it before the others, however many there are.
func TestRefusedFirst(t *testing.T) {
	p, err := engine.Compile(engine.Tree{FS: change})
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]string{"z/system.yaml": system("z", "requiredLevel: 2"), "z/a.yaml": deployment("z", "a", pinned)}
	after := edited(before, "z/b.yaml", deployment("z", "b", "b:1"))
	for i := range 60 {
		after[fmt.Sprintf("n-%d/system.yaml", i)] = system(fmt.Sprintf("n-%d", i), "requiredLevel: 2")
	}
	d := decided(t, p, engine.CI, before, after)
	for format, heading := range map[string]string{"text": "\nz  level", "markdown": "\n### ❌ `z`"} {
		text := string(write(t, d, format, report.Options{}))
		refused, other := strings.Index(text, heading), strings.Index(text, "n-1")
		if _, after, _ := strings.Cut(text, "new, level"); d.Allowed || refused < 0 || strings.Contains(after, heading) {
			t.Errorf("%s: the system that is refused stands at %d, another one at %d:\n%s", format, refused, other, text)
		}
	}
}

func ordered[T any](t *testing.T, name string, list []T, key func(T) string) {
	t.Helper()
	if !slices.IsSortedFunc(list, func(a, b T) int { return strings.Compare(key(a), key(b)) }) {
		t.Errorf("%s are not sorted: %v", name, list)
	}
}

// TestDecisionSARIF asks what SARIF says of changes that are refused, warned of and recorded.
func TestDecisionSARIF(t *testing.T) {
	for name, want := range map[string]string{
		"refused": "declaration/image-pinned error, intake/replicated none", "recorded": "",
		"warned": "declaration/image-pinned warning, intake/replicated none", "lowered": "transitions/level-kept error", "moved": "", "readme": "",
		"broken": "access/own-identity error, intake/replicated none, radius/owned warning, switch/authorised-by-a-name-that-is-long warning",
	} {
		var log struct {
			Runs []struct {
				Tool struct {
					Driver struct{ Rules []struct{ ID string } }
				}
				Results []struct {
					RuleID, Level string
					RuleIndex     int
				}
			}
		}
		if err := json.Unmarshal(write(t, decisions(t)[name], "sarif", report.Options{}), &log); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range log.Runs[0].Results {
			got = append(got, r.RuleID+" "+r.Level)
			if rule := log.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID; rule != r.RuleID {
				t.Errorf("%s: the rule of %s is %s", name, r.RuleID, rule)
			}
		}
		slices.Sort(got)
		if got := strings.Join(slices.Compact(got), ", "); got != want {
			t.Errorf("%s: results %s; want %s", name, got, want)
		}
	}
}

// TestDecisionHarmless asks that nothing that a repository holds reaches a terminal as a control character, that lines fit, and
// that a comment is not longer than it may be.
func TestDecisionHarmless(t *testing.T) {
	for name, d := range decisions(t) {
		for _, o := range []report.Options{{}, {All: true}, {Color: true}} {
			harmless(t, fmt.Sprintf("%s %+v", name, o), string(write(t, d, "text", o)))
			text := string(write(t, d, "markdown", o))
			if len(text) > 65_536 {
				t.Errorf("%s %+v: %d bytes", name, o, len(text))
			}
			if strings.Count(text, "<details>") != strings.Count(text, "</details>") {
				t.Errorf("%s %+v: what is folded does not end", name, o)
			}
			if strings.ContainsAny(text, "\x1b\x07\r\u202e") || strings.Contains(text, "<script") {
				t.Errorf("%s %+v: what the repository holds is written as it is", name, o)
			}
		}
	}
	if text := string(write(t, decisions(t)["many"], "markdown", report.Options{})); !strings.Contains(text, " more") {
		t.Error("does not say that it is cut")
	}
}

func TestDecisionUnknownFormat(t *testing.T) {
	if err := decisions(t)["nothing"].Write(&bytes.Buffer{}, "xml", report.Options{}); err == nil {
		t.Error("wrote xml")
	}
}
