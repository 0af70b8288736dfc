package main

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
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
		all = append(all, differences(strings.TrimSuffix(filepath.Base(file), ".yaml"), objects(before), objects(after))...)
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

func differences(name string, before, after map[string]document.Document) []step {
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
		}
		if _, differs := engine.NewOperation(s.before, s.after); differs {
			all = append(all, s)
		}
	}
	return all
}

// TestParity asks all entrances about the same changes of the same view: those that the ways to break the example make, and some that are made up,
// one after the other. Which they are, a seed says.
func TestParity(t *testing.T) {
	g := guard(t, conftest)
	g.applyExample()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	e := newEntrances(g)
	t.Run("of one object of the example", func(t *testing.T) {
		defer e.in(t, 10)()
		all := append(steps(t), differences("services for conftest", map[string]document.Document{}, objects(map[string]string{"services.yaml": services}))...)
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, s := range all[:min(len(all), budget(40))] {
			e.try(change{s.name, e.live(either(s.before, s.after)), objectOf(s.after)}, false)
		}
	})
	t.Run("made up, one after the other", func(t *testing.T) {
		defer e.in(t, 0)()
		for e.requests < budget(40) {
			e.try(e.madeUp(random), true)
		}
		e.standsAsAudited()
	})
	t.Run("of a repository that others keep", func(t *testing.T) {
		commits := repository(t)
		defer e.in(t, 1)()
		if out, err := e.Kubectl(t.Context(), e.emergency, "apply", "-f", e.guarded.file(replayed)); err != nil { // which lacks much
			t.Fatalf("%v\n%s", err, out)
		}
		e.sees("Namespace//replayed", "System.pocdr.dev/replayed/replayed")
		for i := 0; i < len(commits) && e.requests < budget(40); i++ {
			for _, s := range commits[i]() {
				e.try(change{s.name, e.live(either(s.before, s.after)), objectOf(s.after)}, true)
			}
		}
	})
	if t.Failed() {
		t.Logf("the seed is %d", seed)
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

// budget is how many requests are made: the environment variable PARITY says how many times as many as by default.
func budget(requests int) int {
	times, err := strconv.Atoi(os.Getenv("PARITY"))
	if err != nil {
		times = 1
	}
	return times * requests
}

// in has a part of the test ask, and says in the end how often it did. Fewer refusals than are given tell nothing.
func (e *entrances) in(t *testing.T, refused int) func() {
	g, whole := *e.guarded, e.guarded
	g.t = t
	e.guarded, e.requests, e.refused, e.different = &g, 0, 0, 0
	return func() {
		t.Logf("%d requests, of which %d were refused; %d differences", e.requests, e.refused, e.different)
		if e.requests < 20 || e.refused < refused {
			t.Errorf("only %d requests, %d of them refused: too few to tell anything", e.requests, e.refused)
		}
		e.guarded = whole
	}
}

// live is the object of a document as it is now; nil where there is none.
func (e *entrances) live(d *document.Document) *unstructured.Unstructured {
	o := objectOf(d)
	if o == nil || e.resource(e.past, o) == nil {
		return nil
	}
	now, err := e.resource(e.past, o).Get(e.t.Context(), o.GetName(), metav1.GetOptions{})
	if err != nil {
		return nil
	}
	return now
}

func objectOf(d *document.Document) *unstructured.Unstructured {
	if d == nil {
		return nil
	}
	return (&unstructured.Unstructured{Object: d.Value().(map[string]any)}).DeepCopy()
}
