package webhook

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// connections knows which connections are not idle: a request is on its way, being answered, or is yet to come over a connection just made.
type connections struct {
	mu   sync.Mutex
	busy map[net.Conn]bool
}

// note is for http.Server.ConnState.
func (c *connections) note(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if state == http.StateNew || state == http.StateActive {
		c.busy[conn] = true
	} else {
		delete(c.busy, conn)
	}
}

func (c *connections) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.busy) == 0
}

// settle waits until all are idle, for as long as the context.
func (c *connections) settle(ctx context.Context) {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !c.idle() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
