package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pocdr.dev/pocdr/engine"
)

// probing answers by the replicas of a workload: one passes, two fail, three cannot be told, and without one something is missing. Something that is created
// elsewhere (a service) fails each that passes, and four, which are not asked about else; and the System fails where no workload is left.
const probing = `subjects contains w.at if {
	some w in input.facts.workload
	w.replicas < 4
}

subjects contains w.at if {
	some w in input.facts.workload
	tripped
}

tripped if count(input.facts.service) > 0

passes contains w.at if {
	some w in input.facts.workload
	w.replicas == 1
	not tripped
}

fails[w.at] contains "tripped" if {
	some w in input.facts.workload
	w.replicas in {1, 3, 4}
	tripped
}

fails[w.at] contains "doubled" if {
	some w in input.facts.workload
	w.replicas == 2
}

missing[w.at] contains "paused" if {
	some w in input.facts.workload
	w.replicas == 0
}

subjects contains input.system.at if count(input.facts.workload) == 0

missing[input.system.at] contains "nothing runs" if count(input.facts.workload) == 0`

// TestRatchet holds each sentence of the ratchet, for a goal at the floor, a goal above it, and an invariant above it.
func TestRatchet(t *testing.T) {
	probes := map[string]string{}
	for name, kind := range map[string]string{"at": "level: 2", "above": "level: 3", "held": "level: 4\n#   kind: invariant"} {
		text := strings.Replace(check(name, probing), "level: 1\n#   kind: goal", kind, 1)
		if !strings.Contains(text, "kind: invariant") {
			text = strings.Replace(text, kind, kind+"\n#   kind: goal", 1)
		}
		probes["intake/"+name+"/"+name+".rego"] = text
	}
	p := mustCompile(t, probes)
	w := func(name string, replicas int) map[string]string {
		return map[string]string{name + ".yaml": fmt.Sprintf(deployment, name, "one") + fmt.Sprintf("  replicas: %d\n", replicas)}
	}
	trip := map[string]string{"trip.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: trip, namespace: one}\n"}
	floor := func(level int) map[string]string {
		return map[string]string{"system.yaml": fmt.Sprintf(system, "one", fmt.Sprintf("{requiredLevel: %d}", level))}
	}
	with := func(parts ...map[string]string) map[string]string {
		all := floor(2)
		for _, part := range parts {
			maps.Copy(all, part)
		}
		return all
	}
	const met, held, changed, lost, warned, as, mended = engine.RuleMet, engine.RuleInvariant, engine.RuleChanged, engine.RuleLost, "warned", "as before", "mended"
	for _, c := range []struct {
		name           string
		before, after  map[string]string
		at, above, inv string // what becomes of the worst finding of each; empty for none
	}{
		{"what passed fails", w("w", 1), w("w", 2), met, warned, held},
		{"what passed is unknown", w("w", 1), w("w", 3), met, warned, held},
		{"what passed lacks something", w("w", 1), w("w", 0), met, warned, held},
		{"what passed is failed by something else", w("w", 1), with(w("w", 1), trip), met, warned, held},
		{"what failed passes", w("w", 2), w("w", 1), mended, mended, mended},
		{"what failed fails on", w("w", 2), with(w("w", 2), w("x", 1)), as, as, as},
		{"what failed is unknown", w("w", 2), w("w", 3), as, as, as},
		{"what was unknown is unknown, changed", w("w", 3), with(map[string]string{"w.yaml": w("w", 3)["w.yaml"] + "  paused: true\n"}), as, as, as},
		{"what was unknown fails, changed", w("w", 3), w("w", 2), changed, warned, warned},
		{"what was unknown fails by something else", w("w", 3), with(w("w", 3), trip), as, as, as},
		{"what was not asked about fails by something else", w("w", 4), with(w("w", 4), trip), warned, warned, warned},
		{"what was not asked about fails", w("w", 4), w("w", 2), changed, warned, warned},
		{"the floor is lowered with what passed and fails", w("w", 1), with(w("w", 2), floor(1)), met, warned, held},
		{"the floor is raised with what passed and fails", w("w", 1), with(w("w", 2), floor(3)), met, warned, held},
		{"the floor is raised above what fails", w("w", 2), with(w("w", 2), floor(4)), as, as, as},
		{"what is above a floor that was raised before", with(w("w", 1), floor(3)), with(w("w", 2), floor(3)), met, met, held},
		{"one mends what another breaks", with(w("w", 1), w("x", 2)), with(w("w", 2), w("x", 1)), met, warned, held},
		{"what is created passes", w("w", 1), with(w("w", 1), w("x", 1)), "", "", ""},
		{"what is created fails", w("w", 1), with(w("w", 1), w("x", 2)), changed, warned, warned},
		{"what is created lacks something", w("w", 1), with(w("w", 1), w("x", 0)), warned, warned, warned},
		{"what is created is unknown", w("w", 1), with(w("w", 1), w("x", 3)), warned, warned, warned},
		{"what passed is taken away, and what it met", w("w", 1), nil, lost, warned, lost},
		{"what passed is taken away, and it was not met", with(w("w", 1), w("x", 2)), nil, warned, warned, warned},
		{"what failed is taken away", w("w", 2), nil, warned, warned, warned},
		{"what passed is taken away, and another passes", with(w("w", 1), w("x", 1)), w("x", 1), "", "", ""},
		{"what failed is made anew by another name", w("w", 2), w("x", 2), changed, warned, warned},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := change(t, p, with(c.before), with(c.after))
			for check, want := range map[string]string{"intake/at": c.at, "intake/above": c.above, "intake/held": c.inv} {
				if got := became(d, check); got != want {
					t.Errorf("%s: %q, not %q", check, got, want)
				}
			}
		})
	}
}

