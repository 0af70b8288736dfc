package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	goruntime "runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
)

// held is a Judge that refuses, once it is let.
type held struct {
	begun chan struct{} // one for each request that it was asked
	let   chan struct{} // closed: all may go on
}

func newHeld() *held { return &held{begun: make(chan struct{}, 10000), let: make(chan struct{})} }

func (h *held) Review(_ context.Context, r *admissionv1.AdmissionRequest) (*Verdict, error) {
	h.begun <- struct{}{}
	<-h.let
	return &Verdict{Message: "no to " + string(r.UID)}, nil
}

// TestOverload asks ten times what can be held, with a Judge that answers nobody meanwhile. What fits is held and answered rightly in the end,
// the rest is refused at once; memory is that of what fits.
func TestOverload(t *testing.T) {
	const concurrency, queue, size, room = 2, 18, 256 << 10, 20
	judge := newHeld()
	r := start(t, judge, func(c *Config) { c.Concurrency, c.QueueLength, c.QueueWait = concurrency, queue, time.Minute })
	client := r.client(false)
	before := heap()
	var overloads, decisions atomic.Int64
	var group sync.WaitGroup
	body := review(t, "u1", "bad", size/2)
	for n := range 10 * room {
		group.Go(func() {
			got, err := r.post(client, "?timeout=30s", bytes.NewReader(body))
			switch {
			case err != nil:
				t.Errorf("%d: %v", n, err)
			case got.code == http.StatusTooManyRequests:
				if got.header.Get("Retry-After") != "1" || got.status(t).Message != "the webhook is overloaded and has judged nothing: too many requests wait already; try again" {
					t.Errorf("overload: %v %s", got.header, got.body)
				}
				overloads.Add(1)
			case got.response(t).Result.Message != "no to u1":
				t.Errorf("answer: %s", got.body)
			default:
				decisions.Add(1)
			}
		})
	}
	r.eventually("all but what fits is refused", func() bool { return overloads.Load() == 9*room })
	if code, text := r.ops("/metrics"); code != 200 || !strings.Contains(text, "pocdr_webhook_waiting 18\n") || !strings.Contains(text, "pocdr_webhook_judging 2\n") {
		t.Errorf("metrics: %d\n%s", code, text)
	}
	// What waits is held once, what is judged twice; the connections of ten times as many clients are in this process too.
	if grown, bound := heap()-before, int64(room+concurrency)*size+10*room*(64<<10); grown > bound {
		t.Errorf("the heap grew by %d KiB, more than %d", grown>>10, bound>>10)
	}
	if n := len(judge.begun); n != concurrency {
		t.Errorf("%d were judged at once", n)
	}
	close(judge.let)
	group.Wait()
	if decisions.Load() != room || r.server.gate.held() != 0 {
		t.Errorf("%d decisions; %d bytes still held", decisions.Load(), r.server.gate.held())
	}
}

