package admission

import (
	"fmt"
	"slices"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// idle tells why an Exemption covers nothing where it stands; empty where it may cover something, where a check of another System in its namespace tells it, and of
// anything else. It is a warning: objects come in any order.
func idle(v *engine.View, told *engine.Decision, d *document.Document) string {
	if d == nil || d.Object.Group() != v1alpha1.Group || d.Object.Kind != "Exemption" {
		return ""
	}
	for _, s := range told.Systems {
		if slices.ContainsFunc(s.Warnings, func(f engine.Finding) bool { return f.Document == d.ID }) {
			return ""
		}
	}
	fields, _ := d.Value().(map[string]any)
	e, faults := v1alpha1.ReadExemption(fields)
	home := d.Object.Namespace
	switch system := v.System(e.Spec.System); {
	case len(faults) > 0 || e.Spec.System == engine.Undeclared: // of the former others tell
		return ""
	case system == nil:
		return fmt.Sprintf("Exemption %s/%s covers nothing as long as no System %s is declared, in namespace %s", home, d.Object.Name, e.Spec.System, home)
	case system.Namespace != home:
		return fmt.Sprintf("Exemption %s/%s covers nothing: System %s stands in namespace %s, and so must its Exemptions", home, d.Object.Name, system.Name, system.Namespace)
	}
	return ""
}
