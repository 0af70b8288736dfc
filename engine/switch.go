package engine

import (
	"strings"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

// Switch is the switch of a declared system: a field of a document.
type Switch struct {
	System   string
	Document string // id
	Field    string // dotted
}

// Switches are those of all systems that declare one, in the order of the systems.
func (v *View) Switches() []Switch {
	var all []Switch
	for _, s := range v.systems {
		if s.Spec.Switch != nil {
			all = append(all, Switch{s.Name, idOf(s.Spec.Switch.Ref), s.Spec.Switch.Field})
		}
	}
	return all
}

// switchOf is the switch of a system; empty where it declares none.
func (v *View) switchOf(system string) Switch {
	for _, s := range v.Switches() {
		if s.System == system {
			return s
		}
	}
	return Switch{}
}

func idOf(r v1alpha1.ObjectReference) string {
	return document.Object{APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}.ID()
}

// Value is what the switch has in its document; false where the field is not there or is no text.
func (s Switch) Value(d document.Document) (string, bool) {
	value := d.Value()
	for _, step := range strings.Split(s.Field, ".") {
		fields, _ := value.(map[string]any)
		value = fields[step]
	}
	text, ok := value.(string)
	return text, ok
}

// Selected is what the switch of a system has, where it can be seen; empty where it cannot.
func (v *View) Selected(system string) string {
	return v.selected(v.switchOf(system))
}

func (v *View) selected(s Switch) string {
	facts := v.sources.get(s.Document)
	if facts == nil {
		return ""
	}
	for _, setting := range facts.byKind["setting"] {
		if textOf(setting, "field") == s.Field {
			return textOf(setting, "value")
		}
	}
	return ""
}
