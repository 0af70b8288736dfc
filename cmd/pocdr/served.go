package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/source/git"
)

// How far back what a switch selected before is searched for: so many commits of one file, and so many files in which the switch stood.
const (
	lookBack  = 1000
	mostFiles = 10
)

// served finds, in the history of the files that hold the switches, what each of them selected before, and what its plant ran then.
func (j *judging) served(ctx context.Context, p *engine.Policies, now *reading, path, rev string, progress *progress) (map[string]engine.Served, error) {
	found := map[string]engine.Served{}
	for _, s := range now.view.Switches() {
		served, err := j.servedBefore(ctx, p, now, path, rev, s, progress)
		if err != nil {
			return nil, fmt.Errorf("%s: the history of the switch of System %s: %w", path, s.System, err)
		}
		if served != nil {
			found[s.System] = *served
		}
	}
	return found, nil
}

// remembered is what the history of a repository tells of the switches that were read from it: from the revision that was read, or else from the
// last commit, of which the files as they lie there may be ahead. Where there is no history that can be read, nothing is remembered.
func (j *judging) remembered(ctx context.Context, p *engine.Policies, settings engine.Settings, known *reading, repo string, progress *progress) (map[string]engine.Served, error) {
	none := map[string]engine.Served{}
	rev, committed := cmp.Or(j.rev, "HEAD"), known
	if known.source.Revision == nil {
		if _, err := git.Open(repo, rev); err != nil {
			return none, nil
		}
		var err error
		var absent *git.AbsentError
		if committed, err = j.readSide(ctx, p, repo, rev, known, progress); errors.As(err, &absent) {
			return none, nil
		} else if err != nil {
			return nil, err
		}
	}
	served, err := j.served(ctx, p, committed, repo, rev, progress)
	if err == nil {
		maps.Copy(served, committed.view.Turned(known.view, settings.AsOf))
	}
	return served, err
}

// servedBefore finds it for one switch; nil where the history does not tell. Where the switch stood in another file before, it goes on with that one.
func (j *judging) servedBefore(ctx context.Context, p *engine.Policies, now *reading, path, rev string, s engine.Switch, progress *progress) (*engine.Served, error) {
	d := now.documents([]string{s.Document})[s.Document]
	if d == nil {
		return nil, nil
	}
	selected, _ := s.Value(*d)
	for files := 0; d != nil && files < mostFiles; files++ {
		tree, err := git.Open(path, rev)
		if err != nil {
			return nil, err
		}
		last, err := turned(tree, d.File, s, selected)
		if err != nil || last == nil {
			return nil, err
		}
		then, err := j.readSide(ctx, p, path, last.revision, now, progress)
		var absent *git.AbsentError
		switch {
		case errors.As(err, &absent) && last.value == "":
			return nil, nil
		case errors.As(err, &absent): // what the plant ran then is not known
			return &engine.Served{Value: last.value, Until: last.until}, nil
		case err != nil:
			return nil, err
		}
		value := last.value
		if d = then.documents([]string{s.Document})[s.Document]; d != nil && value == "" {
			value, _ = s.Value(*d)
		}
		if value != "" && value != selected {
			return &engine.Served{Value: value, Until: last.until, Release: then.view.Release(s.System, value)}, nil
		}
		rev = last.revision
	}
	return nil, nil
}

// selection is the last revision in which a switch had another value, or did not stand in its file: the value is empty then.
type selection struct {
	value, revision string
	until           time.Time
}

// turned walks the history of a file that holds a switch to where the switch is not as it is now; nil where the history ends before.
func turned(tree *git.Tree, file string, s engine.Switch, selected string) (last *selection, err error) {
	err = tree.Earlier(file, lookBack, func(content []byte, revision string, until time.Time) bool {
		value, known := "", true
		if content != nil {
			value, known = valueIn(file, content, s)
		}
		if known && value != selected {
			last = &selection{value, revision, until}
		}
		return last == nil
	})
	return last, err
}

// valueIn is what a switch has in the content of a file; empty where it is not in it, and false where that cannot be told.
func valueIn(file string, content []byte, s engine.Switch) (string, bool) {
	documents, unread := document.Read(file, content, document.DefaultBounds)
	for _, d := range documents {
		if d.ID == s.Document {
			return s.Value(d)
		}
	}
	return "", len(unread) == 0
}
