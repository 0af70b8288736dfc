package webhook

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// arrivals bounds the bodies that arrive: so many at once, and so many bytes of them. For one that there is no room for, the one that has been arriving for the
// longest gives way: what an API server sends is there within milliseconds, and who sends slowly is not to keep it out.
type arrivals struct {
	maxBodies int
	maxBytes  int64

	mu     sync.Mutex
	bodies list.List // of *arrival, the longest under way first
	bytes  int64
}

func newArrivals(c *Config) *arrivals {
	return &arrivals{maxBodies: c.MaxArriving, maxBytes: c.MaxArrivingBytes}
}

// arrival is a body that arrives.
type arrival struct {
	place *list.Element // among all; nil once it has arrived or given way
	bytes int64         // that it has room for
	cut   func()        // ends the reading of it
}

// begin lets a body arrive, which is cut where it has to give way.
func (a *arrivals) begin(cut func()) *arrival {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.bodies.Len() >= a.maxBodies {
		a.yield()
	}
	body := &arrival{cut: cut}
	body.place = a.bodies.PushBack(body)
	return body
}

// grow makes room for so many bytes of a body, or gives false where it had to give way.
func (a *arrivals) grow(body *arrival, bytes int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if body.place == nil {
		return false
	}
	a.bytes += int64(bytes) - body.bytes
	body.bytes = int64(bytes)
	for a.bytes > a.maxBytes {
		a.yield()
	}
	return body.place != nil
}

// end is for a body of which nothing more is read; it gives false where it had to give way.
func (a *arrivals) end(body *arrival) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	stayed := body.place != nil
	a.leave(body)
	return stayed
}

// yield has the body give way that has been arriving for the longest.
func (a *arrivals) yield() {
	longest := a.bodies.Front().Value.(*arrival)
	a.leave(longest)
	longest.cut()
}

func (a *arrivals) leave(body *arrival) {
	if body.place != nil {
		a.bodies.Remove(body.place)
		a.bytes -= body.bytes
		body.place = nil
	}
}

// held tells how many bodies arrive, and how many bytes they have room for.
func (a *arrivals) held() (bodies int, bytes int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.bodies.Len(), a.bytes
}

// firstRead is for how many bytes of a body there is room at first: what is claimed to come need not come.
const firstRead = 64 << 10

// read reads the body, which arrives within its time or not at all. One that does not leaves the connection with a deadline that has passed, so that nobody
// waits for the rest of it.
func (s *server) read(ctx context.Context, c *call, w http.ResponseWriter, r *http.Request) ([]byte, *fault) {
	deadline, _ := ctx.Deadline()
	if last := c.start.Add(s.config.ArrivalWait); last.Before(deadline) {
		deadline = last
	}
	connection := http.NewResponseController(w)
	until := func(t time.Time) { _ = connection.SetReadDeadline(t) } // a connection without deadlines is a test's
	until(deadline)
	arriving := s.arrivals.begin(func() { until(time.Unix(0, 0)) })
	size := r.ContentLength
	if size < 0 {
		size = s.config.MaxBodyBytes
	}
	body, err := s.arrive(arriving, http.MaxBytesReader(w, r.Body, s.config.MaxBodyBytes), int(size))
	switch stayed := s.arrivals.end(arriving); {
	case !stayed:
		return nil, overload("there was no room for a body that arrives as slowly as this one")
	case err != nil:
		return nil, s.unread(r, len(body), err)
	}
	until(time.Time{}) // one that stayed set would end the judgement of an HTTP/1.1 request
	return body, nil
}

// arrive reads to the end, of so many bytes at most, and makes room as what is read grows.
func (s *server) arrive(arriving *arrival, reader io.Reader, size int) ([]byte, error) {
	var body []byte
	for {
		if len(body) == cap(body) {
			room := min(max(2*cap(body), firstRead), size+1) // the end is read into the last byte
			if !s.arrivals.grow(arriving, room) {
				return body, errGaveWay
			}
			body = append(make([]byte, 0, room), body...)
		}
		n, err := reader.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			return body, err
		}
	}
}

var errGaveWay = errors.New("it gave way")

// unread says why a body could not be read.
func (s *server) unread(r *http.Request, n int, err error) *fault {
	if errors.As(err, new(*http.MaxBytesError)) {
		return s.large()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &fault{outcome: late, code: http.StatusRequestTimeout, reason: metav1.StatusReasonTimeout, message: fmt.Sprintf("the body did not arrive in time: %d bytes did", n)}
	}
	if r.Context().Err() != nil {
		return departed()
	}
	return invalid("the body could not be read: after byte %d: %v", n, err)
}
