package admission_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pocdr.dev/pocdr/webhook"
)

// serveAt, in the environment, makes of this test a process that serves the webhook on that address, with the certificate in that folder.
const serveAt = "POCDR_BENCHMARK_SERVES"

func TestServe(t *testing.T) {
	address, folder, asked := strings.Cut(os.Getenv(serveAt), " ")
	if !asked {
		t.Skip("serves benchmarks only")
	}
	c := webhook.Defaults()
	c.Judge, c.Address, c.OpsAddress, c.Log = reviewer(t, shipped(t), example(t)), address, "127.0.0.1:0", slog.New(slog.DiscardHandler)
	c.CertFile, c.KeyFile = filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	if err := webhook.Run(context.Background(), c); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkServed measures the processor time of a server for a request over a kept TLS connection: of the webhook, which judges a change of a workload
// by all checks against its system, and of `opa run --server`, which judges the workload alone by the rules in bench/conftest. OPA is left
// out where there is none.
func BenchmarkServed(b *testing.B) {
	folder := b.TempDir()
	certificate(b, folder)
	known := example(b)
	plant := named(b, known, "StatefulSet.apps/payments/payments-a")
	changed, same := reviewOf(b, asked(b, plant, "changed")), reviewOf(b, asked(b, plant, "same"))
	input := marshalled(b, map[string]any{"input": sent(plant.Value().(map[string]any))})
	b.Run("webhook/changed", func(b *testing.B) { measure(b, serve(b, folder), "/admit", changed, `"allowed":`) })
	b.Run("webhook/same", func(b *testing.B) { measure(b, serve(b, folder), "/admit", same, `"allowed":true`) })
	b.Run("opa", func(b *testing.B) { measure(b, opa(b, folder), "/v1/data/main", input, `"result"`) })
}

func marshalled(b *testing.B, value any) []byte {
	b.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// certificate writes the one that tests of net/http use.
func certificate(b *testing.B, folder string) {
	b.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	pair := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		b.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"tls.crt": {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, "tls.key": {Type: "PRIVATE KEY", Bytes: key}} {
		if err := os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

// serving is a process that serves on an address.
type serving struct {
	*exec.Cmd
	address string
}

func serve(b *testing.B, folder string) *serving {
	b.Helper()
	address := free(b)
	cmd := exec.Command(os.Args[0], "-test.run=^TestServe$", "-test.timeout=1h")
	cmd.Env = append(os.Environ(), serveAt+"="+address+" "+folder)
	return started(b, cmd, address)
}

func opa(b *testing.B, folder string) *serving {
	b.Helper()
	program, err := exec.LookPath("../../bin/opa")
	if err != nil {
		if program, err = exec.LookPath("opa"); err != nil {
			b.Skipf("there is no opa to compare with: %v", err)
		}
	}
	address := free(b)
	return started(b, exec.Command(program, "run", "--server", "--addr", address, "--log-level", "error", "--disable-telemetry",
		"--tls-cert-file", filepath.Join(folder, "tls.crt"), "--tls-private-key-file", filepath.Join(folder, "tls.key"), "../../bench/conftest"), address)
}

func free(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func started(b *testing.B, cmd *exec.Cmd, address string) *serving {
	b.Helper()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			connection.Close()
			return &serving{cmd, address}
		}
		if time.Now().After(deadline) {
			b.Fatal(err)
		}
	}
}

var times = regexp.MustCompile(`\) \S(?: \S+){10} (\d+) (\d+) `)

// used is the processor time that the process has used, in ticks of 10 ms.
func (s *serving) used(b *testing.B) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.Process.Pid))
	m := times.FindSubmatch(text)
	if err != nil || m == nil {
		b.Fatalf("what the server has used: %v %s", err, text)
	}
	user, _ := strconv.Atoi(string(m[1]))
	system, _ := strconv.Atoi(string(m[2]))
	return time.Duration(user+system) * 10 * time.Millisecond
}

func measure(b *testing.B, s *serving, path string, body []byte, want string) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	defer client.CloseIdleConnections()
	ask := func() {
		answer, err := client.Post("https://"+s.address+path, "application/json", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		if text, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(text), want) {
			b.Fatalf("%v: %s", err, text)
		}
	}
	for range 200 { // what is judged once is judged
		ask()
	}
	before := s.used(b)
	for b.Loop() {
		ask()
	}
	b.ReportMetric(float64((s.used(b)-before).Microseconds())/float64(b.N), "server-cpu-µs/op")
}
