package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	admissionv1 "k8s.io/api/admission/v1"
)

// What slow clients do: each claims a large body, sends a part of it, and then hardly anything, for as long as it is let, and comes again.
const (
	slowClients = 800
	slowClaim   = 3 << 20
	slowPart    = 16 << 10
)

// TestSlowClients has many clients, in a process of their own, that send bodies slowly, over connections of their own and over a few: who sends as an API server
// does is answered at once all the same, and what the others send is not held beyond its bound.
func TestSlowClients(t *testing.T) {
	if url := os.Getenv("SLOW_CLIENTS"); url != "" {
		beSlow(url, os.Getenv("SLOW_AUTHORITY"), os.Getenv("SLOW_PROTOCOL"))
	}
	for _, protocol := range []string{"h1", "h2"} {
		t.Run(protocol, func(t *testing.T) {
			const room, each = 16 << 20, 128 << 10 // of the heap: for bodies, and for a connection or a stream
			r := start(t, byName, func(c *Config) { c.MaxArriving, c.MaxArrivingBytes = slowClients/2, room })
			before := heap()
			r.slowClients(protocol)
			r.eventually("bodies have to give way", func() bool {
				_, text := r.ops("/metrics")
				return strings.Contains(text, `pocdr_webhook_requests_total{operation="unread",outcome="overloaded"}`)
			})
			honest := r.client(false)
			for n := range 20 {
				began := time.Now()
				got := r.mustPost(honest, "", bytes.NewReader(review(t, "u1", "good", 100<<10)))
				if took := time.Since(began); !got.response(t).Allowed || took > 5*time.Second {
					t.Errorf("%d: after %s: %d %s", n, took, got.code, got.body)
				}
				if bodies, bytes := r.server.arrivals.held(); bodies > slowClients/2 || bytes > room {
					t.Errorf("%d bodies of %d bytes are held", bodies, bytes)
				}
				if grown := heap() - before; grown > room+slowClients*each {
					t.Errorf("the heap grew by %d KiB", grown>>10)
				}
				time.Sleep(50 * time.Millisecond)
			}
		})
	}
}

// slowClients starts the clients, which end with the test.
func (r *running) slowClients(protocol string) {
	r.t.Helper()
	authority := filepath.Join(r.t.TempDir(), "ca.crt")
	overwrite(r.t, authority, r.ca.pem())
	child := exec.Command(os.Args[0], "-test.run=^TestSlowClients$")
	child.Env = append(os.Environ(), "SLOW_CLIENTS="+r.url(), "SLOW_AUTHORITY="+authority, "SLOW_PROTOCOL="+protocol)
	if err := child.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _, _ = child.Process.Kill(), child.Wait() })
}

// beSlow is what the process of the clients does until it is killed.
func beSlow(url, authority, protocol string) {
	pem, err := os.ReadFile(authority)
	if err != nil {
		panic(err)
	}
	protocols, pool := &http.Protocols{}, x509.NewCertPool()
	protocols.SetHTTP1(protocol == "h1")
	protocols.SetHTTP2(protocol == "h2")
	pool.AppendCertsFromPEM(pem)
	client := &http.Client{Transport: &http.Transport{Protocols: protocols, TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "localhost"}}}
	for range slowClients {
		go func() {
			for ; ; time.Sleep(5 * time.Second) {
				crawl(client, url)
			}
		}()
	}
	select {}
}

func crawl(client *http.Client, url string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"?timeout=30s", &drip{ctx: ctx})
	if err != nil {
		panic(err)
	}
	request.ContentLength = slowClaim
	request.Header.Set("Content-Type", "application/json")
	if answer, err := client.Do(request); err == nil {
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
}

// drip is a body whose first part is there at once, and of which a byte comes every second from then on.
type drip struct {
	ctx  context.Context
	read int
}

func (d *drip) Read(to []byte) (int, error) {
	if d.read < slowPart {
		to = to[:min(len(to), slowPart-d.read)]
	} else {
		select {
		case <-d.ctx.Done():
			return 0, d.ctx.Err()
		case <-time.After(time.Second):
		}
		to = to[:1]
	}
	for i := range to {
		to[i] = ' '
	}
	d.read += len(to)
	return len(to), nil
}

