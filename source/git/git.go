// Package git reads the files of a git revision from the object database, without a checkout.
package git

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/source"
)

// Tree is a folder of a revision.
type Tree struct {
	Revision string // full hash of the commit

	repository string // where it is opened
	folder     string // inside of the revision; empty for all of it
	partial    bool   // objects may be missing by design
	borrows    bool   // see borrows
}

// AbsentError says that objects of a revision are not in this clone, so that nothing can be said of the revision.
type AbsentError struct {
	Revision string
	Files    []string // the files and folders that they are, sorted
	Partial  bool     // they were left out when it was cloned
	Borrowed bool     // they may be in another clone, which this one borrows from
}

func (e *AbsentError) Error() string {
	const most = 3
	names := make([]string, 0, most)
	for _, name := range e.Files[:min(most, len(e.Files))] {
		names = append(names, strconv.Quote(name))
	}
	what := strings.Join(names, ", ")
	if more := len(e.Files) - most; more > 0 {
		what += fmt.Sprintf(" and %d more", more)
	}
	next := "missing or damaged: 'git fsck' says more, and a new clone mends it"
	switch {
	case e.Partial:
		next = "not in this partial clone: fetch all with 'git fetch --refetch --no-filter', or clone without a filter"
	case e.Borrowed:
		next = borrowed
	}
	return fmt.Sprintf("revision %.12s cannot be read in full, so there is no answer. Of its files and folders, some are %s. They are %s", e.Revision, next, what)
}

// ErrNoFolder says that a revision does not have the folder that was named.
var ErrNoFolder = errors.New("no folder")

// Open finds the revision in the repository that name is in. Where name is a folder of a work tree, the tree is that folder of the revision.
func Open(name, revision string) (*Tree, error) {
	repository, folder, err := open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: no git repository here or above%s", name, because(err))
	}
	if !namesCommit(revision) {
		return nil, fmt.Errorf("%s: revision %q: name a commit: a branch, a tag, a hash or HEAD, with ~ or ^ for what was before it; a folder of it is named by PATH", name, revision)
	}
	hash, err := repository.ResolveRevision(referred(repository, revision))
	if err != nil {
		return nil, fmt.Errorf("%s: there is no revision %q in this repository%s%s", name, revision, because(err), elsewhere(repository))
	}
	if _, err := repository.CommitObject(*hash); err != nil {
		return nil, fmt.Errorf("%s: revision %q is no commit that can be read: %w%s", name, revision, err, elsewhere(repository))
	}
	config, err := repository.Config()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	partial := config.Raw.Section("extensions").Option("partialclone") != ""
	for _, remote := range config.Raw.Section("remote").Subsections {
		partial = partial || remote.Option("promisor") == "true"
	}
	return &Tree{Revision: hash.String(), repository: name, folder: folder, partial: partial, borrows: borrows(repository)}, nil
}

// IsBare tells whether name is a bare repository: one that has revisions only.
func IsBare(name string) bool {
	repository, err := git.PlainOpen(name)
	if err != nil {
		return false
	}
	_, err = repository.Worktree()
	return errors.Is(err, git.ErrIsBareRepository)
}

