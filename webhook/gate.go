package webhook

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// gate bounds what the server holds: so many requests, so many bytes of bodies, and so many judgements at once. It never makes anyone wait
// for room, only for a judgement: on one connection, a body that nobody reads would hold up those behind it.
type gate struct {
	maxRequests int
	maxBytes    int64
	slots       chan struct{} // one for each judgement under way
	waiting     atomic.Int64

	mu       sync.Mutex
	requests int
	bytes    int64
}

func newGate(c *Config) *gate {
	return &gate{maxRequests: c.Concurrency + c.QueueLength, maxBytes: c.MaxHeldBytes, slots: make(chan struct{}, c.Concurrency)}
}

// enter makes room for a request, or says at once that there is none. Whoever entered leaves with the same number of bytes.
func (g *gate) enter(bytes int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.requests >= g.maxRequests || g.bytes+bytes > g.maxBytes {
		return false
	}
	g.requests++
	g.bytes += bytes
	return true
}

func (g *gate) leave(bytes int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests--
	g.bytes -= bytes
}

// held tells how many bytes of bodies there is room taken for.
func (g *gate) held() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.bytes
}

// begin waits for a judgement to be free, first come first served. It gives false when that takes longer than limit, or than the context.
func (g *gate) begin(ctx context.Context, limit time.Duration) bool {
	select {
	case g.slots <- struct{}{}:
		return true
	default:
	}
	g.waiting.Add(1)
	defer g.waiting.Add(-1)
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

func (g *gate) end() { <-g.slots }

// drain waits until no judgement is under way, and lets none begin. It gives the number of those that are still under way when the context ends.
func (g *gate) drain(ctx context.Context) int {
	for n := range cap(g.slots) {
		select {
		case g.slots <- struct{}{}:
		case <-ctx.Done():
			return cap(g.slots) - n
		}
	}
	return 0
}
