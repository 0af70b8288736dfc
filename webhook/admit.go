package webhook

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// call is one request on its way through the server.
type call struct {
	start   time.Time
	request *admissionv1.AdmissionRequest // nil until it was read
	verdict *Verdict                      // nil where there is a fault
	fault   *fault
	queue   time.Duration // spent waiting for a judgement, once that is over
	judge   time.Duration // spent judging
}

func (c *call) outcome() outcome {
	switch {
	case c.fault != nil:
		return c.fault.outcome
	case c.verdict.Allowed:
		return allowed
	default:
		return refused
	}
}

// ServeHTTP answers POST /admit.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{start: time.Now()}
	if s.leaving.Load() {
		// The API server keeps its connections; each is to find another replica before the port closes. Closing those that seem idle would lose what is on its way.
		w.Header().Set("Connection", "close")
	}
	ctx, cancel := context.WithDeadline(r.Context(), c.start.Add(s.budget(r)))
	defer cancel()
	s.review(ctx, c, w, r)
	err := s.answer(c, w)
	s.metrics.count(c)
	s.record(c, err)
}

// answerWait is how long an answer may take to be written: who asks without reading holds no more of the request than that.
const answerWait = 5 * time.Second

// answer writes what the call came to.
func (s *server) answer(c *call, w http.ResponseWriter) error {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerWait)) // a connection without deadlines is a test's
	var body []byte
	if c.fault == nil {
		var err error
		if body, err = encode(c.request, c.verdict); err != nil {
			c.fault = defective(err.Error(), nil)
		}
	}
	if c.fault != nil {
		return c.fault.write(w)
	}
	return write(w, http.StatusOK, body)
}

// budget is the time for an answer. The API server says how long it waits, in whole seconds rounded up: where the time of the whole API
// request runs out first, it may wait up to a second less.
func (s *server) budget(r *http.Request) time.Duration {
	timeout, err := time.ParseDuration(r.URL.Query().Get("timeout"))
	if err != nil || timeout <= 0 || timeout > maxTimeout {
		timeout = s.config.Timeout
	}
	return timeout - min(s.config.Margin, timeout/2)
}

// maxTimeout is the longest that a webhook's configuration may ask for.
const maxTimeout = 30 * time.Second

// review reads, queues and judges a request; the call then has a verdict or a fault.
func (s *server) review(ctx context.Context, c *call, w http.ResponseWriter, r *http.Request) {
	if c.fault = s.refuse(r); c.fault != nil {
		return
	}
	body, fault := s.read(ctx, c, w, r)
	if fault != nil {
		c.fault = fault
		return
	}
	size := int64(cap(body))
	if !s.gate.enter(size) {
		c.fault = overload("too many requests wait already")
		return
	}
	began := time.Now()
	ok := s.gate.begin(ctx, s.config.QueueWait)
	c.queue = time.Since(began)
	if !ok {
		s.gate.leave(size)
		c.fault = s.unheard(ctx)
		return
	}
	release := func() { s.gate.end(); s.gate.leave(size) }
	if c.request, c.fault = decode(body); c.fault != nil {
		release()
		return
	}
	s.judge(ctx, c, release)
}

// refuse tells what is wrong with a request before its body is read, or nil.
func (s *server) refuse(r *http.Request) *fault {
	if r.Method != http.MethodPost {
		return &fault{outcome: malformed, code: http.StatusMethodNotAllowed, reason: metav1.StatusReasonMethodNotAllowed,
			message: fmt.Sprintf("method %s: served is POST", shown(r.Method))}
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" || r.Header.Get("Content-Encoding") != "" {
		return &fault{outcome: malformed, code: http.StatusUnsupportedMediaType, reason: metav1.StatusReasonUnsupportedMediaType,
			message: fmt.Sprintf("Content-Type is %q, Content-Encoding %q: served is application/json, not encoded",
				shown(r.Header.Get("Content-Type")), shown(r.Header.Get("Content-Encoding")))}
	}
	if r.ContentLength > s.config.MaxBodyBytes {
		return s.large()
	}
	if err := s.config.Ready(); err != nil {
		return unready(err)
	}
	if len(s.config.ClientNames) > 0 && !s.names(r) {
		return &fault{outcome: stranger, code: http.StatusForbidden, reason: metav1.StatusReasonForbidden,
			message: fmt.Sprintf("the client's certificate names none of %v, which alone are served", s.config.ClientNames)}
	}
	return nil
}

