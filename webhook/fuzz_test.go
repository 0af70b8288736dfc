package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/types"
)

// FuzzAdmit holds, for any request: it is decided where a Judge was asked, with the uid that the Judge saw and as the Judge said; else it is an
// error of the client's. It is never the server's, and nothing is allowed that was not.
func FuzzAdmit(f *testing.F) {
	whole := review(f, "u1", "good", 10)
	for _, body := range [][]byte{whole, review(f, "", "good", 1), whole[:len(whole)/2], []byte("null"), []byte(`{"request":{"uid":"u"}}`)} {
		f.Add("POST", "timeout=10s", "application/json", body)
	}
	f.Add("GET", "timeout=1ns", "text/plain; =", []byte(""))
	var seen *admissionv1.AdmissionRequest
	c := Defaults()
	c.Timeout, c.MaxBodyBytes, c.Log = maxTimeout, 4096, slog.New(slog.DiscardHandler)
	c.Judge = judgeFunc(func(_ context.Context, r *admissionv1.AdmissionRequest) (*Verdict, error) {
		seen = r
		return &Verdict{Allowed: r.Name == "good"}, nil
	})
	s := &server{config: c, arrivals: newArrivals(&c), gate: newGate(&c), certificates: &certificates{}}
	s.metrics = newMetrics(s)
	f.Fuzz(func(t *testing.T, method, query, media string, body []byte) {
		request, err := http.NewRequest(method, "/admit", bytes.NewReader(body))
		if err != nil {
			t.Skip()
		}
		// A budget that ends the judgement at once is another test's.
		request.URL.RawQuery = "timeout=30s&" + query
		request.Header.Set("Content-Type", media)
		seen = nil
		w := httptest.NewRecorder()
		s.ServeHTTP(w, request)
		got := &reply{code: w.Code, body: w.Body.String()}
		if seen == nil {
			if status := got.status(t); got.code < 400 || got.code >= 500 || got.code == http.StatusTooManyRequests || status.Message == "" {
				t.Errorf("%d %s", got.code, got.body)
			}
		} else if response := got.response(t); response.UID != sentBack(t, seen.UID) || seen.UID == "" || response.Allowed != (seen.Name == "good") {
			t.Errorf("%+v for %+v", response, seen)
		}
		bodies, arriving := s.arrivals.held()
		if held := s.gate.held(); held != 0 || len(s.gate.slots) != 0 || bodies != 0 || arriving != 0 {
			t.Errorf("%d bytes and %d judgements are kept, and %d bodies of %d bytes", held, len(s.gate.slots), bodies, arriving)
		}
	})
}

// sentBack is a uid as JSON can hold it.
func sentBack(t *testing.T, uid types.UID) (out types.UID) {
	t.Helper()
	text, err := json.Marshal(uid)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
