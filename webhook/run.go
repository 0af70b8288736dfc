package webhook

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	ctrllog "sigs.k8s.io/controller-runtime/pkg/log"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"

	"pocdr.dev/pocdr/document"
)

// Run serves until the context ends, then lets go in order: /readyz turns false at once; for the time of LameDuck all is served still, and
// each connection is asked to go elsewhere; then the port closes, and what was begun is finished within ShutdownLimit.
//
// The error says what was wrong with the configuration, why serving ended by itself, or what was cut off.
func Run(ctx context.Context, c Config) error {
	s, err := listen(c)
	if err != nil {
		return err
	}
	return s.run(ctx)
}

// server is one admission server, with its two ports open.
type server struct {
	config       Config
	certificates *certificates
	arrivals     *arrivals
	gate         *gate
	metrics      *metrics
	quiet        quiet
	connections  connections
	overdue      atomic.Int64 // judgements that go on past their deadline
	leaving      atomic.Bool  // the context has ended

	admission, ops         *http.Server
	admissionPort, opsPort net.Listener
}

func listen(c Config) (*server, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	ctrllog.SetLogger(logr.FromSlogHandler(c.Log.Handler()))
	s := &server{
		config: c, arrivals: newArrivals(&c), gate: newGate(&c),
		connections: connections{maxQuiet: c.MaxConnections, busy: map[net.Conn]bool{}, quiet: map[net.Conn]*list.Element{}},
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	s.metrics = newMetrics(s)
	s.admission, s.ops = newServer(s.routes(), &c), newServer(s.opsRoutes(), &c)
	s.admission.TLSConfig, s.admission.ConnState = s.certificates.config(), s.connections.note
	return s, nil
}

// open opens the ports and, since that starts watching, the certificates last.
func (s *server) open() (err error) {
	if s.admissionPort, err = net.Listen("tcp", s.config.Address); err != nil {
		return fmt.Errorf("listen for the API server: %w", err)
	}
	if s.opsPort, err = net.Listen("tcp", s.config.OpsAddress); err != nil {
		return errors.Join(fmt.Errorf("listen for health and metrics: %w", err), s.admissionPort.Close())
	}
	if s.certificates, err = newCertificates(&s.config); err != nil {
		return errors.Join(err, s.admissionPort.Close(), s.opsPort.Close())
	}
	return nil
}

// newServer bounds how long a client may take, for a body too that is refused unread: the library reads some of what is left of it. Idle connections are kept for
// longer than the API server keeps them (90 s): if both closed them at one time, requests would be lost.
func newServer(h http.Handler, c *Config) *http.Server {
	return &http.Server{
		Handler: h, ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: c.ArrivalWait, WriteTimeout: maxTimeout + 10*time.Second, IdleTimeout: 3 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
}

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/admit", s)
	return mux
}

func (s *server) opsRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/healthz", health(s.alive))
	mux.Handle("/readyz", health(s.ready))
	mux.Handle("/metrics", promhttp.HandlerFor(prometheus.Gatherers{s.metrics.registry, ctrlmetrics.Registry}, promhttp.HandlerOpts{}))
	return mux
}

// health is 200, or 503 with the reason.
func health(check func() error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if err := check(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	}
}

// alive fails when every judgement that may be under way is past its deadline: then nothing is ever judged again.
func (s *server) alive() error {
	if n := s.overdue.Load(); n >= int64(s.config.Concurrency) {
		return fmt.Errorf("all %d judgements go on past their deadline", n)
	}
	return nil
}

func (s *server) ready() error {
	if s.leaving.Load() {
		return errors.New("shutting down")
	}
	if err := s.alive(); err != nil {
		return err
	}
	return s.config.Ready()
}

func (s *server) run(ctx context.Context) error {
	// What serves goes on while the context ends.
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 3)
	var group sync.WaitGroup
	for _, part := range []func() error{
		func() error { return s.certificates.follow(background) },
		func() error { return s.admission.ServeTLS(s.admissionPort, "", "") },
		func() error { return s.ops.Serve(s.opsPort) },
	} {
		group.Go(func() { ended <- part() })
	}
	s.config.Log.Info("serving", "admission", s.admissionPort.Addr().String(), "ops", s.opsPort.Addr().String())
	err := s.untilAsked(ctx, ended)
	err = errors.Join(err, s.finish(background))
	stop()
	err = errors.Join(err, s.ops.Close())
	group.Wait()
	s.config.Log.Info("served")
	return err
}

// untilAsked serves until the context has ended and the lame duck's time is over, or until a part has ended by itself, which is an error.
func (s *server) untilAsked(ctx context.Context, ended <-chan error) error {
	defer s.leaving.Store(true)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.leaving.Store(true)
	s.config.Log.Info("shutting down", "lameDuck", s.config.LameDuck.String(), "limit", s.config.ShutdownLimit.String())
	select {
	case err := <-ended:
		return err
	case <-time.After(s.config.LameDuck):
		return nil
	}
}

// finish closes the port, and waits for what was begun. Requests that come over connections made before are answered too: once the library
// shuts down, it drops them unanswered, so that comes last.
func (s *server) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.ShutdownLimit)
	defer cancel()
	if err := s.admissionPort.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return errors.Join(fmt.Errorf("close the port: %w", err), s.admission.Close())
	}
	settling, settled := context.WithTimeout(ctx, s.config.ShutdownLimit/2)
	s.connections.settle(settling)
	settled()
	if err := s.admission.Shutdown(ctx); err != nil && !errors.Is(err, net.ErrClosed) { // it may close the port as well
		return errors.Join(fmt.Errorf("requests were cut off after %s: %w", s.config.ShutdownLimit, err), s.admission.Close())
	}
	if n := s.gate.drain(ctx); n > 0 {
		return fmt.Errorf("%s past the deadline left behind after %s", document.Count(n, "judgement", "judgements"), s.config.ShutdownLimit)
	}
	return nil
}
