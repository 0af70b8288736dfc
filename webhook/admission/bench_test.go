package admission_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
	"pocdr.dev/pocdr/source/cluster"
	"pocdr.dev/pocdr/webhook"
	"pocdr.dev/pocdr/webhook/admission"
)

var asOf = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

var compiled = sync.OnceValues(func() (*engine.Policies, error) { return engine.Compile(engine.Tree{FS: policies.FS}) })

func shipped(t testing.TB) *engine.Policies {
	t.Helper()
	p, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// example gives the Kubernetes documents of examples/payments, as an API server would have them.
func example(t testing.TB) []document.Document {
	t.Helper()
	var all []document.Document
	err := filepath.WalkDir("../../examples/payments", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || document.Named(entry.Name()) == nil {
			return err
		}
		text, err := os.ReadFile(name)
		read, _ := document.Read(entry.Name(), text, document.DefaultBounds)
		for _, d := range read {
			if d.Format == document.Kubernetes {
				all = append(all, stored(t, d))
			}
		}
		return err
	})
	if err != nil || len(all) < 40 {
		t.Fatal(len(all), err)
	}
	return all
}

// stored is an object with the identity and version that an API server gives it.
func stored(t testing.TB, d document.Document) document.Document {
	t.Helper()
	value := d.Value().(map[string]any)
	metadata := value["metadata"].(map[string]any)
	metadata["uid"], metadata["resourceVersion"] = d.ID, "1"
	out, err := document.OfObject(value, cluster.Version(d.ID, "1"))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// reviewer judges against a cluster that holds the example.
func reviewer(t testing.TB, p *engine.Policies, known []document.Document) *admission.Reviewer {
	t.Helper()
	s := admission.NewState(p, nil)
	for _, d := range known {
		s.Put(d)
	}
	return &admission.Reviewer{
		Policies: p, State: s, Now: func() time.Time { return asOf }, Controllers: admission.Controllers, Cleaners: admission.Cleaners,
		Auditor: admission.Auditor,
	}
}

// request asks for a change from one object to another; nil stands for none.
func request(t testing.TB, before, after map[string]any) *admissionv1.AdmissionRequest {
	t.Helper()
	one := after
	r := &admissionv1.AdmissionRequest{UID: "1", Operation: admissionv1.Update, UserInfo: authenticationv1.UserInfo{Username: "ann"}}
	switch {
	case before == nil:
		r.Operation = admissionv1.Create
	case after == nil:
		r.Operation, one = admissionv1.Delete, before
	}
	group, version, found := strings.Cut(one["apiVersion"].(string), "/")
	if !found {
		group, version = "", group
	}
	metadata := one["metadata"].(map[string]any)
	r.Name, _ = metadata["name"].(string)
	r.Namespace, _ = metadata["namespace"].(string)
	r.Kind = metav1.GroupVersionKind{Group: group, Version: version, Kind: one["kind"].(string)}
	r.Resource = metav1.GroupVersionResource{Group: group, Version: version, Resource: strings.ToLower(r.Kind.Kind) + "s"}
	r.Object, r.OldObject = raw(t, after), raw(t, before)
	return r
}

func raw(t testing.TB, value map[string]any) runtime.RawExtension {
	t.Helper()
	if value == nil {
		return runtime.RawExtension{}
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return runtime.RawExtension{Raw: text}
}

func named(t testing.TB, all []document.Document, id string) document.Document {
	t.Helper()
	for _, d := range all {
		if d.ID == id {
			return d
		}
	}
	t.Fatalf("there is no %s", id)
	return document.Document{}
}

// edited is a copy of an object with a text of it replaced.
func edited(t testing.TB, d document.Document, old, replacement string) map[string]any {
	t.Helper()
	text, err := json.Marshal(d.Value())
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%v: there is no %s in %s", err, old, text)
	}
	var value map[string]any
	if err := json.Unmarshal([]byte(strings.Replace(string(text), old, replacement, 1)), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// sent is an object as an API server sends it: who wrote each of its fields stands in it too, which makes it nearly twice as large.
func sent(value map[string]any) map[string]any {
	value = maps.Clone(value)
	metadata := maps.Clone(value["metadata"].(map[string]any))
	metadata["generation"], metadata["creationTimestamp"] = 3, "2025-12-01T09:30:00Z"
	metadata["managedFields"] = []any{map[string]any{
		"manager": "kubectl-client-side-apply", "operation": "Update", "apiVersion": value["apiVersion"], "time": "2025-12-24T16:00:00Z",
		"fieldsType": "FieldsV1", "fieldsV1": fieldsOf(map[string]any{"metadata": map[string]any{"labels": metadata["labels"]}, "spec": value["spec"]}),
	}}
	value["metadata"] = metadata
	return value
}

func fieldsOf(value any) map[string]any {
	fields := map[string]any{}
	switch x := value.(type) {
	case map[string]any:
		for name, part := range x {
			fields["f:"+name] = fieldsOf(part)
		}
	case []any:
		for _, part := range x {
			if entry, ok := part.(map[string]any); ok && entry["name"] != nil {
				fields[fmt.Sprintf(`k:{"name":%q}`, entry["name"])] = fieldsOf(part)
			}
		}
	}
	return fields
}

// changes of a workload: one that some facts rest on, one that changes what nearly all checks look at, and one that no fact rests on; the text that is
// replaced, and by what.
var changes = map[string][2]string{
	"changed": {`"image":"registry`, `"image":"other`},
	"labels":  {`"labels":{`, `"labels":{"team":"x",`},
	"same":    {`"metadata":{`, `"metadata":{"annotations":{"note":"x"},`},
}

// asked is a request for one of the changes, as an API server sends it.
func asked(b *testing.B, workload document.Document, change string) *admissionv1.AdmissionRequest {
	b.Helper()
	return request(b, sent(workload.Value().(map[string]any)), sent(edited(b, workload, changes[change][0], changes[change][1])))
}

func reviewOf(b *testing.B, r *admissionv1.AdmissionRequest) []byte {
	b.Helper()
	return marshalled(b, admissionv1.AdmissionReview{TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"}, Request: r})
}

// BenchmarkReview answers a review of a workload, from bytes to bytes, against the example: where its facts change, and where they do not. A plant is
// the dearest there is.
func BenchmarkReview(b *testing.B) {
	known := example(b)
	r := reviewer(b, shipped(b), known)
	collectAsServed(b)
	for _, id := range []string{"Deployment.apps/payments/payments-gateway", "StatefulSet.apps/payments/payments-a"} {
		workload := named(b, known, id)
		for change := range changes {
			b.Run(workload.Object.Kind+"/"+change, func(b *testing.B) {
				body := reviewOf(b, asked(b, workload, change))
				b.ReportAllocs()
				before := processorTime(b)
				for b.Loop() {
					if _, _, err := webhook.Answer(context.Background(), r, body); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(len(body)), "review-bytes")
				b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
			})
		}
	}
}

// collectAsServed collects garbage as often as the server does.
func collectAsServed(b *testing.B) {
	usual := debug.SetGCPercent(400)
	b.Cleanup(func() { debug.SetGCPercent(usual) })
}

// BenchmarkParts does the parts of a review one by one, for the plant's change of BenchmarkReview: to read it and write an answer; to read its two
// objects; to derive facts; to judge what they change, with how many checks are asked again; to decide.
func BenchmarkParts(b *testing.B) {
	p, known, ctx := shipped(b), example(b), context.Background()
	collectAsServed(b)
	plant := named(b, known, "StatefulSet.apps/payments/payments-a")
	before, err := reviewer(b, p, known).State.Judged(ctx, asOf)
	if err != nil {
		b.Fatal(err)
	}
	request := asked(b, plant, "changed")
	body := reviewOf(b, request)
	object, err := document.ReadObject(request.Object.Raw, document.DefaultBounds)
	if err != nil {
		b.Fatal(err)
	}
	replacement := p.Replace(ctx, object)
	judge := func() *engine.Judged {
		judged, err := p.JudgeAll(ctx, before.View.With(ctx, replacement), before.Settings, before)
		if err != nil {
			b.Fatal(err)
		}
		return judged
	}
	var after *engine.Judged // what transitions see of it is not known yet
	operation, _ := engine.NewOperation(&plant, &object)
	for _, part := range []struct {
		name  string
		ready func() // is not counted
		do    func()
	}{
		{"answer", nil, func() { _, _, _ = webhook.Answer(ctx, nothing{}, body) }},
		{"objects", nil, func() {
			_, _ = document.ReadObject(request.Object.Raw, document.DefaultBounds)
			_, _ = document.ReadObject(request.OldObject.Raw, document.DefaultBounds)
		}},
		{"facts", nil, func() { p.Replace(ctx, object) }},
		{"judge", nil, func() { judge() }},
		{"decide", func() { after = judge() }, func() { p.Decide(ctx, before, after, engine.Request{Operations: []engine.Operation{operation}}) }},
	} {
		b.Run(part.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if part.ready != nil {
					b.StopTimer()
					part.ready()
					b.StartTimer()
				}
				part.do()
			}
			if part.name == "judge" {
				b.ReportMetric(float64(askedAnew(judge())), "checks/op")
			}
		})
	}
}

// askedAnew is how many checks were asked, of all systems.
func askedAnew(judged *engine.Judged) (n int) {
	for _, j := range judged.Judgements() {
		n += j.Anew
	}
	return n
}

// nothing is a judge that allows everything.
type nothing struct{}

func (nothing) Review(context.Context, *admissionv1.AdmissionRequest) (*webhook.Verdict, error) {
	return &webhook.Verdict{Allowed: true}, nil
}

// processorTime is what this process has used, of all cores.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
