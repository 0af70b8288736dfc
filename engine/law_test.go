package engine_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/maturity"
	"pocdr.dev/pocdr/report"
)

// laws tries a law on edits of the example, often enough to tell something and seldom enough to wait for. A failure prints the seed.
func laws(t *testing.T, law func(r *rapid.T, w *world)) {
	t.Helper()
	if err := flag.Set("rapid.checks", "15"); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, policies: mustCompile(t, nil), files: sources(t), variants: variants(t)}
	maps.Copy(w.files, exemptions)
	w.files[exempted] = strings.ReplaceAll(w.files[exempted], "@sha256", ":1 #")
	w.start = w.judge(w.files, nil)
	rapid.Check(t, func(r *rapid.T) { law(r, w) })
}

// exempted is the file of a StatefulSet whose image has no digest.
const exempted = "plants/b/plant.yaml"

// exemptions cover that twice; their names are in another order than their files.
var exemptions = map[string]string{
	"zz/one.yaml": fmt.Sprintf(exemption, "b"),
	"zz/two.yaml": fmt.Sprintf(exemption, "a"),
}

const exemption = `apiVersion: pocdr.dev/v1alpha1
kind: Exemption
metadata: {name: %s, namespace: payments}
spec:
  system: payments
  check: declaration/image-pinned
  subject: {kind: StatefulSet}
  owner: somebody
  reason: It takes a week.
  expires: 2026-01-20T00:00:00Z
`

// world is the example, and what it takes to judge changes of it.
type world struct {
	t        *testing.T
	policies *engine.Policies
	files    map[string]string
	variants []variant
	start    *engine.Judged
}

func (w *world) judge(files map[string]string, earlier *engine.Judged) *engine.Judged {
	w.t.Helper()
	judged, err := w.policies.JudgeAll(context.Background(), view(w.t, w.policies, files), engine.Settings{AsOf: asOf}, earlier)
	if err != nil {
		w.t.Fatal(err)
	}
	return judged
}

// variant is one way to break the example.
type variant struct {
	Change []struct {
		File, Create string
		Delete       bool
		Replace      *struct{ Old, New string }
	}
}

