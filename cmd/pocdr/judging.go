package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/maturity"
	"pocdr.dev/pocdr/report"
)

// The help of flags that several commands have.
const (
	paramsUsage = "a YAML `FILE` of check parameters: {principle/check: {parameter: value}}"
	policyUsage = "a folder, `DIR`, of policies of your own, beside the shipped ones: checks and adapters, or what you have for conftest (repeatable)"
)

// judging is what the commands that judge a source have in common.
type judging struct {
	rev, system, params, profile, asOf string
	production                         string // the label of namespaces that are in production, LABEL=VALUE; empty: as the policies come
	entrance                           string // whose view is judged
	policies, outputs                  []string
	strict, quiet, noColor             bool
}

func (j *judging) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&j.rev, "rev", "", "judge this git revision, `REV`, read from the object database, instead of the files as they lie there")
	j.entrance = string(engine.CI)
	f.StringVar(&j.system, "system", "", "report the System of this `NAME` only")
	f.StringArrayVar(&j.policies, "policy", nil, policyUsage)
	productionFlag(f, &j.production)
	f.StringVar(&j.params, "params", "", paramsUsage)
	f.StringVar(&j.profile, "profile", "", "a `FILE` with the Profile to hold every System to, whichever it names")
	f.StringVar(&j.asOf, "as-of", "", "judge as of this `TIME`: 2026-01-31 or 2026-01-31T12:00:00Z (default now)")
	f.BoolVar(&j.strict, "strict", false, "exit with 2 where anything could not be read, before a change or after it")
	f.StringArrayVarP(&j.outputs, "output", "o", []string{"text"}, "text, json, markdown or sarif; `FORMAT[=FILE]` writes to a file (repeatable)")
	f.BoolVarP(&j.quiet, "quiet", "q", false, "write nothing to the terminal but errors")
	f.BoolVar(&j.noColor, "no-color", false, "no colour (as the environment variable NO_COLOR)")
}

// run judges the source at path and writes the report.
func (j *judging) run(cmd *cobra.Command, path string, style report.Style) (*report.Report, error) {
	outputs, err := j.parseOutputs()
	if err != nil {
		return nil, err
	}
	r, err := j.judge(cmd.Context(), path, newProgress(cmd.ErrOrStderr(), j.quiet))
	if err != nil {
		return nil, err
	}
	for _, o := range outputs {
		if err := o.write(cmd, r, report.Options{Style: style}, j); err != nil {
			return nil, err
		}
	}
	return r, j.complain(r.Errors, r.Unread)
}

// complain makes an error of what keeps the report from being a full answer.
func (j *judging) complain(errors []report.Error, unread []report.Unread) error {
	switch {
	case len(errors) > 0:
		e := errors[0]
		return fmt.Errorf("policy %s failed: %s (%s; the checks touched are unknown)", e.Policy, e.Message, document.Count(len(errors), "such fault", "such faults"))
	case j.strict && len(unread) > 0:
		return fmt.Errorf("%s could not be read, the first: %s: %s", document.Count(len(unread), "file or document", "files or documents"), unread[0].File, unread[0].Message)
	}
	return nil
}

func (j *judging) judge(ctx context.Context, path string, progress *progress) (*report.Report, error) {
	p, settings, err := j.prepare()
	if err != nil {
		return nil, err
	}
	r, err := j.read(ctx, p, path, j.rev, nil, progress)
	if err != nil {
		return nil, err
	}
	if r.empty() {
		return nil, fmt.Errorf("%s: nothing to judge: no Kubernetes object and no CQL file is in it", path)
	}
	judged, err := p.JudgeAll(ctx, r.view, settings, nil)
	if err != nil {
		return nil, err
	}
	systems, err := j.chosen(maturity.Assess(p, judged.Judgements()), r.view.Unread)
	if err != nil {
		return nil, err
	}
	return report.New(p, r.view, r.source, settings.AsOf, systems, r.content), nil
}

// prepare compiles the policies and reads the settings.
func (j *judging) prepare() (*engine.Policies, engine.Settings, error) {
	if j.entrance != string(engine.CI) && j.entrance != string(engine.Admission) {
		return nil, engine.Settings{}, fmt.Errorf("--entrance %s: it is ci or admission", j.entrance)
	}
	settings, err := j.settings()
	if err != nil {
		return nil, settings, err
	}
	p, err := j.compile()
	if err != nil {
		return nil, settings, err
	}
	if err := p.CheckParameters(settings.Params); err != nil {
		return nil, settings, fmt.Errorf("%s: %w", j.params, err)
	}
	return p, settings, nil
}

// chosen are the systems that are reported: all, or the one that --system names.
func (j *judging) chosen(systems []maturity.System, unread []document.Unread) ([]maturity.System, error) {
	if j.system == "" {
		return systems, nil
	}
	names := make([]string, len(systems))
	for i, s := range systems {
		names[i] = s.System
		if s.System == j.system {
			return systems[i : i+1], nil
		}
	}
	return nil, j.unknown(names, unread)
}

// unknown says that there is no system as --system names it, and which declarations may be the one.
func (j *judging) unknown(names []string, unread []document.Unread) error {
	for _, u := range unread {
		if unreadSystem(u) && strings.HasSuffix(u.Document, "/"+j.system) {
			return fmt.Errorf("the System %q cannot be read: %s: %s", j.system, u.File, u.Message)
		}
	}
	return fmt.Errorf("there is no system %q; there is %s", j.system, strings.Join(names, ", "))
}

func (j *judging) compile() (*engine.Policies, error) {
	tree, err := shipped(j.production)
	if err != nil {
		return nil, err
	}
	trees := []engine.Tree{{FS: tree, Tested: true}}
	for _, folder := range j.policies {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("--policy %s: no such folder", folder)
		}
		trees = append(trees, engine.Tree{Name: folder, FS: os.DirFS(folder)})
	}
	p, err := engine.Compile(trees...)
	if err != nil {
		return nil, fmt.Errorf("the policies do not compile:\n%w", err)
	}
	return p, nil
}

func (j *judging) settings() (engine.Settings, error) {
	s := engine.Settings{AsOf: time.Now()}
	if j.asOf != "" {
		moment, err := parseTime(j.asOf)
		if err != nil {
			return s, err
		}
		s.AsOf = moment
	}
	if j.params != "" {
		params, err := readParams(j.params)
		s.Params = params
		return s, err
	}
	return s, nil
}

func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if moment, err := time.Parse(layout, text); err == nil {
			return moment, nil
		}
	}
	return time.Time{}, fmt.Errorf("--as-of %s: write a date (2026-01-31) or a time (2026-01-31T12:00:00Z)", text)
}

func (j *judging) setProfile(v *engine.View) error {
	if j.profile == "" {
		return nil
	}
	profile, err := readProfile(j.profile)
	if err == nil {
		v.SetProfile(profile)
	}
	return err
}
