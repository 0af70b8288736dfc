package maturity_test

import (
	"slices"
	"testing"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/maturity"
)

func judged(name string, level int, dependsOn ...string) *engine.Judgement {
	return &engine.Judgement{System: name, Level: level, DependsOn: dependsOn, Outcomes: map[string]engine.Outcome{}}
}

// TestEffective bounds systems by those that they depend on: near, far, in a circle, and not declared.
func TestEffective(t *testing.T) {
	systems := maturity.Assess(&engine.Policies{}, []*engine.Judgement{
		judged("alone", 4),
		judged("near", 5, "alone"),
		judged("far", 5, "near", "low"),
		judged("low", 1),
		judged("one", 5, "two"),
		judged("two", 3, "three"),
		judged("three", 4, "one"),
		judged("lost", 3, "nowhere", "alone"),
	})
	want := map[string]int{"alone": 4, "near": 4, "far": 1, "low": 1, "one": 3, "two": 3, "three": 3, "lost": 0}
	for _, s := range systems {
		if s.Effective != want[s.System] {
			t.Errorf("%s: effective level %d, want %d", s.System, s.Effective, want[s.System])
		}
	}
	if lost := systems[7]; !slices.Equal(lost.Unknown, []string{"nowhere"}) {
		t.Errorf("%s depends on %v, which are not known", lost.System, lost.Unknown)
	}
}

// TestNext names what is not met of the next level, and nothing else.
func TestNext(t *testing.T) {
	p := &engine.Policies{}
	for _, c := range []engine.Check{{ID: "a/met", Level: 2}, {ID: "a/failed", Level: 2}, {ID: "a/unseen", Level: 2}, {ID: "a/exempt", Level: 2}, {ID: "a/later", Level: 3}, {ID: "a/earlier", Level: 1}} {
		p.Checks = append(p.Checks, &c)
	}
	j := judged("x", 1)
	j.Outcomes = map[string]engine.Outcome{
		"a/earlier": engine.Pass, "a/met": engine.NotApplicable, "a/failed": engine.Fail, "a/unseen": engine.Unknown, "a/exempt": engine.Exempt, "a/later": engine.Fail,
	}
	var got []string
	for _, c := range maturity.Assess(p, []*engine.Judgement{j})[0].Next {
		got = append(got, c.ID)
	}
	if want := []string{"a/failed", "a/unseen", "a/exempt"}; !slices.Equal(got, want) {
		t.Errorf("next %v, want %v", got, want)
	}
}
