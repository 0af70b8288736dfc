package engine

import (
	"cmp"
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"golang.org/x/sync/errgroup"

	"pocdr.dev/pocdr/engine/program"
)

// Judged is a view with what the checks say of each of its systems.
type Judged struct {
	View     *View
	Settings Settings
	systems  []*standing
}

// standing is one system of a judged view.
type standing struct {
	snapshot  *Snapshot
	judgement *Judgement

	looking sync.Mutex
	known   *program.Kept    // what policies came to know of the snapshot
	seen    map[string]sight // by rule about changes; another map once more is seen
}

// sight is what a rule about changes sees of a system; nil where it sees nothing.
type sight struct {
	seen *ast.Term
	err  error
}

// JudgeAll judges every system of a view, on all cores. Where a judgement of an earlier view is at hand, only those checks
// are asked again that read what differs.
func (p *Policies) JudgeAll(ctx context.Context, v *View, settings Settings, earlier *Judged) (*Judged, error) {
	settings = p.complete(settings)
	snapshots := v.snapshots(settings, earlier)
	all := &Judged{View: v, Settings: settings, systems: make([]*standing, len(snapshots))}
	var next atomic.Int64
	var group errgroup.Group
	judge := func() error {
		var last *standing // of the systems that are judged here, one after the other
		for i := int(next.Add(1)) - 1; i < len(snapshots) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
			last = p.stand(ctx, snapshots[i], earlier.find(snapshots[i].Name), last.kept())
			all.systems[i] = last
		}
		return ctx.Err()
	}
	for range min(runtime.GOMAXPROCS(0), len(snapshots)) - 1 {
		group.Go(judge)
	}
	err := judge()
	return all, cmp.Or(group.Wait(), err)
}

// restate judges the view before a change as if what is declared after it had been declared then. So what a change declares is no way to
// break what is declared by it: a System holds what it claims as soon as it claims it, and so does what is left when one is taken away.
func (p *Policies) restate(ctx context.Context, before, after *Judged) *Judged {
	v := before.View.declaring(ctx, after.View)
	if v == before.View {
		return nil
	}
	all := &Judged{View: v, Settings: p.complete(before.Settings)}
	for _, s := range v.snapshots(all.Settings, after) {
		all.systems = append(all.systems, p.stand(ctx, s, after.find(s.Name), nil))
	}
	return all
}

// without judges a view as if some documents had never been there; nil where it is none.
func (p *Policies) without(ctx context.Context, all *Judged, documents map[string]bool) *Judged {
	if len(documents) == 0 {
		return nil
	}
	var gone []Replacement
	for id := range documents {
		gone = append(gone, Replacement{Document: id})
	}
	bare, err := p.JudgeAll(ctx, all.View.With(ctx, gone...), all.Settings, all)
	if err != nil { // there was no time, and so there is none for a decision
		return nil
	}
	return bare
}

// stand judges one system. What is known of it as it stood before, or of another one, is taken over where it is the same.
func (p *Policies) stand(ctx context.Context, s *Snapshot, earlier *standing, other *program.Kept) *standing {
	differs, evaluation := s.differs(earlier), newEvaluation(s.input, earlier.kept(), other)
	now := &standing{snapshot: s, seen: map[string]sight{}, judgement: p.rejudge(ctx, s, earlier, differs, evaluation)}
	now.known = evaluation.keep()
	if earlier == nil {
		return now
	}
	earlier.looking.Lock()
	defer earlier.looking.Unlock()
	for _, t := range p.Transitions {
		if seen, known := earlier.seen[t.ID]; known && !differs(t) {
			now.seen[t.ID] = seen
		}
	}
	return now
}

// kept is what policies came to know of the system.
func (s *standing) kept() *program.Kept {
	if s == nil {
		return nil
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	return s.known
}

// find is the standing of a system; nil where there is none.
func (j *Judged) find(name string) *standing {
	if j == nil {
		return nil
	}
	for _, s := range j.systems {
		if s.snapshot.Name == name {
			return s
		}
	}
	return nil
}

// At is the same view as it is judged through another entrance, from which the same can be seen.
func (j *Judged) At(ctx context.Context, e Entrance, earlier *Judged) (*Judged, error) {
	v := *j.View
	v.Entrance = e
	return j.View.policies.JudgeAll(ctx, &v, j.Settings, earlier)
}

// Renewed is the same for other versions of documents that say what was said before.
func (j *Judged) Renewed(replaced ...Replacement) *Judged {
	v := *j.View
	v.sources = v.sources.fork()
	for _, r := range replaced {
		if old := v.sources.get(r.Document); old != nil && r.Facts != nil {
			v.sources.set(r.Document, r.Facts.keeping(old))
		}
	}
	return &Judged{View: &v, Settings: j.Settings, systems: j.systems}
}

// Judgements are those of all systems, in the order of their names.
func (j *Judged) Judgements() []*Judgement {
	out := make([]*Judgement, len(j.systems))
	for i, s := range j.systems {
		out[i] = s.judgement
	}
	return out
}

// look gives what each rule about changes sees of the system as it stands. What is known of it as it stood before is taken over where it is the same.
func (s *standing) look(ctx context.Context, p *Policies, earlier *program.Kept) map[string]sight {
	if s == nil {
		return nil
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	var unseen []string
	for id := range p.looks {
		if was, known := s.seen[id]; !known || was.err != nil {
			unseen = append(unseen, id)
		}
	}
	if len(unseen) == 0 {
		return s.seen
	}
	slices.Sort(unseen)
	evaluation := newEvaluation(s.snapshot.input, s.known, earlier)
	s.seen = maps.Clone(s.seen)
	for _, id := range unseen {
		s.seen[id] = p.looks[id].see(ctx, evaluation, p.Limit)
	}
	s.known = evaluation.keep()
	return s.seen
}

func (q *query) see(ctx context.Context, e *evaluation, limit time.Duration) sight {
	out, err := q.run(ctx, e, limit)
	if err != nil {
		return sight{err: err}
	}
	if values := out.(ast.Set).Slice(); len(values) == 1 {
		return sight{seen: values[0]}
	}
	return sight{}
}
