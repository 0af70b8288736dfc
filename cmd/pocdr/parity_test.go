package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
	"pocdr.dev/pocdr/source/cluster"
	"pocdr.dev/pocdr/webhook/admission"
)

const (
	payments = "../../examples/payments"
	variants = "../../testdata/variants/*.yaml"
	conftest = "../../testdata/conftest"
)

// step is a change of one object of the example: from one document to another, either of which may be none.
type step struct {
	name          string
	before, after *document.Document
	text          string // of the object afterwards
}

// steps are all changes of one object that the ways to break the example make.
func steps(t *testing.T) []step {
	t.Helper()
	files, err := filepath.Glob(variants)
	if err != nil || len(files) < 50 {
		t.Fatal(len(files), err)
	}
	var all []step
	for _, file := range files {
		var v struct {
			Change []struct {
				File, Create string
				Delete       bool
				Replace      *struct{ Old, New string }
			}
		}
		text, err := os.ReadFile(file)
		if err == nil {
			err = yaml.Unmarshal(text, &v)
		}
		if err != nil {
			t.Fatal(err)
		}
		before, after := map[string]string{}, map[string]string{}
		for _, c := range v.Change {
			was, err := os.ReadFile(filepath.Join(payments, c.File))
			if err == nil {
				before[c.File] = string(was)
			}
			if _, changed := after[c.File]; !changed {
				after[c.File] = string(was)
			}
			switch {
			case c.Delete:
				after[c.File] = ""
			case c.Create != "":
				after[c.File] = c.Create
			case c.Replace != nil:
				after[c.File] = strings.Replace(after[c.File], c.Replace.Old, c.Replace.New, 1)
			}
		}
		all = append(all, differences(t, strings.TrimSuffix(filepath.Base(file), ".yaml"), objects(before), objects(after))...)
	}
	return all
}

func objects(files map[string]string) map[string]document.Document {
	found := map[string]document.Document{}
	for name, text := range files {
		documents, _ := document.Read(name, []byte(text), document.DefaultBounds)
		for _, d := range documents {
			if d.Format == document.Kubernetes && !strings.HasPrefix(name, "platform/") {
				found[d.ID] = d
			}
		}
	}
	return found
}

func differences(t *testing.T, name string, before, after map[string]document.Document) []step {
	t.Helper()
	var all []step
	ids := maps.Clone(before)
	maps.Copy(ids, after)
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		s := step{name: name + " " + id}
		if d, ok := before[id]; ok {
			s.before = &d
		}
		if d, ok := after[id]; ok {
			s.after = &d
			text, err := yaml.Marshal(d.Value())
			if err != nil {
				t.Fatal(err)
			}
			s.text = string(text)
		}
		if _, differs := engine.NewOperation(s.before, s.after); differs {
			all = append(all, s)
		}
	}
	return all
}

// TestParity asks the engine, over views that are made anew, and the webhook behind a real API server about the same changes of the same
// cluster: both give the same answer, for the same checks. The changes are made in dry runs, in an order that a seed gives.
func TestParity(t *testing.T) {
	g := guard(t, conftest)
	g.applyExample()
	p, err := engine.Compile(engine.Tree{FS: policies.FS}, engine.Tree{Name: conftest, FS: os.DirFS(conftest)})
	if err != nil {
		t.Fatal(err)
	}
	c, err := cluster.New(g.Config)
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	all := append(steps(t), differences(t, "services for conftest", map[string]document.Document{}, objects(map[string]string{"services.yaml": services}))...)
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	held, err := c.List(t.Context(), admission.Kinds(p))
	if err != nil {
		t.Fatal(err)
	}
	requests, refused, different := 0, 0, 0
	for _, s := range all {
		out, applied := g.try(&s)
		if !applied && !strings.Contains(out, "denied the request") {
			continue // the API server itself does not take it
		}
		requests++
		want := decide(t, p, held, s)
		said := strings.Contains(out, "denied the request")
		if said {
			refused++
		}
		if problem := compareAnswers(want, said, out); problem != "" {
			different++
			t.Errorf("seed %d: %s: %s\n%s", seed, s.name, problem, out)
		}
	}
	t.Logf("%d requests, of which %d were refused; %d differences", requests, refused, different)
	if requests < 50 || refused < 20 {
		t.Errorf("only %d requests, %d of them refused: too few to tell anything", requests, refused)
	}
}

