package main

import (
	"fmt"
	"os"
	"path/filepath"
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
	stale, err := kept{report.Generated, ".md"}.stale(folder, report.Reference(p), mend)
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
