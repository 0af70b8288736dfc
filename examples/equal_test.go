package examples_test

import (
	"context"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/webhook/controlplane"
)

const objects = "../testdata/objects/*.yaml" // of kinds that the example lacks, and with what an API server fills in, leaves out or writes otherwise

// TestEqualFacts creates objects on an API server and reads them back, in each version in which they are served: what adapters say
// of them is what they say of the file. Every kind that an adapter reads is tried.
func TestEqualFacts(t *testing.T) {
	// Nothing of what admission adds to pods is left out: envtest by itself has no service accounts.
	c := connect(t, controlplane.Start(t, controlplane.Flag("disable-admission-plugins", "")))
	p := compile(t)
	tried := map[engine.Selector]bool{}
	for _, d := range everyObject(t) {
		tried[engine.Selector{Group: d.Object.Group(), Kind: d.Object.Kind}] = true
		t.Run(strings.ReplaceAll(d.File, "/", ":")+"/"+d.Object.Kind+"/"+d.Object.Name, func(t *testing.T) {
			want := facts(t, p, d)
			for version, read := range c.readBack(t, d) {
				if diff := cmp.Diff(want, facts(t, p, read), cmp.Comparer(sameNumber)); diff != "" {
					t.Errorf("facts of %s %s (-file +object read back as %s):\n%s", d.File, d.ID, version, diff)
				}
			}
		})
	}
	for _, s := range p.Objects() {
		if !tried[s] && s.Kind != "*" {
			t.Errorf("%s has no object of kind %s of group %q to try", objects, s.Kind, s.Group)
		}
	}
	if c.asked > 0 {
		t.Logf("%d objects: %v for each to be created, %v for each to be read", c.asked, (c.creating / time.Duration(c.asked)).Round(time.Microsecond), (c.reading / time.Duration(c.read)).Round(time.Microsecond))
	}
}

// facts are those of one document, by kind.
func facts(t *testing.T, p *engine.Policies, d document.Document) map[string][]engine.Fact {
	t.Helper()
	derived, unread, faults := p.Derive(t.Context(), d)
	if len(unread)+len(faults) > 0 {
		t.Fatalf("%v %v", unread, faults)
	}
	v := p.NewView()
	v.Add(derived)
	all := map[string][]engine.Fact{}
	for kind := range p.Kinds {
		if found := v.Facts(kind); len(found) > 0 {
			all[kind] = found
		}
	}
	return all
}

// sameNumber compares numbers however they are written.
func sameNumber(a, b json.Number) bool {
	x, xok := new(big.Rat).SetString(a.String())
	y, yok := new(big.Rat).SetString(b.String())
	return xok && yok && x.Cmp(y) == 0
}

// everyObject gives the objects of the example, those that variants make of them, and those that were written for this test. Those that bear
// on the creation of others come last, since the API server takes a while to forget them.
func everyObject(t *testing.T) []document.Document {
	t.Helper()
	var all []document.Document
	for _, pattern := range []string{payments + "/*/*.yaml", payments + "/*/*/*.yaml", objects} {
		for _, file := range glob(t, pattern) {
			all = append(all, objectsIn(t, file, filepath.Base(file))...)
		}
	}
	for _, file := range glob(t, variants) {
		var v variant
		read(t, file, &v)
		root := filepath.Join(t.TempDir(), payments)
		if err := os.CopyFS(root, os.DirFS(payments)); err != nil {
			t.Fatal(err)
		}
		for _, e := range v.Change {
			if err := e.apply(root); err != nil {
				t.Fatal(err)
			}
			if !e.Delete && filepath.Ext(e.File) == ".yaml" && !strings.HasPrefix(e.File, ".") {
				all = append(all, objectsIn(t, filepath.Join(root, e.File), filepath.Base(file))...)
			}
		}
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(d document.Document) bool {
		before := seen[d.ID+d.Digest]
		seen[d.ID+d.Digest] = true
		return before
	})
	slices.SortStableFunc(all, func(a, b document.Document) int { return bears[a.Object.Kind] - bears[b.Object.Kind] })
	return all
}

// bears has the kinds whose objects bear on the creation of others.
var bears = map[string]int{"LimitRange": 1, "Namespace": 1, "ResourceQuota": 1, "ValidatingWebhookConfiguration": 2}

// objectsIn reads the objects of a file, under another name. What cannot be read is none; some variants are about that.
func objectsIn(t *testing.T, file, name string) []document.Document {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found, _ := document.Read(name, text, document.DefaultBounds)
	return slices.DeleteFunc(found, func(d document.Document) bool { return d.Format != document.Kubernetes })
}