// variants are those that are kept as test data.
func variants(t *testing.T) []variant {
	t.Helper()
	names, err := filepath.Glob("../testdata/variants/*.yaml")
	if err != nil || len(names) < 50 {
		t.Fatal(len(names), err)
	}
	all := make([]variant, len(names))
	for i, name := range names {
		text, err := os.ReadFile(name)
		if err == nil {
			err = yaml.Unmarshal(text, &all[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// breaks gives the example as it is once broken in a few ways that are drawn, and edited besides.
func (w *world) breaks(r *rapid.T) map[string]string {
	files := maps.Clone(w.files)
	for range rapid.IntRange(0, 3).Draw(r, "ways") {
		for _, c := range w.variants[rapid.IntRange(0, len(w.variants)-1).Draw(r, "way")].Change {
			switch {
			case c.Delete:
				delete(files, c.File)
			case c.Create != "":
				files[c.File] = c.Create
			case c.Replace != nil:
				files[c.File] = strings.Replace(files[c.File], c.Replace.Old, c.Replace.New, 1)
			}
		}
	}
	return scramble(r, files)
}

func (w *world) decide(before, after *engine.Judged) *engine.Decision {
	return w.policies.Decide(context.Background(), before, after, engine.Request{Operations: engine.Between(before.View, after.View)})
}

// TestOrder reads the documents of one source in two orders, and asks for the same report, byte for byte.
func TestOrder(t *testing.T) {
	laws(t, func(r *rapid.T, w *world) {
		documents, unread := once(w.breaks(r))
		shuffled := rapid.Permutation(documents).Draw(r, "order")
		if diff := cmp.Diff(w.report(documents, unread), w.report(shuffled, unread)); diff != "" {
			r.Errorf("in another order (-one +other):\n%s", diff)
		}
	})
}

// once reads files, and leaves out what is declared a second time: there the order is part of the answer.
func once(files map[string]string) (documents []document.Document, unread []document.Unread) {
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		read, not := document.Read(name, []byte(files[name]), document.DefaultBounds)
		unread = append(unread, not...)
		for _, d := range read {
			if !seen[d.ID] {
				documents = append(documents, d)
			}
			seen[d.ID] = true
		}
	}
	return documents, unread
}

// report is what a program reads about the documents.
func (w *world) report(documents []document.Document, unread []document.Unread) string {
	w.t.Helper()
	ctx, v := context.Background(), w.policies.NewView()
	v.Unread = slices.Clone(unread)
	for _, d := range documents {
		facts, unread, faults := w.policies.Derive(ctx, d)
		v.Unread, v.Faults = append(v.Unread, unread...), append(v.Faults, faults...)
		if facts != nil {
			v.Add(facts)
		}
	}
	slices.SortStableFunc(v.Unread, func(a, b document.Unread) int { return strings.Compare(a.File, b.File) })
	v.Own(ctx, "", func(string) []string { return nil })
	v.Join(ctx)
	judged, err := w.policies.JudgeAll(ctx, v, engine.Settings{AsOf: asOf}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	var b bytes.Buffer
	systems := maturity.Assess(w.policies, judged.Judgements())
	if err := report.New(w.policies, v, report.Source{}, asOf, systems, func(string) ([]byte, bool) { return nil, false }).JSON(&b); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

// TestNoChange decides on the way from something to itself: nothing is new, and nothing is refused, whatever is unmet.
func TestNoChange(t *testing.T) {
	laws(t, func(r *rapid.T, w *world) {
		files := w.breaks(r)
		before, after := w.judge(files, nil), w.judge(files, nil)
		if d := w.decide(before, after); !d.Allowed || len(d.Operations)+len(d.Systems) != 0 {
			r.Errorf("allowed %v, operations %v, systems %v", d.Allowed, d.Operations, d.Systems)
		}
	})
}

// TestThereAndBack goes from the example to something else and back: it is as it was, however it was judged, and what the way there was refused for the way back mends.
func TestThereAndBack(t *testing.T) {
	laws(t, func(r *rapid.T, w *world) {
		there := w.judge(w.breaks(r), w.start)
		back := w.judge(w.files, there)
		nothing := &engine.Decision{}
		if diff := cmp.Diff(shown(w.start, nothing), shown(back, nothing)); diff != "" {
			r.Errorf("it is not as it was (-was +is):\n%s", diff)
		}
		mended := map[string]bool{}
		for _, s := range w.decide(there, back).Systems {
			for _, f := range s.Mended {
				mended[place(f)] = true
			}
		}
		for _, f := range lost(w.decide(w.start, there)) {
			if !f.Whole && !f.Unread && !mended[place(f)] { // what was unknown for want of something to read is not told to be mended
				r.Errorf("%s: %s is lost, and not mended by going back", place(f), f.Message)
			}
		}
	})
}

func place(f engine.Finding) string {
	return fmt.Sprint(f.System, " ", f.Check.ID, " ", f.Document, " ", f.Path)
}

// lost are the findings that refuse a change since they were met before it.
func lost(d *engine.Decision) []engine.Finding {
	var found []engine.Finding
	for _, s := range d.Systems {
		for _, refusal := range s.Refusals {
			if refusal.Rule == engine.RuleMet || refusal.Rule == engine.RuleInvariant {
				found = append(found, refusal.Finding)
			}
		}
	}
	return found
}

// TestSplit goes file by file from the example to something else: where the whole is refused since a place was met before, one of
// the steps is, as long as the place is asked about on all of the way. What is not asked about any more is not met any more.
func TestSplit(t *testing.T) {
	steps := 0
	laws(t, func(r *rapid.T, w *world) {
		after := w.breaks(r)
		whole := lost(w.decide(w.start, w.judge(after, w.start)))
		if len(whole) == 0 {
			return
		}
		steps++
		left, refused := map[string]bool{}, false
		at, now := maps.Clone(w.files), w.start
		for _, name := range rapid.Permutation(differing(w.files, after)).Draw(r, "order") {
			if text, there := after[name]; there {
				at[name] = text
			} else {
				delete(at, name)
			}
			next := w.judge(at, now)
			refused = refused || !w.decide(now, next).Allowed
			for _, f := range whole {
				left[place(f)] = left[place(f)] || !isAsked(next, f)
			}
			now = next
		}
		for _, f := range whole {
			if !f.Whole && !left[place(f)] && !refused {
				r.Errorf("%s: %s: the whole is refused, and no step of it", place(f), f.Message)
			}
		}
	})
	if steps == 0 {
		t.Error("no change was refused: nothing was tried")
	}
}

func isAsked(judged *engine.Judged, f engine.Finding) bool {
	return slices.ContainsFunc(judged.Judgements(), func(j *engine.Judgement) bool { return j.System == f.System && j.Asked(f) })
}

// differing are the names of the files that are not the same in both, sorted.
func differing(a, b map[string]string) []string {
	names := maps.Clone(a)
	maps.Copy(names, b)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(names)), func(name string) bool {
		was, before := a[name]
		is, after := b[name]
		return before == after && was == is
	})
}
