package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
	"pocdr.dev/pocdr/source/cluster"
	"pocdr.dev/pocdr/webhook/admission"
	"pocdr.dev/pocdr/webhook/audit"
)

// entrances are the four ways to ask about a change: a commit, a review of a repository, the webhook behind a real API server, and the
// audit. What the cluster holds lies in the repository too, so that all have the same view.
type entrances struct {
	*guarded
	p          *engine.Policies
	cluster    *cluster.Cluster
	mapper     *restmapper.DeferredDiscoveryRESTMapper
	past, user dynamic.Interface            // past the webhook, and as the user whom it asks about
	emergency  string                       // a kubeconfig that leads past the webhook
	warnings   *warnings                    // what that user was told
	held       map[string]document.Document // by id: what all of them see
	repo       string
	state      *admission.State // that the audit sees
	auditor    *audit.Auditor

	puts, requests, refused, different int
}

func newEntrances(g *guarded) *entrances {
	g.t.Helper()
	e := &entrances{guarded: g, repo: g.t.TempDir(), warnings: &warnings{}, held: map[string]document.Document{}}
	var err error
	if e.p, err = engine.Compile(engine.Tree{FS: policies.FS}, engine.Tree{Name: conftest, FS: os.DirFS(conftest)}); err != nil {
		g.t.Fatal(err)
	}
	if e.cluster, err = cluster.New(g.Config); err != nil {
		g.t.Fatal(err)
	}
	served, err := discovery.NewDiscoveryClientForConfig(g.Config)
	if err != nil {
		g.t.Fatal(err)
	}
	e.mapper = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(served))
	past, kubeconfig := g.User(g.t, "emergency", "pocdr:break-glass", "system:masters")
	e.emergency = kubeconfig
	past.QPS, past.WarningHandler = -1, rest.NoWarnings{}
	user := rest.CopyConfig(g.Config)
	user.QPS, user.WarningHandler = -1, e.warnings
	e.past, e.user = dynamicOf(g.t, past), dynamicOf(g.t, user)
	e.git("init", "-q")
	e.state = admission.NewState(e.p, nil)
	held, err := e.cluster.List(g.t.Context(), admission.Kinds(e.p))
	if err != nil {
		g.t.Fatal(err)
	}
	for _, d := range held {
		e.put(&d, nil)
	}
	e.commit()
	e.auditor = &audit.Auditor{Policies: e.p, Judged: e.state.Judged, Systems: nowhere{}, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	e.audit()
	return e
}

// warnings are what an API server warned of since they were last asked for.
type warnings struct{ texts []string }

func (w *warnings) HandleWarningHeader(_ int, _, text string) { w.texts = append(w.texts, text) }

// nowhere takes what an audit writes.
type nowhere struct{}

func (nowhere) Status(context.Context, string, string, v1alpha1.SystemStatus) error { return nil }
func (nowhere) Event(context.Context, string, string, bool, string, string) error   { return nil }

