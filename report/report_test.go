package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/maturity"
	"pocdr.dev/pocdr/policies"
	"pocdr.dev/pocdr/report"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// golden compares text with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: -want +got; -update writes it:\n%s", file, diff)
	}
}

// check is the module of a check. With awaits it has no rules.
func check(id string, level int, severity, title, awaits, rules string) (file, text string) {
	principle, name, _ := strings.Cut(id, "/")
	name = strings.ReplaceAll(name, "-", "_")
	text = fmt.Sprintf("# METADATA\n# title: %s\n# description: |\n#   Asks whether this is so.\n#\n#   It matters because `a | b` does.\n"+
		"# custom:\n#   level: %d\n#   kind: goal\n#   severity: %s\n#   remediation: Make it so, by the means that the platform team has written down for everybody, and scan again.\n", title, level, severity)
	if awaits != "" {
		text += "#   awaits: [" + awaits + "]\n"
	}
	text += fmt.Sprintf("package pocdr.checks.%s.%s\n\n%s\n", principle, name, rules)
	return path.Join("checks", id, name+".rego"), text
}

const adapter = `# METADATA
# custom:
#   reads: [{format: kubernetes, group: apps, kinds: [Deployment]}]
#   emits: [workload]
package pocdr.bedrock.test.workload

facts contains {"fact": "workload", "path": ["spec", "image"], "namespace": input.metadata.namespace, "name": input.metadata.name, "image": input.spec.image}
`

const kind = `title: A workload
description: What runs.
x-from: document
x-select: namespace
properties:
  namespace: {type: string, description: Its namespace.}
  name: {type: string, description: Its name.}
  image: {type: [string, "null"], description: "What it runs: a | b."}
`

// full is a check whose METADATA has everything.
const full = `# METADATA
# title: Only declared principals can change the switch object
# description: |
#   Asks whether only declared principals can change the switch object.
#
#   Whoever else can turn it needs no proof.
# related_resources:
# - ref: https://example.com/switch
#   description: The switch
# - ref: https://example.com/other
# custom:
#   level: 2
#   kind: invariant
#   severity: medium
#   remediation: Take the right from them.
#   exemptible: false
#   parameters:
#     most: {default: 3, description: "How many may, at most: a | b."}
#     named: {default: [a, b], description: Those that are named.}
package pocdr.checks.switch.authorised_by_a_name_that_is_long

subjects contains w.at if some w in input.facts.workload

passes contains w.at if {
	some w in input.facts.workload
	count(input.params["switch/authorised-by-a-name-that-is-long"].named) > 0
}
`

const grant = `title: A grant
description: Who may do what.
x-from: join
x-select: all
properties:
  allow: {type: boolean, description: Whether it allows.}
  count: {type: integer, description: How many.}
  kind: {type: string, enum: [read, write], description: What it is for.}
  labels: {type: object, description: What is on it.}
  names: {type: array, items: {type: string}, description: To whom.}
  paths: {type: array, description: Where.}
  value: {description: Anything.}
`

