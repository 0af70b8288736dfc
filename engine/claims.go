package engine

import "github.com/open-policy-agent/opa/v1/ast"

// claims are what the rules of a check say.
type claims struct {
	subjects, passes         ast.Set
	fails, missing, unknowns told
	notApplicable            ast.Set // the reason, where there is one
}

// told is what a rule says of subjects: {subject: {message, ...}}.
type told struct{ ast.Object }

// readClaims reads what a check says, and tells which rule is not what it must be: what that one says would be lost.
func readClaims(out ast.Object) (says claims, wrong string) {
	set := func(rule string) ast.Set {
		t := out.Get(ast.InternedTerm(rule))
		if t == nil {
			return ast.NewSet()
		}
		set, ok := t.Value.(ast.Set)
		if !ok {
			wrong = "`" + rule + "` is no set: it is written `" + rule + " contains at if …`"
		}
		return set
	}
	said := func(rule string) told {
		t := out.Get(ast.InternedTerm(rule))
		if t == nil {
			return told{ast.NewObject()}
		}
		object, ok := t.Value.(ast.Object)
		if !ok || object.Until(func(_, said *ast.Term) bool { set, ok := said.Value.(ast.Set); return !ok || set.Len() == 0 }) {
			wrong = "`" + rule + "` gives no messages by place: it is written `" + rule + "[at] contains \"message\" if …`"
		}
		return told{object}
	}
	says = claims{set("subjects"), set("passes"), said("fails"), said("missing"), said("unknowns"), set("not_applicable")}
	if wrong == "" && says.notApplicable.Len() > 0 && stringOf(says.notApplicable.Slice()[0]) == "" {
		wrong = "`not_applicable` is no text: it names the fact that makes it so"
	}
	return says, wrong
}

// stray finds something that is said of what is no subject: a mistake in the check that would otherwise lose a failure.
func (a claims) stray() string {
	for _, said := range []told{a.fails, a.missing, a.unknowns} {
		for _, subject := range said.Keys() {
			if !a.subjects.Contains(subject) {
				return subject.String() + " is judged but is no subject"
			}
		}
	}
	return ""
}

// met tells whether it is said that a subject passes, and nothing else of it.
func (a claims) met(subject *ast.Term) bool {
	return a.passes.Contains(subject) && isPlace(subject) &&
		a.fails.Get(subject) == nil && a.missing.Get(subject) == nil && a.unknowns.Get(subject) == nil
}

// of are the messages about a subject.
func (t told) of(subject *ast.Term) []string {
	if said := t.Get(subject); said != nil {
		return messages(said)
	}
	return nil
}

// messages reads a set of messages, sorted; none where it is something else.
func messages(said *ast.Term) []string {
	set, ok := said.Value.(ast.Set)
	if !ok {
		return nil
	}
	list := make([]string, 0, set.Len())
	for _, text := range set.Slice() {
		list = append(list, stringOf(text))
	}
	return list
}

// isPlace tells whether a subject is [document id, path…].
func isPlace(subject *ast.Term) bool {
	place, ok := subject.Value.(*ast.Array)
	if !ok || place.Len() == 0 {
		return false
	}
	_, ok = place.Elem(0).Value.(ast.String)
	for i := 1; ok && i < place.Len(); i++ {
		switch step := place.Elem(i).Value.(type) {
		case ast.String:
		case ast.Number:
			_, ok = step.Int()
		default:
			ok = false
		}
	}
	return ok
}
