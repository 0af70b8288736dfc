package webhook

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"syscall"
	"testing"
	"time"
)

// BenchmarkAdmit measures processor time of a request over a kept TLS connection, client included, for objects of some sizes, and how many
// times that of a handler which reads the body and says nothing.
func BenchmarkAdmit(b *testing.B) {
	for _, size := range []int{1 << 10, 100 << 10, 3 << 20} {
		b.Run(fmt.Sprintf("object=%dKiB", size>>10), func(b *testing.B) {
			r := start(b, byName, nil)
			body := review(b, "u1", "good", size)
			null := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
			null.StartTLS()
			defer null.Close()
			client, bare := r.client(false), null.Client()
			b.ReportAllocs()
			b.ResetTimer()
			used := processor()
			for range b.N {
				r.mustPost(client, "?timeout=10s", bytes.NewReader(body))
			}
			admit := processor() - used
			b.StopTimer()
			used = processor()
			for range b.N {
				resp, err := bare.Post(null.URL, "application/json", bytes.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
			b.ReportMetric(float64(admit.Microseconds())/float64(b.N), "cpu-µs/op")
			b.ReportMetric(float64(admit)/float64(max(processor()-used, 1)), "×null")
		})
	}
}

// processor is the processor time that this process has used.
func processor() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkMemory asks 100,000 times, once for all b.N, and fails where the heap is larger after them than after the first tenth.
func BenchmarkMemory(b *testing.B) {
	const requests, clients = 100_000, 4
	r := start(b, byName, func(c *Config) { c.Log = slog.New(slog.DiscardHandler) })
	body := review(b, "u1", "good", 1<<10)
	ask := func(n int) int64 {
		var group sync.WaitGroup
		for client := range clients {
			group.Go(func() {
				client := r.client(client%2 == 0)
				for range n / clients {
					if _, err := r.post(client, "?timeout=10s", bytes.NewReader(body)); err != nil {
						b.Error(err)
						return
					}
				}
				client.CloseIdleConnections()
			})
		}
		group.Wait()
		return heap()
	}
	first := ask(requests / 10)
	last := ask(requests * 9 / 10)
	b.ReportMetric(float64(first)/1024, "KiB-after-10k")
	b.ReportMetric(float64(last)/1024, "KiB-after-100k")
	if last > first+1<<20 {
		b.Errorf("the heap grew from %d to %d KiB", first>>10, last>>10)
	}
}
