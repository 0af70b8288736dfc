package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
	"pocdr.dev/pocdr/source/cluster"
	"pocdr.dev/pocdr/webhook/admission"
	"pocdr.dev/pocdr/webhook/controlplane"
)

// TestReady measures how long the webhook takes to read a cluster of so many objects as the environment variable READY says, and how large the facts are.
func TestReady(t *testing.T) {
	objects, err := strconv.Atoi(os.Getenv("READY"))
	if err != nil {
		t.Skip("measures only, where READY says how many objects there are to be")
	}
	f := &faulty{guarded: &guarded{Plane: controlplane.Start(t), t: t, ops: address(t)}, whole: t, address: address(t), ca: newIssuer(t), tls: t.TempDir()}
	f.ca.issue(t, f.tls)
	f.fill(objects)
	began := time.Now()
	p := f.start("--audit-every", "0")
	took := time.Since(began)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	ticks := regexp.MustCompile(`\) \S(?: \S+){10} (\d+) (\d+) `).FindSubmatch(status)
	user, _ := strconv.Atoi(string(ticks[1]))
	system, _ := strconv.Atoi(string(ticks[2]))
	t.Logf("ready %s after its start, of which %d ms of CPU; at most %d MiB of memory", took.Round(10*time.Millisecond), (user+system)*10, p.memory(t)>>20)
	f.weigh()
}

// fill makes copies of the example's objects, each in namespaces of its own; of what is declared once there is one.
func (f *faulty) fill(n int) {
	f.t.Helper()
	files := map[string]string{}
	for _, folder := range parts(f.t) {
		if entries, err := os.ReadDir(folder); err == nil {
			for _, entry := range entries {
				if text, err := os.ReadFile(folder + "/" + entry.Name()); err == nil {
					files[folder+"/"+entry.Name()] = string(text)
				}
			}
		}
	}
	config := rest.CopyConfig(f.Config)
	config.QPS, config.WarningHandler = -1, rest.NoWarnings{}
	client := dynamicOf(f.t, config)
	var group errgroup.Group
	group.SetLimit(16)
	for made, i := 0, 0; made < n; i++ {
		for _, namespace := range []string{"payments", "ledger"} {
			o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": fmt.Sprint(namespace, i)}}}
			if _, err := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}).Create(f.t.Context(), o, metav1.CreateOptions{}); err != nil {
				f.t.Fatal(err)
			}
		}
		for _, d := range objects(files) {
			o := objectOf(&d)
			if d.Object.Namespace == "" || i > 0 && o.GetKind() == "System" {
				continue
			}
			o.SetNamespace(fmt.Sprint(d.Object.Namespace, i))
			made++
			group.Go(func() error {
				gvk := o.GroupVersionKind()
				plural := strings.ToLower(gvk.Kind) + "s"
				if strings.HasSuffix(plural, "ys") {
					plural = strings.TrimSuffix(plural, "ys") + "ies"
				}
				_, err := client.Resource(gvk.GroupVersion().WithResource(plural)).Namespace(o.GetNamespace()).Create(f.t.Context(), o, metav1.CreateOptions{})
				if apierrors.IsForbidden(err) { // by a quota
					return nil
				}
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		f.t.Fatal(err)
	}
}

// weigh says how many facts the objects of the cluster make, and how much memory they take.
func (f *faulty) weigh() {
	f.t.Helper()
	p, err := engine.Compile(engine.Tree{FS: policies.FS})
	if err != nil {
		f.t.Fatal(err)
	}
	c, err := cluster.New(f.Config)
	if err != nil {
		f.t.Fatal(err)
	}
	held, err := c.List(f.t.Context(), admission.Kinds(p))
	if err != nil {
		f.t.Fatal(err)
	}
	before := heap()
	v := p.NewView()
	v.Entrance = engine.Admission
	for _, d := range held {
		if facts, _, _ := p.Derive(f.t.Context(), d); facts != nil {
			v.Add(facts)
		}
	}
	v.Join(f.t.Context())
	after := heap()
	facts := 0
	for kind := range p.Kinds {
		facts += len(v.Facts(kind))
	}
	f.t.Logf("%d objects make %d facts: %d bytes a fact, %d an object", len(held), facts, (after-before)/int64(facts), (after-before)/int64(len(held)))
	runtime.KeepAlive(held)
	runtime.KeepAlive(v)
}

func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