// tree is a small tree of policies, with an answer of every kind.
func tree(more ...string) fstest.MapFS {
	const each = "subjects contains w.at if some w in input.facts.workload\n\n"
	principles, err := fs.ReadFile(policies.FS, "principles.yaml")
	if err != nil {
		panic(err)
	}
	files := fstest.MapFS{}
	add := func(file, text string) { files[file] = &fstest.MapFile{Data: []byte(text)} }
	add("principles.yaml", string(principles))
	add("facts/workload.yaml", kind)
	add("facts/grant.yaml", grant)
	add("bedrock/test/workload.rego", adapter)
	add("checks/switch/authorised-by-a-name-that-is-long/check.rego", full)
	add(check("radius/owned", 1, "medium", "The system has owners", "", each+"passes contains w.at if some w in input.facts.workload"))
	add(check("gate/scanned", 1, "low", "CI runs the scan", "", `subjects contains input.system.at

passes contains input.system.at if input.system.name == "ledger"

fails[input.system.at] contains "no pipeline runs the scan" if input.system.name != "ledger"`))
	add(check("access/own-identity", 1, "high", "Each plant has an identity of its own", "", each+`passes contains w.at if {
	some w in input.facts.workload
	w.namespace == "ledger"
}

fails[w.at] contains "runs as default" if {
	some w in input.facts.workload
	w.namespace != "ledger"
}`))
	add(check("declaration/image-pinned", 2, "high", "Every image is named by digest", "", each+`fails[w.at] contains sprintf("image %v is not named by digest", [w.image]) if some w in input.facts.workload`))
	add(check("intake/replicated", 2, "critical", "The intake survives the loss of two of its replicas, and refuses writes before it loses any", "", each))
	add(check("access/least-reach", 2, "critical", "Nobody reaches everything", "", "subjects := set()\n\nnot_applicable := \"nobody reaches anything\""))
	add(check("delivery/proven", 3, "critical", "What serves was proven", "evidence", ""))
	add(check("gate/evidence-signed", 3, "critical", "Proofs are signed", "evidence", ""))
	add(check("rollback/rehearsed", 4, "critical", "Going back was rehearsed", "evidence", ""))
	add(check("declaration/no-drift", 4, "high", "What runs is what git declares", "cluster", ""))
	add(check("delivery/always-proven", 5, "high", "Every change was proven", "history, evidence", ""))
	for i := 0; i < len(more); i += 2 {
		add(more[i], more[i+1])
	}
	return files
}

const systems = `apiVersion: pocdr.dev/v1alpha1
kind: System
metadata: {name: payments, namespace: payments}
spec:
  requiredLevel: 2
---
apiVersion: pocdr.dev/v1alpha1
kind: System
metadata: {name: ledger, namespace: ledger}
spec: {requiredLevel: 1, dependsOn: [payments, elsewhere]}
---
apiVersion: pocdr.dev/v1alpha1
kind: Exemption
metadata: {name: default-account, namespace: payments}
spec:
  system: payments
  check: access/own-identity
  subject: {kind: Deployment, namespace: payments}
  expires: 2026-01-20T00:00:00Z
`

func deployment(namespace, name, image string) string {
	return fmt.Sprintf("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: %s\n  namespace: %s\nspec:\n  replicas: 1\n  image: %q\n", name, namespace, image)
}

// payments is a source with two systems, an exemption, and files that cannot be read.
var payments = map[string]string{
	"pocdr.yaml":             systems,
	"payments/a.yaml":        deployment("payments", "a", "registry.example.com/payments:1.2"),
	"payments/b.yaml":        deployment("payments", "b", "registry.example.com/payments/a-processor-with-a-long-name:1.2.3-and-a-long-tag"),
	"ledger/deployment.yaml": deployment("ledger", "ledger", "ledger:2"),
	"overlays/production/eu-central-1/payments/processor/deployments/c.yaml": deployment("payments", "c", "c"),
	"elsewhere/broken.yaml": "a: [1\n",
}

// judged judges a source by policies.
func judged(t testing.TB, policies fs.FS, files map[string]string, source report.Source) (*report.Report, *engine.Policies) {
	t.Helper()
	p, err := engine.Compile(engine.Tree{FS: policies})
	if err != nil {
		t.Fatal(err)
	}
	v := read(p, files)
	var judgements []*engine.Judgement
	for _, s := range v.Snapshots(engine.Settings{AsOf: asOf}) {
		judgements = append(judgements, p.Judge(context.Background(), s))
	}
	r := report.New(p, v, source, asOf, maturity.Assess(p, judgements), content(files))
	r.Policies.Digest = "sha256:0" // of policies that change while they are written
	return r, p
}

var asOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// read reads files, in the order of their names, as a source would.
func read(p *engine.Policies, files map[string]string) *engine.View {
	ctx, v := context.Background(), p.NewView()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		documents, unread := document.Read(name, []byte(files[name]), document.DefaultBounds)
		v.Unread = append(v.Unread, unread...)
		for _, d := range documents {
			facts, unread, faults := p.Derive(ctx, d)
			v.Unread, v.Faults = append(v.Unread, unread...), append(v.Faults, faults...)
			if facts != nil {
				v.Add(facts)
			}
		}
	}
	v.Join(ctx)
	return v
}

func content(files map[string]string) report.Content {
	return func(name string) ([]byte, bool) {
		text, ok := files[name]
		return []byte(text), ok
	}
}

// written is a report or a decision.
type written interface {
	Write(w io.Writer, format string, o report.Options) error
}

func write(t testing.TB, r written, format string, o report.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b, format, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fixtures are judged sources that between them show everything that a report can hold.
func fixtures(t testing.TB) map[string]*report.Report {
	t.Helper()
	revision := "0123456789abcdef0123456789abcdef01234567"
	reports := map[string]*report.Report{}
	reports["payments"], _ = judged(t, tree(), payments, report.Source{Path: "examples/payments", Revision: &revision})
	reports["undeclared"], _ = judged(t, tree(), map[string]string{"a.yaml": deployment("web", "a", "a:1")}, report.Source{Path: "."})
	reports["faulty"], _ = judged(t, tree(
		check("repair/observed", 1, "medium", "Metrics are collected", "", "subjects contains w.at if {\n\tsome w in input.facts.workload\n\tto_number(w.image) > 0\n}"),
	), map[string]string{"a.yaml": deployment("web", "a", "a:1")}, report.Source{Path: "/srv/web"})
	reports["tainted"], _ = judged(t, tree(), tainted(), report.Source{Path: "web/"})
	reports["hostile"], _ = judged(t, tree(), hostile, report.Source{Path: "../elsewhere"})
	return reports
}

// tainted is a source of which much could not be read, in many ways.
func tainted() map[string]string {
	files := map[string]string{"a.yaml": deployment("web", "a", "a:1")}
	for i := range 5 {
		files[fmt.Sprintf("broken-%d.yaml", i)] = "a: [1\n"
	}
	for i := range 12 {
		files[fmt.Sprintf("exemption-%d.yaml", i)] = fmt.Sprintf("apiVersion: pocdr.dev/v1alpha1\nkind: Exemption\n"+
			"metadata: {name: exemption, namespace: web}\nspec:\n  unknown%d: 1\n  owner: \"@org/team\"\n  unheard: 1\n", i)
	}
	return files
}

// evil is text as a repository might hold it to mislead who reads the report.
const evil = "\x1b[2J\x1b]0;title\a\r\n\u202egnp.txt|`rm`<script>alert(1)</script>[x](javascript:y)![i](z)@org/team #1 **b** \\| 世界 \u200b"

var hostile = map[string]string{
	"pocdr.yaml":               systems,
	"payments/" + evil:         "",
	"payments/`a`|<b>: c.yaml": deployment("payments", "a", evil),
	"payments/b\x1b[31m.yaml":  deployment("payments", "b", strings.Repeat("世", 3000)),
	"payments/c\n## d.yaml":    "a: [1\n",
}

func TestGoldens(t *testing.T) {
	for name, r := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			golden(t, name+"/findings.txt", write(t, r, "text", report.Options{}))
			golden(t, name+"/chart.txt", write(t, r, "text", report.Options{Style: report.Chart}))
			golden(t, name+"/report.md", write(t, r, "markdown", report.Options{}))
		})
	}
	r := fixtures(t)["payments"]
	golden(t, "payments/report.json", write(t, r, "json", report.Options{}))
	golden(t, "payments/report.sarif", write(t, r, "sarif", report.Options{}))
	golden(t, "payments/findings.ansi", write(t, r, "text", report.Options{Color: true}))
	golden(t, "payments/chart.ansi", write(t, r, "text", report.Options{Color: true, Style: report.Chart}))
}

