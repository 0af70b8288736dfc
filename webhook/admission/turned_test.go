package admission_test

import (
	"strings"
	"testing"
	"time"
)

// TestGoingBack turns the switch of a system that requires proof to the plant that served before. It is enough that anybody remembers that: the
// status, which is written by the next audit, what was watched, or the request, which may tell of a turn that is not watched yet.
func TestGoingBack(t *testing.T) {
	p, known := shipped(t), example(t)
	system := named(t, known, "System.pocdr.dev/payments/payments")
	turned := func(to, version string) fields {
		o := edited(t, named(t, known, "ConfigMap/payments/payments-switch"), `"selected":"a"`, `"selected":"`+to+`"`)
		o["metadata"].(fields)["resourceVersion"] = version
		return o
	}
	judged, err := reviewer(t, p, known).State.Judged(t.Context(), asOf)
	if err != nil {
		t.Fatal(err)
	}
	release := judged.View.Release("payments", "a")
	before := func(release string, since time.Duration) fields {
		return fields{"selected": "b", "previous": "a", "previousRelease": release, "changed": asOf.Add(-since).Format(time.RFC3339)}
	}
	for name, c := range map[string]struct {
		watched string
		status  fields
		rules   string // what the plants' config holds by now; empty: what it held
		by      string
		refused string // a part of the message; empty: it is allowed
	}{
		"nobody remembers":             {watched: "b", refused: "delivery/proven"},
		"the status remembers":         {watched: "b", status: before(release, time.Hour)},
		"for too long":                 {watched: "b", status: before(release, 73*time.Hour), refused: "delivery/proven"},
		"it runs another release":      {watched: "b", status: before(strings.Replace(release, release[:1], "x", 1), time.Hour), refused: "delivery/proven"},
		"its config holds otherwise":   {watched: "b", status: before(release, time.Hour), rules: "rounding: up", refused: "delivery/proven"},
		"the next audit is to come":    {watched: "b", status: fields{"selected": "a", "release": release}},
		"the turn is to be watched":    {watched: "a"},
		"the turn is to be watched, 2": {watched: "a", status: fields{"selected": "a", "release": release, "previous": "b", "changed": asOf.Format(time.RFC3339)}},
		"who may not":                  {watched: "a", by: "crew", refused: "delivery/proven"},
	} {
		t.Run(name, func(t *testing.T) {
			strict := edited(t, system, `"requiredLevel":2`, `"requiredLevel":3`)
			if c.status != nil {
				strict["status"] = fields{"switch": c.status}
			}
			r := reviewer(t, p, known)
			r.State.Put(object(t, strict))
			r.State.Put(object(t, turned(c.watched, "1")))
			if c.rules != "" {
				r.State.Put(object(t, edited(t, named(t, known, "ConfigMap/payments/payments-rules-5efafb86d511"), "rounding: half-even", c.rules)))
			}
			asked := request(t, turned("b", "2"), turned("a", "2"))
			asked.UserInfo.Groups = []string{"payments-release"}
			if c.by != "" {
				asked.UserInfo.Groups = []string{c.by}
			}
			v, err := r.Review(t.Context(), asked)
			if err != nil {
				t.Fatal(err)
			}
			if v.Allowed != (c.refused == "") || !strings.Contains(v.Message, c.refused) {
				t.Errorf("allowed %v: %s", v.Allowed, v.Message)
			}
		})
	}
}
