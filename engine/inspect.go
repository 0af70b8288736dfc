package engine

import "github.com/open-policy-agent/opa/v1/ast"

// Fact is one fact as plain values, by field.
type Fact map[string]any

// Facts gives the facts of a kind as plain values, for those who look rather than judge.
func (v *View) Facts(kind string) []Fact {
	facts := make([]Fact, 0, len(v.facts[kind]))
	for _, term := range v.facts[kind] {
		value, err := ast.JSON(term.Value)
		if fields, ok := value.(map[string]any); ok && err == nil {
			facts = append(facts, fields)
		}
	}
	return facts
}

// Text is a field that is text; empty where it is not.
func (f Fact) Text(field string) string {
	text, _ := f[field].(string)
	return text
}

// Texts is a field that is a list of text.
func (f Fact) Texts(field string) []string {
	list, _ := f[field].([]any)
	var out []string
	for _, entry := range list {
		if text, ok := entry.(string); ok {
			out = append(out, text)
		}
	}
	return out
}
