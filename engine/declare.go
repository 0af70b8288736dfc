package engine

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

// declaration is a System, Exemption or Profile that a document holds; the others are nil.
type declaration struct {
	system    *v1alpha1.System
	exemption *v1alpha1.Exemption
	profile   *v1alpha1.Profile

	spec *ast.Term // of a System or Profile, as policies see it
}

// says is what a person declares by it; nil for what declares nothing.
func (d *declaration) says() any {
	switch {
	case d == nil:
		return nil
	case d.system != nil:
		return d.system.Spec
	case d.exemption != nil:
		return d.exemption.Spec
	case d.profile != nil:
		return d.profile.Spec
	}
	return nil
}

// spec is the spec of a System or Profile, as policies see it.
func specOf(typed any) *ast.Term { return term(plain(typed)["spec"]) }

// declare reads the document where it is a declaration, and gives the value that adapters see: with its defaults filled in.
func (f *Facts) declare(d document.Document) (any, []document.Unread) {
	value, ok := d.Value().(map[string]any)
	if !ok || d.Format != document.Kubernetes || d.Object.Group() != v1alpha1.Group {
		return d.Value(), nil
	}
	f.declared = &declaration{}
	var typed any
	var faults []v1alpha1.Fault
	switch d.Object.Kind {
	case "System":
		s, found := v1alpha1.ReadSystem(value)
		f.declared.system, typed, faults = &s, s, found
	case "Exemption":
		e, found := v1alpha1.ReadExemption(value)
		f.declared.exemption, typed, faults = &e, e, found
	case "Profile":
		p, found := v1alpha1.ReadProfile(value)
		f.declared.profile, typed, faults = &p, p, found
	default:
		faults = []v1alpha1.Fault{{Message: fmt.Sprintf("%s has no kind %s; it has System, Exemption and Profile", v1alpha1.Group, d.Object.Kind)}}
	}
	if len(faults) > 0 {
		return nil, unreadDeclaration(d, faults)
	}
	value = plain(typed)
	if d.Object.Kind != "Exemption" {
		f.declared.spec = term(value["spec"])
	}
	return value, nil
}

func unreadDeclaration(d document.Document, faults []v1alpha1.Fault) []document.Unread {
	out := make([]document.Unread, len(faults))
	for i, fault := range faults {
		message := strings.TrimSpace(document.Path(fault.Path).String() + " " + fault.Message)
		out[i] = document.Unread{
			File: d.File, Message: fmt.Sprintf("%s %s: %s", d.Object.Kind, d.Object.Name, message),
			Document: d.ID, Path: fault.Path, Formats: []document.Format{document.Kubernetes},
		}
	}
	return out
}

// plain turns a typed value into the values that JSON has.
func plain(typed any) map[string]any {
	text, err := json.Marshal(typed)
	var value map[string]any
	if err == nil {
		err = json.Unmarshal(text, &value)
	}
	if err != nil {
		panic(err) // a type of ours that JSON cannot hold
	}
	return value
}
