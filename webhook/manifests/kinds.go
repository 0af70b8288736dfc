package manifests

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/webhook/admission"
)

// reads are the rights to read what the webhook watches, a rule for each API group: which adapters read it, and what.
func reads(p *engine.Policies) string {
	var b strings.Builder
	kinds := byGroup(p)
	for _, group := range slices.Sorted(maps.Keys(kinds)) {
		var readers, resources []string
		for _, kind := range kinds[group] {
			readers = append(readers, readersOf(p, engine.Selector{Group: group, Kind: kind})...)
			resources = append(resources, plural(kind))
		}
		slices.Sort(readers)
		fmt.Fprintf(&b, "# %s\n", strings.Join(slices.Compact(readers), ", "))
		fmt.Fprintf(&b, "- apiGroups: [%s]\n  resources: [%s]\n  verbs: [get, list, watch]\n", quoted(group), list(resources))
	}
	return b.String()
}

// readersOf names who reads a kind: adapters, or the engine itself, which holds declarations to their Profile.
func readersOf(p *engine.Policies, kind engine.Selector) []string {
	if readers := p.Readers(kind); len(readers) > 0 {
		return readers
	}
	return []string{"engine"}
}

// unasked holds for the kinds about which no rule asks: an API server asks no webhook about webhooks, and about namespaces and declarations it asks others.
func unasked(group, kind string) bool {
	return group == "admissionregistration.k8s.io" || group == v1alpha1.Group || group == "" && kind == "Namespace"
}

// rules are what the webhook is asked about: each kind that it watches, with the subresources that change what is declared.
func rules(p *engine.Policies) string {
	var b strings.Builder
	kinds := byGroup(p)
	for _, group := range slices.Sorted(maps.Keys(kinds)) {
		var resources []string
		for _, kind := range kinds[group] {
			if unasked(group, kind) {
				continue
			}
			resource := plural(kind)
			resources = append(resources, resource)
			for _, sub := range admission.Subresources(group, resource) {
				resources = append(resources, resource+"/"+sub)
			}
		}
		if len(resources) == 0 {
			continue
		}
		fmt.Fprintf(&b, "- apiGroups: [%s]\n  apiVersions: [\"*\"]\n  resources: [%s]\n  operations: [CREATE, UPDATE, DELETE]\n", quoted(group), list(resources))
	}
	return b.String()
}

// byGroup are the kinds that the webhook watches, by API group.
func byGroup(p *engine.Policies) map[string][]string {
	groups := map[string][]string{}
	for _, k := range admission.Kinds(p) {
		groups[k.Group] = append(groups[k.Group], k.Kind)
	}
	return groups
}

// plural is the resource of a kind, guessed as the adapters guess it (bedrock/kubernetes/names.rego). Where a cluster calls it otherwise, the webhook
// is refused the right to read it, and says so.
func plural(kind string) string {
	kind = strings.ToLower(kind)
	switch {
	case kind == "endpoints" || kind == "securitycontextconstraints":
		return kind
	case suffixed(kind, "s", "x", "ch", "sh"):
		return kind + "es"
	case suffixed(kind, "y") && !suffixed(kind, "ay", "ey", "iy", "oy", "uy"):
		return strings.TrimSuffix(kind, "y") + "ies"
	}
	return kind + "s"
}

func suffixed(text string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(text, suffix) })
}

func quoted(group string) string {
	if group == "" {
		return `""`
	}
	return group
}

func list(resources []string) string {
	slices.Sort(resources)
	return strings.Join(resources, ", ")
}