func open(name string) (*git.Repository, string, error) {
	repository, err := git.PlainOpenWithOptions(name, &git.PlainOpenOptions{EnableDotGitCommonDir: true})
	if err != nil {
		repository, err = git.PlainOpenWithOptions(name, &git.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
	}
	if err != nil {
		return nil, "", err
	}
	work, err := repository.Worktree()
	if errors.Is(err, git.ErrIsBareRepository) {
		return repository, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	full, err := filepath.Abs(name)
	if err == nil {
		full, err = filepath.EvalSymlinks(full)
	}
	if err != nil {
		return nil, "", err
	}
	root, err := filepath.EvalSymlinks(work.Filesystem.Root())
	if err != nil {
		return nil, "", err
	}
	folder, err := filepath.Rel(root, full)
	if folder == "." {
		folder = ""
	}
	return repository, filepath.ToSlash(folder), err
}

// List lists the files of the revision. Submodules and links that lead out of the tree are unread. Where objects of what would be read are missing, the error is an AbsentError.
func (t *Tree) List(ctx context.Context) ([]source.File, []document.Unread, error) {
	repository, _, err := open(t.repository)
	if err != nil {
		return nil, nil, err
	}
	commit, err := repository.CommitObject(plumbing.NewHash(t.Revision))
	if err != nil {
		return nil, nil, err
	}
	tree, err := t.root(repository, commit)
	if err != nil {
		return nil, nil, err
	}
	l := &listing{ctx: ctx, repository: repository, root: tree}
	if err := l.walk(tree, ""); err != nil {
		return nil, nil, err
	}
	l.follow()
	if len(l.absent) > 0 {
		return nil, nil, t.absent(l.absent)
	}
	return l.files, l.unread, nil
}

// root is the folder of the revision that is the tree.
func (t *Tree) root(repository *git.Repository, commit *object.Commit) (*object.Tree, error) {
	tree, err := commit.Tree()
	if err == nil && t.folder != "" {
		tree, err = folder(repository, tree, t.folder)
	}
	switch {
	case errors.Is(err, plumbing.ErrObjectNotFound):
		return nil, t.absent([]string{path.Join(".", t.folder)})
	case errors.Is(err, object.ErrEntryNotFound), errors.Is(err, object.ErrDirectoryNotFound):
		return nil, fmt.Errorf("revision %s has %w %q", t.Revision[:12], ErrNoFolder, t.folder)
	case err != nil:
		return nil, fmt.Errorf("revision %s has no folder %q that can be read: %w", t.Revision[:12], t.folder, err)
	}
	return tree, nil
}

// folder is a folder of a tree. The library's own way there calls a missing object a folder that is not there.
func folder(repository *git.Repository, tree *object.Tree, name string) (*object.Tree, error) {
	entry, err := tree.FindEntry(name)
	if err != nil {
		return nil, err
	}
	return repository.TreeObject(entry.Hash)
}

func (t *Tree) absent(names []string) error {
	slices.Sort(names)
	return &AbsentError{t.Revision, names, t.partial, t.borrows}
}

// listing is the state of listing one revision.
type listing struct {
	ctx        context.Context
	repository *git.Repository
	root       *object.Tree
	files      []source.File
	links      []string
	unread     []document.Unread
	absent     []string
}

func (l *listing) walk(tree *object.Tree, dir string) error {
	for _, entry := range tree.Entries {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		if err := l.entry(entry, path.Join(dir, entry.Name)); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) entry(entry object.TreeEntry, name string) error {
	switch entry.Mode {
	case filemode.Dir:
		tree, err := l.repository.TreeObject(entry.Hash)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			l.absent = append(l.absent, name)
			return nil
		}
		if err != nil {
			return err
		}
		return l.walk(tree, name)
	case filemode.Submodule:
		l.unread = append(l.unread, source.Unlisted(name, "is a submodule, and is not read; scan its own repository"))
	case filemode.Symlink:
		l.links = append(l.links, name)
	default:
		l.file(entry, name)
	}
	return nil
}

func (l *listing) file(entry object.TreeEntry, name string) {
	if !source.Wanted(name) {
		return
	}
	size, err := l.repository.Storer.EncodedObjectSize(entry.Hash)
	if err != nil {
		l.absent = append(l.absent, name)
		return
	}
	l.files = append(l.files, source.File{Path: name, Size: size, Key: entry.Hash.String()})
}

// follow says which links lead elsewhere than to what is read where it stands.
func (l *listing) follow() {
	for _, name := range l.links {
		if fault := source.Follow(name, l.at); fault != "" {
			l.unread = append(l.unread, source.Unlisted(name, fault))
		}
	}
}

// at tells what stands at a path; see source.Follow.
func (l *listing) at(name string) (source.Entry, string) {
	entry, err := l.root.FindEntry(name)
	if err != nil {
		return source.Nothing, ""
	}
	switch entry.Mode {
	case filemode.Dir, filemode.Submodule:
		return source.Folder, ""
	case filemode.Symlink:
		target, err := blob(l.repository, entry.Hash)
		if err != nil {
			l.absent = append(l.absent, name)
			return source.Nothing, ""
		}
		return source.Link, string(target)
	}
	return source.Regular, ""
}

// Reader opens the repository anew: one is not safe for several goroutines.
func (t *Tree) Reader() (source.Reader, error) {
	repository, _, err := open(t.repository)
	return reader{repository}, err
}

type reader struct{ repository *git.Repository }

// Read reads the blob of a file.
func (r reader) Read(f source.File) ([]byte, error) {
	return blob(r.repository, plumbing.NewHash(f.Key))
}

func blob(repository *git.Repository, hash plumbing.Hash) ([]byte, error) {
	b, err := repository.BlobObject(hash)
	if err != nil {
		return nil, err
	}
	r, err := b.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
