package git_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pocdr.dev/pocdr/source/git"
)

// repository is a work tree whose commits are an hour apart.
type repository struct {
	*testing.T
	root string
	now  time.Time
}

func newRepository(t *testing.T) *repository {
	r := &repository{t, t.TempDir(), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	r.run("init", "-q", "-b", "main")
	return r
}

// run runs git with nothing of this machine's configuration.
func (r *repository) run(args ...string) {
	r.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.root
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org", "GIT_COMMITTER_DATE="+r.now.Format(time.RFC3339))
	if out, err := cmd.CombinedOutput(); err != nil {
		r.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// commit writes a file and commits it; without text it removes the file.
func (r *repository) commit(file, text string) {
	r.Helper()
	r.now = r.now.Add(time.Hour)
	full := filepath.Join(r.root, file)
	err := os.RemoveAll(full)
	if text != "" && err == nil {
		if err = os.MkdirAll(filepath.Dir(full), 0o755); err == nil {
			err = os.WriteFile(full, []byte(text), 0o644)
		}
	}
	if err != nil {
		r.Fatal(err)
	}
	r.run("add", "-A")
	r.run("commit", "-q", "--allow-empty", "-m", "x")
}

// earlier is what Earlier tells, as "content until hour", up to so many contents.
func earlier(t *testing.T, name, file string, commits, contents int) []string {
	t.Helper()
	tree, err := git.Open(name, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	err = tree.Earlier(file, commits, func(content []byte, revision string, until time.Time) bool {
		if content == nil {
			told = append(told, "not there until "+until.UTC().Format("15h"))
			return true
		}
		if shown, err := exec.Command("git", "-C", name, "show", revision+":./"+file).Output(); err != nil || !bytes.Equal(shown, content) {
			t.Errorf("revision %s has %q there, not %q: %v", revision, shown, content, err)
		}
		told = append(told, string(content)+" until "+until.UTC().Format("15h"))
		return len(told) < contents
	})
	if err != nil {
		t.Fatal(err)
	}
	return told
}

func TestEarlier(t *testing.T) {
	r := newRepository(t)
	r.commit("a/f", "one")   // 01h
	r.commit("other", "x")   // 02h
	r.commit("a/f", "two")   // 03h
	r.commit("other", "y")   // 04h
	r.commit("a/f", "one")   // 05h
	r.commit("a/f", "three") // 06h
	shallow := filepath.Join(t.TempDir(), "shallow")
	r.run("clone", "-q", "--depth=2", "file://"+r.root, shallow)
	all := []string{"one until 06h", "two until 05h", "one until 03h"}
	for _, c := range []struct {
		name, root, file  string
		commits, contents int
		want              []string
	}{
		{"all of it", r.root, "a/f", 100, 100, all},
		{"as many contents as are asked for", r.root, "a/f", 100, 2, all[:2]},
		{"as many commits as are asked for", r.root, "a/f", 2, 100, all[:2]},
		{"no commit", r.root, "a/f", 0, 100, nil},
		{"of a folder", filepath.Join(r.root, "a"), "f", 100, 100, all},
		{"a clone that has no more", shallow, "a/f", 100, 100, all[:1]},
		{"a file that is not there", r.root, "a/g", 100, 100, nil},
		{"a file in no folder", r.root, "b/f", 100, 100, nil},
		{"a folder", r.root, "other/f", 100, 100, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := earlier(t, c.root, c.file, c.commits, c.contents); !slices.Equal(got, c.want) {
				t.Errorf("told %q, not %q", got, c.want)
			}
		})
	}
}

// TestEarlierElsewhere follows no file to where it stood before, and no branch but the first.
func TestEarlierElsewhere(t *testing.T) {
	r := newRepository(t)
	r.commit("old", "one") // 01h
	r.run("mv", "old", "new")
	r.commit("new", "one") // 02h
	r.commit("new", "two") // 03h
	if got := earlier(t, r.root, "new", 100, 100); !slices.Equal(got, []string{"one until 03h", "not there until 02h"}) {
		t.Errorf("a file that moved: %q", got)
	}
	r.commit("new", "")      // 04h
	r.commit("new", "three") // 05h
	if got := earlier(t, r.root, "new", 100, 100); !slices.Equal(got, []string{"not there until 05h"}) {
		t.Errorf("a file that was gone for a while: %q", got)
	}
	r.run("checkout", "-q", "-b", "branch")
	r.commit("new", "on the branch") // 06h
	r.commit("new", "merged")        // 07h
	r.run("checkout", "-q", "main")
	r.commit("other", "x") // 08h
	r.now = r.now.Add(time.Hour)
	r.run("merge", "-q", "--no-ff", "-m", "x", "branch") // 09h
	if got := earlier(t, r.root, "new", 100, 100); !slices.Equal(got, []string{"three until 09h", "not there until 05h"}) {
		t.Errorf("a merge: %q", got)
	}
}

// TestEarlierLarge ends at a content that nothing would read.
func TestEarlierLarge(t *testing.T) {
	r := newRepository(t)
	r.commit("f", "one")
	r.commit("f", strings.Repeat("x", 17<<20))
	r.commit("f", "two")
	if got := earlier(t, r.root, "f", 100, 100); got != nil {
		t.Errorf("told of %d contents", len(got))
	}
}
