package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/api/v1alpha1"
)

// Release identifies what the plant of a switch's value runs: a digest of its workloads' templates, a slash, and the policies
// that made these facts, since others may put the same templates otherwise. It is empty where it cannot be seen.
func (v *View) Release(system, value string) string {
	plant := v.selectedBy(system, value)
	if plant == nil {
		return ""
	}
	sum := sha256.New()
	for _, ref := range plant.Workloads {
		template := v.template(ref)
		if template == nil {
			return ""
		}
		fmt.Fprintf(sum, "%s/%s/%s %v\n", ref.Kind, ref.Namespace, ref.Name, template)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]) + "/" + strings.TrimPrefix(v.policies.Digest, "sha256:")[:16]
}

// selectedBy is the plant that a value of the system's switch selects; nil where there is none.
func (v *View) selectedBy(system, value string) *v1alpha1.Plant {
	i := slices.IndexFunc(v.systems, func(s *v1alpha1.System) bool { return s.Name == system && s.Spec.Switch != nil })
	if i < 0 {
		return nil
	}
	switch spec := v.systems[i].Spec; value {
	case spec.Switch.Values.A:
		return spec.Plants.A
	case spec.Switch.Values.B:
		return spec.Plants.B
	}
	return nil
}

// template is what a workload runs, its fields in the order of their names; nil where it is not declared.
func (v *View) template(ref v1alpha1.WorkloadReference) *ast.Term {
	for _, fact := range v.facts["template"] {
		text := func(field string) string { return stringOf(fact.Get(ast.StringTerm(field))) }
		if text("kind") == ref.Kind && text("namespace") == ref.Namespace && text("name") == ref.Name {
			return fact.Get(ast.StringTerm("fields"))
		}
	}
	return nil
}

// sameRelease tells whether two releases are the same one; nil where that is not known.
func sameRelease(a, b string) any {
	release, by, known := strings.Cut(a, "/")
	other, otherBy, knew := strings.Cut(b, "/")
	if !known || !knew || by != otherBy {
		return nil
	}
	return release == other
}
