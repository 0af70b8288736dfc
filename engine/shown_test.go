package engine_test

import (
	"encoding/json"
	"testing"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// TestAlike changes an object in one place, and asks whether that is known to change no fact.
func TestAlike(t *testing.T) {
	shipped := mustCompile(t, nil)
	curious := mustCompile(t, map[string]string{
		"a.rego": "# METADATA\n# custom:\n#   reads: [{format: kubernetes, group: apps, kinds: [Deployment]}]\n#   emits: [log]\npackage acme.bedrock.x\n\nfacts := set()",
	})
	workload := func(kind, version string) fields {
		return fields{"apiVersion": version, "kind": kind, "metadata": fields{"name": "a", "namespace": "n", "resourceVersion": "1"}, "spec": fields{"template": fields{}}}
	}
	metadata := func(name string, value any) func(fields) {
		return func(o fields) { o["metadata"].(fields)[name] = value }
	}
	for name, c := range map[string]struct {
		policies *engine.Policies
		object   fields
		change   func(fields)
		alike    bool
	}{
		"nothing":                         {shipped, workload("Deployment", "apps/v1"), func(fields) {}, true},
		"what the API server keeps":       {shipped, workload("Deployment", "apps/v1"), metadata("resourceVersion", "2"), true},
		"its status":                      {shipped, workload("Deployment", "apps/v1"), func(o fields) { o["status"] = fields{"replicas": int64(3)} }, true},
		"an annotation":                   {shipped, workload("Deployment", "apps/v1"), metadata("annotations", fields{"note": "x"}), true},
		"an annotation that breaks glass": {shipped, workload("Deployment", "apps/v1"), metadata("annotations", fields{"pocdr.dev/break-glass-reason": "x"}), false},
		"annotations that are none":       {shipped, workload("Deployment", "apps/v1"), metadata("annotations", "x"), false},
		"a label":                         {shipped, workload("Deployment", "apps/v1"), metadata("labels", fields{"note": "x"}), false},
		"its specification":               {shipped, workload("Deployment", "apps/v1"), func(o fields) { o["spec"].(fields)["replicas"] = int64(2) }, false},
		"another version of its kind":     {shipped, workload("Deployment", "apps/v1"), func(o fields) { o["apiVersion"] = "apps/v2" }, false},
		"an annotation of a pod":          {shipped, workload("Pod", "v1"), metadata("annotations", fields{"note": "x"}), false},
		"an adapter that reads any":       {curious, workload("Deployment", "apps/v1"), metadata("annotations", fields{"note": "x"}), false},
		"a declaration":                   {shipped, fields{"apiVersion": "pocdr.dev/v1alpha1", "kind": "Profile", "metadata": fields{"name": "a"}, "spec": fields{}}, metadata("annotations", fields{"note": "x"}), false},
	} {
		t.Run(name, func(t *testing.T) {
			before := read(t, c.object)
			view := c.policies.NewView()
			view.Add(c.policies.Replace(t.Context(), before).Facts)
			view.Join(t.Context())
			c.change(c.object)
			after := read(t, c.object)
			if alike := c.policies.Alike(before, after); alike != c.alike {
				t.Errorf("alike: %v", alike)
			}
			if c.alike && view.With(t.Context(), c.policies.Replace(t.Context(), after)) != view {
				t.Error("it has other facts")
			}
		})
	}
}

type fields = map[string]any

// read makes a document of a copy of an object.
func read(t *testing.T, object fields) document.Document {
	t.Helper()
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	d, err := document.ReadObject(text, document.DefaultBounds)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
