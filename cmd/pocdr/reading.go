package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/report"
	"pocdr.dev/pocdr/source"
	"pocdr.dev/pocdr/source/dir"
	"pocdr.dev/pocdr/source/git"
)

// reading is a source that was read: its files, and the view of what they say.
type reading struct {
	source   report.Source
	contents *source.Contents
	files    []derived // by the files of contents
	view     *engine.View
	content  report.Content
}

// read reads the source at path: the files as they lie there or, with a revision, a commit. A bare repository has only
// revisions. What an earlier reading of the same policies knows is not derived again.
func (j *judging) read(ctx context.Context, p *engine.Policies, path, rev string, earlier *reading, progress *progress) (*reading, error) {
	tree, src, err := open(path, rev)
	if err != nil {
		return nil, err
	}
	contents, err := source.Open(ctx, tree, document.DefaultBounds)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return j.readContents(ctx, p, src, contents, earlier, progress)
}

// readSide reads one side of a change, as read does. A folder that a revision does not have is empty there: the change makes it, or takes it away.
func (j *judging) readSide(ctx context.Context, p *engine.Policies, path, rev string, earlier *reading, progress *progress) (*reading, error) {
	r, err := j.read(ctx, p, path, rev, earlier, progress)
	if !errors.Is(err, git.ErrNoFolder) {
		return r, err
	}
	tree, src, err := open(path, rev)
	if err != nil {
		return nil, err
	}
	return j.readContents(ctx, p, src, &source.Contents{Tree: tree, Bounds: document.DefaultBounds}, earlier, progress)
}

func (j *judging) readContents(ctx context.Context, p *engine.Policies, src report.Source, contents *source.Contents, earlier *reading, progress *progress) (*reading, error) {
	reader, err := contents.Tree.Reader()
	if err != nil {
		return nil, err
	}
	r := &reading{source: src, contents: contents, view: p.NewView()}
	r.view.Entrance = engine.Entrance(j.entrance)
	r.content = func(name string) ([]byte, bool) {
		file, ok := contents.Find(name)
		if !ok {
			return nil, false
		}
		text, fault := contents.Content(reader, file)
		return text, fault == ""
	}
	if err := r.fill(ctx, p, earlier, progress); err != nil {
		return nil, err
	}
	return r, j.setProfile(r.view)
}

// open opens a directory, or a revision of the repository that it is in.
func open(path, rev string) (source.Tree, report.Source, error) {
	if rev == "" && git.IsBare(path) {
		rev = "HEAD"
	}
	if rev == "" {
		tree, err := dir.Open(path)
		return tree, report.Source{Path: path}, err
	}
	tree, err := git.Open(path, rev)
	if err != nil {
		return nil, report.Source{}, err
	}
	return tree, report.Source{Path: path, Revision: &tree.Revision}, nil
}

// derived is what the documents of one file say.
type derived struct {
	facts  []*engine.Facts
	unread []document.Unread
	faults []engine.Fault
}

// fill reads all documents, on all cores, and joins their facts.
func (r *reading) fill(ctx context.Context, p *engine.Policies, earlier *reading, progress *progress) error {
	progress.start(len(r.contents.Files))
	defer progress.stop()
	if err := r.deriveAll(ctx, p, earlier, progress); err != nil {
		return err
	}
	owners, err := r.contents.Owners()
	if err != nil {
		return err
	}
	v := r.view
	v.Unread = append(v.Unread, r.contents.Unread...)
	for _, d := range r.files {
		v.Unread, v.Faults = append(v.Unread, d.unread...), append(v.Faults, d.faults...)
		for _, facts := range d.facts {
			v.Add(facts)
		}
	}
	v.Own(ctx, owners.File, owners.Of)
	v.Join(ctx)
	return nil
}

// deriveAll reads each file, unless an earlier reading holds it with the same content under the same name.
func (r *reading) deriveAll(ctx context.Context, p *engine.Policies, earlier *reading, progress *progress) error {
	r.files = make([]derived, len(r.contents.Files))
	rest := *r.contents
	rest.Files = nil
	var at []int
	for i, file := range r.contents.Files {
		if d, same := earlier.same(file); same {
			r.files[i] = d
			progress.step()
			continue
		}
		rest.Files, at = append(rest.Files, file), append(at, i)
	}
	found, err := source.Each(ctx, &rest, func(documents []document.Document, unread []document.Unread) (derived, error) {
		d := derived{unread: unread}
		for _, document := range documents {
			if !r.view.Entrance.Sees(document.Format) {
				continue
			}
			facts, unread, faults := earlier.derive(ctx, p, document)
			d.unread, d.faults = append(d.unread, unread...), append(d.faults, faults...)
			if facts != nil {
				d.facts = append(d.facts, facts)
			}
		}
		progress.step()
		return d, nil
	})
	for n, i := range at {
		r.files[i] = found[n]
	}
	return err
}

// same gives what this reading knows of a file, where it holds it word for word: the key of a file in a revision names its content.
func (r *reading) same(file source.File) (derived, bool) {
	if r == nil || file.Key == "" {
		return derived{}, false
	}
	i, found := slices.BinarySearchFunc(r.contents.Files, file.Path, func(f source.File, path string) int { return cmp.Compare(f.Path, path) })
	if !found || r.contents.Files[i].Key != file.Key {
		return derived{}, false
	}
	return r.files[i], true
}

// derive gives the facts of a document, those of an earlier reading where it holds the same document.
func (r *reading) derive(ctx context.Context, p *engine.Policies, d document.Document) (*engine.Facts, []document.Unread, []engine.Fault) {
	if r != nil {
		if facts := r.view.Known(d); facts != nil {
			return facts, nil, nil
		}
	}
	return p.Derive(ctx, d)
}

// empty tells whether there is nothing to judge: nothing that could be a part of a system, and nothing unread that might have been.
func (r *reading) empty() bool {
	documents := r.view.Documents()
	return documents[document.Kubernetes]+documents[document.CQL] == 0 && len(r.view.Unread) == 0
}

// documents reads documents of the view again, by id.
func (r *reading) documents(ids []string) map[string]*document.Document {
	found := map[string]*document.Document{}
	read := map[string]bool{}
	for _, id := range ids {
		file, _, known := r.view.Source(id)
		if !known || file == "" || read[file] {
			continue
		}
		read[file] = true
		content, _ := r.content(file)
		documents, _ := document.Read(file, content, document.DefaultBounds)
		for i := range documents {
			d := &documents[i]
			if first, _, _ := r.view.Source(d.ID); found[d.ID] == nil && first == file && slices.Contains(ids, d.ID) {
				found[d.ID] = d
			}
		}
	}
	return found
}
