package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
	"pocdr.dev/pocdr/webhook/admission"
	"pocdr.dev/pocdr/webhook/audit"
)

// cluster is a cluster that holds the example, and what an audit has written into it.
type cluster struct {
	t        *testing.T
	state    *admission.State
	objects  map[string]document.Document
	auditor  *audit.Auditor
	now      time.Time
	statuses []v1alpha1.SystemStatus
	events   []string
	fault    error
}

const (
	system = "System.pocdr.dev/payments/payments"
	plant  = "StatefulSet.apps/payments/payments-a"
)

var shipped = sync.OnceValues(func() (*engine.Policies, error) { return engine.Compile(engine.Tree{FS: policies.FS}) })

func newCluster(t *testing.T, teams ...engine.Tree) *cluster {
	t.Helper()
	p, err := shipped()
	if len(teams) > 0 {
		p, err = engine.Compile(append([]engine.Tree{{FS: policies.FS}}, teams...)...)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{t: t, state: admission.NewState(p, nil), objects: map[string]document.Document{}, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	err = filepath.WalkDir("../../examples/payments", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(name)
		read, _ := document.Read(entry.Name(), text, document.DefaultBounds)
		for _, d := range read {
			if d.Format == document.Kubernetes {
				c.objects[d.ID] = d
				c.state.Put(d)
			}
		}
		return err
	})
	if err != nil || c.objects[system].ID == "" || c.objects[plant].ID == "" {
		t.Fatal(len(c.objects), err)
	}
	c.auditor = &audit.Auditor{
		Policies: p, Judged: c.state.Judged, Changed: c.state.Changed(), Systems: c, Every: time.Hour,
		Now: func() time.Time { return c.now }, Log: slog.New(slog.DiscardHandler),
	}
	return c
}

// Status writes a status as an API server does: it is read again.
func (c *cluster) Status(_ context.Context, namespace, name string, status v1alpha1.SystemStatus) error {
	if c.fault != nil {
		return c.fault
	}
	if namespace+"/"+name != "payments/payments" {
		c.t.Errorf("the status of %s/%s is written", namespace, name)
	}
	c.statuses = append(c.statuses, status)
	c.edit(system, func(o map[string]any) { o["status"] = status })
	return nil
}

func (c *cluster) Event(_ context.Context, namespace, name string, warning bool, reason, message string) error {
	if c.fault != nil {
		return c.fault
	}
	c.events = append(c.events, fmt.Sprintf("%s/%s %v %s %s", namespace, name, warning, reason, message))
	return nil
}

// edit changes an object.
func (c *cluster) edit(id string, change func(map[string]any)) {
	c.t.Helper()
	var value map[string]any
	text, err := json.Marshal(c.objects[id].Value())
	if err == nil {
		err = json.Unmarshal(text, &value)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	change(value)
	if text, err = json.Marshal(value); err != nil {
		c.t.Fatal(err)
	}
	d, err := document.ReadObject(text, document.DefaultBounds)
	if err != nil {
		c.t.Fatal(err)
	}
	c.objects[id] = d
	c.state.Put(d)
}

func set(value any, path ...string) func(map[string]any) {
	return func(o map[string]any) {
		for _, step := range path[:len(path)-1] {
			inner, _ := o[step].(map[string]any)
			if inner == nil {
				inner = map[string]any{}
				o[step] = inner
			}
			o = inner
		}
		o[path[len(path)-1]] = value
	}
}

// audit audits a minute later, and gives what was written.
func (c *cluster) audit() (statuses []v1alpha1.SystemStatus, events []string) {
	c.t.Helper()
	c.now = c.now.Add(time.Minute)
	c.statuses, c.events = nil, nil
	if _, err := c.auditor.Audit(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	return c.statuses, c.events
}

func condition(s v1alpha1.SystemStatus, kind string) string {
	c := meta.FindStatusCondition(s.Conditions, kind)
	if c == nil {
		return "none"
	}
	return fmt.Sprintf("%s %s %s since %s", c.Status, c.Reason, c.Message, c.LastTransitionTime.UTC().Format("15:04"))
}

// TestAudit follows a system from the first audit through a fall and back.
func TestAudit(t *testing.T) {
	c := newCluster(t)
	statuses, events := c.audit()
	if len(statuses) != 1 || len(events) != 0 {
		t.Fatalf("at first %d statuses and %v are written", len(statuses), events)
	}
	first := statuses[0]
	if *first.LevelSeen != 2 || first.Switch.Selected != "a" || first.Switch.Changed != nil || !first.LastChange.Time.Equal(c.now) {
		t.Errorf("the first status: level seen %d, %+v", *first.LevelSeen, first.Switch)
	}
	if got := condition(first, "Held"); got != "True AtRequiredLevel level seen 2, required 2 since 00:01" {
		t.Errorf("held: %s", got)
	}
	if got := condition(first, "Judged"); got != "True Judged every check that can be asked here was asked since 00:01" {
		t.Errorf("judged: %s", got)
	}

	if statuses, events = c.audit(); len(statuses)+len(events) != 0 {
		t.Errorf("nothing changed, and this is written: %v %v", statuses, events)
	}
	c.edit(plant, set("x", "metadata", "annotations", "note"))
	if statuses, events = c.audit(); len(statuses)+len(events) != 0 {
		t.Errorf("nothing of the system changed, and this is written: %v %v", statuses, events)
	}

	c.edit(plant, set(2, "spec", "replicas"))
	statuses, events = c.audit()
	if len(statuses) != 1 || len(events) != 1 || !strings.HasPrefix(events[0], "payments/payments true Fell ") || !strings.Contains(events[0], "radius/bounded: ") {
		t.Fatalf("it fell: %d statuses, %v", len(statuses), events)
	}
	if got := condition(statuses[0], "Held"); !strings.HasPrefix(got, "False BelowRequiredLevel level seen ") || !strings.Contains(got, "radius/bounded (fail): StatefulSet.apps/payments/payments-a: ") || !strings.HasSuffix(got, "since 00:04") {
		t.Errorf("held: %s", got)
	}
	if got := condition(statuses[0], "Judged"); !strings.HasSuffix(got, "since 00:01") {
		t.Errorf("judged as before: %s", got)
	}
	if statuses, events = c.audit(); len(statuses)+len(events) != 0 {
		t.Errorf("it fell once, and this is written again: %v %v", statuses, events)
	}

	c.edit(plant, set(1, "spec", "replicas"))
	statuses, events = c.audit()
	if len(statuses) != 1 || len(events) != 0 || !strings.HasSuffix(condition(statuses[0], "Held"), "since 00:06") || *statuses[0].LevelSeen != 2 {
		t.Errorf("it is back: %+v %v", statuses, events)
	}
}

// TestMissed has a system fall while nobody audits: the first audit of who comes then says so, once.
func TestMissed(t *testing.T) {
	c := newCluster(t)
	c.audit()
	another := func() {
		c.auditor = &audit.Auditor{Policies: c.auditor.Policies, Judged: c.auditor.Judged, Systems: c, Now: c.auditor.Now, Log: c.auditor.Log}
	}
	another()
	if _, events := c.audit(); len(events) != 0 {
		t.Errorf("it stands as it stood, and this is told: %v", events)
	}
	c.edit(plant, set(2, "spec", "replicas"))
	another()
	_, events := c.audit()
	if len(events) != 1 || !strings.HasPrefix(events[0], "payments/payments true Fell level seen 1, and 2 before this audit began: ") || !strings.Contains(events[0], "radius/bounded (fail)") {
		t.Errorf("it fell while nobody audited, and this is told: %v", events)
	}
	if _, events = c.audit(); len(events) != 0 {
		t.Errorf("it is told again: %v", events)
	}
}

// TestTurned remembers what served before.
func TestTurned(t *testing.T) {
	c := newCluster(t)
	first, _ := c.audit()
	c.edit("ConfigMap/payments/payments-switch", set("b", "data", "selected"))
	statuses, _ := c.audit()
	if len(statuses) != 1 || first[0].Switch.Release == "" {
		t.Fatalf("got %+v", statuses)
	}
	got := *statuses[0].Switch
	want := v1alpha1.SwitchStatus{Selected: "b", Release: got.Release, Previous: "a", PreviousRelease: first[0].Switch.Release, Changed: &metav1.Time{Time: c.now}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestForged asks that what somebody else writes into a status does not stay: neither what served before, nor a time that is still to come.
func TestForged(t *testing.T) {
	c := newCluster(t)
	c.edit(system, set(map[string]any{"selected": "a", "previous": "b", "changed": "2099-01-01T00:00:00Z"}, "status", "switch"))
	first, _ := c.audit()
	if len(first) != 1 || !first[0].Switch.Changed.Time.Equal(c.now) || first[0].Switch.Previous != "b" {
		t.Errorf("what was found at first, and is said to be still to come: %+v", first)
	}
	c.edit(system, set(map[string]any{"selected": "a", "previous": "c", "previousRelease": "x", "changed": "2025-12-31T00:00:00Z"}, "status", "switch"))
	if statuses, _ := c.audit(); len(statuses) != 1 || !cmp.Equal(statuses[0].Switch, first[0].Switch) {
		t.Errorf("what was forged since: %+v", statuses)
	}
	c.edit(system, set(map[string]any{}, "status"))
	if statuses, _ := c.audit(); len(statuses) != 1 || !cmp.Equal(statuses[0].Switch, first[0].Switch) {
		t.Errorf("what was taken away since: %+v", statuses)
	}
	if statuses, _ := c.audit(); len(statuses) != 0 {
		t.Errorf("it is as it should be, and this is written: %+v", statuses)
	}
}

// TestModes asks how loud an audit is.
func TestModes(t *testing.T) {
	for mode, want := range map[string]int{"Enforce": 1, "Warn": 1, "Record": 0} {
		c := newCluster(t)
		c.edit(system, set(mode, "spec", "modes", "audit"))
		c.audit()
		c.edit(plant, set(2, "spec", "replicas"))
		statuses, events := c.audit()
		if len(statuses) != 1 || len(events) != want || want > 0 && strings.Contains(events[0], " true Fell ") != (mode == "Enforce") {
			t.Errorf("%s: %d statuses, %v", mode, len(statuses), events)
		}
	}
}

// TestFault says that a policy does not work.
func TestFault(t *testing.T) {
	c := newCluster(t, engine.Tree{Name: "team", FS: fstest.MapFS{"checks/intake/probe/probe.rego": {Data: []byte(`# METADATA
# title: It errs
# description: Asks nothing.
# custom: {level: 1, kind: goal, severity: low, remediation: Make it so.}
package acme.checks.intake.probe

subjects contains w.at if {
	some w in input.facts.workload
	to_number(w.name) > 0
}

passes := subjects
`)}}})
	statuses, _ := c.audit()
	if len(statuses) != 1 || !strings.HasPrefix(condition(statuses[0], "Judged"), "False PolicyFault acme.checks.intake.probe: ") {
		t.Errorf("got %+v", statuses)
	}
}

// TestNotWritten says whose status cannot be written, and writes it the next time.
func TestNotWritten(t *testing.T) {
	c := newCluster(t)
	c.fault = errors.New("the API server is away")
	if _, err := c.auditor.Audit(t.Context()); err == nil || err.Error() != "system payments: the API server is away" {
		t.Errorf("got %v", err)
	}
	c.fault = nil
	if statuses, _ := c.audit(); len(statuses) != 1 {
		t.Errorf("%d statuses are written then", len(statuses))
	}
	c.edit(plant, set(2, "spec", "replicas"))
	c.fault = errors.New("the API server is away")
	if _, err := c.auditor.Audit(t.Context()); err == nil {
		t.Error("the second fault is not told")
	}
	c.fault = nil
	if statuses, events := c.audit(); len(statuses) != 1 || len(events) != 1 {
		t.Errorf("%d statuses and %d events of a fall are written then", len(statuses), len(events))
	}
}

// TestRun audits when something changes, once that has settled, and ends with its context.
func TestRun(t *testing.T) {
	c := newCluster(t)
	audits := make(chan time.Time, 10)
	judged := c.auditor.Judged
	c.auditor.Settle = 300 * time.Millisecond
	c.auditor.Judged = func(ctx context.Context, asOf time.Time) (*engine.Judged, error) {
		audits <- time.Now()
		return judged(ctx, asOf)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { c.auditor.Run(ctx); close(ended) }()
	<-audits // at once
	<-audits // for what was known before, and for its own status
	for len(audits) > 0 {
		<-audits
	}
	time.Sleep(2 * c.auditor.Settle)
	for len(audits) > 0 {
		<-audits
	}
	changed := time.Now()
	c.state.Put(c.objects[plant].Stamped("1"))
	c.state.Put(c.objects[plant].Stamped("2"))
	if at := <-audits; at.Sub(changed) < c.auditor.Settle {
		t.Errorf("it was audited %s after the change", at.Sub(changed))
	}
	stop()
	<-ended
	if len(audits) != 0 {
		t.Errorf("two changes at once are audited %d times more", len(audits))
	}
}
