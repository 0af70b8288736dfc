package admission

import (
	"context"
	"sync"
	"time"

	"pocdr.dev/pocdr/engine"
)

// State is what is known of a cluster: facts, not objects. It may be used from several goroutines.
type State struct {
	policies *engine.Policies
	params   map[string]map[string]any

	pending sync.Mutex
	changes map[string]engine.Replacement // by document: what is to be put into the view
	seen    time.Time                     // when the last change came

	judging sync.Mutex
	judged  *engine.Judged
}

// NewState starts a state in which nothing is known. params override parameters of checks.
func NewState(p *engine.Policies, params map[string]map[string]any) *State {
	v := p.NewView()
	v.Entrance = engine.Admission
	return StateOf(v, p, params)
}

// StateOf starts a state in which all of a view is known.
func StateOf(v *engine.View, p *engine.Policies, params map[string]map[string]any) *State {
	return &State{policies: p, params: params, changes: map[string]engine.Replacement{}, judged: &engine.Judged{View: v}}
}

// Replace takes in that a document is another one now, or is no more. It is judged when somebody asks.
func (s *State) Replace(r engine.Replacement) {
	s.pending.Lock()
	defer s.pending.Unlock()
	s.changes[r.Document], s.seen = r, time.Now()
}

// Judged is the state as it is known now, judged as of a moment. What has not changed since it was last asked for is not judged again.
func (s *State) Judged(ctx context.Context, asOf time.Time) (*engine.Judged, error) {
	s.judging.Lock()
	defer s.judging.Unlock()
	view := s.judged.View
	if changes := s.take(); len(changes) > 0 {
		view = view.With(ctx, changes...)
	}
	earlier := s.judged
	if earlier.Settings.AsOf.Equal(asOf) && earlier.View == view {
		return earlier, nil
	}
	judged, err := s.policies.JudgeAll(ctx, view, engine.Settings{AsOf: asOf, Params: s.params}, earlier)
	if err != nil {
		s.judged = &engine.Judged{View: view} // what was taken in stays; what was cut off is judged anew
		return nil, err
	}
	s.judged = judged
	return judged, nil
}

// take empties what is pending, in the order of the documents.
func (s *State) take() []engine.Replacement {
	s.pending.Lock()
	defer s.pending.Unlock()
	changes := make([]engine.Replacement, 0, len(s.changes))
	for _, id := range sortedKeys(s.changes) {
		changes = append(changes, s.changes[id])
	}
	clear(s.changes)
	return changes
}
