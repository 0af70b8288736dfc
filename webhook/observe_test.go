package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/util/validation"
)

func TestReadiness(t *testing.T) {
	var synced atomic.Bool
	r := start(t, byName, func(c *Config) {
		c.Ready = func() error {
			if !synced.Load() {
				return errors.New("the caches are not synced yet")
			}
			return nil
		}
	})
	if code, text := r.ops("/readyz"); code != 503 || text != "the caches are not synced yet\n" {
		t.Errorf("before: %d %s", code, text)
	}
	if code, text := r.ops("/healthz"); code != 200 || text != "ok\n" {
		t.Errorf("alive, though not ready: %d %s", code, text)
	}
	body := review(t, "u1", "good", 1)
	if got := r.mustPost(r.client(false), "", bytes.NewReader(body)); got.code != http.StatusServiceUnavailable || got.header.Get("Retry-After") != "1" ||
		got.status(t).Message != "the webhook is not ready and has judged nothing: the caches are not synced yet; try again" {
		t.Errorf("asked before: %d %v %s", got.code, got.header, got.body)
	}
	synced.Store(true)
	if code, text := r.ops("/readyz"); code != 200 || text != "ok\n" {
		t.Errorf("after: %d %s", code, text)
	}
	if got := r.mustPost(r.client(false), "", bytes.NewReader(body)); !got.response(t).Allowed {
		t.Errorf("asked after: %s", got.body)
	}
}

// speaking refuses for two systems, of as many names as there are requests.
var speaking = judgeFunc(func(_ context.Context, r *admissionv1.AdmissionRequest) (*Verdict, error) {
	return &Verdict{Decision: "d-" + string(r.UID), Message: "the password is hunter2", Systems: []SystemVerdict{
		{System: r.Name, Mode: "enforce", Checks: []string{"intake/replicated", "custom/" + r.Name}},
		{System: "payments", Mode: "warn", Allowed: true},
	}}, nil
})

