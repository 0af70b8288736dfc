package webhook

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// record writes a line for each call that was decided and for each that was not. Lines hold names, never an object or a message about its
// content. Of overload, and of what was not read, of which anybody may send any number, there is one line a second of each outcome, which says for how many it stands.
func (s *server) record(c *call, write error) {
	attrs := s.about(c)
	if write != nil && c.outcome() != gone {
		attrs = append(attrs, slog.String("unwritten", write.Error()))
	}
	if c.fault == nil {
		attrs = append(attrs, slog.Bool("allowed", c.verdict.Allowed), slog.Any("systems", c.verdict.Systems), slog.String("decision", c.verdict.Decision))
		s.config.Log.LogAttrs(context.Background(), slog.LevelInfo, "decision", attrs...)
		return
	}
	if c.outcome() == overloaded || c.request == nil {
		n := s.quiet.speak(c.outcome(), time.Now())
		if n == 0 {
			return
		}
		attrs = append(attrs, slog.Int("requests", n))
	}
	level := slog.LevelWarn
	if c.outcome() == defect {
		level = slog.LevelError
	}
	attrs = append(attrs, slog.String("outcome", string(c.outcome())), slog.String("cause", c.fault.message))
	if c.fault.stack != nil {
		attrs = append(attrs, slog.String("stack", string(c.fault.stack)))
	}
	s.config.Log.LogAttrs(context.Background(), level, "no decision", attrs...)
}

// about names the request of a call.
func (s *server) about(c *call) []slog.Attr {
	attrs := []slog.Attr{slog.Float64("milliseconds", float64(time.Since(c.start).Microseconds())/1000)}
	r := c.request
	if r == nil {
		return attrs
	}
	kind := r.Kind.Kind
	if r.Kind.Group != "" {
		kind += "." + r.Kind.Group
	}
	attrs = append(attrs, slog.String("uid", string(r.UID)), slog.String("operation", string(r.Operation)), slog.String("kind", kind),
		slog.String("namespace", r.Namespace), slog.String("name", r.Name), slog.String("user", r.UserInfo.Username),
		slog.Bool("dryRun", r.DryRun != nil && *r.DryRun))
	if r.SubResource != "" {
		attrs = append(attrs, slog.String("subresource", r.SubResource))
	}
	return attrs
}

// quiet lets one of each outcome speak in a second, for all that were silent since.
type quiet struct {
	mu     sync.Mutex
	last   map[outcome]time.Time
	silent map[outcome]int
}

// speak gives for how many to speak, or 0 for silence.
func (q *quiet) speak(of outcome, now time.Time) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.last == nil {
		q.last, q.silent = map[outcome]time.Time{}, map[outcome]int{}
	}
	q.silent[of]++
	if now.Sub(q.last[of]) < time.Second {
		return 0
	}
	n := q.silent[of]
	q.last[of], q.silent[of] = now, 0
	return n
}