// TestPages compares the pages of checks, the catalogue and the reference.
func TestPages(t *testing.T) {
	_, p := judged(t, tree(), payments, report.Source{})
	var b bytes.Buffer
	if err := report.Catalogue(&b, p); err != nil {
		t.Fatal(err)
	}
	golden(t, "pages/catalogue.txt", b.Bytes())
	for _, id := range []string{"declaration/image-pinned", "delivery/always-proven"} {
		b.Reset()
		if err := report.Page(&b, p, p.Check(id)); err != nil {
			t.Fatal(err)
		}
		golden(t, "pages/"+path.Base(id)+".md", b.Bytes())
	}
	files := report.Reference(p)
	if len(files) != len(p.Checks)+2 {
		t.Errorf("%d files for %d checks", len(files), len(p.Checks))
	}
	golden(t, "pages/README.md", []byte(files["README.md"]))
	golden(t, "pages/facts.md", []byte(files["facts.md"]))
	golden(t, "pages/reference-page.md", []byte(files["declaration/image-pinned.md"]))
}

// TestRegions writes each kind of region into a page, and finds nothing to do the second time.
func TestRegions(t *testing.T) {
	_, p := judged(t, tree(), map[string]string{"a.yaml": deployment("shop", "web", "web:1")}, report.Source{})
	const closes = "<!-- /pocdr docs -->\n"
	page := "# Mine\n"
	for _, name := range []string{"principles", "levels", "chart", "waiting", "sentence intake"} {
		page += "\n## " + name + "\n\n<!-- pocdr docs: " + name + " -->\nstale\n" + closes
	}
	once, err := report.Regions(p, page, "policies")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "pages/regions.md", []byte(once))
	if twice, err := report.Regions(p, once, "policies"); err != nil || twice != once {
		t.Errorf("the second time: %v\n%s", err, cmp.Diff(once, twice))
	}
	for page, want := range map[string]string{
		"# Mine\n":                                         "has no region to write",
		"<!-- pocdr docs: chart -->\n# Mine\n":             `the region "chart" is not closed`,
		"<!-- pocdr docs: map -->\n" + closes:              `there is no region "map"`,
		"<!-- pocdr docs: sentence of mine -->\n" + closes: `there is no principle "of mine"`,
	} {
		if _, err := report.Regions(p, page, "policies"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, not %q", page, err, want)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := fixtures(t)["payments"].Write(&bytes.Buffer{}, "xml", report.Options{}); err == nil {
		t.Error("wrote xml")
	}
}

// TestSchemas holds every report to the published schema, and every SARIF file to the standard's.
func TestSchemas(t *testing.T) {
	sarif, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string]*jsonschema.Schema{"json": schema(t, report.JSONSchema), "sarif": schema(t, sarif)}
	for name, r := range fixtures(t) {
		for format, schema := range schemas {
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(write(t, r, format, report.Options{})))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%s as %s: %v", name, format, err)
			}
		}
	}
}

