package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/maturity"
	"pocdr.dev/pocdr/policies"
	"pocdr.dev/pocdr/report"
	"pocdr.dev/pocdr/source"
	"pocdr.dev/pocdr/source/dir"
	"pocdr.dev/pocdr/source/git"
)

// judging is what the commands that judge a source have in common.
type judging struct {
	rev, system, params, profile, asOf string
	policies, outputs                  []string
	strict, quiet, noColor             bool
}

func (j *judging) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&j.rev, "rev", "", "judge this git revision, read from the object database, instead of the files as they lie there")
	f.StringVar(&j.system, "system", "", "report this System only")
	f.StringArrayVar(&j.policies, "policy", nil, "a folder of policies of your own, beside the shipped ones (repeatable)")
	f.StringVar(&j.params, "params", "", "a YAML file of check parameters: {principle/check: {parameter: value}}")
	f.StringVar(&j.profile, "profile", "", "a file with the Profile to hold every System to, whichever it names")
	f.StringVar(&j.asOf, "as-of", "", "judge as of this moment: 2026-01-31 or 2026-01-31T12:00:00Z (default now)")
	f.BoolVar(&j.strict, "strict", false, "exit with 2 where anything could not be read")
	f.StringArrayVarP(&j.outputs, "output", "o", []string{"text"}, "text, json, markdown or sarif; FORMAT=FILE writes to a file (repeatable)")
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
		if err := o.write(cmd, r, style, j); err != nil {
			return nil, err
		}
	}
	return r, j.complain(r)
}

// complain makes an error of what keeps the report from being a full answer.
func (j *judging) complain(r *report.Report) error {
	switch {
	case len(r.Errors) > 0:
		e := r.Errors[0]
		return fmt.Errorf("policy %s failed: %s (%d such faults; the checks they touch are unknown)", e.Policy, e.Message, len(r.Errors))
	case j.strict && len(r.Unread) > 0:
		return fmt.Errorf("%d files or documents could not be read, the first: %s: %s", len(r.Unread), r.Unread[0].File, r.Unread[0].Message)
	}
	return nil
}

func (j *judging) judge(ctx context.Context, path string, progress *progress) (*report.Report, error) {
	settings, err := j.settings()
	if err != nil {
		return nil, err
	}
	p, err := j.compile()
	if err != nil {
		return nil, err
	}
	if err := p.CheckParameters(settings.Params); err != nil {
		return nil, fmt.Errorf("%s: %w", j.params, err)
	}
	tree, src, err := j.open(path)
	if err != nil {
		return nil, err
	}
	contents, err := source.Open(ctx, tree, document.DefaultBounds)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	v, err := view(ctx, p, contents, progress)
	if err != nil {
		return nil, err
	}
	if err := j.setProfile(v); err != nil {
		return nil, err
	}
	if documents := v.Documents(); documents[document.Kubernetes]+documents[document.CQL] == 0 && len(v.Unread) == 0 {
		return nil, fmt.Errorf("%s: nothing to judge: no Kubernetes object and no CQL file in %d files", path, len(contents.Files))
	}
	judgements, err := j.judgements(ctx, p, v, settings)
	if err != nil {
		return nil, err
	}
	reader, err := tree.Reader()
	if err != nil {
		return nil, err
	}
	content := func(name string) ([]byte, bool) {
		file, ok := contents.Find(name)
		if !ok {
			return nil, false
		}
		text, fault := contents.Content(reader, file)
		return text, fault == ""
	}
	systems := maturity.Assess(p, judgements)
	if j.system != "" {
		systems = slices.DeleteFunc(systems, func(s maturity.System) bool { return s.System != j.system })
	}
	return report.New(p, v, src, settings.AsOf, systems, content), nil
}

// view reads all documents, on all cores, and joins their facts.
func view(ctx context.Context, p *engine.Policies, contents *source.Contents, progress *progress) (*engine.View, error) {
	progress.start(len(contents.Files))
	defer progress.stop()
	type derived struct {
		facts  []*engine.Facts
		unread []document.Unread
		faults []engine.Fault
	}
	files, err := source.Each(ctx, contents, func(documents []document.Document, unread []document.Unread) (derived, error) {
		d := derived{unread: unread}
		for _, document := range documents {
			facts, unread, faults := p.Derive(ctx, document)
			d.unread, d.faults = append(d.unread, unread...), append(d.faults, faults...)
			if facts != nil {
				d.facts = append(d.facts, facts)
			}
		}
		progress.step()
		return d, nil
	})
	if err != nil {
		return nil, err
	}
	owners, err := contents.Owners()
	if err != nil {
		return nil, err
	}
	v := p.NewView()
	v.Unread = append(v.Unread, contents.Unread...)
	for _, d := range files {
		v.Unread, v.Faults = append(v.Unread, d.unread...), append(v.Faults, d.faults...)
		for _, facts := range d.facts {
			v.Add(facts)
		}
	}
	v.Own(ctx, owners.File, owners.Of)
	v.Join(ctx)
	return v, nil
}

func (j *judging) judgements(ctx context.Context, p *engine.Policies, v *engine.View, settings engine.Settings) ([]*engine.Judgement, error) {
	snapshots := v.Snapshots(settings)
	names := make([]string, len(snapshots))
	judgements := make([]*engine.Judgement, len(snapshots))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range snapshots {
		names[i] = s.Name
		group.Go(func() error {
			judgements[i] = p.Judge(ctx, s)
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if j.system != "" && !slices.Contains(names, j.system) {
		return nil, fmt.Errorf("there is no system %q; there is %s", j.system, strings.Join(names, ", "))
	}
	return judgements, nil
}

// open opens what is to be judged: a directory, or a revision of the repository that it is in. A bare repository has only revisions.
func (j *judging) open(path string) (source.Tree, report.Source, error) {
	rev := j.rev
	if rev == "" && git.IsBare(path) {
		rev = "HEAD"
	}
	if rev == "" {
		tree, err := dir.Open(path)
		return tree, report.Source{Path: path}, err
	}
	tree, err := git.Open(path, rev)
	if err != nil {
		return nil, report.Source{}, err
	}
	return tree, report.Source{Path: path, Revision: &tree.Revision}, nil
}

func (j *judging) compile() (*engine.Policies, error) {
	trees := []engine.Tree{{FS: policies.FS}}
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
		return s, readYAML(j.params, &s.Params)
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