// services are objects that policies for conftest judge: one is denied, one is warned of, one has no label, and one breaks nothing.
const services = `
apiVersion: v1
kind: Service
metadata: {name: open, namespace: payments, labels: {app.kubernetes.io/part-of: payments}}
spec: {type: NodePort, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: nameless, namespace: payments, labels: {app.kubernetes.io/part-of: payments}}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: unlabelled, namespace: payments, labels: {app: x}}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: good, namespace: payments, labels: {app.kubernetes.io/part-of: payments}}
spec: {ports: [{name: http, port: 80}]}
`

// try asks the API server for a change, as a dry run. What it takes is what it makes of what it was given: it may keep what a file leaves out.
func (g *guarded) try(s *step) (out string, applied bool) {
	g.t.Helper()
	var err error
	if s.after == nil {
		o := s.before.Object
		kind := o.Kind
		if group := o.Group(); group != "" {
			kind += "." + group
		}
		out, err = g.kubectl("delete", "--dry-run=server", "-n", o.Namespace, kind, o.Name)
	} else {
		out, err = g.kubectl("apply", "--dry-run=server", "-o", "json", "-f", g.file(s.text))
		if err == nil {
			taken, err := document.ReadObject([]byte(out[strings.Index(out, "{\n"):]), document.DefaultBounds)
			if err != nil {
				g.t.Fatal(err)
			}
			s.after = &taken
		}
	}
	return out, err == nil
}

// decide judges the change over views that are made for it alone.
func decide(t *testing.T, p *engine.Policies, held []document.Document, s step) *engine.Decision {
	t.Helper()
	settings := engine.Settings{AsOf: time.Now().Truncate(time.Second)}
	judged := func(d *document.Document) *engine.Judged {
		v := p.NewView()
		v.Entrance = engine.Admission
		other := s.before
		if other == nil {
			other = s.after
		}
		all := slices.DeleteFunc(slices.Clone(held), func(h document.Document) bool { return h.ID == other.ID })
		if d != nil {
			all = append(all, *d)
		}
		for _, d := range all {
			facts, unread, faults := p.Derive(t.Context(), d)
			v.Unread, v.Faults = append(v.Unread, unread...), append(v.Faults, faults...)
			if facts != nil {
				v.Add(facts)
			}
		}
		v.Join(t.Context())
		j, err := p.JudgeAll(t.Context(), v, settings, nil)
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	before, after := judged(s.before), judged(s.after)
	o, _ := engine.NewOperation(s.before, s.after)
	return p.Decide(t.Context(), before, after, engine.Request{
		Operations: []engine.Operation{o}, Served: before.View.Served(),
		Principal: &engine.Principal{Names: []string{"kubernetes:User/admin", "kubernetes:Group/system:masters", "kubernetes:Group/system:authenticated"}},
	})
}

var numbered = regexp.MustCompile(`(?m)^\s*\d+\. ([a-z-]+/[a-z_-]+): `)

// compareAnswers tells how the webhook's answer differs from a decision; empty where it does not.
func compareAnswers(d *engine.Decision, refused bool, out string) string {
	if d.Allowed == refused {
		return fmt.Sprintf("the engine says allowed %v, the webhook %v", d.Allowed, !refused)
	}
	var want, got []string
	for _, s := range d.Systems {
		if !s.Allowed {
			for _, r := range s.Refusals[:min(3, len(s.Refusals))] {
				want = append(want, r.Check.ID)
			}
		}
	}
	for _, m := range numbered.FindAllStringSubmatch(out, -1) {
		got = append(got, m[1])
	}
	if !slices.Equal(want, got) {
		return fmt.Sprintf("the engine names %v, the webhook %v", want, got)
	}
	return ""
}
