package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/report"
)

func newExplain() *cobra.Command {
	var j judging
	cmd := &cobra.Command{
		Use:   "explain [CHECK]",
		Short: "Say what a check asks, why, and how to meet it",
		Long:  `Explain prints the page of a check. Without a check it lists all of them, by principle and level.`,
		Example: `  pocdr explain
  pocdr explain intake/replicated`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := j.compile()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return report.Catalogue(cmd.OutOrStdout(), p)
			}
			check := p.Check(args[0])
			if check == nil {
				return fmt.Errorf("there is no check %q%s; 'pocdr explain' lists them", args[0], similar(p, args[0]))
			}
			return report.Page(cmd.OutOrStdout(), p, check)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			p, err := j.compile()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			var ids []string
			for _, c := range p.Checks {
				ids = append(ids, c.ID+"\t"+c.Title)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().StringArrayVar(&j.policies, "policy", nil, policyUsage)
	return cmd
}

// similar suggests the checks whose name holds the last part of what was asked for.
func similar(p *engine.Policies, asked string) string {
	_, name, found := strings.Cut(asked, "/")
	if !found {
		name = asked
	}
	var ids []string
	for _, c := range p.Checks {
		if strings.Contains(c.ID, name) {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(ids, ", ") + "?"
}
