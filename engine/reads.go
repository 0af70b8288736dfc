package engine

import (
	"cmp"
	"slices"
	"strings"

	"pocdr.dev/pocdr/document"
)

// Selector names kinds of Kubernetes objects of one group; "*" is any.
type Selector struct{ Group, Kind string }

// Objects lists the kinds of Kubernetes objects that adapters read, sorted: those from which facts of some kinds are made, or all where no kind of facts is named.
func (p *Policies) Objects(kinds ...string) []Selector {
	wanted := set(kinds)
	for _, j := range p.joins {
		if slices.ContainsFunc(j.emits, func(kind string) bool { return wanted[kind] }) {
			for _, kind := range j.joins {
				wanted[kind] = true
			}
		}
	}
	var all []Selector
	for _, a := range p.adapters {
		if len(kinds) > 0 && !slices.ContainsFunc(a.emits, func(kind string) bool { return wanted[kind] }) {
			continue
		}
		for _, s := range a.reads {
			for _, kind := range s.Kinds {
				if s.Format == document.Kubernetes {
					all = append(all, Selector{s.Group, kind})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b Selector) int { return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Kind, b.Kind)) })
	return slices.Compact(all)
}

// Readers names the adapters that read a kind of Kubernetes objects, platform/name, sorted; those that read any kind are not among them.
func (p *Policies) Readers(of Selector) []string {
	var names []string
	for _, a := range p.adapters {
		if slices.ContainsFunc(a.reads, func(s selector) bool {
			return s.Format == document.Kubernetes && s.Group == of.Group && slices.Contains(s.Kinds, of.Kind)
		}) {
			names = append(names, strings.ReplaceAll(strings.TrimPrefix(a.pkg, "pocdr.bedrock."), ".", "/"))
		}
	}
	slices.Sort(names)
	return names
}
