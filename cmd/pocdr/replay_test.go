package main

import (
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"

	"pocdr.dev/pocdr/document"
)

// A public GitOps repository, up to a commit of it. The environment variable PARITY_REPOSITORY names another place where it is to be had.
const (
	repositoryURL    = "https://github.com/operate-first/apps"
	repositoryCommit = "34402be8f720c55cc59f59ac1ec5ae92226bfaa7"
)

// replayed is what the repository's objects come into: one namespace in production, and a System that holds them to the first level.
const replayed = `apiVersion: v1
kind: Namespace
metadata: {name: replayed, labels: {pocdr.dev/environment: production}}
---
apiVersion: pocdr.dev/v1alpha1
kind: System
metadata: {name: replayed, namespace: replayed}
spec: {owners: ["@operate-first"], requiredLevel: 1, namespaces: [replayed]}
`

// repository gives the commits of the repository, the oldest first: for each, the changes of objects that it makes. Where it is not to be had, the test is skipped.
func repository(t *testing.T) []func() []step {
	t.Helper()
	folder := t.TempDir()
	git := func(args ...string) (string, error) {
		cmd := exec.Command("git", append([]string{"-C", folder}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0")
		out, err := cmd.Output()
		return string(out), err
	}
	from := repositoryURL
	if place := os.Getenv("PARITY_REPOSITORY"); place != "" {
		from = place
	}
	_, err := git("init", "-q")
	if err == nil {
		_, err = git("fetch", "-q", "--depth=200", from, repositoryCommit)
	}
	if err != nil {
		t.Skipf("%s is not to be had here, so nothing is replayed: %v", from, err)
	}
	out, err := git("log", "--first-parent", "--reverse", "--format=%H", "FETCH_HEAD")
	if err != nil {
		t.Fatal(err)
	}
	var commits []func() []step
	hashes := strings.Fields(out)
	for i := 1; i < len(hashes); i++ {
		commits = append(commits, func() []step {
			names, err := git("diff-tree", "-r", "--name-only", hashes[i-1], hashes[i])
			if err != nil {
				t.Fatal(err)
			}
			before, after := map[string]string{}, map[string]string{}
			for name := range strings.Lines(names) {
				name = strings.TrimSpace(name)
				if ext := path.Ext(name); ext == ".yaml" || ext == ".yml" {
					before[name], _ = git("show", hashes[i-1]+":"+name) // empty where it is not there
					after[name], _ = git("show", hashes[i]+":"+name)
				}
			}
			return differences(hashes[i][:8], moved(before), moved(after))
		})
	}
	return commits
}

// moved gives the objects in files as they are in the namespace that all of them come into; those that are in no namespace are left out.
func moved(files map[string]string) map[string]document.Document {
	found := map[string]document.Document{}
	for _, d := range objects(files) {
		o := objectOf(&d)
		if d.Object.Namespace == "" || o.GetKind() == "System" {
			continue
		}
		o.SetNamespace("replayed")
		if d, err := document.OfObject(o.Object, ""); err == nil {
			found[d.ID] = d
		}
	}
	return found
}
