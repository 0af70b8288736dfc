package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

// question is a request whose right answer is known.
type question struct {
	name    string
	refused string // by which check; empty: it is admitted
	spared  bool   // the webhook is not asked
	ask     func(context.Context) error
}

// How requests are made.
const merge = types.MergePatchType

var (
	options = metav1.PatchOptions{}
	dryRun  = []string{metav1.DryRunAll}
)

// questions are requests of the kinds that there are: those that are refused change nothing, even where they should be admitted by mistake.
func (f *faulty) questions() []question {
	f.t.Helper()
	config := rest.CopyConfig(f.Config)
	config.QPS, config.WarningHandler = -1, rest.NoWarnings{}
	admin, past := dynamicOf(f.t, config), dynamicOf(f.t, f.emergency())
	sets, topics := resource(admin, "apps", "v1", "statefulsets"), resource(admin, "kafka.strimzi.io", "v1", "kafkatopics")
	leases := resource(admin, "coordination.k8s.io", "v1", "leases")
	patch := func(what dynamic.ResourceInterface, name, text string, subresources ...string) func(context.Context) error {
		kind := merge
		if text == unpinned {
			kind = types.StrategicMergePatchType
		}
		return func(ctx context.Context) error {
			_, err := what.Patch(ctx, name, kind, []byte(text), metav1.PatchOptions{DryRun: dryRun}, subresources...)
			return err
		}
	}
	var count atomic.Int64
	return []question{
		{name: "an image by tag", refused: "declaration/image-pinned", ask: patch(sets, "payments-a", unpinned)},
		{name: "another image by tag", refused: "declaration/image-pinned", ask: patch(sets, "payments-b", unpinned)},
		{name: "a second writer", refused: "switch/one-writer", ask: patch(sets, "payments-a", `{"spec":{"replicas":2}}`)},
		{name: "a second writer, by scale", refused: "switch/one-writer", ask: patch(sets, "payments-a", `{"spec":{"replicas":2}}`, "scale")},
		{name: "an intake without copies", refused: "intake/replicated", ask: patch(topics, "payment-commands", `{"spec":{"replicas":1}}`)},
		{name: "no intake", refused: "intake/declared", ask: func(ctx context.Context) error {
			return topics.Delete(ctx, "payment-commands", metav1.DeleteOptions{DryRun: dryRun})
		}},
		{name: "a note", ask: func(ctx context.Context) error { // which is made, so that there is something to watch
			_, err := sets.Patch(ctx, "payments-valve", merge, fmt.Appendf(nil, `{"metadata":{"annotations":{"note":"%d"}}}`, count.Add(1)), options)
			return err
		}},
		{name: "more memory", ask: patch(topics, "payment-commands", `{"spec":{"config":{"retention.ms":1300000000}}}`)},
		{name: "a lease", spared: true, ask: func(ctx context.Context) error {
			_, err := leases.Create(ctx, &unstructured.Unstructured{Object: map[string]any{
				"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": map[string]any{"generateName": "x-"},
			}}, metav1.CreateOptions{DryRun: dryRun})
			return err
		}},
		{name: "a status", spared: true, ask: patch(sets, "payments-a", `{"status":{"replicas":7}}`, "status")},
		{name: "broken glass", spared: true, ask: patch(resource(past, "apps", "v1", "statefulsets"), "payments-a", `{"spec":{"replicas":2}}`)},
	}
}

// emergency reaches the cluster past the webhook.
func (f *faulty) emergency() *rest.Config {
	config, _ := f.User(f.t, "emergency", "pocdr:break-glass", "system:masters")
	config.QPS, config.WarningHandler = -1, rest.NoWarnings{}
	return config
}

const unpinned = `{"spec":{"template":{"spec":{"containers":[{"name":"plant","image":"registry.acme.example/payments/plant:2.0"}]}}}}`

func dynamicOf(t *testing.T, config *rest.Config) dynamic.Interface {
	t.Helper()
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func resource(client dynamic.Interface, group, version, name string) dynamic.ResourceInterface {
	return client.Resource(schema.GroupVersionResource{Group: group, Version: version, Resource: name}).Namespace("payments")
}

// load asks questions until it is told to end, each worker another one first. Every answer is checked.
type load struct {
	f     *faulty
	now   atomic.Pointer[phase]
	stop  context.CancelFunc
	group sync.WaitGroup
}

// phase counts the answers to what was asked in a time.
type phase struct {
	mu                                sync.Mutex
	admitted, spared, refused, failed int
	failures                          []string
}

func (f *faulty) load(workers int) *load {
	f.t.Helper()
	all := f.questions()
	ctx, stop := context.WithCancel(f.t.Context())
	l := &load{f: f, stop: stop}
	l.now.Store(&phase{})
	for n := range workers {
		l.group.Go(func() {
			for i := n; ctx.Err() == nil; i++ {
				l.now.Load().check(f.t, all[i%len(all)], all[i%len(all)].ask(ctx))
			}
		})
	}
	f.t.Cleanup(l.end)
	return l
}

func (l *load) end() {
	l.stop()
	l.group.Wait()
}

// next begins a phase, and gives the one before.
func (l *load) next() *phase { return l.now.Swap(&phase{}) }

// until waits until so many were answered in a phase as somebody waits for.
func (l *load) until(what string, holds func(*phase) bool) *phase {
	l.f.t.Helper()
	p := l.now.Load()
	l.f.wait(what, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return holds(p)
	})
	return p
}

// check holds an answer to the right one. Failing to answer is no wrong answer, but for what the webhook is not to be asked.
func (p *phase) check(t *testing.T, q question, err error) {
	denied := err != nil && strings.Contains(err.Error(), "denied the request")
	answered := errors.As(err, new(apierrors.APIStatus))
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case errors.Is(err, context.Canceled):
	case err == nil && q.refused != "":
		t.Errorf("%s is admitted", q.name)
	case denied && (q.refused == "" || !strings.Contains(err.Error(), q.refused)):
		t.Errorf("%s is refused: %v", q.name, err)
	case answered && q.spared:
		t.Errorf("%s is to be spared: %v", q.name, err)
	case denied:
		p.refused++
	case err == nil && q.spared:
		p.spared++
	case err == nil:
		p.admitted++
	default:
		p.failed++
		p.failures = append(p.failures, q.name+": "+err.Error())
	}
}

// sound says of what failed in a phase all that is not one of these errors; of none, all that failed.
func (p *phase) sound(t *testing.T, errors ...string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, failure := range p.failures {
		if !slices.ContainsFunc(errors, func(e string) bool { return strings.Contains(failure, e) }) {
			t.Errorf("a request was lost: %s", failure)
		}
	}
	t.Logf("%d admitted, %d refused, %d spared, %d without an answer", p.admitted, p.refused, p.spared, p.failed)
}

// busy tells whether all kinds of answers were given so often.
func busy(times int) func(*phase) bool {
	return func(p *phase) bool { return p.admitted >= times && p.refused >= times && p.spared >= times }
}