// names tells whether the client's certificate, which the handshake has verified, has a name that is served.
func (s *server) names(r *http.Request) bool {
	return r.TLS != nil && len(r.TLS.PeerCertificates) > 0 && slices.ContainsFunc(namesOf(r.TLS.PeerCertificates[0]), func(name string) bool {
		return slices.Contains(s.config.ClientNames, name)
	})
}

func namesOf(c *x509.Certificate) []string {
	return append([]string{c.Subject.CommonName}, c.DNSNames...)
}

func (s *server) large() *fault {
	return &fault{outcome: tooLarge, code: http.StatusRequestEntityTooLarge, reason: metav1.StatusReasonRequestEntityTooLarge,
		message: fmt.Sprintf("the body is larger than the %d bytes that the webhook takes", s.config.MaxBodyBytes)}
}

// unheard is the fault of a request whose turn did not come.
func (s *server) unheard(ctx context.Context) *fault {
	if ctx.Err() == nil {
		return overload(fmt.Sprintf("no judgement became free within %s", s.config.QueueWait))
	}
	return cutOff(ctx, "its turn did not come in time")
}

// cutOff is the fault of a request whose context has ended.
func cutOff(ctx context.Context, why string) *fault {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return departed()
	}
	return &fault{outcome: late, code: http.StatusGatewayTimeout, reason: metav1.StatusReasonTimeout, message: "the webhook has judged nothing: " + why}
}

// departed is the fault that nobody reads: the client is gone.
func departed() *fault {
	return &fault{outcome: gone, code: http.StatusServiceUnavailable, reason: metav1.StatusReasonServiceUnavailable, message: "the client did not wait for an answer"}
}

// verdictOf is what a Judge came to.
type verdictOf struct {
	verdict *Verdict
	fault   *fault
}

// judge asks the Judge, and goes on without it where it is late: then the request's room is released only when the Judge comes back.
func (s *server) judge(ctx context.Context, c *call, release func()) {
	began, request := time.Now(), c.request
	answers := make(chan verdictOf, 1)
	unwatch := context.AfterFunc(ctx, func() { s.overdue.Add(1) })
	go func() {
		a := verdictOf{fault: defective("the judge ended without an answer", nil)}
		defer func() {
			if !unwatch() {
				s.overdue.Add(-1)
			}
			release()
			answers <- a
		}()
		a = s.ask(ctx, request)
	}()
	a := verdictOf{}
	select {
	case a = <-answers:
	case <-ctx.Done():
		a.fault = cutOff(ctx, "the judgement was not done in time")
	}
	c.judge = time.Since(began)
	c.verdict, c.fault = a.verdict, a.fault
}

// ask asks the Judge, whose panics and errors are faults.
func (s *server) ask(ctx context.Context, r *admissionv1.AdmissionRequest) (a verdictOf) {
	defer func() {
		if cause := recover(); cause != nil {
			a = verdictOf{fault: defective(fmt.Sprintf("panic: %v", cause), debug.Stack())}
		}
	}()
	verdict, err := s.config.Judge.Review(ctx, r)
	switch {
	case err != nil && ctx.Err() != nil:
		return verdictOf{fault: cutOff(ctx, "the judgement was not done in time")}
	case err != nil:
		return verdictOf{fault: defective(err.Error(), nil)}
	case verdict == nil:
		return verdictOf{fault: defective("the judge gave no verdict", nil)}
	}
	return verdictOf{verdict: verdict}
}
