package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/report"
)

func newDocs() *cobra.Command {
	var j judging
	var check bool
	var pages []string
	cmd := &cobra.Command{
		Use:   "docs DIR",
		Short: "Write the reference of all checks and facts, as Markdown",
		Long: `Docs writes what METADATA says of the policies to DIR: README.md with all checks by principle and level, a page for each
check and each rule about changes, and facts.md. Pages that it wrote before and that are no longer needed are removed; files of anybody else are left alone. With --into, the regions that a page of one's own
marks are made anew as well, from <!-- pocdr docs: NAME --> to <!-- /pocdr docs -->. NAME is principles, levels, chart, waiting (the
checks that cannot be judged yet), or "sentence" and a principle.

Exit status: 0, 1 where --check finds a file that is not up to date, 2 where there is no answer.`,
		Example: `  pocdr docs docs/checks
  pocdr docs docs/checks --policy policies/ --check
  pocdr docs docs/checks --into docs/method.md`,
		Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := j.compile()
			if err != nil {
				return err
			}
			stale, err := staleReference(p, args[0], pages, !check)
			if err != nil || !check || len(stale) == 0 {
				return err
			}
			if _, err := fmt.Fprintln(cmd.OutOrStdout(), strings.Join(stale, "\n")); err != nil {
				return err
			}
			return errFindings
		},
	}
	cmd.Flags().StringArrayVar(&j.policies, "policy", nil, policyUsage)
	cmd.Flags().StringArrayVar(&pages, "into", nil, "a Markdown page with marked regions (repeatable)")
	cmd.Flags().BoolVar(&check, "check", false, "write nothing; list the files that are not up to date")
	return cmd
}

// staleReference finds what differs from the reference of policies in its folder and in the regions of pages, and mends it if asked to.
func staleReference(p *engine.Policies, folder string, pages []string, mend bool) ([]string, error) {
	if mend {
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return nil, err
		}
	}
	stale, err := staleDocs(folder, report.Reference(p), mend)
	for _, name := range pages {
		if err != nil {
			return nil, err
		}
		var differs bool
		if differs, err = stalePage(p, name, folder, mend); differs {
			stale = append(stale, name+": not up to date")
		}
	}
	return stale, err
}

// stalePage tells whether a region of a page differs from what it should hold.
func stalePage(p *engine.Policies, name, folder string, mend bool) (bool, error) {
	have, err := os.ReadFile(name)
	if err != nil {
		return false, err
	}
	reference, err := filepath.Rel(filepath.Dir(name), folder)
	if err != nil {
		return false, fmt.Errorf("%s cannot lead to %s: %w", name, folder, err)
	}
	want, err := report.Regions(p, string(have), filepath.ToSlash(reference))
	if err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	if want == string(have) {
		return false, nil
	}
	if !mend {
		return true, nil
	}
	return true, os.WriteFile(name, []byte(want), 0o666)
}

// staleDocs finds what differs between the folder and what it should hold, and mends it if asked to.
func staleDocs(name string, files map[string]string, mend bool) ([]string, error) {
	dir, err := os.OpenRoot(name)
	if errors.Is(err, fs.ErrNotExist) {
		return []string{name + ": missing"}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = dir.Close() }() // nothing is open for writing
	var stale []string
	for _, file := range slices.Sorted(maps.Keys(files)) {
		fault, err := staleDoc(dir, file, files[file], mend)
		if err != nil {
			return nil, err
		}
		if fault != "" {
			stale = append(stale, filepath.Join(name, file)+": "+fault)
		}
	}
	left, err := leftDocs(dir, files)
	for _, file := range left {
		stale = append(stale, filepath.Join(name, file)+": no longer needed")
		if mend && err == nil {
			err = dir.Remove(file)
			_ = dir.Remove(path.Dir(file)) // where it was the last one
		}
	}
	return stale, err
}

// staleDoc tells what is wrong with one file; empty where it is up to date.
func staleDoc(dir *os.Root, file, want string, mend bool) (string, error) {
	fault := "not up to date"
	have, err := dir.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fault = "missing"
	case err != nil:
		return "", err
	case string(have) == want:
		return "", nil
	case !generated(have):
		return "", fmt.Errorf("%s was not written by this command, and would be overwritten", filepath.Join(dir.Name(), file))
	}
	if !mend {
		return fault, nil
	}
	if err := dir.MkdirAll(path.Dir(file), 0o777); err != nil {
		return "", err
	}
	return fault, dir.WriteFile(file, []byte(want), 0o666)
}

// leftDocs finds the files that an earlier run wrote and that are no longer needed.
func leftDocs(dir *os.Root, files map[string]string) ([]string, error) {
	var left []string
	err := fs.WalkDir(dir.FS(), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || path.Ext(file) != ".md" {
			return err
		}
		if _, wanted := files[file]; wanted {
			return nil
		}
		text, err := dir.ReadFile(file)
		if err == nil && generated(text) {
			left = append(left, file)
		}
		return err
	})
	return left, err
}

// generated tells whether this command wrote a file: its first line says so.
func generated(text []byte) bool {
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimRight(line, "\r") == report.Generated
}
