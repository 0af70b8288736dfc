package webhook

import (
	"container/list"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"
)

// connections knows which connections are not idle: a request is on its way, being answered, or is yet to come over a connection just made. It bounds those over
// which none has come yet, or none comes any more: of too many, the one that has been silent for the longest is closed. Others are bounded by what is held of their requests.
type connections struct {
	mu       sync.Mutex
	busy     map[net.Conn]bool
	maxQuiet int
	quiet    map[net.Conn]*list.Element // by which nothing is on its way
	order    list.List                  // of those, the longest silent first
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
	c.unquiet(conn)
	if state == http.StateNew || state == http.StateIdle {
		c.quiet[conn] = c.order.PushBack(conn)
	}
	if c.order.Len() > c.maxQuiet {
		longest := c.order.Front().Value.(net.Conn)
		c.unquiet(longest)
		drop(longest)
	}
}

func (c *connections) unquiet(conn net.Conn) {
	if place := c.quiet[conn]; place != nil {
		c.order.Remove(place)
		delete(c.quiet, conn)
	}
}

// drop closes a connection without a word, for which a slow client could have us wait.
func drop(conn net.Conn) {
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn()
	}
	_ = conn.Close()
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
