package admission

import (
	"context"
	"testing"
	"time"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

// TestFollow leaves a state alone: what changes is taken in all the same.
func TestFollow(t *testing.T) {
	p, err := engine.Compile(engine.Tree{FS: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	s := NewState(p, nil)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { s.Follow(ctx, time.Millisecond); close(ended) }()
	d, err := document.OfObject(map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "a", "namespace": "b"}}, "1")
	if err != nil {
		t.Fatal(err)
	}
	s.Put(d)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		s.pending.Lock()
		left := len(s.changes)
		s.pending.Unlock()
		if left == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("what has changed is never taken in")
		}
	}
	stop()
	<-ended
	if !s.Holds(d.ID) {
		t.Error("what was taken in is not known")
	}
}
