package engine

import (
	"cmp"
	"context"
	"runtime"
	"sync"
	"sync/atomic"

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
	seen    map[string]*ast.Term // by transition: what it sees; nil where it sees nothing
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

func (p *Policies) stand(ctx context.Context, s *Snapshot, earlier *standing, other *program.Kept) *standing {
	differs := s.differs(earlier)
	now := &standing{snapshot: s, seen: map[string]*ast.Term{}, judgement: p.rejudge(ctx, s, earlier, differs, other)}
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
	return s.judgement.kept
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

// look gives what a transition sees of the system as it stands; nil where it sees nothing.
func (s *standing) look(ctx context.Context, id string, q *query, p *Policies) (*ast.Term, error) {
	if s == nil || q == nil {
		return nil, nil
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	if seen, known := s.seen[id]; known {
		return seen, nil
	}
	out, err := q.once(ctx, s.snapshot.input, p.Limit, s.kept())
	if err != nil {
		return nil, err
	}
	var seen *ast.Term
	if values := out.(ast.Set).Slice(); len(values) == 1 {
		seen = values[0]
	}
	s.seen[id] = seen
	return seen, nil
}
