package webhook

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestShutdownLosesNothing ends the server while requests are being judged and more keep coming, on both protocols. All that reached it are
// answered; what fails could not connect.
func TestShutdownLosesNothing(t *testing.T) {
	for _, h2 := range []bool{true, false} {
		judge := newHeld()
		r := start(t, judge, func(c *Config) { c.Concurrency, c.LameDuck = 4, 300*time.Millisecond })
		body := review(t, "u1", "bad", 1000)
		var answered, refusals atomic.Int64
		var group sync.WaitGroup
		for range 16 {
			client := r.client(h2)
			group.Go(func() {
				for {
					got, sent, err := r.postTraced(client, body)
					if err != nil {
						if sent {
							t.Errorf("HTTP/2 %v: lost: %v", h2, err)
						}
						refusals.Add(1)
						return
					}
					if got.response(t).Result.Message != "no to u1" {
						t.Errorf("got %s", got.body)
					}
					answered.Add(1)
				}
			})
		}
		r.eventually("judgements are under way", func() bool { return len(judge.begun) == 4 })
		ended := make(chan error, 1)
		go func() { ended <- r.stop() }()
		r.eventually("it leaves", r.server.leaving.Load)
		if code, text := r.ops("/readyz"); code != 503 || text != "shutting down\n" {
			t.Errorf("readyz: %d %s", code, text)
		}
		if code, _ := r.ops("/healthz"); code != 200 {
			t.Errorf("healthz: %d", code)
		}
		close(judge.let)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		group.Wait()
		if answered.Load() < 16 || refusals.Load() != 16 {
			t.Errorf("%d answered, %d refused", answered.Load(), refusals.Load())
		}
		t.Logf("HTTP/2 %v: %d were answered", h2, answered.Load())
	}
}

// postTraced asks, and tells whether the request was sent: in the last try, a connection was there, and its head was written.
func (r *running) postTraced(c *http.Client, body []byte) (got *reply, sent bool, err error) {
	var wrote atomic.Bool
	ctx := httptrace.WithClientTrace(r.t.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { wrote.Store(false) }, WroteHeaders: func() { wrote.Store(true) },
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url()+"?timeout=30s", bytes.NewReader(body))
	if err != nil {
		return nil, false, err
	}
	request.Header.Set("Content-Type", "application/json")
	got, err = r.do(c, request)
	return got, wrote.Load(), err
}

// TestLameDuckSendsElsewhere holds that a kept connection is used once more, and closed by its answer.
func TestLameDuckSendsElsewhere(t *testing.T) {
	r := start(t, byName, func(c *Config) { c.LameDuck = time.Hour })
	client, body := r.client(false), review(t, "u1", "good", 1)
	if got := r.mustPost(client, "", bytes.NewReader(body)); got.header.Get("Connection") != "" {
		t.Errorf("before: %v", got.header)
	}
	r.server.leaving.Store(true)
	resp, err := client.Post(r.url(), "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !resp.Close {
		t.Errorf("%s, close %v", resp.Status, resp.Close)
	}
	r.server.config.LameDuck = 0
}

// TestShutdownIsBounded has a Judge that never comes back in time.
func TestShutdownIsBounded(t *testing.T) {
	judge := newHeld()
	r := start(t, judge, func(c *Config) { c.Concurrency, c.ShutdownLimit = 2, 100*time.Millisecond })
	var group sync.WaitGroup
	group.Go(func() {
		if got, err := r.post(r.client(true), "", bytes.NewReader(review(t, "u1", "bad", 1))); err == nil {
			t.Errorf("got %+v", got)
		}
	})
	<-judge.begun
	if err := r.stopQuietly(); err == nil || !strings.HasPrefix(err.Error(), "requests were cut off after 100ms: ") {
		t.Errorf("a request: %v", err)
	}
	group.Wait()
	close(judge.let)

	judge = newHeld()
	r = start(t, judge, func(c *Config) { c.Concurrency, c.ShutdownLimit = 2, 100*time.Millisecond })
	r.mustPost(r.client(false), "?timeout=50ms", bytes.NewReader(review(t, "u1", "bad", 1)))
	if err := r.stopQuietly(); err == nil || err.Error() != "1 judgement past the deadline left behind after 100ms" {
		t.Errorf("a judgement: %v", err)
	}
	close(judge.let)
}

// TestPartEnds ends the server when one of its parts does.
func TestPartEnds(t *testing.T) {
	r := start(t, byName, nil)
	r.server.opsPort.Close()
	r.eventually("it ends", r.server.leaving.Load)
	if err := r.stopQuietly(); err == nil || !strings.Contains(err.Error(), "use of closed network connection") {
		t.Errorf("got %v", err)
	}
}