// cluster is an API server that takes and gives objects.
type cluster struct {
	client dynamic.Interface
	served meta.RESTMapper

	asked, read       int // how many objects were created and read
	creating, reading time.Duration
}

func connect(t *testing.T, plane *controlplane.Plane) *cluster {
	t.Helper()
	config := rest.CopyConfig(plane.Config)
	config.WarningHandler = rest.NoWarnings{}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	d, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	groups, err := restmapper.GetAPIGroupResources(d)
	if err != nil {
		t.Fatal(err)
	}
	return &cluster{client: client, served: restmapper.NewDiscoveryRESTMapper(groups)}
}

// readBack creates an object, reads it in each version in which it is served, and takes it away again.
func (c *cluster) readBack(t *testing.T, d document.Document) map[string]document.Document {
	t.Helper()
	mappings, err := c.served.RESTMappings(schema.GroupKind{Group: d.Object.Group(), Kind: d.Object.Kind})
	if err != nil {
		t.Fatal(err)
	}
	version := schema.FromAPIVersionAndKind(d.Object.APIVersion, d.Object.Kind)
	own := slices.IndexFunc(mappings, func(m *meta.RESTMapping) bool { return m.GroupVersionKind == version })
	if own < 0 {
		t.Fatalf("%s is not served", version)
	}
	if d.Object.Namespace != "" {
		c.namespace(t, d.Object.Namespace)
	}
	c.remove(t, mappings[own], d) // a namespace is there already
	start := time.Now()
	_, err = c.at(mappings[own], d).Create(t.Context(), sent(t, d), metav1.CreateOptions{})
	c.asked, c.creating = c.asked+1, c.creating+time.Since(start)
	if err != nil {
		t.Fatal(err)
	}
	defer c.remove(t, mappings[own], d)
	all := map[string]document.Document{}
	for _, m := range mappings {
		start := time.Now()
		object, err := c.at(m, d).Get(t.Context(), d.Object.Name, metav1.GetOptions{})
		c.read, c.reading = c.read+1, c.reading+time.Since(start)
		if err != nil {
			t.Fatal(err)
		}
		all[m.GroupVersionKind.Version] = received(t, object)
	}
	return all
}

func (c *cluster) at(m *meta.RESTMapping, d document.Document) dynamic.ResourceInterface {
	if m.Scope.Name() == meta.RESTScopeNameNamespace {
		return c.client.Resource(m.Resource).Namespace(d.Object.Namespace)
	}
	return c.client.Resource(m.Resource)
}

// remove takes an object away at once, where there is one. No controller ends a namespace here.
func (c *cluster) remove(t *testing.T, m *meta.RESTMapping, d document.Document) {
	t.Helper()
	background := context.Background() // a test that has ended cleans up, too
	now, orphans := int64(0), metav1.DeletePropagationBackground
	err := c.at(m, d).Delete(background, d.Object.Name, metav1.DeleteOptions{GracePeriodSeconds: &now, PropagationPolicy: &orphans})
	if err == nil && d.Object.Kind == "Namespace" {
		_, err = c.client.Resource(m.Resource).Update(background, object("Namespace", d.Object.Name), metav1.UpdateOptions{}, "finalize")
	}
	if err != nil && !apierrors.IsNotFound(err) {
		t.Fatal(err)
	}
}

// namespace makes a namespace where there is none, with the account that a controller would put there.
func (c *cluster) namespace(t *testing.T, name string) {
	t.Helper()
	v1 := schema.GroupVersion{Version: "v1"}
	_, err := c.client.Resource(v1.WithResource("namespaces")).Create(t.Context(), object("Namespace", name), metav1.CreateOptions{})
	if err == nil {
		_, err = c.client.Resource(v1.WithResource("serviceaccounts")).Namespace(name).Create(t.Context(), object("ServiceAccount", "default"), metav1.CreateOptions{})
	}
	if err != nil && !apierrors.IsAlreadyExists(err) {
		t.Fatal(err)
	}
}

func object(kind, name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": kind, "metadata": map[string]any{"name": name}}}
}

// sent is a document as a client sends it.
func sent(t *testing.T, d document.Document) *unstructured.Unstructured {
	t.Helper()
	text, err := json.Marshal(d.Value())
	o := &unstructured.Unstructured{}
	if err == nil {
		err = o.UnmarshalJSON(text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// received is an object as it is read.
func received(t *testing.T, o *unstructured.Unstructured) document.Document {
	t.Helper()
	text, err := o.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	found, unread := document.Read("object.json", text, document.DefaultBounds)
	if len(unread) > 0 || len(found) != 1 {
		t.Fatalf("%d documents: %v", len(found), unread)
	}
	return found[0]
}
