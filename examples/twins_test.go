package examples_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path"
	"slices"
	"testing"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// TestTwins puts a twin beside each document of the example: an object with all that it says under another name, a file with the same statements. That is
// redundant, or wrong, and judged as such; but no policy errs because of it, neither before the twin is there, nor when it comes, nor when either goes.
func TestTwins(t *testing.T) {
	p := compile(t)
	example := open(t, p, payments)
	for _, id := range slices.Sorted(maps.Keys(example.documents)) {
		one := example.documents[id]
		other := twin(t, one)
		if other == nil {
			continue
		}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			both := with(t, p, example.judged, p.Replace(t.Context(), *other))
			alone := with(t, p, both, engine.Replacement{Document: one.ID})
			for name, c := range map[string]struct {
				before, after *engine.Judged
				from, to      *document.Document
			}{
				"the twin comes":  {example.judged, both, nil, other},
				"the twin goes":   {both, example.judged, other, nil},
				"the first goes":  {both, alone, one, nil},
				"the first comes": {alone, both, nil, one},
			} {
				operation, _ := engine.NewOperation(c.from, c.to)
				for _, f := range p.Decide(t.Context(), c.before, c.after, engine.Request{Operations: []engine.Operation{operation}}).Faults {
					t.Errorf("%s: %s: %s", name, f.Policy, f.Message)
				}
			}
		})
	}
}

func with(t *testing.T, p *engine.Policies, before *engine.Judged, r engine.Replacement) *engine.Judged {
	t.Helper()
	judged, err := p.JudgeAll(t.Context(), before.View.With(t.Context(), r), before.Settings, before)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range judged.View.Faults {
		t.Errorf("%s: %s", f.Policy, f.Message)
	}
	for _, j := range judged.Judgements() {
		for _, f := range j.Faults {
			t.Errorf("%s: %s", f.Policy, f.Message)
		}
	}
	return judged
}

// twin is a document that says the same; nil where it is in a format of which there can be no other.
func twin(t *testing.T, d *document.Document) *document.Document {
	t.Helper()
	switch d.Format {
	case document.CQL:
		text, err := os.ReadFile(path.Join(payments, d.File))
		read, _ := document.Read(path.Join(path.Dir(d.File), "000-twin.cql"), text, document.DefaultBounds)
		if err != nil || len(read) != 1 {
			t.Fatal(len(read), err)
		}
		return &read[0]
	case document.Kubernetes:
		var value map[string]any
		text, err := json.Marshal(d.Value())
		if err := errors.Join(err, json.Unmarshal(text, &value)); err != nil {
			t.Fatal(err)
		}
		value["metadata"].(map[string]any)["name"] = d.Object.Name + "-twin"
		if d.Object.Kind == "KafkaTopic" { // which names the topic after itself, unless it says otherwise
			value["spec"].(map[string]any)["topicName"] = d.Object.Name
		}
		other, err := document.OfObject(value, "twin of "+d.ID)
		if err != nil {
			t.Fatal(err)
		}
		other.File = path.Join(path.Dir(d.File), "twin.yaml")
		return &other
	}
	return nil
}
