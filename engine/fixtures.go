package engine

import (
	"pocdr.dev/pocdr/api/v1alpha1"
)

// Fixtures are what tests of policies are made of: {"blank": {kind: fact}, "defaults": {"params", "profile", "facts", "exemptible"}}. A
// blank fact has every field, each null where it may be and otherwise empty, false or 0.
func (p *Policies) Fixtures() map[string]any {
	blank, none := map[string]any{}, map[string]any{}
	for name, kind := range p.Kinds {
		fact := map[string]any{}
		properties := kind.Schema["properties"].(map[string]any)
		for _, field := range kind.Fields {
			fact[field] = empty(properties[field].(map[string]any))
		}
		blank[name], none[name] = fact, []any{}
	}
	params := map[string]any{}
	for _, c := range p.Rules() {
		for name, parameter := range c.Parameters {
			if params[c.ID] == nil {
				params[c.ID] = map[string]any{}
			}
			params[c.ID].(map[string]any)[name] = parameter.Default
		}
	}
	standard := v1alpha1.DefaultProfile()
	return map[string]any{
		"blank":    blank,
		"defaults": map[string]any{"params": params, "profile": plain(standard)["spec"], "facts": none, "exemptible": p.mayExempt()},
	}
}

// mayExempt tells of every check and rule whether an Exemption may cover it.
func (p *Policies) mayExempt() map[string]any {
	all := map[string]any{}
	for _, c := range p.Rules() {
		all[c.ID] = c.Exemptible
	}
	return all
}

func empty(property map[string]any) any {
	if property["anyOf"] != nil {
		return nil
	}
	if choices, ok := property["enum"].([]any); ok {
		return choices[0]
	}
	switch property["type"] {
	case "string":
		return ""
	case "boolean":
		return false
	case "integer", "number":
		return 0
	case "array":
		return []any{}
	}
	return map[string]any{}
}
