package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"pocdr.dev/pocdr/webhook"
)

// large asks about an object that is as large as the API server takes, from one that is as large as it stores.
func (f *faulty) large(p *process) *process {
	config := rest.CopyConfig(f.Config)
	config.QPS = -1
	topics := resource(dynamicOf(f.t, config), "kafka.strimzi.io", "v1", "kafkatopics")
	change := func(copies int, size int, o metav1.PatchOptions) error {
		patch := fmt.Sprintf(`{"spec":{"replicas":%d,"padding":%q}}`, copies, strings.Repeat("é\t", size/4))
		_, err := topics.Patch(f.t.Context(), "payment-commands", merge, []byte(patch), o)
		return err
	}
	const stored, taken = 1 << 20, 29 << 20 / 10
	if err := change(3, stored, options); err != nil {
		f.t.Fatal(err)
	}
	var now phase
	for range 5 {
		now.check(f.t, question{name: "a large object"}, change(3, taken, metav1.PatchOptions{DryRun: dryRun}))
		now.check(f.t, question{name: "a large object without copies", refused: "intake/replicated"}, change(1, taken, metav1.PatchOptions{DryRun: dryRun}))
	}
	now.sound(f.t)
	if _, err := topics.Patch(f.t.Context(), "payment-commands", merge, []byte(`{"spec":{"padding":null}}`), options); err != nil {
		f.t.Fatal(err)
	}
	return p
}

// flooded asks, past the API server, ten times as much as the webhook can hold and more than ten times as much as it can answer. Each answer is right, or is
// that there is none; and memory is bounded.
func (f *faulty) flooded(p *process) *process {
	f.end(p)
	p = f.start("--queue-length", "64")
	reviews := map[bool][]byte{false: f.review("plant:2.0"), true: f.review("")}
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, MaxIdleConnsPerHost: 1000, ForceAttemptHTTP2: false,
	}}
	defer client.CloseIdleConnections()
	before := p.memory(f.t)
	var right, overloaded atomic.Int64
	ctx, done := context.WithTimeout(f.t.Context(), 10*time.Second)
	defer done()
	var group sync.WaitGroup
	for n := range 10 * 66 {
		group.Go(func() {
			for good := n%2 == 0; ctx.Err() == nil; good = !good {
				code, answer, err := ask(client, "https://"+f.address+"/admit?timeout=10s", reviews[good])
				switch {
				case err != nil:
					f.t.Errorf("not answered: %v", err)
					return
				case code == http.StatusOK && strings.Contains(answer, fmt.Sprintf(`"allowed":%v`, good)):
					right.Add(1)
				case code == http.StatusTooManyRequests:
					overloaded.Add(1)
				default:
					f.t.Errorf("the right answer is allowed %v: %d %s", good, code, answer)
				}
			}
		})
	}
	group.Wait()
	after := p.memory(f.t)
	f.t.Logf("%d right answers, %d times overload; memory was at most %d MiB, and %d MiB before", right.Load(), overloaded.Load(), after>>20, before>>20)
	if right.Load() < 100 || overloaded.Load() < 9*right.Load() {
		f.t.Error("that was no load of ten times what can be answered")
	}
	held := webhook.Defaults().MaxHeldBytes + webhook.Defaults().MaxArrivingBytes
	if bound := before + 2*held; after > bound { // as much again is garbage that is not collected yet
		f.t.Errorf("memory grew to %d MiB, more than %d", after>>20, bound>>20)
	}
	var now phase
	for _, q := range f.questions() {
		now.check(f.t, q, q.ask(f.t.Context()))
	}
	now.sound(f.t)
	return p
}

func ask(client *http.Client, url string, body []byte) (int, string, error) {
	answer, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}

// review asks for another image of a plant; empty: for another note.
func (f *faulty) review(image string) []byte {
	f.t.Helper()
	old, err := resource(dynamicOf(f.t, f.Config), "apps", "v1", "statefulsets").Get(f.t.Context(), "payments-a", metav1.GetOptions{})
	if err != nil {
		f.t.Fatal(err)
	}
	new := old.DeepCopy()
	new.SetAnnotations(map[string]string{"note": "x"})
	if image != "" {
		containers := new.Object["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)
		containers[0].(map[string]any)["image"] = image
	}
	body, err := json.Marshal(map[string]any{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": map[string]any{
		"uid": "u", "operation": "UPDATE", "name": old.GetName(), "namespace": old.GetNamespace(), "userInfo": map[string]any{"username": "ann"},
		"kind":     map[string]any{"group": "apps", "version": "v1", "kind": "StatefulSet"},
		"resource": map[string]any{"group": "apps", "version": "v1", "resource": "statefulsets"},
		"object":   new.Object, "oldObject": old.Object,
	}})
	if err != nil {
		f.t.Fatal(err)
	}
	return body
}
