package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pocdr.dev/pocdr/report"
)

var reference = kept{report.Generated, ".md"}

// TestDocs writes a folder, finds what differs from it, and leaves alone what somebody else wrote.
func TestDocs(t *testing.T) {
	dir := t.TempDir()
	page := func(text string) string { return report.Generated + "\n\n" + text }
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	stale := func(files map[string]string, mend bool) []string {
		t.Helper()
		list, err := reference.stale(dir, files, mend)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			list[i] = strings.TrimPrefix(list[i], dir+string(filepath.Separator))
		}
		return list
	}
	expect := func(got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("stale is %q, not %q", got, want)
		}
	}

	files := map[string]string{"README.md": page("all"), "intake/declared.md": page("one"), "gate/scanned.md": page("two")}
	expect(stale(files, false), "README.md: missing", "gate/scanned.md: missing", "intake/declared.md: missing")
	stale(files, true)
	expect(stale(files, false))

	write("README.md", page("edited"))
	write("intake/notes.md", "# Notes\n")
	delete(files, "intake/declared.md")
	delete(files, "gate/scanned.md")
	expect(stale(files, false), "README.md: not up to date", "gate/scanned.md: no longer needed", "intake/declared.md: no longer needed")
	stale(files, true)
	expect(stale(files, false))
	if _, err := os.Stat(filepath.Join(dir, "intake/notes.md")); err != nil {
		t.Error("removed a file that it did not write")
	}
	if _, err := os.Stat(filepath.Join(dir, "gate")); err == nil {
		t.Error("left an empty folder")
	}

	write("README.md", "# Mine\n")
	if _, err := reference.stale(dir, files, true); err == nil {
		t.Error("overwrote a file that it did not write")
	}
	if list, err := reference.stale(filepath.Join(dir, "nowhere"), files, false); err != nil || len(list) != 1 {
		t.Errorf("a missing folder is %v, %v", list, err)
	}
}

// TestPages keeps the marked regions of pages up to date: as a check finds them stale, and as a run mends them.
func TestPages(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "method.md")
	if err := os.WriteFile(page, []byte("# Mine\n\n<!-- pocdr docs: chart -->\n<!-- /pocdr docs -->\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	docs := func(more ...string) (string, error) {
		var out strings.Builder
		cmd := newDocs()
		cmd.SetOut(&out)
		cmd.SetArgs(append([]string{filepath.Join(dir, "checks"), "--into", page}, more...))
		err := cmd.Execute()
		return out.String(), err
	}
	if out, err := docs("--check"); err == nil || !strings.Contains(out, page+": not up to date") {
		t.Errorf("a stale page gives %q, %v", out, err)
	}
	if _, err := docs(); err != nil {
		t.Fatal(err)
	}
	if out, err := docs("--check"); err != nil {
		t.Errorf("a page just written gives %q, %v", out, err)
	}
	text, err := os.ReadFile(page)
	if want := "](checks/intake/replicated.md)"; err != nil || !strings.Contains(string(text), want) {
		t.Errorf("the page has no %s: %v", want, err)
	}
}
