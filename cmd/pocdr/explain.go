package main

import (
	"github.com/spf13/cobra"

	"pocdr.dev/pocdr/report"
)

func newExplain() *cobra.Command {
	var j judging
	cmd := &cobra.Command{
		Use:   "explain [CHECK]",
		Short: "Say what a check or a rule about changes asks, why, and how to meet it",
		Long: `Explain prints the page of a check, or of a rule about changes (transitions/NAME). Without one it lists all of them: checks by
principle and level, then the rules about changes.`,
		Example: `  pocdr explain
  pocdr explain intake/replicated
  pocdr explain transitions/switch-alone`,
		Args: arguments(0, 1),
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
				return p.NoCheck(args[0])
			}
			return report.Page(cmd.OutOrStdout(), p, check)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			p, err := j.compile()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			var ids []string
			for _, c := range p.Rules() {
				ids = append(ids, c.ID+"\t"+c.Title)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().StringArrayVar(&j.policies, "policy", nil, policyUsage)
	return cmd
}
