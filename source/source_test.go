package source_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/source"
	"pocdr.dev/pocdr/source/dir"
	"pocdr.dev/pocdr/source/git"
)

const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: %}\n"

func write(t *testing.T, root, name, content string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func named(name string) string { return strings.Replace(pod, "%", name, 1) }

// run runs git as a person would, with nothing of this machine's configuration.
func run(t *testing.T, root string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func commit(t *testing.T, root string) string {
	t.Helper()
	run(t, root, "add", "-A")
	run(t, root, "commit", "-qm", "x")
	return run(t, root, "rev-parse", "HEAD")
}

func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	run(t, root, "init", "-q", "-b", "main")
	return root
}

// read gives the ids of a tree's documents, in order, and what is unread as file: message.
func read(t *testing.T, tree source.Tree) (ids, unread []string) {
	t.Helper()
	contents, err := source.Open(context.Background(), tree, document.DefaultBounds)
	if err != nil {
		t.Fatal(err)
	}
	type result struct{ ids, unread []string }
	files, err := source.Each(context.Background(), contents, func(documents []document.Document, faults []document.Unread) (result, error) {
		var r result
		for _, d := range documents {
			r.ids = append(r.ids, d.File+" "+d.ID)
		}
		for _, u := range faults {
			r.unread = append(r.unread, u.File+": "+u.Message)
		}
		return r, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range contents.Unread {
		unread = append(unread, u.File+": "+u.Message)
	}
	for _, f := range files {
		ids, unread = append(ids, f.ids...), append(unread, f.unread...)
	}
	slices.Sort(unread)
	return ids, unread
}

func openDir(t *testing.T, root string) source.Tree {
	t.Helper()
	tree, err := dir.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree
}

func openGit(t *testing.T, root, revision string) source.Tree {
	t.Helper()
	tree, err := git.Open(root, revision)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// TestSameFromBoth reads one tree from its directory and from its commit.
func TestSameFromBoth(t *testing.T) {
	root := repository(t)
	write(t, root, "b/two.yaml", named("two")+"---\n"+named("three"))
	write(t, root, "a.yaml", named("one"))
	write(t, root, "broken.yaml", "a: [")
	write(t, root, "README.md", "hello")
	write(t, root, "chart/Chart.yaml", "name: x\n")
	write(t, root, "chart/values.yaml", "a: 1\n")
	write(t, root, "chart/templates/x.yaml", "{{ if }}\n")
	write(t, root, "chart/templates/deep/y.yaml", "{{ if }}\n")
	write(t, root, "base/kustomization.yaml", "resources: [x.yaml]\n")
	write(t, root, "base/x.yaml", named("base"))
	write(t, root, "overlay/kustomization.yaml", "resources: [../base]\nnamespace: prod\npatches:\n- path: p.yaml\npatchesStrategicMerge: [q.yaml]\n")
	write(t, root, "overlay/p.yaml", named("base"))
	write(t, root, "overlay/q.yaml", named("base"))
	for link, target := range map[string]string{"inside.yaml": "a.yaml", "etc": "/etc", "b/up.yaml": "../../x.yaml", "README": "README.md"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	commit(t, root)

	wantIDs := []string{
		"a.yaml Pod/default/one", "b/two.yaml Pod/default/two", "b/two.yaml Pod/default/three",
		"base/x.yaml Pod/default/base", "chart/Chart.yaml file:chart/Chart.yaml", "chart/values.yaml file:chart/values.yaml",
	}
	wantUnread := []string{
		"b/up.yaml: " + source.LinkFault,
		"broken.yaml: did not find expected node content",
		"chart/Chart.yaml: a Helm chart: its 2 templates are no Kubernetes YAML until they are rendered; scan the output of `helm template`",
		"etc: " + source.LinkFault,
		"overlay/kustomization.yaml: a kustomization that changes what it lists (namespace, patches): its result is not known until it is built; scan the output of `kustomize build`",
	}
	for name, tree := range map[string]source.Tree{"directory": openDir(t, root), "revision": openGit(t, root, "HEAD")} {
		t.Run(name, func(t *testing.T) {
			ids, unread := read(t, tree)
			if diff := cmp.Diff(wantIDs, ids); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(wantUnread, unread); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRevision(t *testing.T) {
	root := repository(t)
	write(t, root, "sub/a.yaml", named("old"))
	first := commit(t, root)
	run(t, root, "tag", "-a", "v1", "-m", "v1")
	write(t, root, "sub/a.yaml", named("new"))
	commit(t, root)
	write(t, root, "sub/a.yaml", "not committed: [")
	for _, revision := range []string{first, first[:10], "HEAD~1", "v1", "main^"} {
		if ids, _ := read(t, openGit(t, root, revision)); !slices.Equal(ids, []string{"sub/a.yaml Pod/default/old"}) {
			t.Errorf("%s: %v", revision, ids)
		}
	}
	if ids, _ := read(t, openGit(t, filepath.Join(root, "sub"), "HEAD")); !slices.Equal(ids, []string{"a.yaml Pod/default/new"}) {
		t.Errorf("a folder of a revision: %v", ids)
	}
	bare := filepath.Join(t.TempDir(), "bare.git")
	run(t, root, "clone", "-q", "--bare", ".", bare)
	if !git.IsBare(bare) || git.IsBare(root) {
		t.Error("which of the two is bare?")
	}
	if ids, _ := read(t, openGit(t, bare, "HEAD")); !slices.Equal(ids, []string{"sub/a.yaml Pod/default/new"}) {
		t.Errorf("a bare repository: %v", ids)
	}
	work := filepath.Join(t.TempDir(), "work")
	run(t, root, "worktree", "add", "-q", work, "v1")
	if ids, _ := read(t, openGit(t, work, "HEAD")); !slices.Equal(ids, []string{"sub/a.yaml Pod/default/old"}) {
		t.Errorf("a linked work tree: %v", ids)
	}
}

func TestNoRevision(t *testing.T) {
	root := repository(t)
	for where, want := range map[string]string{
		root:        `there is no revision "HEAD" in this repository`,
		t.TempDir(): "no git repository here or above",
	} {
		if _, err := git.Open(where, "HEAD"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	write(t, root, "a.yaml", named("x"))
	commit(t, root)
	if _, err := git.Open(root, "nope"); err == nil || !strings.Contains(err.Error(), `there is no revision "nope"`) {
		t.Error(err)
	}
}

// TestMissingObjects reads clones that lack objects: what is missing is unread, and said.
func TestMissingObjects(t *testing.T) {
	root := repository(t)
	write(t, root, "a.yaml", named("a"))
	write(t, root, "b/b.yaml", named("b"))
	commit(t, root)
	write(t, root, "a.yaml", named("c"))
	commit(t, root)
	run(t, root, "config", "uploadpack.allowFilter", "true")

	shallow := filepath.Join(t.TempDir(), "shallow")
	run(t, root, "clone", "-q", "--depth=1", "file://"+root, shallow)
	if ids, unread := read(t, openGit(t, shallow, "HEAD")); len(ids) != 2 || unread != nil {
		t.Errorf("a shallow clone has all of its last commit: %v %v", ids, unread)
	}
	if _, err := git.Open(shallow, "HEAD~1"); err == nil {
		t.Error("a shallow clone has no earlier commit")
	}
	partial := filepath.Join(t.TempDir(), "partial")
	run(t, root, "clone", "-q", "--no-checkout", "--filter=blob:none", "file://"+root, partial)
	ids, unread := read(t, openGit(t, partial, "HEAD"))
	want := []string{": 2 objects of the revision are not in this clone (shallow or partial); fetch them, or scan a full clone"}
	if diff := cmp.Diff(want, unread); diff != "" || ids != nil {
		t.Error(ids, diff)
	}
}

// TestSpecialFiles meets a pipe and a closed folder. No folder is closed to root, so root runs it as somebody else.
func TestSpecialFiles(t *testing.T) {
	if os.Geteuid() == 0 {
		asNobody(t)
		return
	}
	root := t.TempDir()
	write(t, root, "a.yaml", named("a"))
	write(t, root, "closed/b.yaml", named("b"))
	if err := syscall.Mkfifo(filepath.Join(root, "pipe.yaml"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(root, "closed"), 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(root, "closed"), 0o755)
	ids, unread := read(t, openDir(t, root))
	want := []string{"closed: cannot be read: permission denied", "pipe.yaml: is no regular file but a named pipe"}
	if diff := cmp.Diff(want, unread); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(ids, []string{"a.yaml Pod/default/a"}) {
		t.Error(ids)
	}
	if _, err := dir.Open(filepath.Join(root, "nothing")); err == nil {
		t.Error("a folder that is not there was opened")
	}
}

// asNobody runs the calling test once more, in a process of a user without rights.
func asNobody(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	binary := filepath.Join(home, "test")
	text, err := os.ReadFile(os.Args[0])
	if err == nil {
		err = os.WriteFile(binary, text, 0o755)
	}
	for dir := home; err == nil && dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		err = os.Chmod(dir, 0o777)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = home, append(os.Environ(), "TMPDIR="+home)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestEndless reads a file that is larger than any bound, without reading it.
func TestEndless(t *testing.T) {
	root := t.TempDir()
	write(t, root, "a.yaml", "")
	if err := os.Truncate(filepath.Join(root, "a.yaml"), 100<<30); err != nil {
		t.Skip("this file system has no sparse files:", err)
	}
	_, unread := read(t, openDir(t, root))
	if want := []string{"a.yaml: 107374182400 bytes; a file of more than 16777216 is not read"}; !slices.Equal(unread, want) {
		t.Error(unread)
	}
}

func TestOwners(t *testing.T) {
	root := t.TempDir()
	write(t, root, "CODEOWNERS", "* @all\n")
	write(t, root, ".github/CODEOWNERS", "/a/ @team\n")
	contents, err := source.Open(context.Background(), openDir(t, root), document.DefaultBounds)
	if err != nil {
		t.Fatal(err)
	}
	owners, err := contents.Owners()
	if err != nil {
		t.Fatal(err)
	}
	if owners.File != ".github/CODEOWNERS" || !slices.Equal(owners.Of("a/x.yaml"), []string{"@team"}) || owners.Of("b") != nil {
		t.Error(owners.File, owners.Of("a/x.yaml"), owners.Of("b"))
	}
}
