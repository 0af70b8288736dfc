package git

import (
	"errors"
	"path"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"pocdr.dev/pocdr/document"
)

// Earlier walks what a file held before it got the content that it has in the revision: from one first parent to the next, the
// latest first, with the last revision that had each content, and the time of the commit that ended it. It stops where visit says so, after a number
// of commits, where the clone has no more, and where the file was not there, which it says by no content: it may have stood elsewhere.
func (t *Tree) Earlier(file string, commits int, visit func(content []byte, revision string, until time.Time) (more bool)) error {
	repository, _, err := open(t.repository)
	if err != nil {
		return err
	}
	commit, err := repository.CommitObject(plumbing.NewHash(t.Revision))
	if err != nil {
		return err
	}
	name := path.Join(t.folder, file)
	entry, err := entryOf(commit, name)
	for range commits {
		if err != nil || commit.NumParents() == 0 {
			break
		}
		until := commit.Committer.When
		var before plumbing.Hash
		if commit, err = commit.Parent(0); err != nil {
			break
		}
		if before, err = entryOf(commit, name); errors.Is(err, object.ErrEntryNotFound) || errors.Is(err, object.ErrDirectoryNotFound) {
			visit(nil, commit.Hash.String(), until)
		}
		if err != nil || before == entry {
			continue
		}
		entry = before
		if size, err := repository.Storer.EncodedObjectSize(entry); err != nil || size > document.DefaultBounds.FileBytes {
			return ended(err)
		}
		content, err := blob(repository, entry)
		if err != nil || !visit(content, commit.Hash.String(), until) {
			return ended(err)
		}
	}
	return ended(err)
}

func entryOf(commit *object.Commit, name string) (plumbing.Hash, error) {
	tree, err := commit.Tree()
	if err != nil {
		return plumbing.ZeroHash, err
	}
	entry, err := tree.FindEntry(name)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return entry.Hash, nil
}

// ended makes the end of what is known no error.
func ended(err error) error {
	for _, end := range []error{plumbing.ErrObjectNotFound, object.ErrEntryNotFound, object.ErrDirectoryNotFound, object.ErrParentNotFound, object.ErrFileNotFound} {
		if errors.Is(err, end) {
			return nil
		}
	}
	return err
}
