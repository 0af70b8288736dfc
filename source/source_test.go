package source_test

import (
	"context"
	"errors"
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
	write(t, root, "b\xe9/\xff\n.yaml", named("latin"))
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
	for link, target := range map[string]string{
		"inside.yaml": "a.yaml", "etc": "/etc", "b/up.yaml": "../../x.yaml", "README": "README.md", "b/folder": "../base", "b/beyond.yaml": "folder/x.yaml",
		"b/above.yaml": "folder/../../a.yaml", "b/through.yaml": "folder/../a.yaml", "b/slash.yaml": "../a.yaml/", "b/text.yaml": "../README", "b/in.yaml": "../a.yaml/b",
		"b/nowhere.yaml": "gone.yaml", "b/circle.yaml": "circle.yaml", "b/nowhere.png": "gone.png", "b/root.yaml": "..", "b/dot.yaml": "./two.yaml",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	commit(t, root)

	wantIDs := []string{
		"a.yaml Pod/default/one", "b/two.yaml Pod/default/two", "b/two.yaml Pod/default/three",
		"base/x.yaml Pod/default/base", "b\xe9/\xff\n.yaml Pod/default/latin", "chart/Chart.yaml file:chart/Chart.yaml", "chart/values.yaml file:chart/values.yaml",
	}
	wantUnread := []string{
		"b/above.yaml: " + source.LinkFault,
		"b/circle.yaml: " + source.LinkFault,
		"b/in.yaml: " + source.LinkFault,
		"b/nowhere.yaml: " + source.LinkFault,
		"b/slash.yaml: " + source.LinkFault,
		"b/text.yaml: " + source.LinkRenames,
		"b/up.yaml: " + source.LinkFault,
		"broken.yaml: did not find expected node content",
		"chart/Chart.yaml: a Helm chart: 2 templates of it are no Kubernetes YAML until rendered; scan the output of `helm template`",
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

// TestElsewhere lists what lies elsewhere, in kustomizations and in charts, and what only looks as if it did.
func TestElsewhere(t *testing.T) {
	root := repository(t)
	for file, content := range map[string]string{
		"base/x.yaml": named("x"), "base/kustomization.yaml": "resources: [./x.yaml, deep/]\n",
		"base/deep/Kustomization":   "resources:\n- y.json\n- ../../plain\n",
		"base/deep/y.json":          `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "y"}}`,
		"remote/kustomization.yaml": "resources:\n- ../base\n- github.com/a/b//c?ref=v1\n- https://example.com/d.yaml\n",
		"older/kustomization.yaml":  "bases:\n- git@example.com:a/b.git\n",
		"odd/kustomization.yml":     "resources: [grants.txt, ../../beyond, gone.yaml, more, most]\n",
		"odd/grants.txt":            named("grants"),
		"plain/Chart.yaml":          "name: plain\n",
		"umbrella/Chart.yaml":       "name: umbrella\ndependencies:\n- {name: plain, repository: \"file://../plain\"}\n- {name: redis, repository: \"https://charts.example.com\"}\n",
		"old/Chart.yaml":            "name: old\n", "old/requirements.yaml": "dependencies:\n- name: redis\n",
		"vendored/Chart.yaml":              "name: vendored\ndependencies: [{name: redis, repository: \"https://charts.example.com\"}]\n",
		"vendored/charts/redis/Chart.yaml": "name: redis\n", "vendored/charts/redis/templates/x.yaml": "{{ x }}\n",
		"roles/requirements.yaml": "dependencies:\n- name: redis\n",
	} {
		write(t, root, file, content)
	}
	commit(t, root)
	want := []string{
		"odd/kustomization.yml: a kustomization that lists what is not read from here: grants.txt, ../../beyond, gone.yaml, 2 more; scan the output of `kustomize build`",
		"old/requirements.yaml: a Helm chart that takes what it installs from elsewhere: redis; scan the output of `helm template`",
		"older/kustomization.yaml: a kustomization that lists what is not read from here: git@example.com:a/b.git; scan the output of `kustomize build`",
		"remote/kustomization.yaml: a kustomization that lists what is not read from here: github.com/a/b//c?ref=v1, https://example.com/d.yaml; scan the output of `kustomize build`",
		"umbrella/Chart.yaml: a Helm chart that takes what it installs from elsewhere: redis; scan the output of `helm template`",
		"vendored/charts/redis/Chart.yaml: a Helm chart: 1 template of it is no Kubernetes YAML until rendered; scan the output of `helm template`",
	}
	lines := map[string]int{"odd/kustomization.yml": 1, "old/requirements.yaml": 2, "older/kustomization.yaml": 2, "remote/kustomization.yaml": 3, "umbrella/Chart.yaml": 4}
	for name, tree := range map[string]source.Tree{"directory": openDir(t, root), "revision": openGit(t, root, "HEAD")} {
		t.Run(name, func(t *testing.T) {
			if _, unread := read(t, tree); !slices.Equal(unread, want) {
				t.Error(cmp.Diff(want, unread))
			}
			contents, err := source.Open(t.Context(), tree, document.DefaultBounds)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range contents.Unread {
				if u.Line != lines[u.File] {
					t.Errorf("%s is said at line %d", u.File, u.Line)
				}
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

// TestMissingObjects reads clones that lack objects: of what cannot be read in full, nothing is said but what is missing and what to do.
func TestMissingObjects(t *testing.T) {
	root := repository(t)
	write(t, root, "a.yaml", named("a"))
	write(t, root, "b/b.yaml", named("b"))
	write(t, root, "b/logo.png", "not read")
	if err := os.Symlink("logo.png", filepath.Join(root, "b/link.png")); err != nil {
		t.Fatal(err)
	}
	commit(t, root)
	write(t, root, "a.yaml", named("c"))
	commit(t, root)
	run(t, root, "config", "uploadpack.allowFilter", "true")
	clone := func(options ...string) string {
		to := filepath.Join(t.TempDir(), "clone")
		run(t, root, append(append([]string{"clone", "-q"}, options...), "file://"+root, to)...)
		return to
	}

	shallow := clone("--depth=1")
	if ids, unread := read(t, openGit(t, shallow, "HEAD")); len(ids) != 2 || unread != nil {
		t.Errorf("a shallow clone has all of its last commit: %v %v", ids, unread)
	}
	for _, revision := range []string{"HEAD~1", "origin/other"} {
		if _, err := git.Open(shallow, revision); err == nil || !strings.Contains(err.Error(), "the clone is shallow") || !strings.Contains(err.Error(), "--unshallow") {
			t.Errorf("%s of a shallow clone: %v", revision, err)
		}
	}
	shared := clone("--reference", root)
	if _, err := git.Open(shared, "HEAD"); err == nil || !strings.Contains(err.Error(), "borrows from") || !strings.Contains(err.Error(), "git repack -a -d") {
		t.Errorf("a clone that borrows: %v", err)
	}
	write(t, shared, "c.yaml", named("c"))
	commit(t, shared)
	var absent *git.AbsentError
	if _, _, err := openGit(t, shared, "HEAD").List(context.Background()); !errors.As(err, &absent) || !strings.Contains(err.Error(), "borrows from") {
		t.Errorf("a commit of its own of a clone that borrows: %v", err)
	}
	run(t, shared, "repack", "-q", "-a", "-d")
	if ids, _ := read(t, openGit(t, shared, "HEAD")); len(ids) != 3 {
		t.Errorf("what the message says does not help: %v", ids)
	}
	bare := clone("--no-checkout", "--filter=blob:none")
	for _, c := range []struct {
		name, repository, folder, revision, want string
	}{
		{"no blobs", bare, "", "HEAD", `fetch all with 'git fetch --refetch --no-filter', or clone without a filter. They are "a.yaml", "b/b.yaml"`},
		{"those of what is checked out", clone("--filter=blob:none"), "", "HEAD~1", `They are "a.yaml"`},
		{"no folders", clone("--no-checkout", "--filter=tree:1"), "", "HEAD", `"b"`},
		{"no trees", clone("--no-checkout", "--filter=tree:0"), "", "HEAD", `"."`},
		{"no trees, a folder", clone("--no-checkout", "--filter=tree:1"), "b", "HEAD", `"b"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := filepath.Join(c.repository, c.folder)
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			_, _, err := openGit(t, folder, c.revision).List(context.Background())
			var absent *git.AbsentError
			if !errors.As(err, &absent) || !absent.Partial || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want %s", err, c.want)
			}
		})
	}
	run(t, bare, "fetch", "-q", "--refetch", "--no-filter")
	if ids, unread := read(t, openGit(t, bare, "HEAD~1")); len(ids) != 2 || unread != nil {
		t.Errorf("what the message says does not help: %v %v", ids, unread)
	}
	if err := os.RemoveAll(filepath.Join(root, ".git/objects", run(t, root, "rev-parse", "HEAD:b")[:2])); err != nil {
		t.Fatal(err)
	}
	if _, _, err := openGit(t, root, "HEAD").List(context.Background()); err == nil || !strings.Contains(err.Error(), `'git fsck' says more, and a new clone mends it. They are "b"`) {
		t.Errorf("a repository that is damaged: %v", err)
	}
}

// TestCommitsOnly resolves what names a commit, as git does, and refuses what the library would take for another one.
func TestCommitsOnly(t *testing.T) {
	root := repository(t)
	for _, text := range []string{"one", "two", "three"} {
		write(t, root, "sub/a.yaml", named(text))
		commit(t, root)
	}
	run(t, root, "tag", "-a", "v1.0", "-m", "v1.0", "HEAD~1")
	run(t, root, "branch", "feature/x-1.2_3", "HEAD~1")
	run(t, root, "checkout", "-q", "-b", "side", "HEAD~2")
	run(t, root, "merge", "-q", "--no-ff", "-m", "merge: it", "main")
	short := run(t, root, "rev-parse", "--short", "main") // which is a branch at another commit as well
	run(t, root, "branch", short, "main~2")
	for _, revision := range []string{short, short + "^{commit}", short[:6], "HEAD", "@", "main", "main~", "main~1", "main^", "main^1~0", "HEAD^2^", "v1.0", "v1.0^{}", "v1.0^{commit}", "feature/x-1.2_3", "HEAD^0", "HEAD^{/merge: it}"} {
		tree, err := git.Open(root, revision)
		if want := run(t, root, "-c", "core.warnAmbiguousRefs=false", "rev-parse", revision+"^{commit}"); err != nil || tree.Revision != want {
			t.Errorf("%s: %v, not %s: %v", revision, tree, want, err)
		}
	}
	for _, revision := range []string{"HEAD:sub", ":/two", "HEAD^{tree}", "HEAD@{1}", "main@{upstream}", "@{-1}", "main..side", "HEAD^3", "^main", ""} {
		if tree, err := git.Open(root, revision); err == nil || !strings.Contains(err.Error(), "name a commit") {
			t.Errorf("%s: %v, %v", revision, tree, err)
		}
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
