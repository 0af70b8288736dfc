package webhook

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are a server's own; /metrics shows those of controller-runtime beside them. No label holds a name that a request may choose,
// except those of systems and checks, of which there are at most so many.
type metrics struct {
	registry            *prometheus.Registry
	requests            *prometheus.CounterVec
	decisions, refusals *prometheus.CounterVec
	queue, judge, whole prometheus.Histogram
	systems, checks     labels
}

func newMetrics(s *server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pocdr_webhook_requests_total",
			Help: "Requests, by operation and by how they ended."}, []string{"operation", "outcome"}),
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pocdr_webhook_decisions_total",
			Help: "Decisions about a system, by its mode."}, []string{"system", "mode", "outcome"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pocdr_webhook_refusals_total",
			Help: "Checks that refused a change of a system."}, []string{"system", "check"}),
		queue:   duration("queue", "Time that a request waited for a judgement to be free."),
		judge:   duration("judge", "Time that judging took."),
		whole:   duration("request", "Time from the head of a request that was read until its answer was written."),
		systems: labels{limit: s.config.MaxLabels, known: map[string]bool{}},
		checks:  labels{limit: s.config.MaxLabels, known: map[string]bool{}},
	}
	m.registry.MustRegister(m.requests, m.decisions, m.refusals, m.queue, m.judge, m.whole,
		gauge("ready", "1 where it judges, 0 where it does not.", func() float64 {
			if s.ready() != nil {
				return 0
			}
			return 1
		}),
		gauge("arriving", "Requests whose body arrives.", func() float64 { n, _ := s.arrivals.held(); return float64(n) }),
		gauge("arriving_bytes", "Bytes of bodies that there is room for while they arrive.", func() float64 { _, bytes := s.arrivals.held(); return float64(bytes) }),
		gauge("waiting", "Requests that wait for a judgement.", func() float64 { return float64(s.gate.waiting.Load()) }),
		gauge("judging", "Judgements under way.", func() float64 { return float64(len(s.gate.slots)) }),
		gauge("overdue", "Judgements under way for which nobody waits any more.", func() float64 { return float64(s.overdue.Load()) }),
		gauge("held_bytes", "Bytes of bodies of the requests that wait or are judged.", func() float64 { return float64(s.gate.held()) }),
		gauge("certificate_expiry_timestamp_seconds", "When the serving certificate expires.", func() float64 { return float64(s.certificates.expiry().Unix()) }),
	)
	m.registry.MustRegister(s.config.Metrics...)
	if s.certificates.authority != nil {
		m.registry.MustRegister(gauge("client_ca_expiry_timestamp_seconds", "When the first certificate in the file of the client CA expires.",
			func() float64 { return float64(s.certificates.authority.expiry().Unix()) }))
	}
	if s.config.CacheAge != nil {
		m.registry.MustRegister(gauge("cache_age_seconds", "Age of what is seen of the cluster.", func() float64 { return s.config.CacheAge().Seconds() }))
	}
	return m
}

func duration(of, help string) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Name: "pocdr_webhook_" + of + "_seconds", Help: help,
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}})
}

func gauge(name, help string, read func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "pocdr_webhook_" + name, Help: help}, read)
}

// count counts a call that was answered.
func (m *metrics) count(c *call) {
	operation := "unread"
	if c.request != nil {
		operation = string(c.request.Operation) // decode lets only known ones pass
		m.queue.Observe(c.queue.Seconds())
		m.judge.Observe(c.judge.Seconds())
		m.whole.Observe(time.Since(c.start).Seconds())
	}
	m.requests.WithLabelValues(operation, string(c.outcome())).Inc()
	if c.fault != nil {
		return
	}
	for _, v := range c.verdict.Systems {
		m.decide(v)
	}
}

func (m *metrics) decide(v SystemVerdict) {
	system, end := m.systems.of(v.System), refused
	if v.Allowed {
		end = allowed
	}
	m.decisions.WithLabelValues(system, v.Mode, string(end)).Inc()
	for _, check := range v.Checks {
		m.refusals.WithLabelValues(system, m.checks.of(check)).Inc()
	}
}

// labels are the values of a label: the first so many, then "other".
type labels struct {
	limit int
	mu    sync.Mutex
	known map[string]bool
}

func (l *labels) of(value string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.known[value] {
		if len(l.known) >= l.limit {
			return "other"
		}
		l.known[value] = true
	}
	return value
}
