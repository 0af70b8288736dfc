package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// madeUp makes up a change of an object of the example, as the cluster has it now.
func (e *entrances) madeUp(random *rand.Rand) change {
	e.t.Helper()
	var before *unstructured.Unstructured
	for ids := slices.Sorted(maps.Keys(e.held)); before == nil; {
		d := e.held[ids[random.IntN(len(ids))]]
		if d.Object.Namespace == "payments" || d.Object.Namespace == "ledger" {
			before = e.live(&d)
		}
	}
	after := before.DeepCopy()
	c := change{before: before, after: after}
	switch random.IntN(10) {
	case 0, 1:
		c.name, c.after = "delete", nil
	case 2:
		c.name, c.before = "create", nil
		after.Object["metadata"] = map[string]any{"name": before.GetName() + "-too", "namespace": before.GetNamespace(), "labels": after.Object["metadata"].(map[string]any)["labels"]}
	default:
		c.name = mutate(random, after)
	}
	c.name += " " + before.GetKind() + " " + before.GetNamespace() + "/" + before.GetName()
	return c
}

// leaf is a value in an object, and what holds it.
type leaf struct {
	at    string
	value any
	set   func(any)
	drop  func()
}

// Ways to change a value, by the way that it is called by.
var ways = []struct {
	name string
	do   func(*rand.Rand, *leaf)
}{
	{"another value", func(r *rand.Rand, l *leaf) {
		switch v := l.value.(type) {
		case int64:
			l.set([]int64{0, 1, v + 1, 2 * v, v / 2}[r.IntN(5)])
		case bool:
			l.set(!v)
		case string:
			name, _, _ := strings.Cut(v, "@")
			l.set([]any{v + "x", "", "*", name, int64(3)}[r.IntN(5)])
		}
	}},
	{"no value", func(_ *rand.Rand, l *leaf) { l.drop() }},
	{"nothing", func(_ *rand.Rand, l *leaf) { l.set(nil) }},
}

// mutate changes a value somewhere in an object, and says how.
func mutate(random *rand.Rand, o *unstructured.Unstructured) string {
	var all []*leaf
	for _, field := range slices.Sorted(maps.Keys(o.Object)) {
		if field != "metadata" && field != "status" && field != "kind" && field != "apiVersion" {
			all = leaves(all, field, o.Object[field], func(v any) { o.Object[field] = v }, func() { delete(o.Object, field) })
		}
	}
	if labels := o.GetLabels(); len(labels) > 0 {
		all = leaves(all, "metadata.labels", o.Object["metadata"].(map[string]any)["labels"], func(any) {}, func() { o.SetLabels(nil) })
	}
	o.SetCreationTimestamp(metav1.Time{})
	if len(all) == 0 {
		return "nothing of"
	}
	l, way := all[random.IntN(len(all))], ways[random.IntN(len(ways))]
	way.do(random, l)
	return way.name + " at " + l.at + " of"
}

// leaves adds a value and all that it holds.
func leaves(all []*leaf, at string, value any, set func(any), drop func()) []*leaf {
	all = append(all, &leaf{at, value, set, drop})
	switch held := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(held)) {
			all = leaves(all, at+"."+name, held[name], func(v any) { held[name] = v }, func() { delete(held, name) })
		}
	case []any:
		for i := range held {
			all = leaves(all, fmt.Sprintf("%s[%d]", at, i), held[i], func(v any) { held[i] = v }, func() { set(slices.Delete(slices.Clone(held), i, i+1)) })
		}
	}
	return all
}

// standsAsAudited holds that the status which the running audit has written says what the entrances came to.
func (e *entrances) standsAsAudited() {
	e.t.Helper()
	known, err := e.auditor.Judged(e.t.Context(), e.auditor.Now())
	if err != nil {
		e.t.Fatal(err)
	}
	for _, j := range known.Judgements() {
		if !j.Declared {
			continue
		}
		want := fmt.Sprint(j.Level, " ", j.LevelSeen)
		e.wait("the status of "+j.System+" to say "+want, func() bool {
			out, err := e.kubectl("get", "-A", "systems", "-o", fmt.Sprintf(`jsonpath={.items[?(@.metadata.name==%q)].status.level} {.items[?(@.metadata.name==%q)].status.levelSeen}`, j.System, j.System))
			return err == nil && out == want
		})
	}
}