// TestRestOfBody goes on to send a body that is answered unread, or half read: nobody reads on for longer than a body may take.
func TestRestOfBody(t *testing.T) {
	r := start(t, byName, func(c *Config) { c.ArrivalWait = 300 * time.Millisecond })
	for head, code := range map[string]string{
		"POST /admit HTTP/1.1\r\nContent-Type: application/json": "408",
		"POST /admit HTTP/1.1\r\nContent-Type: application/yaml": "415",
		"POST /other HTTP/1.1\r\nContent-Type: application/json": "404",
	} {
		connection, err := tls.Dial("tcp", r.server.admissionPort.Addr().String(), &tls.Config{RootCAs: r.ca.pool(), ServerName: "localhost"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := connection.Write([]byte(head + "\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		go func() {
			for err := error(nil); err == nil; time.Sleep(20 * time.Millisecond) {
				_, err = connection.Write([]byte(" "))
			}
		}()
		_ = connection.SetReadDeadline(time.Now().Add(10 * time.Second))
		answer, err := io.ReadAll(connection)
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 "+code) {
			t.Errorf("%s: %v, after %q", head, err, answer)
		}
		connection.Close()
	}
}

// TestSilentConnections makes more connections than may be silent: with and without TLS begun, and with a request that was answered. Those that have been
// silent for the longest go, and neither one over which a request is judged, nor who comes next.
func TestSilentConnections(t *testing.T) {
	const room = 20
	judge := newHeld()
	r := start(t, judge, func(c *Config) { c.MaxConnections, c.Concurrency = room, 1 })
	answered := make(chan *reply, 1)
	go func() {
		answered <- r.mustPost(r.client(false), "?timeout=30s", bytes.NewReader(review(t, "u1", "bad", 10)))
	}()
	<-judge.begun
	var silent []net.Conn
	for n := range 3 * room {
		connection, err := net.Dial("tcp", r.server.admissionPort.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		if n%3 > 0 {
			secured := tls.Client(connection, &tls.Config{RootCAs: r.ca.pool(), ServerName: "localhost"})
			if err := secured.Handshake(); err != nil {
				t.Fatal(err)
			}
			connection = secured
		}
		if n%3 > 1 {
			fmt.Fprintf(connection, "GET /admit HTTP/1.1\r\nHost: localhost\r\n\r\n")
			if _, err := connection.Read(make([]byte, 1000)); err != nil {
				t.Fatal(err)
			}
		}
		silent = append(silent, connection)
	}
	closed := func(connection net.Conn, limit time.Duration) bool {
		_ = connection.SetReadDeadline(time.Now().Add(limit))
		_, err := connection.Read(make([]byte, 1000))
		return err != nil && !errors.Is(err, os.ErrDeadlineExceeded)
	}
	for n, connection := range silent { // one that was answered is silent from a moment on that we do not see
		if n < 2*room-3 && !closed(connection, 10*time.Second) || n >= 2*room+3 && closed(connection, 10*time.Millisecond) {
			t.Errorf("connection %d of %d, of which the last %d are kept", n, len(silent), room)
		}
	}
	close(judge.let)
	if got := <-answered; got.response(t).Result.Message != "no to u1" {
		t.Errorf("the one that is judged: %d %s", got.code, got.body)
	}
	if got := r.mustPost(r.client(false), "", bytes.NewReader(review(t, "u2", "bad", 10))); got.response(t).Result.Message != "no to u2" {
		t.Errorf("the next: %d %s", got.code, got.body)
	}
}

// TestUnreadAnswer asks, and lets nothing of the answer come: the request ends all the same, long before the longest that one may take.
func TestUnreadAnswer(t *testing.T) {
	r := start(t, judgeFunc(func(context.Context, *admissionv1.AdmissionRequest) (*Verdict, error) {
		return &Verdict{Message: strings.Repeat("no ", 2000)}, nil
	}), nil)
	connection, err := tls.Dial("tcp", r.server.admissionPort.Addr().String(), &tls.Config{RootCAs: r.ca.pool(), ServerName: "localhost", NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(3 * answerWait))
	var head bytes.Buffer
	fields := hpack.NewEncoder(&head)
	for _, field := range [][2]string{{":method", "POST"}, {":scheme", "https"}, {":authority", "localhost"}, {":path", "/admit"}, {"content-type", "application/json"}} {
		if err := fields.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = connection.Write([]byte(http2.ClientPreface))
	frames := http2.NewFramer(connection, connection)
	err = errors.Join(err, frames.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0}), frames.WriteSettingsAck(),
		frames.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: head.Bytes(), EndHeaders: true}), frames.WriteData(1, true, review(t, "u1", "bad", 10)))
	for err == nil {
		var frame http2.Frame
		if frame, err = frames.ReadFrame(); err == nil && frame.Header().Type == http2.FrameRSTStream {
			return
		}
	}
	t.Fatalf("the request goes on: %v", err)
}
