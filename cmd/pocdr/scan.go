package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/report"
)

func newScan() *cobra.Command {
	var j judging
	var failOn, base string
	var all bool
	cmd := &cobra.Command{
		Use:   "scan [PATH]",
		Short: "Find what is wrong in a repository, with file and line",
		Long: `Scan judges every system that the repository at PATH (default: here) declares, and lists what is not met.
A repository without a System is judged as one undeclared system that holds all its workloads.

With --base, the change from that revision to PATH (or to --rev) is decided on, as an admission webhook decides on a request. It is refused
where an invariant that held no longer holds; where, at or below a system's floor (its requiredLevel before the change), what was met is
not met any more, a changed object newly fails, or a rule about changes is broken; and where it turns the switch to a release that the floor
does not admit. Going back, and nothing with it, is always allowed. Only what is new is shown. Where the base has moved on, give --base "$(git merge-base origin/main HEAD)".

A folder of policies for conftest (deny, violation and warn over one object) can be given to --policy as it is. Each of its rules is a check without a level: what is
denied counts whatever the requiredLevel, what is warned of does not. See policies/README.md.

Exit status: 0 where no check at or below the system's requiredLevel fails or is unknown, 1 where one does, 2 where there
is no answer; with --base, 0 where the change is allowed and 1 where it is refused.`,
		Example: `  pocdr scan
  pocdr scan --rev origin/main --fail-on 2
  pocdr scan --base origin/main
  pocdr scan -o text -o sarif=pocdr.sarif -o markdown=comment.md
  pocdr scan --policy policies/ --params pocdr-params.yaml
  pocdr scan --policy conftest/policy/`,
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case base != "" && failOn != "":
				return errors.New("--fail-on is for what stands; with --base a change is allowed or refused")
			case base == "" && all:
				return errors.New("--all goes with --base; without it, all is shown")
			case base != "":
				return j.scanChange(cmd, pathOf(args), base, all)
			}
			fails, err := failing(failOn)
			if err != nil {
				return err
			}
			r, err := j.run(cmd, pathOf(args), report.Findings)
			if err == nil && fails(r) {
				err = errFindings
			}
			return err
		},
	}
	j.flags(cmd)
	cmd.Flags().StringVar(&base, "base", "", "decide on the change from this git revision, `REV`: what it breaks, what it mends, and whether it is refused")
	cmd.Flags().BoolVar(&all, "all", false, "with --base: show what was not met before and is not now, too")
	cmd.Flags().StringVar(&j.entrance, "entrance", string(engine.CI), "whose `VIEW` is judged: ci (all that the repository holds) or admission (what a cluster's API server sees of it)")
	cmd.Flags().StringVar(&failOn, "fail-on", "", "exit with 1 where a check up to this `LEVEL` is not met, or with any, where anything is not (default: the system's requiredLevel)")
	return cmd
}

// scanChange decides on a change; one that is refused is a finding.
func (j *judging) scanChange(cmd *cobra.Command, path, base string, all bool) error {
	d, err := j.change(cmd, path, base, all)
	if err == nil && !d.Allowed {
		err = errFindings
	}
	return err
}

func pathOf(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

// failing tells which reports end with exit status 1.
func failing(failOn string) (func(*report.Report) bool, error) {
	limit := func(s report.System) int { return s.RequiredLevel }
	if failOn != "" && failOn != "any" {
		level, err := strconv.Atoi(failOn)
		if err != nil || level < 0 || level > engine.Highest {
			return nil, fmt.Errorf("--fail-on %s: a level from 0 to %d, or any", failOn, engine.Highest)
		}
		limit = func(report.System) int { return level }
	}
	return func(r *report.Report) bool {
		for _, s := range r.Systems {
			for id, outcome := range s.Checks {
				if (outcome == engine.Fail || outcome == engine.Unknown) && (failOn == "any" || r.Check(id).Binds(limit(s))) {
					return true
				}
			}
		}
		return false
	}, nil
}
