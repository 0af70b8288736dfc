package program

import "github.com/open-policy-agent/opa/v1/ast"

// Words are the texts that rules name, each kept once: a map whose keys are words is looked into without comparing texts. They
// are added to while rules are compiled, and only read from then on.
type Words map[string]*ast.Term

// Word adds a text.
func (w Words) Word(text string) *ast.Term {
	if w[text] == nil {
		w[text] = ast.StringTerm(text)
	}
	return w[text]
}

// Term turns a plain value, as JSON has them, into a term.
func (w Words) Term(value any) (*ast.Term, error) {
	switch value := value.(type) {
	case string:
		return w.text(value), nil
	case map[string]any:
		pairs := make([][2]*ast.Term, 0, len(value))
		for name, field := range value {
			t, err := w.Term(field)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, [2]*ast.Term{w.text(name), t})
		}
		return ast.ObjectTerm(pairs...), nil
	case []any:
		terms := make([]*ast.Term, len(value))
		for i, entry := range value {
			var err error
			if terms[i], err = w.Term(entry); err != nil {
				return nil, err
			}
		}
		return ast.ArrayTerm(terms...), nil
	}
	v, err := ast.InterfaceToValue(value)
	return ast.NewTerm(v), err
}

func (w Words) text(s string) *ast.Term {
	if t := w[s]; t != nil {
		return t
	}
	return ast.StringTerm(s)
}
