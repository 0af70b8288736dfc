package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/report"
)

func newMaturity() *cobra.Command {
	var j judging
	var least int
	cmd := &cobra.Command{
		Use:   "maturity [PATH]",
		Short: "Show the chart of maturity, and what to do next",
		Long: `Maturity computes the level of every system that the repository at PATH (default: here) declares: the chart of
principles by levels, the level of the system and of each principle, and the checks that keep it from the next level.

A level read from a repository is a level as seen from git: what only a cluster, the history or signed evidence can show is unknown, and unknown is not met.

Exit status: 0, 1 where a system is below --min-level, 2 where there is no answer.`,
		Example: `  pocdr maturity examples/payments
  pocdr maturity --min-level 2
  pocdr maturity --rev v1.4.0 -o json | jq '.systems[] | {name, level}'`,
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if least < 0 || least > engine.Highest {
				return fmt.Errorf("--min-level %d: a level from 0 to %d", least, engine.Highest)
			}
			r, err := j.run(cmd, pathOf(args), report.Chart)
			if err == nil && below(r, least) {
				err = errFindings
			}
			return err
		},
	}
	j.flags(cmd)
	cmd.Flags().IntVar(&least, "min-level", 0, "exit with 1 where a system's level is below this `LEVEL`")
	return cmd
}

func below(r *report.Report, least int) bool {
	for _, s := range r.Systems {
		if s.Level < least {
			return true
		}
	}
	return false
}
