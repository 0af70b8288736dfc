package engine_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

var asOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// compile compiles the shipped policies with a team's modules, given as file → text, beside them.
func compile(t *testing.T, team map[string]string) (*engine.Policies, error) {
	t.Helper()
	if team == nil {
		return compiled()
	}
	files := fstest.MapFS{}
	for name, text := range team {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return engine.Compile(engine.Tree{FS: policies.FS}, engine.Tree{Name: "team", FS: files})
}

// compiled are the shipped policies alone, compiled once.
var compiled = sync.OnceValues(func() (*engine.Policies, error) { return engine.Compile(engine.Tree{FS: policies.FS}) })

func mustCompile(t *testing.T, team map[string]string) *engine.Policies {
	t.Helper()
	p, err := compile(t, team)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// view reads files, in the order of their names, as a source would.
func view(t *testing.T, p *engine.Policies, files map[string]string) *engine.View {
	t.Helper()
	v := p.NewView()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		documents, unread := document.Read(name, []byte(files[name]), document.DefaultBounds)
		v.Unread = append(v.Unread, unread...)
		for _, d := range documents {
			facts, unread, faults := p.Derive(context.Background(), d)
			v.Unread, v.Faults = append(v.Unread, unread...), append(v.Faults, faults...)
			if facts != nil {
				v.Add(facts)
			}
		}
	}
	v.Own(context.Background(), "", func(string) []string { return nil })
	v.Join(context.Background())
	return v
}

// judge gives the judgements of a source, by system.
func judge(t *testing.T, p *engine.Policies, files map[string]string) map[string]*engine.Judgement {
	t.Helper()
	out := map[string]*engine.Judgement{}
	for _, s := range view(t, p, files).Snapshots(engine.Settings{AsOf: asOf}) {
		out[s.Name] = p.Judge(context.Background(), s)
	}
	return out
}

// check is a team's check with the given rules.
func check(name, rules string) string {
	return fmt.Sprintf(`# METADATA
# title: It is so
# description: Asks whether it is so.
# custom:
#   level: 1
#   kind: goal
#   severity: low
#   remediation: Make it so.
#   parameters:
#     limit: {default: 3, description: A bound.}
package acme.checks.intake.%s

%s
`, name, rules)
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: %s, namespace: %s}
spec:
  selector: {matchLabels: {app: x}}
  template:
    metadata: {labels: {app: x}}
    spec:
      containers: [{name: app, image: app:1}]
`

// TestContract gives every answer that a check can give, and asks what the engine makes of it.
func TestContract(t *testing.T) {
	const all = "subjects contains w.at if some w in input.facts.workload\n"
	for _, c := range []struct {
		name, rules, message string
		want                 engine.Outcome
		fault                string
	}{
		{"pass", all + "passes contains w.at if some w in input.facts.workload", "", engine.Pass, ""},
		{"fail", all + `fails[w.at] contains "no" if some w in input.facts.workload`, "no", engine.Fail, ""},
		{"two reasons", all + `fails[w.at] contains "no" if some w in input.facts.workload
fails[w.at] contains "never" if some w in input.facts.workload`, "never; no", engine.Fail, ""},
		{"missing", all + `missing[w.at] contains "not there" if some w in input.facts.workload`, "not there", engine.Fail, ""},
		{"neither", all, "nothing seen says whether this is so", engine.Unknown, ""},
		{"neither, with a reason", all + `unknowns[w.at] contains "unset" if some w in input.facts.workload`, "unset", engine.Unknown, ""},
		{"both", all + `passes contains w.at if some w in input.facts.workload
fails[w.at] contains "no" if some w in input.facts.workload`, "the check contradicts itself: it passes, and no", engine.Unknown, "both passes and fails"},
		{"nothing", "subjects contains w.at if {\n	some w in input.facts.workload\n	w.name == \"nobody\"\n}", "nothing is declared here that this could be asked of: It is so", engine.Unknown, ""},
		{"not applicable", "subjects contains w.at if {\n	some w in input.facts.workload\n	w.name == \"nobody\"\n}\nnot_applicable := \"nobody is here\"", "", engine.NotApplicable, ""},
		{"not applicable but there is a subject", all + "passes contains w.at if some w in input.facts.workload\nnot_applicable := \"it is said\"", "", engine.Pass, ""},
		{"a builtin that errs", all + "passes contains w.at if {\n	some w in input.facts.workload\n	to_number(w.name) > 0\n}", "the check could not be evaluated", engine.Unknown, "to_number"},
		{"a stray", all + "passes contains w.at if some w in input.facts.workload\nfails[[\"elsewhere\"]] contains \"no\"", `["elsewhere"] is judged but is no subject`, engine.Unknown, "is no subject"},
		{"both passes and unknown", all + `passes contains w.at if some w in input.facts.workload
unknowns[w.at] contains "unset" if some w in input.facts.workload`, "the check contradicts itself: it passes, and is unknown: unset", engine.Unknown, "both passes and is unknown"},
		{"fails and is unknown", all + `fails[w.at] contains "no" if some w in input.facts.workload
unknowns[w.at] contains "unset" if some w in input.facts.workload`, "no", engine.Fail, ""},
		{"a stray that is unknown", all + "passes contains w.at if some w in input.facts.workload\nunknowns[[\"elsewhere\"]] contains \"unset\"", `["elsewhere"] is judged but is no subject`, engine.Unknown, "is no subject"},
		{"a stray where there is no subject", "subjects contains w.at if {\n	some w in input.facts.workload\n	w.name == \"nobody\"\n}\nnot_applicable := \"nobody is here\"\nfails[[\"elsewhere\"]] contains \"no\"", `["elsewhere"] is judged but is no subject`, engine.Unknown, "is no subject"},
		{"no place", "subjects contains \"x\"\npasses contains \"x\"", `"x" is no place`, engine.Unknown, "is no place"},
		{"no place, nothing in it", "subjects contains []\npasses contains []", `[] is no place`, engine.Unknown, "is no place"},
		{"no place, no document", "subjects contains [1]\npasses contains [1]", `[1] is no place`, engine.Unknown, "is no place"},
		{"no place, no path", "subjects contains [w.at[0], w.at] if some w in input.facts.workload\npasses contains [w.at[0], w.at] if some w in input.facts.workload", `["Deployment.apps/default/x", [`, engine.Unknown, "is no place"},
		{"a place in a list", "subjects contains [w.at[0], \"spec\", 0] if some w in input.facts.workload\npasses contains [w.at[0], \"spec\", 0] if some w in input.facts.workload", "", engine.Pass, ""},
		{"subjects that are no set", "subjects := [w.at | some w in input.facts.workload]\npasses contains w.at if some w in input.facts.workload", "`subjects` is no set", engine.Unknown, "`subjects` is no set"},
		{"passes that are no set", all + "passes := [w.at | some w in input.facts.workload]", "`passes` is no set", engine.Unknown, "`passes` is no set"},
		{"a failure without a place", all + "passes contains w.at if some w in input.facts.workload\nfails contains \"no\"", "`fails` gives no messages by place", engine.Unknown, "`fails` gives no messages"},
		{"a failure that is one message", all + "passes contains w.at if some w in input.facts.workload\nmissing[w.at] := \"no\" if some w in input.facts.workload", "`missing` gives no messages by place", engine.Unknown, "`missing` gives no messages"},
		{"a failure of no message", all + "passes contains w.at if some w in input.facts.workload\nfails[w.at] := set() if some w in input.facts.workload", "`fails` gives no messages by place", engine.Unknown, "`fails` gives no messages"},
		{"not applicable for no reason", "subjects contains w.at if {\n	some w in input.facts.workload\n	w.name == \"nobody\"\n}\nnot_applicable := true", "`not_applicable` is no text", engine.Unknown, "`not_applicable` is no text"},
		{"a parameter", all + "passes contains w.at if {\n	some w in input.facts.workload\n	input.params[\"intake/probe\"].limit == 3\n}", "", engine.Pass, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := mustCompile(t, map[string]string{"intake/probe/probe.rego": check("probe", c.rules)})
			j := judge(t, p, map[string]string{"a.yaml": fmt.Sprintf(deployment, "x", "default")})[engine.Undeclared]
			if got := j.Outcomes["intake/probe"]; got != c.want {
				t.Errorf("outcome %s, want %s", got, c.want)
			}
			var said string
			for _, f := range j.Findings {
				if f.Check.ID == "intake/probe" {
					said = f.Message
				}
			}
			if !strings.HasPrefix(said, c.message) || (said == "") != (c.message == "") {
				t.Errorf("says %q, want %q", said, c.message)
			}
			faults := ""
			for _, f := range j.Faults {
				faults += f.Policy + ": " + f.Message
			}
			if !strings.Contains(faults, c.fault) || (faults == "") != (c.fault == "") {
				t.Errorf("faults %q, want %q", faults, c.fault)
			}
		})
	}
}

// TestEndlessCheck cuts off a check that does not finish; the others are judged.
func TestEndlessCheck(t *testing.T) {
	digits := "d := {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}\n"
	loop := digits + "subjects contains [\"x\"] if {\n	some a in d\n	some b in d\n	some c in d\n	some e in d\n	some f in d\n	some g in d\n	some h in d\n	((((((a + b) + c) + e) + f) + g) + h) < 0\n}"
	p := mustCompile(t, map[string]string{"intake/probe/probe.rego": check("probe", loop)})
	p.Limit = 100 * time.Millisecond
	j := judge(t, p, map[string]string{"a.yaml": fmt.Sprintf(deployment, "x", "default")})[engine.Undeclared]
	if j.Outcomes["intake/probe"] != engine.Unknown || len(j.Faults) != 1 || !strings.Contains(j.Faults[0].Message, "did not finish in time") {
		t.Error(j.Outcomes["intake/probe"], j.Faults)
	}
	if j.Outcomes["declaration/image-pinned"] != engine.Fail {
		t.Error("the check after it was not judged")
	}
}

// TestCatalogueFaults compiles what a team might get wrong.
func TestCatalogueFaults(t *testing.T) {
	good := check("probe", "subjects contains [\"x\"] if input.system.declared")
	for _, c := range []struct{ name, file, text, want string }{
		{"our package", "a.rego", "package pocdr.lib.system\n\nx := 1", "team/a.rego: package pocdr.lib.system: packages under pocdr belong to the engine"},
		{"our check's name", "declaration/image-pinned/x.rego", strings.ReplaceAll(good, "intake.probe", "declaration.image_pinned"), "check declaration/image-pinned is defined already, in checks/declaration/image-pinned/image_pinned.rego"},
		{"another folder", "intake/other/x.rego", good, "package acme.checks.intake.probe must end as its folder does"},
		{"no principle", "speed/probe/x.rego", strings.ReplaceAll(good, "intake.probe", "speed.probe"), `"speed" is none of the principles`},
		{"a level too high", "intake/probe/x.rego", strings.Replace(good, "level: 1", "level: 9", 1), "custom.level is 9; it must be a number from 1 to 5"},
		{"a kind of no kind", "intake/probe/x.rego", strings.Replace(good, "kind: goal", "kind: wish", 1), "custom.kind is wish; it must be one of invariant, goal"},
		{"an unknown key", "intake/probe/x.rego", strings.Replace(good, "severity: low", "severity: low\n#   levels: 2", 1), "unknown key custom.levels"},
		{"no remediation", "intake/probe/x.rego", strings.Replace(good, "#   remediation: Make it so.\n", "", 1), "custom.remediation must be text"},
		{"no subjects", "intake/probe/x.rego", check("probe", "passes contains [\"x\"] if input.system.declared"), "a check has either a rule `subjects`"},
		{"a misspelt field", "intake/probe/x.rego", check("probe", "subjects contains w.at if {\n	some w in input.facts.workload\n	w.replica > 1\n}"), "undefined ref: w.replica"},
		{"the network", "intake/probe/x.rego", check("probe", "subjects contains [\"x\"] if http.send({\"url\": \"x\"})"), "undefined function http.send"},
		{"the clock", "intake/probe/x.rego", check("probe", "subjects contains [\"x\"] if time.now_ns() > 0"), "undefined function time.now_ns"},
		{"memory without bound", "intake/probe/x.rego", check("probe", "subjects contains [\"x\"] if count(numbers.range(1, 1000000000)) > 0"), "numbers.range may allocate without bound"},
		{"a parameter without a default", "intake/probe/x.rego", strings.Replace(good, "{default: 3, description: A bound.}", "{description: A bound.}", 1), "custom.parameters.limit must have a default"},
		{"no Rego", "a.rego", "hello", "rego_parse_error"},
		{"a kind of facts of ours", "facts/workload.yaml", "title: x", `the kind of facts "workload" is defined already`},
		{"an adapter of nothing", "a.rego", "# METADATA\n# custom:\n#   reads: [{format: kubernetes}]\n#   emits: [nothing]\npackage acme.bedrock.x\n\nfacts := set()", `there is no kind of facts "nothing"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compile(t, map[string]string{c.file: c.text})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// TestUnasked compiles modules that look like more than libraries, and that nobody would ask; a library is one in any package.
func TestUnasked(t *testing.T) {
	const rules = "subjects contains w.at if some w in input.facts.workload\n\nfails[w.at] contains \"no\" if some w in input.facts.workload\n"
	const reader = "# METADATA\n# custom:\n#   reads: [{format: %s}]\n#   emits: [log]\npackage acme.bedrock.x\n\nfacts := set()"
	good := check("probe", rules)
	for _, c := range []struct {
		name, file, text, want string
	}{
		{"no METADATA", "intake/probe/x.rego", "package acme.checks.intake.probe\n\n" + rules, "team/intake/probe/x.rego:3: rule subjects of package acme.checks.intake.probe would be asked by nobody: METADATA right above `package` tells what a module is, by custom.level (a check), custom.kind: transition (a rule about changes), custom.reads (an adapter) or custom.joins (a join); there is none. See policies/README.md"},
		{"a key that is misspelt", "intake/probe/x.rego", strings.Replace(good, "level: 1", "lvel: 1", 1), "it has custom.kind, custom.lvel, custom.parameters, custom.remediation, custom.severity"},
		{"no custom", "intake/probe/x.rego", "# METADATA\n# title: x\npackage acme.checks.intake.probe\n\n" + rules, "it has no custom"},
		{"METADATA in another place", "intake/probe/x.rego", "package acme.checks.intake.probe\n\n" + good[:strings.Index(good, "package")] + rules, "asked by nobody"},
		{"in any package", "x.rego", "package acme.mine\n\n" + rules, "x.rego:3: rule subjects of package acme.mine would be asked by nobody"},
		{"failures only", "x.rego", "package acme.mine\n\nfails[[\"x\"]] contains \"no\" if input.now > 0", "rule fails of package acme.mine would be asked by nobody"},
		{"rules that are misspelt", "intake/probe/x.rego", "package acme.checks.intake.probe\n\nsubject contains w.at if some w in input.facts.workload\n", "team/intake/probe/x.rego:1: package acme.checks.intake.probe would be asked by nobody"},
		{"a transition", "transitions/x/x.rego", "package acme.transitions.x\n\nrefuses[[\"x\"]] contains \"no\" if input.before", "rule refuses of package acme.transitions.x would be asked by nobody"},
		{"a transition that is misspelt", "transitions/x/x.rego", "package acme.transitions.x\n\nrefuse[[\"x\"]] contains \"no\" if input.before", "package acme.transitions.x would be asked by nobody"},
		{"an adapter", "x.rego", "package acme.bedrock.x\n\nfacts contains {\"fact\": \"log\"} if input.kind == \"X\"", "rule facts of package acme.bedrock.x would be asked by nobody"},
		{"an adapter of a format of none", "x.rego", fmt.Sprintf(reader, "cqll"), "an entry has a format, one of [kubernetes cql"},
		{"an adapter with a key that is misspelt", "x.rego", fmt.Sprintf(reader, "kubernetes, kinds: [X], groups: x"), "unknown key custom.reads.groups; there it has format, group, kinds"},
		{"a join of nothing", "x.rego", "# METADATA\n# custom:\n#   joins: [lgo]\n#   emits: [log]\npackage acme.bedrock.x\n\nfacts := set()", `custom.joins: there is no kind of facts "lgo"`},
		{"a parameter with a key that is misspelt", "intake/probe/x.rego", strings.Replace(good, "{default: 3, ", "{default: 3, initial: 4, ", 1), "unknown key custom.parameters.limit.initial"},
		{"awaits what never comes", "intake/probe/x.rego", strings.Replace(check("probe", ""), "level: 1", "level: 1\n#   awaits: [evidnce]", 1), `custom.awaits: "evidnce"; it is of evidence, history, cluster`},
		{"only tests", "x_test.rego", "package acme.x_test\n\ntest_x if true", "team: no policy is in this folder: it holds no .rego file, tests left out"},
		{"no Rego", "README.md", "hello", "team: no policy is in this folder"},
		{"a library", "lib/x.rego", "package acme.lib.x\n\nlarge := 3\n\npasses(x) if x > large\n", ""},
		{"a library with METADATA of its own", "lib/x.rego", "# METADATA\n# title: Sizes\n# custom:\n#   team: acme\npackage acme.lib.x\n\nlarge := 3\n", ""},
		{"a library with a function of that name", "lib/x.rego", "package acme.lib.x\n\nfails(x) if x > 3\n", ""},
		{"a library beside adapters", "bedrock/names.rego", "package acme.bedrock.names\n\nof(x) := x.name\n", ""},
		{"a library below checks", "checks/lib/x.rego", "package acme.checks.lib.x\n\nof(x) := x.name\n", ""},
		{"kinds of facts", "facts/shrine.yaml", "title: A shrine\ndescription: A place.\nx-from: document\nx-select: all\nproperties:\n  name: {type: string}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compile(t, map[string]string{c.file: c.text})
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	_, err := compile(t, map[string]string{"intake/probe/probe.rego": good, "intake/probe/more.rego": "package acme.checks.intake.probe\n\nmissing[[\"x\"]] contains \"no\" if input.now > 0"})
	if want := "team/intake/probe/more.rego:3: rule missing is asked only where the METADATA of its package stands: move it to team/intake/probe/probe.rego"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a check in two files: %v, want %s", err, want)
	}
	if _, err := compile(t, map[string]string{"intake/probe/probe.rego": good, "intake/probe/more.rego": "package acme.checks.intake.probe\n\nof(x) := x.name\n"}); err != nil {
		t.Errorf("a check with a helper beside it: %v", err)
	}
}

// TestTeam adds a platform and a check of a team's own.
func TestTeam(t *testing.T) {
	p := mustCompile(t, map[string]string{
		"facts/shrine.yaml": "title: A shrine\ndescription: A place.\nx-from: document\nx-select: all\nproperties:\n  name: {type: string}\n  height: {type: [number, \"null\"]}\n",
		"bedrock/shrine.rego": "# METADATA\n# title: Shrines\n# custom:\n#   reads: [{format: kubernetes, group: acme.org, kinds: [Shrine]}]\n#   emits: [shrine]\npackage acme.bedrock.shrine\n\n" +
			"facts contains {\"fact\": \"shrine\", \"path\": [\"spec\"], \"name\": input.metadata.name, \"height\": object.get(input, [\"spec\", \"height\"], null)}",
		"intake/probe/probe.rego": check("probe", "subjects contains s.at if some s in input.facts.shrine\npasses contains s.at if {\n	some s in input.facts.shrine\n	s.height > input.params[\"intake/probe\"].limit\n}"),
	})
	shrine := "apiVersion: acme.org/v1\nkind: Shrine\nmetadata: {name: x}\nspec: {height: %d}\n"
	for height, want := range map[int]engine.Outcome{4: engine.Pass, 3: engine.Unknown} {
		j := judge(t, p, map[string]string{"a.yaml": fmt.Sprintf(shrine, height)})[engine.Undeclared]
		if got := j.Outcomes["intake/probe"]; got != want {
			t.Errorf("height %d: %s, want %s", height, got, want)
		}
	}
	if got := p.Check("intake/probe").Reads; !slices.Equal(got, []string{"shrine"}) {
		t.Errorf("reads %v", got)
	}
}

// TestAdapterFaults breaks an adapter in every way: its facts are then unknown, which is said.
func TestAdapterFaults(t *testing.T) {
	for name, c := range map[string]struct{ rule, want string }{
		"errs":             {`facts contains {"fact": "log"} if to_number(input.kind) > 0`, "to_number"},
		"another kind":     {`facts contains {"fact": "store", "path": []}`, "emits a fact store with the fields"},
		"unknown kind":     {`facts contains {"fact": "thing", "path": []}`, `unknown kind "thing"`},
		"no fact":          {`facts contains 1`, "emits 1, which is no fact"},
		"not what it says": {`facts contains {"fact": "policy", "path": [], "package": "x", "rules": 0, "tests": 0}`, `of kind "policy", which its METADATA does not say`},
	} {
		t.Run(name, func(t *testing.T) {
			p := mustCompile(t, map[string]string{"a.rego": "# METADATA\n# custom:\n#   reads: [{format: kubernetes, group: acme.org, kinds: [X]}]\n#   emits: [log]\npackage acme.bedrock.x\n\n" + c.rule})
			v := view(t, p, map[string]string{"a.yaml": "apiVersion: acme.org/v1\nkind: X\nmetadata: {name: x}\n"})
			if len(v.Faults) != 1 || !strings.Contains(v.Faults[0].Message, c.want) {
				t.Errorf("got %v, want %s", v.Faults, c.want)
			}
		})
	}
}

const system = "apiVersion: pocdr.dev/v1alpha1\nkind: System\nmetadata: {name: %s, namespace: %[1]s}\nspec: %s\n"

// TestTaint leaves something unread: what it might have held is unknown, in the systems that it touches and in no other.
func TestTaint(t *testing.T) {
	const everything = "passes contains w.at if {\n	some w in input.facts.workload\n	input.facts.log == input.facts.log\n}"
	p := mustCompile(t, map[string]string{"intake/probe/probe.rego": check("probe", "subjects contains w.at if some w in input.facts.workload\n"+everything)})
	const topic = "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata: {name: t, namespace: %s}\nspec: {partitions: %d}\n"
	files := map[string]string{
		"t.yaml": fmt.Sprintf(topic, "one", 1), "one/system.yaml": fmt.Sprintf(system, "one", "{}"), "one/w.yaml": fmt.Sprintf(deployment, "w", "one"),
		"two/system.yaml": fmt.Sprintf(system, "two", "{}"), "two/w.yaml": fmt.Sprintf(deployment, "w", "two"),
	}
	for _, c := range []struct {
		name, file, text string
		one, two         engine.Outcome
	}{
		{"nothing", "x/readme.yaml", "a: 1", engine.Pass, engine.Pass},
		{"broken beside one", "one/b.yaml", "a: [", engine.Unknown, engine.Pass},
		{"broken below one", "one/sub/b.yaml", "a: [", engine.Pass, engine.Pass},
		{"broken above both", "b.yaml", "a: [", engine.Unknown, engine.Unknown},
		{"broken, but it could not have held workloads", "one/b.cql", "'", engine.Pass, engine.Pass},
		{"declared twice, elsewhere", "x/w.yaml", fmt.Sprintf(deployment, "w", "one") + "# but with\n  replicas: 2\n", engine.Unknown, engine.Pass},
		{"another kind declared twice, elsewhere", "x/w.yaml", fmt.Sprintf(service, 1) + "---\n" + fmt.Sprintf(service, 2), engine.Pass, engine.Pass},
		{"a log in a namespace of one declared twice, elsewhere", "x/t.yaml", fmt.Sprintf(topic, "one", 2), engine.Unknown, engine.Pass},
		{"a log in a namespace of nobody declared twice, elsewhere", "x/t.yaml", fmt.Sprintf(topic, "three", 1) + "---\n" + fmt.Sprintf(topic, "three", 2), engine.Pass, engine.Pass},
		{"declared twice, word for word", "x/w.yaml", fmt.Sprintf(deployment, "w", "one"), engine.Pass, engine.Pass},
		{"a bad declaration", "one/x.yaml", fmt.Sprintf(system, "three", "{intke: x}"), engine.Unknown, engine.Pass},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := maps.Clone(files)
			all[c.file] = c.text
			j := judge(t, p, all)
			got := []engine.Outcome{j["one"].Outcomes["intake/probe"], j["two"].Outcomes["intake/probe"]}
			if diff := cmp.Diff([]engine.Outcome{c.one, c.two}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTaintFromAfar leaves something unread in a folder that no system has to do with: one more of what is asked for that there is no other might be there.
func TestTaintFromAfar(t *testing.T) {
	probe := func(kind string) string {
		return check(kind, fmt.Sprintf("subjects contains input.system.at\npasses contains input.system.at if count(input.facts.%s) == 0", kind))
	}
	p := mustCompile(t, map[string]string{"intake/grant/grant.rego": probe("grant"), "intake/alert/alert.rego": probe("alert")})
	for _, c := range []struct {
		name         string
		files        map[string]string
		grant, alert engine.Outcome
	}{
		{"nothing", map[string]string{"far/readme.yaml": "a: 1"}, engine.Pass, engine.Pass},
		{"broken", map[string]string{"far/b.yaml": "a: ["}, engine.Unknown, engine.Pass},
		{"broken, but it could not have held grants", map[string]string{"far/b.rego": "package"}, engine.Pass, engine.Pass},
		{"a binding, declared twice", map[string]string{"far/r.yaml": fmt.Sprintf(binding, "a") + "---\n" + fmt.Sprintf(binding, "b")}, engine.Unknown, engine.Pass},
		{"a Service, declared twice", map[string]string{"far/s.yaml": fmt.Sprintf(service, 1) + "---\n" + fmt.Sprintf(service, 2)}, engine.Pass, engine.Pass},
		{"another system's bad declaration", map[string]string{"far/x.yaml": fmt.Sprintf(system, "three", "{intke: x}")}, engine.Pass, engine.Pass},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.files["one/system.yaml"] = fmt.Sprintf(system, "one", "{}")
			j := judge(t, p, c.files)["one"]
			if diff := cmp.Diff([]engine.Outcome{c.grant, c.alert}, []engine.Outcome{j.Outcomes["intake/grant"], j.Outcomes["intake/alert"]}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTaintOfTheRepository leaves unread what is no one system's: a pipeline and a policy bear on each, wherever they and it stand.
func TestTaintOfTheRepository(t *testing.T) {
	probe := func(kind string) string {
		return check(kind, fmt.Sprintf("subjects contains input.system.at\npasses contains input.system.at if input.facts.%s == input.facts.%[1]s", kind))
	}
	p := mustCompile(t, map[string]string{"intake/pipeline/pipeline.rego": probe("pipeline"), "intake/policy/policy.rego": probe("policy")})
	for _, c := range []struct {
		file, text       string
		pipeline, policy engine.Outcome
	}{
		{".github/workflows/ci.yaml", "on: push", engine.Pass, engine.Pass},
		{".github/workflows/ci.yaml", "on: [", engine.Unknown, engine.Pass},
		{".gitlab-ci.yml", "a: [", engine.Unknown, engine.Pass},
		{"far/p.rego", "package", engine.Pass, engine.Unknown},
		{"far/b.yaml", "a: [", engine.Pass, engine.Pass},
	} {
		t.Run(c.file+" "+c.text, func(t *testing.T) {
			j := judge(t, p, map[string]string{"one/system.yaml": fmt.Sprintf(system, "one", "{}"), c.file: c.text})["one"]
			if diff := cmp.Diff([]engine.Outcome{c.pipeline, c.policy}, []engine.Outcome{j.Outcomes["intake/pipeline"], j.Outcomes["intake/policy"]}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: none}\nsubjects: [{kind: User, name: %s}]\n"

const service = "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: one}\nspec: {selector: {app: \"%d\"}}\n"

// TestMissingWhereNotAllIsRead asks for what is not there: it fails where all could be read, and is unknown where it may be in what could not.
func TestMissingWhereNotAllIsRead(t *testing.T) {
	p := mustCompile(t, map[string]string{"intake/probe/probe.rego": check("probe",
		"subjects contains w.at if some w in input.facts.workload\nmissing[w.at] contains \"no config\" if some w in input.facts.workload")})
	files := map[string]string{"one/system.yaml": fmt.Sprintf(system, "one", "{}"), "one/w.yaml": fmt.Sprintf(deployment, "w", "one")}
	for _, c := range []struct {
		name, text, message string
		want                engine.Outcome
	}{
		{"all is read", "a: 1", "no config", engine.Fail},
		{"something is broken", "a: [", "no config; it may be in what could not be read", engine.Unknown},
		{"something stands there twice", fmt.Sprintf(deployment, "w", "one") + "# but with\n  replicas: 2\n", "no config", engine.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := maps.Clone(files)
			all["one/x.yaml"] = c.text
			j := judge(t, p, all)["one"]
			var said []string
			for _, f := range j.Findings {
				if f.Check.ID == "intake/probe" {
					said = append(said, f.Message)
				}
			}
			if j.Outcomes["intake/probe"] != c.want || !slices.Contains(said, c.message) {
				t.Errorf("%s: %q, want %s: %s", j.Outcomes["intake/probe"], said, c.want, c.message)
			}
		})
	}
}

// TestUndeclared asks which workloads make up the system that nobody declared.
func TestUndeclared(t *testing.T) {
	p := mustCompile(t, nil)
	production := "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s, labels: {pocdr.dev/environment: production}}\n"
	names := func(files map[string]string) []string { return slices.Sorted(maps.Keys(judge(t, p, files))) }
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"no System", map[string]string{"a.yaml": fmt.Sprintf(deployment, "w", "one")}, []string{engine.Undeclared}},
		{"all claimed", map[string]string{"a.yaml": fmt.Sprintf(deployment, "w", "one"), "s.yaml": fmt.Sprintf(system, "one", "{}")}, []string{"one"}},
		{"the rest is no production", map[string]string{"a.yaml": fmt.Sprintf(deployment, "w", "two"), "s.yaml": fmt.Sprintf(system, "one", "{}")}, []string{"one"}},
		{"the rest is production", map[string]string{"a.yaml": fmt.Sprintf(deployment, "w", "two"), "n.yaml": fmt.Sprintf(production, "two"), "s.yaml": fmt.Sprintf(system, "one", "{}")}, []string{engine.Undeclared, "one"}},
	} {
		if diff := cmp.Diff(c.want, names(c.files)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestSameName declares two Systems of one name in two namespaces: the first counts, or the one that a cluster has had for longer.
func TestSameName(t *testing.T) {
	p := mustCompile(t, nil)
	declared := func(namespace, created string) string {
		return strings.Replace(fmt.Sprintf(system, "one", "{}"), "namespace: one", "namespace: "+namespace+created, 1)
	}
	for name, c := range map[string]struct{ a, b, counts string }{
		"in files":            {declared("one", ""), declared("two", ""), "one"},
		"in a cluster":        {declared("one", ", creationTimestamp: 2026-01-02T00:00:00Z"), declared("two", ", creationTimestamp: 2026-01-01T00:00:00Z"), "two"},
		"in their order":      {declared("one", ", creationTimestamp: 2026-01-01T00:00:00Z"), declared("two", ", creationTimestamp: 2026-01-02T00:00:00Z"), "one"},
		"one is not made yet": {declared("one", ", creationTimestamp: 2026-01-01T00:00:00Z"), declared("two", ""), "one"},
		"or the other":        {declared("one", ""), declared("two", ", creationTimestamp: 2026-01-01T00:00:00Z"), "two"},
	} {
		v := view(t, p, map[string]string{"a.yaml": c.a, "b.yaml": c.b})
		if len(v.Unread) != 1 || !strings.Contains(v.Unread[0].Message, "System one is declared before, in namespace "+c.counts) {
			t.Errorf("%s: %v", name, v.Unread)
		}
		if s := v.System("one"); s.Namespace != c.counts {
			t.Errorf("%s: the one in %s counts", name, s.Namespace)
		}
	}
}

// TestExemptions asks what an exemption covers.
func TestExemptions(t *testing.T) {
	p := mustCompile(t, nil)
	exemption := func(namespace, fields string) string {
		return "apiVersion: pocdr.dev/v1alpha1\nkind: Exemption\nmetadata: {name: e, namespace: " + namespace + "}\nspec: {system: one, check: declaration/image-pinned, owner: o, reason: r, " + fields + "}\n"
	}
	elsewhere := judge(t, p, map[string]string{
		"s.yaml": fmt.Sprintf(system, "one", "{}"), "w.yaml": fmt.Sprintf(deployment, "w", "one"), "e.yaml": exemption("two", "subject: {name: w}, expires: 2026-01-15T00:00:00Z"),
	})["one"]
	if i := slices.IndexFunc(elsewhere.Findings, func(f engine.Finding) bool { return f.Check.ID == "declaration/image-pinned" }); i < 0 ||
		!strings.HasSuffix(elsewhere.Findings[i].Message, "; Exemption two/e does not cover it: it would have to stand in namespace one") {
		t.Errorf("one that stands elsewhere: %+v", elsewhere.Findings)
	}
	for _, c := range []struct {
		name, fields string
		want         engine.Outcome
	}{
		{"of the object", "subject: {kind: Deployment, name: w}, expires: 2026-01-15T00:00:00Z", engine.Exempt},
		{"of a place in it", "subject: {name: w, path: \"spec.template.spec.containers[0]\"}, expires: 2026-01-15T00:00:00Z", engine.Exempt},
		{"of another object", "subject: {name: v}, expires: 2026-01-15T00:00:00Z", engine.Fail},
		{"of a place with a longer name", "subject: {name: w, path: \"spec.template.spec.cont\"}, expires: 2026-01-15T00:00:00Z", engine.Fail},
		{"lapsed", "subject: {name: w}, expires: 2026-01-01T00:00:00Z", engine.Fail},
		{"without an end", "subject: {name: w}", engine.Fail},
		{"without a subject", "expires: 2026-01-15T00:00:00Z", engine.Fail},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judge(t, p, map[string]string{
				"s.yaml": fmt.Sprintf(system, "one", "{}"), "w.yaml": fmt.Sprintf(deployment, "w", "one"), "e.yaml": exemption("one", c.fields),
			})["one"]
			if got := j.Outcomes["declaration/image-pinned"]; got != c.want {
				t.Errorf("outcome %s, want %s", got, c.want)
			}
		})
	}
}

// TestDeclarationFaults reads declarations with mistakes in them.
func TestDeclarationFaults(t *testing.T) {
	p := mustCompile(t, nil)
	for name, c := range map[string]struct{ spec, want string }{
		"a misspelt field":                 {"{intke: {name: x}}", `spec.intke unknown field "intke"`},
		"a wrong enum":                     {"{lifecycle: Forever}", "lifecycle should be one of [Active Retiring]"},
		"a wrong type":                     {"{owners: me}", "owners must be of type array"},
		"a missing field":                  {"{intake: {name: x}}", "platform is required"},
		"no duration":                      {"{rollback: {window: 3 days}}", "spec.rollback.window is 3 days, and should be a duration such as 72h"},
		"too high a level":                 {"{requiredLevel: 7}", "requiredLevel should be less than or equal to 5"},
		"no quantity":                      {"{intake: {platform: x, name: z, peakRate: fast}}", "spec.intake.peakRate is fast, and should be a quantity such as 2Mi"},
		"a time that runs backwards":       {"{rollback: {window: -72h}}", "spec.rollback.window is -72h, and should be a duration such as 72h, and not a negative one"},
		"a negative quantity":              {`{proof: {window: 72h, volume: 1, tolerance: "-1"}}`, "spec.proof.tolerance is -1, and should be a quantity"},
		"a negative number for a quantity": {"{proof: {window: 72h, volume: 1, tolerance: -1}}", "spec.proof.tolerance is -1, and should be a quantity"},
		"another version":                  {"{}", "apiVersion is pocdr.dev/v2; this engine reads pocdr.dev/v1alpha1"},
		"a kind of no kind":                {"{}", "pocdr.dev has no kind Systems; it has System, Exemption and Profile"},
	} {
		t.Run(name, func(t *testing.T) {
			text := fmt.Sprintf(system, "one", c.spec)
			switch name {
			case "another version":
				text = strings.Replace(text, "v1alpha1", "v2", 1)
			case "a kind of no kind":
				text = strings.Replace(text, "kind: System", "kind: Systems", 1)
			}
			v := view(t, p, map[string]string{"s.yaml": text})
			if len(v.Unread) == 0 || !strings.Contains(v.Unread[0].Message, c.want) {
				t.Errorf("got %v, want %s", v.Unread, c.want)
			}
		})
	}
}

// TestDeclaredZeros declares nothing of what can be declared: a time or a share that is zero is a strict promise, and the Profile bounds the others.
func TestDeclaredZeros(t *testing.T) {
	spec := `{proof: {window: 0s, volume: 0, tolerance: 0, drillMaxAge: "0"}, rollback: {window: 0s, objective: 0h, rehearsalMaxAge: 0s}, standby: {maxLag: 0s},
  intake: {platform: x, name: z, peakRate: "0"}, correction: {timeToDetect: 0s, timeToRepair: +0.0s}}`
	if v := view(t, mustCompile(t, nil), map[string]string{"s.yaml": fmt.Sprintf(system, "one", spec)}); len(v.Unread) > 0 {
		t.Errorf("got %v", v.Unread)
	}
}

// TestParameters overrides parameters, rightly and wrongly.
func TestParameters(t *testing.T) {
	p := mustCompile(t, map[string]string{"intake/probe/probe.rego": check("probe", "subjects contains [\"x\"] if input.params[\"intake/probe\"].limit == 5")})
	for want, params := range map[string]map[string]any{
		"": {"limit": 5.0},
		`check intake/probe has no parameter "limti"; it has limit`:             {"limti": 5.0},
		"parameter limit of check intake/probe must be a number, and is a text": {"limit": "5"},
	} {
		err := p.CheckParameters(map[string]map[string]any{"intake/probe": params})
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := p.CheckParameters(map[string]map[string]any{"intake/prob": nil}); err == nil {
		t.Error("an unknown check was taken")
	}
}

// TestLevelSeen asks a question about a kind of facts that nobody sees here: it binds the level, and not the level seen.
func TestLevelSeen(t *testing.T) {
	p := mustCompile(t, map[string]string{
		"facts/tide.yaml":         "title: A tide\ndescription: Seen at sea only.\nx-from: document\nx-select: all\nproperties:\n  height: {type: number}\n",
		"intake/probe/probe.rego": check("probe", "subjects contains s.at if some s in input.facts.tide"),
	})
	j := judge(t, p, map[string]string{"a.yaml": fmt.Sprintf(deployment, "x", "default")})[engine.Undeclared]
	outcomes := map[string]engine.Outcome{}
	for id := range j.Outcomes {
		outcomes[id] = engine.Pass
	}
	outcomes["intake/probe"] = engine.Unknown
	if level, seen := p.LevelOf(outcomes, engine.CI); level != 0 || seen != engine.Highest {
		t.Errorf("level %d, seen %d", level, seen)
	}
}