func TestMetrics(t *testing.T) {
	r := start(t, speaking, func(c *Config) {
		c.MaxLabels, c.ClientCAFile = 3, ""
		c.CacheAge = func() time.Duration { return 90 * time.Second }
	})
	client := r.client(true)
	for n := range 5 {
		r.mustPost(client, "", bytes.NewReader(review(t, "u1", fmt.Sprintf("system-%d", n), 1)))
	}
	r.mustPost(client, "", strings.NewReader("{"))
	_, text := r.ops("/metrics")
	for _, want := range []string{
		`pocdr_webhook_requests_total{operation="UPDATE",outcome="refused"} 5`,
		`pocdr_webhook_requests_total{operation="unread",outcome="invalid"} 1`,
		`pocdr_webhook_decisions_total{mode="enforce",outcome="refused",system="system-0"} 1`,
		`pocdr_webhook_decisions_total{mode="enforce",outcome="refused",system="other"} 3`,
		`pocdr_webhook_decisions_total{mode="warn",outcome="allowed",system="payments"} 5`,
		`pocdr_webhook_refusals_total{check="intake/replicated",system="system-1"} 1`,
		`pocdr_webhook_refusals_total{check="custom/system-0",system="system-0"} 1`,
		`pocdr_webhook_refusals_total{check="other",system="other"} 3`,
		`pocdr_webhook_request_seconds_count 5`, `pocdr_webhook_judge_seconds_count 5`, `pocdr_webhook_queue_seconds_count 5`,
		`pocdr_webhook_waiting 0`, `pocdr_webhook_judging 0`, `pocdr_webhook_overdue 0`, `pocdr_webhook_held_bytes 0`,
		`pocdr_webhook_cache_age_seconds 90`, `certwatcher_read_certificate_total`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(text, "system-4") {
		t.Error("the labels have no bound")
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestExpiryIsShown(t *testing.T) {
	ca := newIssuer(t)
	r := start(t, byName, func(c *Config) { c.ClientCAFile = writeFile(t, append(ca.pem(), newIssuer(t).pem()...)) })
	_, text := r.ops("/metrics")
	for name, want := range map[string]time.Duration{"certificate": 24 * time.Hour, "client_ca": 48 * time.Hour} {
		var seconds float64
		_, after, found := strings.Cut(text, "\npocdr_webhook_"+name+"_expiry_timestamp_seconds ")
		if _, err := fmt.Sscan(after, &seconds); err != nil || !found {
			t.Errorf("%s: %v", name, err)
		}
		if left := time.Until(time.Unix(int64(seconds), 0)); left > want || left < want-10*time.Minute {
			t.Errorf("%s expires in %s", name, left)
		}
	}
}

// TestLog holds a line to exactly what it may hold, with a Secret.
func TestLog(t *testing.T) {
	r := start(t, speaking, nil)
	dry := true
	body, err := json.Marshal(&admissionv1.AdmissionReview{TypeMeta: served, Request: &admissionv1.AdmissionRequest{
		UID: "u1", Operation: admissionv1.Create, Kind: metav1.GroupVersionKind{Version: "v1", Kind: "Secret"}, Namespace: "payments", Name: "db", DryRun: &dry,
		Object: runtime.RawExtension{Raw: []byte(`{"apiVersion":"v1","kind":"Secret","data":{"password":"aHVudGVyMg=="},"stringData":{"password":"hunter2"}}`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	r.mustPost(r.client(true), "", bytes.NewReader(body))
	r.stop()
	if log := r.log.String(); strings.Contains(log, "hunter2") || strings.Contains(log, "aHVudGVyMg") {
		t.Errorf("the log holds the secret:\n%s", log)
	}
	got := r.line("decision")
	delete(got, "time")
	if ms, ok := got["milliseconds"].(float64); !ok || ms <= 0 {
		t.Errorf("milliseconds: %v", got["milliseconds"])
	}
	delete(got, "milliseconds")
	want := map[string]any{
		"level": "INFO", "msg": "decision", "uid": "u1", "operation": "CREATE", "kind": "Secret", "namespace": "payments", "name": "db", "user": "",
		"dryRun": true, "allowed": false, "decision": "d-u1", "systems": []any{
			map[string]any{"system": "db", "mode": "enforce", "allowed": false, "checks": []any{"intake/replicated", "custom/db"}},
			map[string]any{"system": "payments", "mode": "warn", "allowed": true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// line is the one line of the log with a message.
func (r *running) line(message string) map[string]any {
	r.t.Helper()
	var found map[string]any
	for line := range strings.Lines(r.log.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			r.t.Fatalf("%s: %v", line, err)
		}
		if fields["msg"] == message {
			if found != nil {
				r.t.Fatalf("two lines say %s", message)
			}
			found = fields
		}
	}
	return found
}

func TestQuiet(t *testing.T) {
	var q quiet
	at := func(ms int) int { return q.speak(late, time.Unix(1000, 0).Add(time.Duration(ms)*time.Millisecond)) }
	if got := []int{at(0), at(1), at(999), at(1000), at(3000)}; !slices.Equal(got, []int{1, 0, 0, 3, 1}) {
		t.Errorf("got %v", got)
	}
	if q.speak(overloaded, time.Unix(1003, 0)) != 1 {
		t.Error("another outcome is silent as well")
	}
}

// TestAnnotations holds keys to what the API server takes behind the webhook's name.
func TestAnnotations(t *testing.T) {
	got := annotations(&Verdict{Decision: "d1", Annotations: map[string]string{
		"plain": "x", "gate/enforced": "y", "…": "dropped", "-a b-": "z", strings.Repeat("k", 100): strings.Repeat("v", 5000), "bad": "\xff",
	}})
	for key := range got {
		if faults := validation.IsQualifiedName("webhook.pocdr.dev/" + key); len(faults) > 0 {
			t.Errorf("%s: %v", key, faults)
		}
	}
	long := strings.Repeat("k", 63)
	if want := []string{"a-b", "bad", "decision", "gate-enforced", long, "plain"}; !slices.Equal(slices.Sorted(maps.Keys(got)), want) || got["bad"] != "\uFFFD" {
		t.Errorf("got %v", got)
	}
	if text := got[long]; len([]rune(text)) > annotationLength || !strings.HasSuffix(text, "… and 944 characters more") {
		t.Errorf("%d characters, ending with %s", len([]rune(text)), text[len(text)-40:])
	}
}

// FuzzAnswer holds, for any verdict, that the API server can use every part of the answer.
func FuzzAnswer(f *testing.F) {
	f.Add("message", "warning\n", "key/with slash", "value", uint8(3), false)
	f.Add("", "\x00", "", "\xff", uint8(255), true)
	f.Fuzz(func(t *testing.T, message, warning, key, value string, times uint8, allow bool) {
		v := &Verdict{Allowed: allow, Message: message, Annotations: map[string]string{key: value}}
		for n := range times {
			v.Warnings = append(v.Warnings, fmt.Sprint(n, strings.Repeat(warning, int(times))))
		}
		body, err := encode(&admissionv1.AdmissionRequest{UID: "u1"}, v)
		if err != nil {
			t.Fatal(err)
		}
		got := (&reply{code: 200, body: string(body)}).response(t)
		if got.Allowed != allow || got.UID != "u1" || !allow && (got.Result.Code != 403 || got.Result.Message == "") {
			t.Errorf("got %s", body)
		}
		for _, w := range got.Warnings {
			if _, err := utilnet.NewWarningHeader(299, "", w); err != nil || len([]rune(w)) > warningLength {
				t.Errorf("warning %q: %v", w, err)
			}
		}
		if length(got.Warnings) > warningsLength {
			t.Errorf("warnings of %d characters", length(got.Warnings))
		}
		for key := range got.AuditAnnotations {
			if faults := validation.IsQualifiedName("webhook.pocdr.dev/" + key); len(faults) > 0 {
				t.Errorf("annotation %q: %v", key, faults)
			}
		}
	})
}