// TestHalfSeen asks the same from where a check does not see all that it reads: it holds what it was seen to be met by, says nothing else, and is named.
func TestHalfSeen(t *testing.T) {
	p := mustCompile(t, map[string]string{"intake/half/half.rego": strings.Replace(check("half", probing+"\n\nunknowns[at] contains \"by nobody\" if {\n\tsome at in subjects\n\tcount(input.facts.ownership) == 9\n}"), "level: 1", "level: 2", 1)})
	files := func(replicas int) map[string]string {
		return map[string]string{"system.yaml": fmt.Sprintf(system, "one", "{requiredLevel: 2}"), "w.yaml": fmt.Sprintf(deployment, "w", "one") + fmt.Sprintf("  replicas: %d\n", replicas)}
	}
	without := map[string]string{"system.yaml": files(1)["system.yaml"]}
	for _, c := range []struct {
		name          string
		before, after map[string]string
		want          string
	}{
		{"what passed fails", files(1), files(2), engine.RuleMet},
		{"what passed is unknown", files(1), files(3), engine.RuleMet},
		{"what failed fails on", files(2), files(2), ""},
		{"what failed passes", files(2), files(1), ""},
		{"what was unknown fails", files(3), files(2), ""},
		{"what is created fails", without, files(2), ""},
		{"what passed is taken away", files(1), without, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := seenFrom(t, p, engine.Admission, c.before, c.after)
			if got := became(d, "intake/half"); got != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
			for _, s := range d.Systems {
				if !slices.Contains(s.NotSeen, "intake/half") {
					t.Error("the check is not named as not seen")
				}
			}
		})
	}
}

// became tells what a decision about one system makes of a check's findings: the rule by which one refuses, or else where they stand.
func became(d *engine.Decision, check string) string {
	is := func(f engine.Finding) bool { return f.Check.ID == check }
	for _, s := range d.Systems {
		for _, r := range s.Refusals {
			if is(r.Finding) {
				return r.Rule
			}
		}
		switch {
		case slices.ContainsFunc(s.Warnings, is):
			return "warned"
		case slices.ContainsFunc(s.Remaining, is):
			return "as before"
		case slices.ContainsFunc(s.Mended, is):
			return "mended"
		}
	}
	return ""
}
