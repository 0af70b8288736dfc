package audit

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics say how the audit of this replica fares. Both are 0 where another one audits, so that the largest over all replicas is what holds.
type Metrics struct {
	success, glass prometheus.Gauge
}

// NewMetrics are those of an audit that has not begun.
func NewMetrics() *Metrics {
	return &Metrics{
		success: prometheus.NewGauge(prometheus.GaugeOpts{Name: "pocdr_audit_last_success_timestamp_seconds",
			Help: "When this replica last completed an audit; 0 where another one audits."}),
		glass: prometheus.NewGauge(prometheus.GaugeOpts{Name: "pocdr_audit_broken_glass",
			Help: "Objects that were changed by breaking glass, which is not closed; 0 where another replica audits."}),
	}
}

// Collectors are what is shown.
func (m *Metrics) Collectors() []prometheus.Collector {
	return []prometheus.Collector{m.success, m.glass}
}

// done notes a completed audit.
func (m *Metrics) done(at time.Time, glass int) {
	if m != nil {
		m.success.Set(float64(at.Unix()))
		m.glass.Set(float64(glass))
	}
}

// end notes that this replica does not audit any more.
func (m *Metrics) end() {
	if m != nil {
		m.success.Set(0)
		m.glass.Set(0)
	}
}
