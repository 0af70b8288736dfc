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

// Release identifies what the plant of a switch's value runs: a digest of its workloads' templates and of what the configs hold that they
// take, a slash, and the policies that made these facts, since others may put the same otherwise. It is empty where it cannot be seen.
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
		fmt.Fprintf(sum, "%s/%s/%s %v %v\n", ref.Kind, ref.Namespace, ref.Name, template, v.taken(ref, v.switchOf(system)))
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
	for _, fact := range v.within["template"][ref.Namespace] {
		if textOf(fact, "kind") == ref.Kind && textOf(fact, "name") == ref.Name {
			return fact.Get(ast.StringTerm("fields"))
		}
	}
	return nil
}

// taken has digests of what the configs hold that a workload takes, by name. What nobody declares is left out, and so is the switch: to turn
// it is to change no release.
func (v *View) taken(ref v1alpha1.WorkloadReference, but Switch) map[string]string {
	takes := map[string]bool{}
	for _, mount := range v.within["mount"][ref.Namespace] {
		if textOf(mount, "workloadKind") == ref.Kind && textOf(mount, "workload") == ref.Name && textOf(mount, "what") == "config" {
			takes[textOf(mount, "name")] = true
		}
	}
	held := map[string]string{}
	for _, config := range v.facts["config"] {
		name := textOf(config, "name")
		if takes[name] && textOf(config, "what") == "config" && namespaceOf(config) == ref.Namespace && documentOf(config) != but.Document {
			held[name] = textOf(config, "content")
		}
	}
	return held
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