func (e *entrances) git(args ...string) {
	e.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", e.repo, "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "gc.auto=0"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	if out, err := cmd.CombinedOutput(); err != nil {
		e.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func (e *entrances) commit() {
	e.git("add", "-A")
	e.git("commit", "-q", "--allow-empty", "-m", "x")
}

func (e *entrances) file(id string) string {
	return filepath.Join(e.repo, strings.ReplaceAll(strings.ReplaceAll(id, "/", "_"), ":", "-")+".json")
}

// write writes an object as a repository has it.
func (e *entrances) write(d document.Document) {
	e.t.Helper()
	value := (&unstructured.Unstructured{Object: d.Value().(map[string]any)}).DeepCopy()
	for _, field := range []string{"managedFields", "uid", "resourceVersion", "generation", "creationTimestamp"} {
		unstructured.RemoveNestedField(value.Object, "metadata", field)
	}
	text, err := json.Marshal(value.Object)
	if err == nil {
		err = os.WriteFile(e.file(d.ID), text, 0o600)
	}
	if err != nil {
		e.t.Fatal(err)
	}
}

// change is one object before a change and after it; nil stands for none.
type change struct {
	name          string
	before, after *unstructured.Unstructured
}

// resource is where objects of a kind are asked for; nil where the API server does not know the kind.
func (e *entrances) resource(client dynamic.Interface, o *unstructured.Unstructured) dynamic.ResourceInterface {
	gvk := o.GroupVersionKind()
	mapping, err := e.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if err != nil {
		return nil
	}
	if o.GetNamespace() == "" {
		return client.Resource(mapping.Resource)
	}
	return client.Resource(mapping.Resource).Namespace(o.GetNamespace())
}

// send asks the API server for a change, and gives the object that it makes of it. Meanwhile the audit may write into the same object what it found.
func (e *entrances) send(client dynamic.Interface, c change, dryRun []string) (*unstructured.Unstructured, error) {
	ctx := e.t.Context()
	switch {
	case c.after == nil:
		return nil, e.resource(client, c.before).Delete(ctx, c.before.GetName(), metav1.DeleteOptions{DryRun: dryRun})
	case c.before == nil:
		return e.resource(client, c.after).Create(ctx, c.after, metav1.CreateOptions{DryRun: dryRun})
	}
	for resource := e.resource(client, c.after); ; {
		made, err := resource.Update(ctx, c.after, metav1.UpdateOptions{DryRun: dryRun})
		if !apierrors.IsConflict(err) {
			return made, err
		}
		now, err := resource.Get(ctx, c.after.GetName(), metav1.GetOptions{})
		if err != nil {
			return nil, err
		}
		c.after.SetResourceVersion(now.GetResourceVersion())
	}
}

// try asks all four about a change. Where it is to be kept and is admitted, it is made. It is false where the API server itself does not take it.
func (e *entrances) try(c change, keep bool) bool {
	e.t.Helper()
	if one := either(c.after, c.before); one == nil || e.resource(e.past, one) == nil {
		return false
	}
	if c.after != nil && c.before != nil {
		c.after.SetResourceVersion(c.before.GetResourceVersion())
	}
	made, err := e.send(e.past, c, dryRun)
	if err != nil {
		if !errors.As(err, new(apierrors.APIStatus)) {
			e.t.Fatal(err)
		}
		return false
	}
	e.requests++
	before, after := e.documentOf(c.before), e.documentOf(made)
	reviewed, answer := e.review(c.before, made)
	said := e.ask(c, answer)
	scanned := e.scan(before, after)
	audited := e.audit()
	if !reviewed.Allowed {
		e.refused++
	}
	for name, diff := range map[string]string{
		"scan --base and review": cmp.Diff(shown(scanned, true), shown(reviewed, true)),
		"scan --base and audit":  cmp.Diff(shown(scanned, false), shown(audited, false)),
		"review and the webhook": cmp.Diff(answer, said),
	} {
		if diff != "" {
			e.different++
			e.t.Errorf("%s: %s differ:\n%s", c.name, name, diff)
		}
	}
	if keep && reviewed.Allowed {
		e.keep(c, before, after)
	} else {
		e.back(before, after)
	}
	return true
}

func either[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

func (e *entrances) documentOf(o *unstructured.Unstructured) *document.Document {
	if o == nil {
		return nil
	}
	d, err := document.OfObject(o.Object, cluster.Version(string(o.GetUID()), o.GetResourceVersion()))
	if err != nil {
		e.t.Fatal(err)
	}
	return &d
}

// put puts an object in the place of another, in the repository and in what the audit sees.
func (e *entrances) put(after, before *document.Document) {
	e.t.Helper()
	if after != nil {
		e.held[after.ID] = *after
		e.write(*after)
		e.puts++ // a version of its own: what a dry run makes has that of what there is
		e.state.Replace(e.p.Replace(e.t.Context(), after.Stamped(fmt.Sprint("put ", e.puts))))
		return
	}
	if err := os.Remove(e.file(before.ID)); err != nil && !os.IsNotExist(err) {
		e.t.Fatal(err)
	}
	delete(e.held, before.ID)
	e.state.Remove(before.ID)
}

// sees has them see objects that are in the cluster already.
func (e *entrances) sees(ids ...string) {
	e.t.Helper()
	held, err := e.cluster.List(e.t.Context(), admission.Kinds(e.p))
	if err != nil {
		e.t.Fatal(err)
	}
	for _, d := range held {
		if slices.Contains(ids, d.ID) {
			e.put(&d, nil)
		}
	}
	e.commit()
	e.audit()
}

// back takes the change back.
func (e *entrances) back(before, after *document.Document) {
	e.put(before, after)
	e.audit()
}

// keep makes the change.
func (e *entrances) keep(c change, before, after *document.Document) {
	e.t.Helper()
	made, err := e.send(e.user, c, nil)
	if err != nil && strings.Contains(err.Error(), " denied the request: ") {
		e.t.Fatalf("%s: admitted as a dry run, and not in earnest: %v", c.name, err)
	}
	if err != nil { // an address that is taken, say, of which a dry run knows nothing
		e.back(before, after)
		return
	}
	e.put(e.documentOf(made), before)
	e.commit()
	e.audit()
}
