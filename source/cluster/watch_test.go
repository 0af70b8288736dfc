package cluster

import (
	"errors"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"

	"pocdr.dev/pocdr/document"
)

// told is what a sink was told, one after the other.
type told chan string

func (t told) Put(d document.Document) { t <- "put " + d.ID }
func (t told) Remove(id string)        { t <- "remove " + id }

// TestAdopted has a pod that was made by hand get an owner, as a controller does whose selector matches it: from then on it is judged with that, and by itself no more.
func TestAdopted(t *testing.T) {
	t.Setenv("KUBE_FEATURE_WatchListClient", "false") // which the stand-in for an API server does not know
	pods := schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	all := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), map[schema.GroupVersionResource]string{pods: "PodList"})
	client := all.Resource(pods)
	pod := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": "x", "namespace": "payments"}}}
	if _, err := client.Namespace("payments").Create(t.Context(), pod, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	sink := make(told, 10)
	w := start(t.Context(), all, pods, sink)
	if err := w.wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	sink.says(t, "put Pod/payments/x")

	yes := true
	pod.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: "y", UID: "u", Controller: &yes}})
	if _, err := client.Namespace("payments").Update(t.Context(), pod, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	sink.says(t, "remove Pod/payments/x")

	pod.SetOwnerReferences(nil)
	if _, err := client.Namespace("payments").Update(t.Context(), pod, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	sink.says(t, "put Pod/payments/x")
}

func (t told) says(test *testing.T, want string) {
	test.Helper()
	select {
	case got := <-t:
		if got != want {
			test.Fatalf("the sink was told to %s: want %s", got, want)
		}
	case <-time.After(10 * time.Second):
		test.Fatalf("the sink was never told to %s", want)
	}
}

// mapper knows a kind in one version.
type mapper struct {
	meta.RESTMapper
	version string
}

func (m *mapper) Reset() {}

func (m *mapper) RESTMapping(kind schema.GroupKind, _ ...string) (*meta.RESTMapping, error) {
	return &meta.RESTMapping{Resource: schema.GroupVersionResource{Group: kind.Group, Version: m.version, Resource: "topics"}}, nil
}

// TestAnotherVersion has a kind served in another version only: it is watched in that from then on, and what is gone meanwhile is gone.
func TestAnotherVersion(t *testing.T) {
	t.Setenv("KUBE_FEATURE_WatchListClient", "false")
	one, two := schema.GroupVersionResource{Group: "acme.org", Version: "v1", Resource: "topics"}, schema.GroupVersionResource{Group: "acme.org", Version: "v2", Resource: "topics"}
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), map[schema.GroupVersionResource]string{one: "TopicList", two: "TopicList"})
	create := func(in schema.GroupVersionResource, name string) {
		o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "acme.org/" + in.Version, "kind": "Topic", "metadata": map[string]any{"name": name, "namespace": "a"}}}
		if _, err := client.Resource(in).Namespace("a").Create(t.Context(), o, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	topics := Kind{Group: "acme.org", Kind: "Topic"}
	c, sink, m := &Cluster{client: client, watched: map[Kind]*watch{}}, make(told, 10), &mapper{version: "v1"}
	c.mapper = m
	create(one, "x")
	watchAll := func() {
		t.Helper()
		if err := c.watch(t.Context(), []Kind{topics}, sink); err != nil {
			t.Fatal(err)
		}
	}
	watchAll()
	sink.says(t, "put Topic.acme.org/a/x")

	c.all()[0].hear(apierrors.NewNotFound(one.GroupResource(), ""))
	if c.watching(topics) {
		t.Error("what is not served is not asked for again")
	}
	create(two, "y")
	m.version = "v2"
	watchAll()
	sink.says(t, "put Topic.acme.org/a/y")
	sink.says(t, "remove Topic.acme.org/a/x")
	watchAll()
	create(two, "z")
	sink.says(t, "put Topic.acme.org/a/z")
}

// TestLost says what the API server said instead of an answer, until it answers.
func TestLost(t *testing.T) {
	w, forbidden := &watch{}, errors.New("pods is forbidden")
	c := &Cluster{watched: map[Kind]*watch{{Kind: "Pod"}: w, {Kind: "Secret"}: {}}}
	for _, step := range []struct{ heard, want error }{{nil, nil}, {forbidden, forbidden}, {errors.New("another"), forbidden}, {nil, nil}} {
		w.hear(step.heard)
		if lost, why := c.Lost(); !errors.Is(why, step.want) || lost < 0 || lost > time.Minute {
			t.Errorf("lost for %s: %v", lost, why)
		}
	}
}

// TestOwned tells owners for whom an object is judged from those that somebody wrote into it.
func TestOwned(t *testing.T) {
	yes := true
	for _, c := range []struct {
		kind, version, owner string
		want                 bool
	}{
		{"Pod", "apps/v1", "ReplicaSet", true}, {"Pod", "v1", "ReplicationController", true}, {"Job", "batch/v1", "CronJob", true}, {"ReplicaSet", "apps/v1", "Deployment", true},
		{"Pod", "example.com/v1", "ReplicaSet", false}, {"Pod", "v1", "ConfigMap", false}, {"StatefulSet", "apps/v1", "Deployment", false},
	} {
		o := &unstructured.Unstructured{}
		o.SetKind(c.kind)
		o.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: c.version, Kind: c.owner, Name: "x", Controller: &yes}})
		if got := owned(o); got != c.want {
			t.Errorf("a %s of %s %s is judged with it: %v", c.kind, c.version, c.owner, got)
		}
	}
}
