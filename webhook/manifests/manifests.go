// Package manifests writes what an operator applies to have a cluster guarded: a kustomize base.
//
// The files beside this one are that base, for the shipped policies. What follows from the policies stands in marked regions of them.
package manifests

import (
	"embed"
	"fmt"
	"strings"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

//go:embed *.yaml
var base embed.FS

// Mark is the first line of every file.
const Mark = "# Written by pocdr manifests: change it in an overlay, not here."

// What a region of a file stands between. The name of what it holds follows the opening.
const (
	regionOpens  = "# pocdr manifests: "
	regionCloses = "# /pocdr manifests"
)

// Files gives the base by file, for policies that know production by a label, LABEL=VALUE.
func Files(p *engine.Policies, production string) (map[string]string, error) {
	entries, err := base.ReadDir(".")
	if err != nil {
		return nil, err
	}
	regions := map[string]func() (string, error){
		"definitions": v1alpha1.Definitions,
		"reads":       func() (string, error) { return reads(p), nil },
		"rules":       func() (string, error) { return rules(p), nil },
	}
	files := map[string]string{}
	for _, entry := range entries {
		text, err := base.ReadFile(entry.Name())
		if err == nil {
			files[entry.Name()], err = fill(string(text), regions)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		files[entry.Name()] = relabel(files[entry.Name()], production)
	}
	return files, nil
}

// fill makes the regions of a file anew, each as far from the margin as its opening is.
func fill(text string, regions map[string]func() (string, error)) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, regionOpens)
		if !found {
			b.WriteString(text)
			return b.String(), nil
		}
		name, rest, _ := strings.Cut(rest, "\n")
		_, after, closed := strings.Cut(rest, regionCloses)
		if regions[name] == nil || !closed {
			return "", fmt.Errorf("there is no region %q, or nothing closes it", name)
		}
		content, err := regions[name]()
		if err != nil {
			return "", err
		}
		margin := before[strings.LastIndexByte(before, '\n')+1:]
		b.WriteString(before + regionOpens + name + "\n")
		for line := range strings.Lines(content) {
			b.WriteString(margin + line)
		}
		b.WriteString(margin + regionCloses)
		text = after
	}
}

// relabel writes another label in each of the forms in which the base names the one of production.
func relabel(text, production string) string {
	if production == policies.DefaultProduction {
		return text
	}
	label, value, _ := strings.Cut(production, "=")
	was, is, _ := strings.Cut(policies.DefaultProduction, "=")
	return strings.NewReplacer(
		policies.DefaultProduction, production,
		was+": "+is, fmt.Sprintf("%s: %q", label, value),
		fmt.Sprintf(`"%s"].orValue("") == "%s"`, was, is), fmt.Sprintf(`"%s"].orValue("") == "%s"`, label, value),
	).Replace(text)
}