func schema(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", value); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFingerprints asks that a finding keeps its fingerprint when lines move and values change, and that no two share one.
func TestFingerprints(t *testing.T) {
	prints := func(files map[string]string) []string {
		r, _ := judged(t, tree(), files, report.Source{Path: "."})
		var log struct {
			Runs []struct {
				Results []struct {
					PartialFingerprints map[string]string
				}
			}
		}
		if err := json.Unmarshal(write(t, r, "sarif", report.Options{}), &log); err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, result := range log.Runs[0].Results {
			list = append(list, result.PartialFingerprints["pocdr/v1"])
		}
		slices.Sort(list)
		return list
	}
	before := prints(payments)
	moved := maps.Clone(payments)
	moved["payments/moved.yaml"] = "# a comment\n\n" + strings.Replace(moved["payments/a.yaml"], ":1.2", ":1.3", 1)
	delete(moved, "payments/a.yaml")
	if diff := cmp.Diff(before, prints(moved)); diff != "" {
		t.Error(diff)
	}
	if n := len(slices.Compact(slices.Clone(before))); n != len(before) {
		t.Errorf("%d findings share %d fingerprints", len(before), n)
	}
}

// TestHarmless asks that nothing that a repository holds reaches a terminal as a control character, and that lines fit.
func TestHarmless(t *testing.T) {
	for name, r := range fixtures(t) {
		for _, o := range []report.Options{{}, {Style: report.Chart}, {Color: true}, {Style: report.Chart, Color: true}} {
			text := string(write(t, r, "text", o))
			if !o.Color && strings.Contains(text, "\x1b") {
				t.Errorf("%s: colour where none is wanted", name)
			}
			harmless(t, fmt.Sprintf("%s %+v", name, o), text)
		}
	}
}

func harmless(t *testing.T, name, text string) {
	t.Helper()
	for i, line := range strings.Split(sgr.ReplaceAllString(text, ""), "\n") {
		for _, c := range line {
			if !unicode.IsPrint(c) {
				t.Errorf("%s: line %d holds %q: %q", name, i+1, c, line)
			}
		}
		if line != strings.TrimRight(line, " ") {
			t.Errorf("%s: line %d ends in blanks: %q", name, i+1, line)
		}
		if n := utf8.RuneCountInString(line); n > 80 && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("%s: line %d takes %d columns: %q", name, i+1, n, line)
		}
	}
}

// sgr are the sequences that colour text.
var sgr = regexp.MustCompile("\x1b\\[[0-9]*m")

// TestMarkdownIsBounded asks that the report fits in a comment however much was found, and says what is cut.
func TestMarkdownIsBounded(t *testing.T) {
	many := large(t, 3, 2000)
	for i := range 60 {
		s := many.Systems[0]
		s.Name = fmt.Sprintf("system-%d", i)
		many.Systems = append(many.Systems, s)
	}
	for name, r := range map[string]*report.Report{"findings": large(t, 2, 2000), "systems": many, "hostile": fixtures(t)["hostile"]} {
		text := string(write(t, r, "markdown", report.Options{}))
		if len(text) > 65_536 {
			t.Errorf("%s: %d bytes", name, len(text))
		}
		if name != "hostile" && !strings.Contains(text, " more") {
			t.Errorf("%s: does not say that it is cut", name)
		}
		for _, tag := range []string{"<details>", "</details>"} {
			if strings.Count(text, tag) != strings.Count(text, "<details>") {
				t.Errorf("%s: %s does not match", name, tag)
			}
		}
	}
}

// large is a report of so many systems with so many failures each.
func large(t testing.TB, systems, findings int) *report.Report {
	t.Helper()
	files := map[string]string{}
	for i := range systems {
		name := fmt.Sprintf("system-%d", i)
		files[name+".yaml"] = fmt.Sprintf("apiVersion: pocdr.dev/v1alpha1\nkind: System\nmetadata: {name: %s, namespace: %s}\nspec: {}\n", name, name)
		for n := range findings / 3 {
			files[fmt.Sprintf("%s/deployment-%d.yaml", name, n)] = deployment(name, fmt.Sprintf("d-%d", n), "app:1")
		}
	}
	r, _ := judged(t, tree(), files, report.Source{Path: "."})
	return r
}

// BenchmarkWrite writes a report of 50,000 findings.
func BenchmarkWrite(b *testing.B) {
	r := large(b, 5, 3000)
	for n := len(r.Findings); len(r.Findings) < 50_000; {
		r.Findings = append(r.Findings, r.Findings[:n]...)
	}
	for _, format := range report.Formats {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				write(b, r, format, report.Options{})
			}
		})
	}
}
