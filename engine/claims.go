package engine

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// claims are what the rules of a check say.
type claims struct {
	subjects, passes         ast.Set
	fails, missing, unknowns map[string][]string // by subject
	notApplicable            ast.Set             // the reason, where there is one
}

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
	told := func(rule string) map[string][]string {
		t := out.Get(ast.InternedTerm(rule))
		if t == nil {
			return nil
		}
		told, ok := messages(t)
		if !ok {
			wrong = "`" + rule + "` gives no messages by place: it is written `" + rule + "[at] contains \"message\" if …`"
		}
		return told
	}
	says = claims{set("subjects"), set("passes"), told("fails"), told("missing"), told("unknowns"), set("not_applicable")}
	if says.notApplicable.Len() > 0 && stringOf(says.notApplicable.Slice()[0]) == "" {
		wrong = "`not_applicable` is no text: it names the fact that makes it so"
	}
	return says, wrong
}

// stray finds something that is said of what is no subject: a mistake in the check that would otherwise lose a failure.
func (a claims) stray() string {
	known := map[string]bool{}
	for _, subject := range a.subjects.Slice() {
		known[subject.Value.String()] = true
	}
	for _, said := range []map[string][]string{a.fails, a.missing, a.unknowns} {
		for _, subject := range slices.Sorted(maps.Keys(said)) {
			if !known[subject] {
				return subject + " is judged but is no subject"
			}
		}
	}
	return ""
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

// messages reads {subject: {message, ...}}, sorted; false where it is something else.
func messages(t *ast.Term) (map[string][]string, bool) {
	object, ok := t.Value.(ast.Object)
	if !ok {
		return nil, false
	}
	out := make(map[string][]string, object.Len())
	object.Foreach(func(subject, said *ast.Term) {
		list, isSet := said.Value.(ast.Set)
		if ok = ok && isSet && list.Len() > 0; !ok {
			return
		}
		var texts []string
		for _, text := range list.Slice() {
			texts = append(texts, stringOf(text))
		}
		out[subject.Value.String()] = texts
	})
	return out, ok
}
