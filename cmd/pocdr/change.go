package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/report"
)

// change decides what leads from the revision base to the source at path, and writes the decision.
func (j *judging) change(cmd *cobra.Command, path, base string, all bool) (*report.Decision, error) {
	outputs, err := j.parseOutputs()
	if err != nil {
		return nil, err
	}
	p, settings, err := j.prepare()
	if err != nil {
		return nil, err
	}
	c, err := j.decide(cmd.Context(), p, settings, path, base, newProgress(cmd.ErrOrStderr(), j.quiet))
	if err != nil {
		return nil, err
	}
	d := report.NewDecision(p, c.Decision, c.before.side(), c.after.side())
	for _, o := range outputs {
		if err := o.write(cmd, d, report.Options{All: all}, j); err != nil {
			return nil, err
		}
	}
	unread := make([]report.Unread, len(d.Unread))
	for i, u := range d.Unread {
		unread[i] = u.Unread
	}
	return d, j.complain(d.Errors, unread)
}

// decided is the decision on a change, and what was read for it.
type decided struct {
	*engine.Decision
	before, after *reading
}

func (j *judging) decide(ctx context.Context, p *engine.Policies, settings engine.Settings, path, base string, progress *progress) (*decided, error) {
	before, err := j.readSide(ctx, p, path, base, nil, progress)
	if err != nil {
		return nil, err
	}
	after, err := j.readSide(ctx, p, path, j.rev, before, progress)
	if err != nil {
		return nil, err
	}
	if before.empty() && after.empty() {
		return nil, fmt.Errorf("%s: nothing to judge: no Kubernetes object and no CQL file, neither before the change nor after it", path)
	}
	judgedBefore, err := p.JudgeAll(ctx, before.view, settings, nil)
	if err != nil {
		return nil, err
	}
	judgedAfter, err := p.JudgeAll(ctx, after.view, settings, judgedBefore)
	if err != nil {
		return nil, err
	}
	served, err := j.served(ctx, p, before, path, base, progress)
	if err != nil {
		return nil, err
	}
	d := p.Decide(ctx, judgedBefore, judgedAfter, engine.Request{Operations: operations(before, after), Served: served})
	if j.system != "" {
		if err := j.find(judgedBefore, judgedAfter); err != nil {
			return nil, err
		}
		d = d.Only(j.system)
	}
	return &decided{d, before, after}, nil
}

// find asks that there is the system that --system names, before the change or after it.
func (j *judging) find(before, after *engine.Judged) error {
	var names []string
	for _, judgement := range slices.Concat(before.Judgements(), after.Judgements()) {
		names = append(names, judgement.System)
	}
	if slices.Contains(names, j.system) {
		return nil
	}
	slices.Sort(names)
	return j.unknown(slices.Compact(names), after.View.Unread)
}

func (r *reading) side() report.Side {
	return report.Side{View: r.view, Source: r.source, Content: r.content}
}

// operations are what applying the change would do, one for each document, in the order of their ids. An object whose file can
// no longer be read is not deleted.
func operations(before, after *reading) []engine.Operation {
	ids := engine.Differing(before.view, after.view)
	old, new := before.documents(ids), after.documents(ids)
	unread := map[string]bool{}
	for _, u := range after.view.Unread {
		unread[u.File] = true
	}
	var all []engine.Operation
	for _, id := range ids {
		if old[id] != nil && new[id] == nil && unread[old[id].File] {
			continue
		}
		if o, differs := engine.NewOperation(old[id], new[id]); differs {
			all = append(all, o)
		}
	}
	return all
}
