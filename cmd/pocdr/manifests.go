package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pocdr.dev/pocdr/webhook/manifests"
)

func newManifests() *cobra.Command {
	var j judging
	var check bool
	cmd := &cobra.Command{
		Use:   "manifests DIR",
		Short: "Write what a cluster needs to run the webhook, as a kustomize base",
		Long: `Manifests writes to DIR what 'pocdr webhook' runs on: custom resource definitions, rights, certificates, the Deployment, alerts, and the
ValidatingWebhookConfiguration. What may be read, and what the API server asks about, follows from the policies, those of your own included.
Files that it wrote before are written anew, and removed when no longer needed; files of anybody else are left alone. What is yours, the
image first of all, belongs into an overlay. docs/webhook.md tells how it is installed.

Exit status: 0, 1 where --check finds a file that is not up to date, 2 where there is no answer.`,
		Example: `  pocdr manifests platform/pocdr/base
  pocdr manifests platform/pocdr/base --policy policies/ --production stage=live
  pocdr manifests platform/pocdr/base --check`,
		Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := j.compile()
			if err != nil {
				return err
			}
			files, err := manifests.Files(p, j.production)
			if err != nil {
				return err
			}
			stale, err := kept{manifests.Mark, ".yaml"}.stale(args[0], files, !check)
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
	productionFlag(cmd.Flags(), &j.production)
	cmd.Flags().BoolVar(&check, "check", false, "write nothing; list the files that are not up to date")
	return cmd
}
