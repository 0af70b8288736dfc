package admission

import (
	"context"
	"maps"
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

	judging sync.Mutex
	judged  *engine.Judged
	served  map[string]engine.Served // by system: what its switch was seen to select before
	changed chan struct{}            // holds something when there is something to take in
}

// NewState starts a state in which nothing is known. params override parameters of checks.
func NewState(p *engine.Policies, params map[string]map[string]any) *State {
	v := p.NewView()
	v.Entrance = engine.Admission
	return StateOf(v, p, params, map[string]engine.Served{})
}

// StateOf starts a state in which all of a view is known, and what its switches selected before.
func StateOf(v *engine.View, p *engine.Policies, params map[string]map[string]any, served map[string]engine.Served) *State {
	return &State{policies: p, params: params, changes: map[string]engine.Replacement{}, judged: &engine.Judged{View: v}, served: served, changed: make(chan struct{}, 1)}
}

// Replace takes in that a document is another one now, or is no more. It is judged when somebody asks.
func (s *State) Replace(r engine.Replacement) {
	s.pending.Lock()
	defer s.pending.Unlock()
	s.changes[r.Document] = r
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// Changed tells that something was taken in since it last told.
func (s *State) Changed() <-chan struct{} { return s.changed }

// Follow takes in what changes, every so often, until the context ends. A replica that nobody asks is to be as ready as one that is: what it put off would
// grow for as long as nobody asks, and be in the way of the first who does.
func (s *State) Follow(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			_, _ = s.Judged(ctx, now.Truncate(time.Second)) // who asks is told what is wrong
		}
	}
}

// Judged is the state as it is known now, judged as of a moment. What has not changed since it was last asked for is not judged again. It is
// everybody's: who asks first may have little time left, or give up, and what was cut off for that would be unknown to all who ask later.
func (s *State) Judged(ctx context.Context, asOf time.Time) (*engine.Judged, error) {
	s.judging.Lock()
	defer s.judging.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	view := s.judged.View
	if changes := s.take(); len(changes) > 0 {
		if view = view.With(ctx, changes...); view == s.judged.View {
			s.judged = s.judged.Renewed(changes...)
			view = s.judged.View
		}
		maps.Copy(s.served, s.judged.View.Turned(view, asOf))
	}
	earlier := s.judged
	if earlier.Settings.AsOf.Equal(asOf) && earlier.View == view {
		return earlier, nil
	}
	judged, err := s.policies.JudgeAll(ctx, view, engine.Settings{AsOf: asOf, Params: s.params}, earlier)
	if err != nil { // nothing but the end of its context ends it, and this one has none
		return nil, err
	}
	s.judged = judged
	return judged, nil
}

// Holds tells whether a document is known.
func (s *State) Holds(id string) bool {
	s.pending.Lock()
	change, pending := s.changes[id]
	s.pending.Unlock()
	if pending {
		return change.Facts != nil
	}
	s.judging.Lock()
	defer s.judging.Unlock()
	_, _, held := s.judged.View.Source(id)
	return held
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

// Served is what switches selected before the values that they have in a view, which is what is known or was made of it: what was seen of it,
// and else what the Systems' status remembers.
func (s *State) Served(known *engine.Judged, view *engine.View) map[string]engine.Served {
	s.judging.Lock()
	defer s.judging.Unlock()
	all := view.Served(known.Settings.AsOf)
	maps.Copy(all, s.served)
	maps.Copy(all, known.View.Turned(view, known.Settings.AsOf))
	return all
}