func heap() int64 {
	var stats goruntime.MemStats
	goruntime.GC()
	goruntime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// TestBytesAreBounded holds that few large bodies are refused where many small ones are not.
func TestBytesAreBounded(t *testing.T) {
	judge := newHeld()
	r := start(t, judge, func(c *Config) { c.Concurrency, c.MaxBodyBytes, c.MaxHeldBytes = 1, 1<<20, 1<<20+1 })
	client := r.client(true)
	var group sync.WaitGroup
	group.Go(func() { r.mustPost(client, "", bytes.NewReader(review(t, "u1", "bad", 300<<10))) })
	<-judge.begun
	if got := r.mustPost(client, "", bytes.NewReader(review(t, "u2", "bad", 300<<10))); got.code != http.StatusTooManyRequests {
		t.Errorf("large: %d %s", got.code, got.body)
	}
	group.Go(func() { r.mustPost(client, "", bytes.NewReader(review(t, "u3", "bad", 10))) })
	r.eventually("the small one waits", func() bool { return r.server.gate.waiting.Load() == 1 })
	close(judge.let)
	group.Wait()
}

// TestAPIServerComesBack holds that the API server's client, told of overload, asks again by itself.
func TestAPIServerComesBack(t *testing.T) {
	judge := newHeld()
	r := start(t, judge, func(c *Config) { c.Concurrency, c.QueueLength = 1, 0 })
	var group sync.WaitGroup
	group.Go(func() { r.mustPost(r.client(true), "", bytes.NewReader(review(t, "u1", "bad", 10))) })
	<-judge.begun
	group.Go(func() {
		got, err := r.ask(r.apiServer(), "u2", "bad")
		if err != nil || got.Allowed || got.Result.Message != "no to u2" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	r.eventually("it is told of overload", func() bool { return strings.Contains(r.log.String(), `"outcome":"overloaded"`) })
	close(judge.let)
	group.Wait()
}

func TestQueueWaitIsBounded(t *testing.T) {
	judge := newHeld()
	r := start(t, judge, func(c *Config) { c.Concurrency, c.QueueWait = 1, 50*time.Millisecond })
	client := r.client(true)
	var group sync.WaitGroup
	group.Go(func() { r.mustPost(client, "", bytes.NewReader(review(t, "u1", "bad", 10))) })
	<-judge.begun
	got := r.mustPost(client, "", bytes.NewReader(review(t, "u2", "bad", 10)))
	if got.code != http.StatusTooManyRequests || !strings.Contains(got.status(t).Message, "no judgement became free within 50ms") {
		t.Errorf("by wait: %d %s", got.code, got.body)
	}
	r.server.config.QueueWait = time.Minute
	got = r.mustPost(client, "?timeout=100ms", bytes.NewReader(review(t, "u3", "bad", 10)))
	if got.code != http.StatusGatewayTimeout || got.header.Get("Retry-After") != "" || got.status(t).Message != "the webhook has judged nothing: its turn did not come in time" {
		t.Errorf("by deadline: %d %s", got.code, got.body)
	}
	close(judge.let)
	group.Wait()
}

// TestSlowJudge has a Judge that does not heed its deadline: the request is answered without it, and keeps its room until the Judge is back.
func TestSlowJudge(t *testing.T) {
	judge := newHeld()
	r := start(t, judge, func(c *Config) { c.Concurrency, c.QueueLength = 1, 0 })
	got := r.mustPost(r.client(true), "?timeout=200ms", bytes.NewReader(review(t, "u1", "bad", 10)))
	if got.code != http.StatusGatewayTimeout || got.status(t).Message != "the webhook has judged nothing: the judgement was not done in time" {
		t.Errorf("late: %d %s", got.code, got.body)
	}
	if got = r.mustPost(r.client(true), "", bytes.NewReader(review(t, "u2", "bad", 10))); got.code != http.StatusTooManyRequests {
		t.Errorf("beside it: %d %s", got.code, got.body)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if code, text := r.ops(path); code != 503 || text != "all 1 judgements go on past their deadline\n" {
			t.Errorf("%s while stuck: %d %s", path, code, text)
		}
	}
	close(judge.let)
	r.eventually("the room is free again", func() bool { return r.server.gate.held() == 0 && r.server.overdue.Load() == 0 })
	if code, _ := r.ops("/healthz"); code != 200 {
		t.Errorf("healthz afterwards: %d", code)
	}
	if got = r.mustPost(r.client(true), "", bytes.NewReader(review(t, "u3", "bad", 10))); got.response(t).Allowed {
		t.Errorf("afterwards: %s", got.body)
	}
}

// TestJudgeHeedsDeadline has a Judge that ends with its context, whose deadline leaves a margin.
func TestJudgeHeedsDeadline(t *testing.T) {
	left := make(chan time.Duration, 1)
	r := start(t, judgeFunc(func(ctx context.Context, _ *admissionv1.AdmissionRequest) (*Verdict, error) {
		deadline, _ := ctx.Deadline()
		left <- time.Until(deadline)
		<-ctx.Done()
		return nil, ctx.Err()
	}), func(c *Config) { c.Margin = 800 * time.Millisecond })
	got := r.mustPost(r.client(true), "?timeout=1s", bytes.NewReader(review(t, "u1", "bad", 10)))
	if got.code != http.StatusGatewayTimeout {
		t.Errorf("got %d %s", got.code, got.body)
	}
	if d := <-left; d > 500*time.Millisecond {
		t.Errorf("%s were left of 1s, with a margin of 800ms, of which half the time is the most", d)
	}
}

// TestClientGone ends the judgement of a request that nobody waits for.
func TestClientGone(t *testing.T) {
	begun := make(chan struct{})
	r := start(t, judgeFunc(func(ctx context.Context, _ *admissionv1.AdmissionRequest) (*Verdict, error) {
		close(begun)
		<-ctx.Done()
		return nil, ctx.Err()
	}), nil)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-begun; cancel() }()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url(), bytes.NewReader(review(t, "u1", "bad", 10)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if got, err := r.do(r.client(false), request); err == nil {
		t.Errorf("got %+v", got)
	}
	r.eventually("it is counted", func() bool {
		_, text := r.ops("/metrics")
		return strings.Contains(text, `pocdr_webhook_requests_total{operation="UPDATE",outcome="gone"} 1`)
	})
}

func TestDefects(t *testing.T) {
	r := start(t, judgeFunc(func(_ context.Context, r *admissionv1.AdmissionRequest) (*Verdict, error) {
		switch r.Name {
		case "panic":
			panic(fmt.Sprintf("%s is too much", r.Name))
		case "error":
			return &Verdict{Allowed: true}, errors.New("no policies")
		case "exit":
			goruntime.Goexit()
		case "good":
			return &Verdict{Allowed: true}, nil
		}
		return nil, nil
	}), nil)
	client := r.client(true)
	for name, want := range map[string]string{
		"panic": "panic: panic is too much", "error": "no policies", "exit": "the judge ended without an answer", "nothing": "the judge gave no verdict",
	} {
		got := r.mustPost(client, "", bytes.NewReader(review(t, "u1", name, 10)))
		if got.code != 500 || got.status(t).Message != "the webhook could not judge: "+want {
			t.Errorf("%s: %d %s", name, got.code, got.body)
		}
	}
	if log := r.log.String(); !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, "load_test.go") {
		t.Errorf("the log has no stack:\n%s", log)
	}
	if got := r.mustPost(client, "", bytes.NewReader(review(t, "u1", "good", 10))); !got.response(t).Allowed {
		t.Errorf("afterwards: %s", got.body)
	}
}
