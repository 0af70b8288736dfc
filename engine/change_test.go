package engine_test

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// object is a document with the fields of an object.
func object(fields map[string]any) *document.Document {
	d := document.New("x", document.Kubernetes, fields)
	return &d
}

// TestOperationPaths asks which values an update is said to change.
func TestOperationPaths(t *testing.T) {
	type fields = map[string]any
	for _, c := range []struct {
		name          string
		before, after fields
		want          string
	}{
		{"nothing", fields{"a": fields{"b": []any{int64(1)}}}, fields{"a": fields{"b": []any{int64(1)}}}, ""},
		{"a value", fields{"a": fields{"b": "x", "c": "y"}}, fields{"a": fields{"b": "z", "c": "y"}}, "a.b"},
		{"values, by their names", fields{"b": "x", "a": "x"}, fields{"b": "y", "a": "y"}, "a b"},
		{"a field that is new", fields{}, fields{"a": fields{"b": "x"}}, "a"},
		{"a field that is gone", fields{"a": "x"}, fields{}, "a"},
		{"an entry of a list", fields{"a": []any{"x", fields{"b": "y"}}}, fields{"a": []any{"x", fields{"b": "z"}}}, "a[1].b"},
		{"a list of another length", fields{"a": []any{"x"}}, fields{"a": []any{"x", "y"}}, "a"},
		{"another type", fields{"a": []any{"x"}}, fields{"a": fields{"b": "x"}}, "a"},
		{"a number that is a text now", fields{"a": int64(1)}, fields{"a": "1"}, "a"},
		{"an integer that is a float now", fields{"a": int64(1)}, fields{"a": 1.0}, "a"},
		{"a field that is null now", fields{"a": "x"}, fields{"a": nil}, "a"},
		{"a field that was absent and is null", fields{}, fields{"a": nil}, ""},
		{
			"what the API server keeps", fields{"metadata": fields{"name": "x", "uid": "1"}, "status": fields{"a": "x"}},
			fields{"metadata": fields{"name": "x", "resourceVersion": "2"}, "status": fields{"a": "y"}}, "",
		},
		{
			"what kubectl keeps", fields{"metadata": fields{}, "data": fields{"a": "x"}},
			fields{"metadata": fields{"annotations": fields{"kubectl.kubernetes.io/last-applied-configuration": "{}"}}, "data": fields{"a": "y"}}, "data.a",
		},
		{
			"what is beside it", fields{"metadata": fields{"annotations": fields{"kubectl.kubernetes.io/last-applied-configuration": "{}", "a": "x"}}},
			fields{"metadata": fields{"annotations": fields{"a": "y"}}}, "metadata.annotations.a",
		},
		{"the names of what it keeps, elsewhere", fields{"spec": fields{"status": "x", "uid": "x"}}, fields{"spec": fields{"status": "y", "uid": "y"}}, "spec.status spec.uid"},
		{"labels", fields{"metadata": fields{"labels": fields{"a/b.c": "x"}}}, fields{"metadata": fields{"labels": fields{"a/b.c": "y"}}}, `metadata.labels["a/b.c"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, differs := engine.NewOperation(object(c.before), object(c.after))
			var paths []string
			for _, p := range o.Paths {
				paths = append(paths, p.String())
			}
			if got := strings.Join(paths, " "); got != c.want || differs != (c.want != "") {
				t.Errorf("changes %q (%v), not %q", got, differs, c.want)
			}
		})
	}
}

func TestOperationVerbs(t *testing.T) {
	d := object(map[string]any{"a": "x"})
	if o, differs := engine.NewOperation(nil, d); !differs || o.String() != "create x" || o.Paths != nil {
		t.Error(o, differs)
	}
	if o, differs := engine.NewOperation(d, nil); !differs || o.String() != "delete x" || o.Paths != nil {
		t.Error(o, differs)
	}
	if _, differs := engine.NewOperation(nil, nil); differs {
		t.Error("nothing differs from nothing")
	}
}

// cql is a file without a name of its own.
const cql = "CREATE TABLE %s.t (a int PRIMARY KEY);\n"

// TestDiffering asks what two views do not have in common.
func TestDiffering(t *testing.T) {
	p := mustCompile(t, nil)
	files := map[string]string{
		"a.yaml": fmt.Sprintf(deployment, "w", "one"), "a.cql": fmt.Sprintf(cql, "a"), "b.cql": fmt.Sprintf(cql, "b"), "same.cql": fmt.Sprintf(cql, "b"),
	}
	for _, c := range []struct {
		name   string
		change map[string]string // by file; empty where it goes
		want   []string
	}{
		{"nothing", nil, nil},
		{"a comment is a change of a file", map[string]string{"a.cql": fmt.Sprintf(cql, "a") + "-- x\n"}, []string{"file:a.cql"}},
		{"an object whose file moved", map[string]string{"a.yaml": "", "c/d.yaml": files["a.yaml"]}, nil},
		{"an object that moved and changed", map[string]string{"a.yaml": "", "c/d.yaml": files["a.yaml"] + "  replicas: 2\n"}, []string{"Deployment.apps/one/w"}},
		{"a file that moved", map[string]string{"a.cql": "", "c/d.cql": files["a.cql"]}, nil},
		{"two alike, of which one moved", map[string]string{"b.cql": "", "c/d.cql": files["b.cql"]}, nil},
		{"two alike that moved", map[string]string{"b.cql": "", "same.cql": "", "c/d.cql": files["b.cql"], "c/e.cql": files["b.cql"]}, nil},
		{"a file that was copied", map[string]string{"c/d.cql": files["a.cql"]}, []string{"file:c/d.cql"}},
		{"two alike that became one", map[string]string{"b.cql": "", "same.cql": "", "c/d.cql": files["b.cql"]}, []string{"file:same.cql"}},
		{"a file that moved and changed", map[string]string{"a.cql": "", "c/d.cql": fmt.Sprintf(cql, "c")}, []string{"file:a.cql", "file:c/d.cql"}},
		{"the same text in another format", map[string]string{"a.cql": "", "a.rego": files["a.cql"]}, []string{"file:a.cql"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, engine.Differing(view(t, p, files), view(t, p, edited(files, c.change)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestBetween asks what leads from one view to another, where nobody has the documents any more.
func TestBetween(t *testing.T) {
	p := mustCompile(t, nil)
	const system = "apiVersion: pocdr.dev/v1alpha1\nkind: System\nmetadata: {name: s, namespace: one}\nspec: {owners: [a], %s}\n"
	files := map[string]string{"a.yaml": fmt.Sprintf(deployment, "w", "one"), "b.yaml": fmt.Sprintf(system, "requiredLevel: 1")}
	for name, c := range map[string]struct {
		change map[string]string
		want   string
	}{
		"nothing":           {nil, ""},
		"another note":      {map[string]string{"b.yaml": files["b.yaml"] + "# a note\n"}, ""},
		"another spec":      {map[string]string{"b.yaml": fmt.Sprintf(system, "requiredLevel: 2")}, "update System.pocdr.dev/one/s"},
		"other facts":       {map[string]string{"a.yaml": files["a.yaml"] + "  replicas: 2\n"}, "update Deployment.apps/one/w"},
		"one that is gone":  {map[string]string{"a.yaml": ""}, "delete Deployment.apps/one/w"},
		"one that has come": {map[string]string{"c.yaml": fmt.Sprintf(deployment, "x", "one")}, "create Deployment.apps/one/x"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, o := range engine.Between(view(t, p, files), view(t, p, edited(files, c.change))) {
				got = append(got, o.String())
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

func edited(files, change map[string]string) map[string]string {
	after := map[string]string{}
	maps.Copy(after, files)
	maps.Copy(after, change)
	maps.DeleteFunc(after, func(_, text string) bool { return text == "" })
	return after
}

// TestKnown asks of which documents a view knows the facts.
func TestKnown(t *testing.T) {
	p := mustCompile(t, nil)
	v := view(t, p, map[string]string{"a.yaml": fmt.Sprintf(deployment, "w", "one")})
	read := func(file, text string) document.Document {
		documents, _ := document.Read(file, []byte(text), document.DefaultBounds)
		return documents[0]
	}
	moved := v.Known(read("b/c.yaml", fmt.Sprintf(deployment, "w", "one")))
	if moved == nil || moved.File != "b/c.yaml" {
		t.Errorf("a file that moved: %v", moved)
	}
	if file, _, _ := v.Source(moved.Document); file != "a.yaml" {
		t.Errorf("the view's own facts are now of %s", file)
	}
	for _, other := range []string{fmt.Sprintf(deployment, "v", "one"), fmt.Sprintf(deployment, "w", "one") + "  replicas: 2\n"} {
		if v.Known(read("a.yaml", other)) != nil {
			t.Errorf("knows %s", other)
		}
	}
	p = mustCompile(t, map[string]string{"a.rego": "# METADATA\n# custom:\n#   reads: [{format: kubernetes, group: apps, kinds: [Deployment]}]\n#   emits: [log]\npackage acme.bedrock.x\n\nfacts contains 1"})
	if view(t, p, map[string]string{"a.yaml": fmt.Sprintf(deployment, "w", "one")}).Known(read("a.yaml", fmt.Sprintf(deployment, "w", "one"))) != nil {
		t.Error("knows the facts of a document that an adapter failed on")
	}
}

// change decides what leads from files to others.
func change(t *testing.T, p *engine.Policies, before, after map[string]string) *engine.Decision {
	t.Helper()
	return seenFrom(t, p, engine.CI, before, after)
}

// seenFrom decides it as it is seen from an entrance.
func seenFrom(t *testing.T, p *engine.Policies, entrance engine.Entrance, before, after map[string]string) *engine.Decision {
	t.Helper()
	views := [2]*engine.View{view(t, p, before), view(t, p, after)}
	var judged [2]*engine.Judged
	for i, v := range views {
		v.Entrance = entrance
		var err error
		if judged[i], err = p.JudgeAll(context.Background(), v, engine.Settings{AsOf: asOf}, judged[0]); err != nil {
			t.Fatal(err)
		}
	}
	return p.Decide(context.Background(), judged[0], judged[1], engine.Request{Operations: operations(views[0], views[1])})
}

// operations are what leads from one view to the other, without where.
func operations(before, after *engine.View) []engine.Operation {
	var all []engine.Operation
	for _, id := range engine.Differing(before, after) {
		verb := engine.Update
		if _, _, was := before.Source(id); !was {
			verb = engine.Create
		} else if _, _, is := after.Source(id); !is {
			verb = engine.Delete
		}
		all = append(all, engine.Operation{Verb: verb, Document: id})
	}
	return all
}

// TestOnly asks of a decision about two systems what it says of one.
func TestOnly(t *testing.T) {
	p := mustCompile(t, nil)
	files := map[string]string{}
	for _, name := range []string{"one", "two"} {
		files[name+"/system.yaml"], files[name+"/w.yaml"] = fmt.Sprintf(system, name, "{requiredLevel: 1}"), fmt.Sprintf(deployment, "w", name)
	}
	d := change(t, p, files, edited(files, map[string]string{"one/w.yaml": strings.ReplaceAll(files["one/w.yaml"], "image: ", "image: x:latest #")}))
	if d.Allowed || len(d.Systems) != 1 || d.Systems[0].Name != "one" {
		t.Fatalf("allowed %v, systems %v", d.Allowed, d.Systems)
	}
	if only := d.Only("one"); only.Allowed || len(only.Systems) != 1 {
		t.Error("one is refused")
	}
	if only := d.Only("two"); !only.Allowed || len(only.Systems) != 0 {
		t.Error("two is not touched")
	}
	if d.Allowed || len(d.Systems) != 1 {
		t.Error("the decision itself has changed")
	}
}

// TestFirstDeclaration declares a System of what has been running: it was never at the level that it requires. From then on it is held to what it meets.
func TestFirstDeclaration(t *testing.T) {
	p := mustCompile(t, nil)
	running := map[string]string{"w.yaml": fmt.Sprintf(deployment, "w", "one")}
	declared := edited(running, map[string]string{"system.yaml": fmt.Sprintf(system, "one", "{requiredLevel: 2}")})
	tagged := map[string]string{"w.yaml": strings.ReplaceAll(running["w.yaml"], "app:1", "app:latest")}
	d := change(t, p, running, declared)
	i := slices.IndexFunc(d.Systems, func(s engine.SystemDecision) bool { return s.Name == "one" })
	if !d.Allowed || i < 0 || len(d.Systems[i].Warnings) == 0 {
		t.Errorf("a first declaration: allowed %v, %+v", d.Allowed, d.Systems)
	}
	if d := change(t, p, map[string]string{}, edited(declared, tagged)); d.Allowed {
		t.Error("what is created beside it fails, and that is not refused")
	}
	if d := change(t, p, declared, edited(declared, tagged)); d.Allowed {
		t.Error("what it met is broken, and that is not refused")
	}
	if d := change(t, p, running, edited(running, tagged)); d.Allowed {
		t.Error("what nobody declares is broken, and that is not refused")
	}
	renamed := edited(declared, map[string]string{"system.yaml": fmt.Sprintf(system, "two", "{namespaces: [one]}")})
	if d := change(t, p, declared, renamed); d.Allowed {
		t.Error("the same by another name is a way round")
	}
}

// TestDeclaredWithTheRest changes what is declared, and with it what an invariant holds up: it is asked whether it held as things were, under what is declared now.
func TestDeclaredWithTheRest(t *testing.T) {
	held := strings.NewReplacer("kind: goal", "kind: invariant", "level: 1", "level: 5").Replace(check("probe", `subjects contains w.at if some w in input.facts.workload

passes contains w.at if {
	some w in input.facts.workload
	w.replicas == 1
}

fails[w.at] contains "doubled" if {
	some w in input.facts.workload
	w.replicas == 2
}

missing[w.at] contains "paused" if {
	some w in input.facts.workload
	w.replicas == 0
}

not_applicable := "nothing runs" if count(input.facts.workload) == 0`))
	p := mustCompile(t, map[string]string{"intake/probe/probe.rego": held})
	replicas := func(n int) string { return fmt.Sprintf(deployment, "w", "one") + fmt.Sprintf("  replicas: %d\n", n) }
	one := fmt.Sprintf(system, "one", "{requiredLevel: 0}")
	two := fmt.Sprintf(system, "two", "{requiredLevel: 0}")
	both := fmt.Sprintf(system, "two", "{requiredLevel: 0, namespaces: [two, one]}")
	const production = "apiVersion: v1\nkind: Namespace\nmetadata: {name: one, labels: {pocdr.dev/environment: production}}\n"
	for name, c := range map[string]struct{ before, after map[string]string }{
		"a first System":              {nil, map[string]string{"one.yaml": one}},
		"the last System goes":        {map[string]string{"one.yaml": one}, nil},
		"one System more":             {map[string]string{"two.yaml": two, "n.yaml": production}, map[string]string{"two.yaml": two, "n.yaml": production, "one.yaml": one}},
		"one System less":             {map[string]string{"two.yaml": two, "n.yaml": production, "one.yaml": one}, map[string]string{"two.yaml": two, "n.yaml": production}},
		"a System claims more":        {map[string]string{"two.yaml": two, "n.yaml": production}, map[string]string{"two.yaml": both, "n.yaml": production}},
		"a System claims less":        {map[string]string{"two.yaml": both, "n.yaml": production}, map[string]string{"two.yaml": two, "n.yaml": production}},
		"a System in another's place": {map[string]string{"one.yaml": one}, map[string]string{"two.yaml": both}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []struct {
				was, is int
				allowed bool
			}{{1, 1, true}, {1, 2, false}, {1, 0, false}, {2, 2, true}, {2, 0, true}, {2, 1, true}} {
				d := change(t, p, edited(c.before, map[string]string{"w.yaml": replicas(r.was)}), edited(c.after, map[string]string{"w.yaml": replicas(r.is)}))
				if d.Allowed != r.allowed {
					t.Errorf("from %d to %d replicas: allowed %v", r.was, r.is, d.Allowed)
					for _, s := range d.Systems {
						for _, r := range s.Refusals {
							t.Log(s.Name, s.Floor, r.Rule, r.Check.ID, r.Message)
						}
					}
				}
			}
		})
	}
}

// TestMovedFile moves a file in which a subject fails, and one in which a subject passes: neither is new, and neither is lost.
func TestMovedFile(t *testing.T) {
	p := mustCompile(t, map[string]string{"intake/probe/probe.rego": check("probe", `subjects contains s.at if some s in input.facts.schema_change

passes contains s.at if {
	some s in input.facts.schema_change
	s.store == "good"
}

fails[s.at] contains "is bad" if {
	some s in input.facts.schema_change
	s.store == "bad"
}`)})
	files := map[string]string{
		"system.yaml": fmt.Sprintf(system, "one", "{requiredLevel: 1}"),
		"a/bad.cql":   "ALTER TABLE bad.t ADD b int;\n", "a/good.cql": "ALTER TABLE good.t ADD b int;\n",
	}
	d := change(t, p, files, map[string]string{"system.yaml": files["system.yaml"], "b/bad.cql": files["a/bad.cql"], "b/good.cql": files["a/good.cql"]})
	if !d.Allowed || len(d.Operations) != 0 || len(d.Systems) != 0 {
		t.Errorf("a move is decided on: allowed %v, %d operations, %d systems", d.Allowed, len(d.Operations), len(d.Systems))
	}
	d = change(t, p, files, edited(files, map[string]string{"a/good.cql": strings.Replace(files["a/good.cql"], "good", "bad", 1)}))
	if d.Allowed {
		t.Error("a subject that fails now is not refused: the move above proves nothing")
	}
}

const payments = "../examples/payments"

// sources are the files of the example, its own policies left out.
func sources(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(payments), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || document.Named(name) == nil || strings.HasPrefix(name, "policies/") {
			return err
		}
		text, err := fs.ReadFile(os.DirFS(payments), name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// edits are changes of a text, each at a place that is drawn.
var edits = map[string]func(lines []string, at int) []string{
	"drop a line":   func(lines []string, at int) []string { return slices.Delete(lines, at, at+1) },
	"repeat a line": func(lines []string, at int) []string { return slices.Insert(lines, at, lines[at]) },
	"cut the rest":  func(lines []string, at int) []string { return lines[:at] },
	"another number": func(lines []string, at int) []string {
		lines[at] = strings.Replace(lines[at], "3", "1", 1)
		return lines
	},
	"another plant": func(lines []string, at int) []string {
		lines[at] = strings.ReplaceAll(lines[at], "-b", "-a")
		return lines
	},
	"another tag": func(lines []string, at int) []string {
		lines[at], _, _ = strings.Cut(lines[at], "@sha256")
		return lines
	},
}

// scramble makes some edits of some files.
func scramble(t *rapid.T, files map[string]string) map[string]string {
	after := maps.Clone(files)
	for range rapid.IntRange(0, 3).Draw(t, "edits") {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(after))).Draw(t, "file")
		switch how := rapid.SampledFrom(append(slices.Sorted(maps.Keys(edits)), "delete", "move")).Draw(t, "how"); how {
		case "delete":
			delete(after, name)
		case "move":
			after["moved/"+name] = after[name]
			delete(after, name)
		default:
			lines := strings.Split(after[name], "\n")
			after[name] = strings.Join(edits[how](lines, rapid.IntRange(0, len(lines)-1).Draw(t, "line")), "\n")
		}
	}
	return after
}

// TestRejudge asks, over edits of the example, that asking only the checks which read what differs gives what asking all of them gives:
// the same judgements, and the same decision.
func TestRejudge(t *testing.T) {
	if err := flag.Set("rapid.checks", "15"); err != nil {
		t.Fatal(err)
	}
	p, ctx, settings := mustCompile(t, nil), context.Background(), engine.Settings{AsOf: asOf}
	files := sources(t)
	before, err := p.JudgeAll(ctx, view(t, p, files), settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		after := view(t, p, scramble(r, files))
		var seen [2]string
		for i, earlier := range []*engine.Judged{nil, before} {
			judged, err := p.JudgeAll(ctx, after, settings, earlier)
			if err != nil {
				r.Fatal(err)
			}
			seen[i] = shown(judged, p.Decide(ctx, before, judged, engine.Request{}))
		}
		if diff := cmp.Diff(seen[0], seen[1]); diff != "" {
			r.Errorf("judged anew and judged again differ (-anew +again):\n%s", diff)
		}
	})
}

// shown is all that a judgement and a decision say, as text.
func shown(judged *engine.Judged, d *engine.Decision) string {
	var b strings.Builder
	finding := func(f engine.Finding) {
		fmt.Fprintln(&b, f.Outcome, f.System, f.Check.ID, f.Document, f.Path, f.Message, f.Missing, f.Whole, f.Exemption)
	}
	for _, j := range judged.Judgements() {
		fmt.Fprintln(&b, j.System, j.Declared, j.RequiredLevel, j.Level, j.LevelSeen, j.Principles, j.Outcomes, j.NotApplicable, j.Faults)
		for _, f := range j.Findings {
			finding(f)
		}
	}
	for _, s := range d.Systems {
		fmt.Fprintln(&b, s.Name, s.Allowed, s.Turn, s.Floor, printed(s.Before), printed(s.After), s.Exemptions)
		for _, r := range s.Refusals {
			fmt.Fprint(&b, r.Rule, " ")
			finding(r.Finding)
		}
		for _, list := range [][]engine.Finding{s.Warnings, s.Mended, s.Remaining} {
			fmt.Fprintln(&b, len(list))
			for _, f := range list {
				finding(f)
			}
		}
	}
	return b.String()
}

func printed(s *engine.Standing) engine.Standing {
	if s == nil {
		return engine.Standing{}
	}
	return *s
}

// TestAsked holds which rules about changes are asked where a change does nothing to what they see.
func TestAsked(t *testing.T) {
	const rule = "# METADATA\n# title: T\n# description: D\n# custom:\n#   kind: transition\n#   principle: gate\n#   level: 1\n#   severity: low\n#   remediation: R\npackage acme.transitions.probe\n\n"
	const refuses = "refuses[input.system.at] contains \"no\" if "
	const sees = "sees := {\"owners\": input.system.spec.owners}\n\n"
	before := map[string]string{"system.yaml": fmt.Sprintf(system, "one", "{requiredLevel: 1}"), "w.yaml": fmt.Sprintf(deployment, "w", "one")}
	after := edited(before, map[string]string{"w.yaml": before["w.yaml"] + "  replicas: 2\n"})
	for name, c := range map[string]struct {
		rules   string
		refused bool
	}{
		"it sees nothing else":         {sees + refuses + "input.before == input.after", false},
		"it looks at what is done":     {sees + refuses + "some o in input.change.operations\n", true},
		"it looks at all of a change":  {sees + refuses + "count(input.change) > 0", true},
		"it sees nothing, and decides": {refuses + "input.system.declared", true},
		"what it sees differs":         {"sees := {w.replicas | some w in input.facts.workload}\n\n" + refuses + "input.before != input.after", true},
	} {
		t.Run(name, func(t *testing.T) {
			p := mustCompile(t, map[string]string{"transitions/probe/probe.rego": rule + c.rules})
			if d := change(t, p, before, after); d.Allowed == c.refused {
				t.Errorf("allowed: %v", d.Allowed)
			}
		})
	}
}

// TestGlassClosed takes the annotations off by which a change was pushed through: what it broke binds again, as if it came anew.
func TestGlassClosed(t *testing.T) {
	p := mustCompile(t, nil)
	tagged := strings.ReplaceAll(fmt.Sprintf(deployment, "w", "one"), "app:1", "app:latest")
	glass := func(text string) string {
		return strings.Replace(text, "metadata: {", "metadata: {annotations: {pocdr.dev/break-glass-reason: r, pocdr.dev/break-glass-expires: \"2026-01-01T12:00:00Z\"}, ", 1)
	}
	files := func(w string) map[string]string {
		return map[string]string{"system.yaml": fmt.Sprintf(system, "one", "{requiredLevel: 1}"), "w.yaml": w}
	}
	for name, c := range map[string]struct {
		before, after string
		allowed       bool
	}{
		"and what it broke stays":        {glass(tagged), tagged, false},
		"and what it broke is mended":    {glass(tagged), fmt.Sprintf(deployment, "w", "one"), true},
		"no, and something else is done": {glass(tagged), glass(tagged) + "  replicas: 2\n", true},
		"no, it never was broken":        {tagged, tagged + "  replicas: 2\n", true},
	} {
		if d := change(t, p, files(c.before), files(c.after)); d.Allowed != c.allowed {
			t.Errorf("%s: allowed: %v", name, d.Allowed)
		}
	}
}
