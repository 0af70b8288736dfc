package git

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// ancestry is what leads from the name of a revision to a commit before it.
var ancestry = regexp.MustCompile(`(\^[012]?|~[0-9]*|\^\{(commit)?\}|\^\{/[^{}]*\})+$`)

// namesCommit tells whether a revision is one of those that are resolved as git does it. Of others, the library leaves out what it does not know.
func namesCommit(revision string) bool {
	name := ancestry.ReplaceAllString(revision, "")
	return name != "" && !strings.ContainsAny(name, ":^~?*[\\ \t\n") && !strings.Contains(name, "@{") && !strings.Contains(name, "..")
}

// referred puts the hash in the place of the name of a branch or tag. The library takes what could be the beginning of a hash for one, and git for a name.
func referred(repository *git.Repository, revision string) plumbing.Revision {
	from := ancestry.FindString(revision)
	name := strings.TrimSuffix(revision, from)
	for _, rule := range plumbing.RefRevParseRules {
		ref, err := repository.Reference(plumbing.ReferenceName(fmt.Sprintf(rule, name)), true)
		if err == nil && !plumbing.IsHash(name) {
			return plumbing.Revision(ref.Hash().String() + from)
		}
	}
	return plumbing.Revision(revision)
}

// elsewhere says what to do where a revision may lie beyond the end of a shallow clone, or in another one; empty where the clone has all that it names.
func elsewhere(repository *git.Repository) string {
	ends, err := repository.Storer.Shallow()
	switch {
	case err == nil && len(ends) > 0:
		return "; the clone is shallow, and holds the latest commits only: get the others with 'git fetch --unshallow', or clone the whole history (fetch-depth: 0 where GitHub checks it out)"
	case borrows(repository):
		return "; its objects may be " + borrowed
	}
	return ""
}

const borrowed = "in another clone, which this one borrows from (.git/objects/info/alternates) and which is not read: copy them here with 'git repack -a -d', or clone without --shared and --reference"

// borrows tells whether a clone has objects in another one.
func borrows(repository *git.Repository) bool {
	store, ok := repository.Storer.(*filesystem.Storage)
	if !ok {
		return false
	}
	_, err := store.Filesystem().Stat("objects/info/alternates")
	return err == nil
}

// because gives the cause of an error, where it tells more than that there is no such thing.
func because(err error) string {
	for _, known := range []error{git.ErrRepositoryNotExists, plumbing.ErrReferenceNotFound, plumbing.ErrObjectNotFound, io.EOF} {
		if errors.Is(err, known) {
			return ""
		}
	}
	return ": " + err.Error()
}
