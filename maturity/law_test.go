package maturity_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/maturity"
)

var outcomes = []engine.Outcome{engine.Fail, engine.Unknown, engine.Exempt, engine.Pass, engine.NotApplicable}

// catalogue draws principles, and checks of some of their levels.
func catalogue(r *rapid.T) *engine.Policies {
	p := &engine.Policies{}
	for i := range rapid.IntRange(1, 4).Draw(r, "principles") {
		name := fmt.Sprintf("p%d", i)
		p.Principles = append(p.Principles, engine.Principle{Name: name})
		for j := range rapid.IntRange(0, 6).Draw(r, "checks") {
			p.Checks = append(p.Checks, &engine.Check{ID: fmt.Sprintf("%s/%d", name, j), Principle: name, Level: rapid.IntRange(1, engine.Highest).Draw(r, "level")})
		}
	}
	return p
}

// TestMending mends one check: no level falls, and the level is the highest of which, and of all below which, every check is met.
func TestMending(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := catalogue(r)
		before := map[string]engine.Outcome{}
		for _, c := range p.Checks {
			before[c.ID] = rapid.SampledFrom(outcomes).Draw(r, c.ID)
		}
		level, seen := p.LevelOf(before, engine.CI)
		for n := 1; n <= engine.Highest; n++ {
			met := !slices.ContainsFunc(p.Checks, func(c *engine.Check) bool { return c.Level <= n && !before[c.ID].Met() })
			if met != (n <= level) {
				r.Errorf("level %d, and all of level %d is met: %v", level, n, met)
			}
		}
		if seen != level {
			r.Errorf("level %d, but %d of what is seen, which is all", level, seen)
		}
		for _, c := range p.Checks {
			after := maps.Clone(before)
			after[c.ID] = engine.Pass
			if mended, _ := p.LevelOf(after, engine.CI); mended < level {
				r.Errorf("mending %s takes the level from %d to %d", c.ID, level, mended)
			}
		}
	})
}

// systems draws systems that depend on each other, on themselves, in circles, and on what is not declared.
func systems(r *rapid.T) []*engine.Judgement {
	names := []string{"a", "b", "c", "d", "e", "f"}[:rapid.IntRange(1, 6).Draw(r, "systems")]
	var all []*engine.Judgement
	for _, name := range names {
		on := rapid.SliceOfN(rapid.SampledFrom(append(slices.Clone(names), "nowhere")), 0, 3).Draw(r, name)
		all = append(all, judged(name, rapid.IntRange(0, engine.Highest).Draw(r, "level"), on...))
	}
	return all
}

func effective(all []*engine.Judgement) map[string]int {
	found := map[string]int{}
	for _, s := range maturity.Assess(&engine.Policies{}, all) {
		found[s.System] = s.Effective
	}
	return found
}

// TestEffectiveLaws bounds systems by what they depend on: an effective level is the least of the system's own and of those of what it names, which is all that
// it can be; the order of systems tells nothing; and no system falls where one rises.
func TestEffectiveLaws(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		all := systems(r)
		found := effective(all)
		for _, j := range all {
			least := j.Level
			for _, on := range j.DependsOn {
				least = min(least, found[on]) // what is not declared has 0
			}
			if found[j.System] != least {
				r.Errorf("%s: effective level %d; its own is %d, and the least of it and of %v is %d", j.System, found[j.System], j.Level, j.DependsOn, least)
			}
		}
		if other := effective(rapid.Permutation(all).Draw(r, "order")); !maps.Equal(found, other) {
			r.Errorf("in another order %v, not %v", other, found)
		}
		risen := rapid.SampledFrom(all).Draw(r, "risen")
		risen.Level = engine.Highest
		for name, level := range effective(all) {
			if level < found[name] {
				r.Errorf("%s rises, and %s falls from %d to %d", risen.System, name, found[name], level)
			}
		}
	})
}
