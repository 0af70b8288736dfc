package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPipeline(t *testing.T) {
	content := []byte("on: push\njobs:\n  test:\n    steps:\n    - run: make\n")
	for _, file := range []string{".github/workflows/ci.yaml", ".gitlab-ci.yml"} {
		documents, unread := Read(file, content, DefaultBounds)
		if len(documents) != 1 || len(unread) != 0 {
			t.Fatalf("%s: %v, %v", file, documents, unread)
		}
		want := map[string]any{"file": file, "pipeline": map[string]any{
			"on": "push", "jobs": map[string]any{"test": map[string]any{"steps": []any{map[string]any{"run": "make"}}}},
		}}
		if diff := cmp.Diff(want, documents[0].Value()); diff != "" {
			t.Error(diff)
		}
		id := documents[0].ID
		places := Locate(file, content, DefaultBounds, map[string][]Path{id: {nil, {"pipeline"}, {"pipeline", "jobs", "test"}, {"pipeline", "jobs", "test", "steps", int64(0), "run"}, {"file"}}})[id]
		if diff := cmp.Diff([]Place{{1, 1}, {1, 1}, {3, 3}, {5, 7}, {1, 1}}, places); diff != "" {
			t.Error(diff)
		}
	}
}

// TestPipelineDigest holds that two files of the same text are not taken for the same value.
func TestPipelineDigest(t *testing.T) {
	text := []byte("on: push\n")
	a, _ := Read(".github/workflows/a.yaml", text, DefaultBounds)
	b, _ := Read(".github/workflows/b.yaml", text, DefaultBounds)
	if a[0].Digest == b[0].Digest {
		t.Error("files of different names have one digest")
	}
}
