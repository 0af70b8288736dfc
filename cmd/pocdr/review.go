package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/webhook"
	"pocdr.dev/pocdr/webhook/admission"
)

// reviewBytes is how much of standard input is read: more than an API server sends.
const reviewBytes = 16 << 20

func newReview() *cobra.Command {
	var j judging
	var repo string
	cmd := &cobra.Command{
		Use:   "review [flags] < REVIEW.json",
		Short: "Answer an AdmissionReview as the webhook would",
		Long: `Review reads an AdmissionReview (admission.k8s.io/v1, JSON) from standard input, decides on its request as the webhook does,
and writes the AdmissionReview with the answer to standard output. What else the cluster holds is read from
the repository that --repo names, and what switches selected before from its history; without it, nothing is known
but what the request itself holds.

Exit status: 0 where the request is allowed, 1 where it is refused, 2 where there is no answer.`,
		Example: `  pocdr review --repo . < review.json
  pocdr review --repo . --rev origin/main < review.json | jq .response.status.message`,
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if repo == "" && j.rev != "" {
				return errors.New("--rev is of the repository that --repo names; give both, or neither")
			}
			answer, allowed, err := j.review(cmd, repo)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\n", answer); err != nil {
				return err
			}
			if !allowed {
				return errFindings
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&repo, "repo", "", "the repository at `PATH`, that holds what else is in the cluster (default: nothing is known)")
	f.StringVar(&j.rev, "rev", "", "that revision, `REV`, of it, instead of the files as they lie there")
	f.StringArrayVar(&j.policies, "policy", nil, policyUsage)
	productionFlag(f, &j.production)
	f.StringVar(&j.params, "params", "", paramsUsage)
	f.StringVar(&j.asOf, "as-of", "", "judge as of this `TIME` (default now)")
	j.entrance, j.quiet = string(engine.Admission), true
	return cmd
}

func (j *judging) review(cmd *cobra.Command, repo string) ([]byte, bool, error) {
	body, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), reviewBytes+1))
	switch {
	case err != nil:
		return nil, false, fmt.Errorf("standard input: %w", err)
	case len(body) > reviewBytes:
		return nil, false, fmt.Errorf("standard input holds more than %d bytes: no API server sends such a review", reviewBytes)
	}
	p, settings, err := j.prepare()
	if err != nil {
		return nil, false, err
	}
	r, err := j.reviewer(cmd.Context(), p, settings, repo, newProgress(cmd.ErrOrStderr(), true))
	if err != nil {
		return nil, false, err
	}
	return webhook.Answer(cmd.Context(), r, body)
}

// reviewer judges requests to a cluster that holds what a repository does; where none is named, nothing is known of it.
func (j *judging) reviewer(ctx context.Context, p *engine.Policies, settings engine.Settings, repo string, progress *progress) (*admission.Reviewer, error) {
	r := &admission.Reviewer{
		Policies: p, State: admission.NewState(p, settings.Params), Now: func() time.Time { return settings.AsOf },
		Controllers: admission.Controllers, Cleaners: admission.Cleaners, Auditor: admission.Auditor,
	}
	if repo == "" {
		return r, nil
	}
	known, err := j.read(ctx, p, repo, j.rev, nil, progress)
	if err != nil {
		return nil, err
	}
	served, err := j.remembered(ctx, p, settings, known, repo, progress)
	if err != nil {
		return nil, err
	}
	r.State, r.Objects = admission.StateOf(known.view, p, settings.Params, served), known
	return r, nil
}

// Get gives an object as the source declares it.
func (r *reading) Get(_ context.Context, o document.Object) (document.Document, error) {
	if d := r.documents([]string{o.ID()})[o.ID()]; d != nil {
		return *d, nil
	}
	absent := apierrors.NewNotFound(schema.GroupResource{Group: o.Group(), Resource: o.Kind}, o.Name)
	return document.Document{}, fmt.Errorf("in %s: %w", r.source.Path, absent)
}
