package webhook

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config is how the server is run. Start from Defaults.
type Config struct {
	Judge Judge

	Address    string // where the API server connects, by TLS, HTTP/1.1 or 2: POST /admit
	OpsAddress string // plain HTTP: /healthz, /readyz, /metrics

	CertFile, KeyFile string        // of the serving certificate, PEM
	ClientCAFile      string        // who signs the API server's client certificate; empty: whoever can connect is served
	ClientNames       []string      // common or DNS names of which a client's certificate must hold one; empty: any that the CA signed
	ReloadEvery       time.Duration // the certificate's files are watched, and read this often as well; the CA's file is read this often

	Timeout     time.Duration // of a request that does not say how long the API server waits
	Margin      time.Duration // kept back from that time for the way of the answer; never more than half of it
	Concurrency int           // judgements at once

	MaxConnections int // over which no request has come yet, or none comes any more; past it, the one that has been silent for the longest is closed

	ArrivalWait      time.Duration // how long a body may take to arrive; never longer than the answer may
	MaxArriving      int           // bodies that arrive at once; past it, the one that has been arriving for the longest gives way
	MaxArrivingBytes int64         // of those, likewise; more than MaxBodyBytes

	QueueLength  int           // requests that wait for a judgement, beyond those being judged
	QueueWait    time.Duration // the longest wait; past it the webhook says that it is overloaded
	MaxBodyBytes int64         // of one request
	MaxHeldBytes int64         // of the bodies of all requests that wait or are judged; more than MaxBodyBytes

	LameDuck      time.Duration // from the end of the context, when /readyz turns false, until the port closes: endpoints are told in that time
	ShutdownLimit time.Duration // for finishing what was begun, from then on

	Ready    func() error           // why the Judge cannot judge yet, or nil; may be called at any time
	CacheAge func() time.Duration   // age of what the Judge sees of the cluster; nil: no such metric
	Metrics  []prometheus.Collector // of others, to be shown on /metrics

	MaxLabels int // systems, and checks, that metrics tell apart; further ones are counted as "other"

	Log *slog.Logger
}

// Defaults is a configuration that lacks the Judge and the certificate's files.
//
// A body holds the object and the old object, of up to 3 MiB each, and JSON may write a character in six bytes.
func Defaults() Config {
	return Config{
		Address: ":8443", OpsAddress: ":8080", ReloadEvery: 10 * time.Second,
		Timeout: 10 * time.Second, Margin: 500 * time.Millisecond, Concurrency: runtime.GOMAXPROCS(0),
		MaxConnections: 1024, ArrivalWait: 5 * time.Second, MaxArriving: 1024, MaxArrivingBytes: 64 << 20,
		QueueLength: 256, QueueWait: 2 * time.Second, MaxBodyBytes: 12 << 20, MaxHeldBytes: 128 << 20,
		LameDuck: 5 * time.Second, ShutdownLimit: 15 * time.Second,
		Ready:     func() error { return nil },
		MaxLabels: 200,
		Log:       slog.New(slog.NewJSONHandler(os.Stderr, nil)),
	}
}

// check names everything that is wrong with a configuration.
func (c *Config) check() error {
	var faults []error
	must := func(holds bool, format string, args ...any) {
		if !holds {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	must(c.Judge != nil, "no Judge")
	must(c.Ready != nil, "no Ready")
	must(c.Log != nil, "no Log")
	must(c.CertFile != "" && c.KeyFile != "", "no serving certificate: both CertFile and KeyFile must be named")
	must(len(c.ClientNames) == 0 || c.ClientCAFile != "", "ClientNames %v without a ClientCAFile: nobody would vouch for the names", c.ClientNames)
	must(c.ReloadEvery > 0, "ReloadEvery is %s: must be positive", c.ReloadEvery)
	must(c.Timeout > 0, "Timeout is %s: must be positive", c.Timeout)
	must(c.Margin >= 0, "Margin is %s: must not be negative", c.Margin)
	must(c.Concurrency > 0, "Concurrency is %d: must be positive", c.Concurrency)
	must(c.MaxConnections > 0, "MaxConnections is %d: must be positive", c.MaxConnections)
	must(c.ArrivalWait > 0, "ArrivalWait is %s: must be positive", c.ArrivalWait)
	must(c.MaxArriving > 0, "MaxArriving is %d: must be positive", c.MaxArriving)
	must(c.MaxArrivingBytes > c.MaxBodyBytes, "MaxArrivingBytes is %d: must be more than MaxBodyBytes, %d", c.MaxArrivingBytes, c.MaxBodyBytes)
	must(c.QueueLength >= 0, "QueueLength is %d: must not be negative", c.QueueLength)
	must(c.QueueWait >= 0, "QueueWait is %s: must not be negative", c.QueueWait)
	must(c.MaxBodyBytes > 0, "MaxBodyBytes is %d: must be positive", c.MaxBodyBytes)
	must(c.MaxHeldBytes > c.MaxBodyBytes, "MaxHeldBytes is %d: must be more than MaxBodyBytes, %d", c.MaxHeldBytes, c.MaxBodyBytes)
	must(c.LameDuck >= 0, "LameDuck is %s: must not be negative", c.LameDuck)
	must(c.ShutdownLimit > 0, "ShutdownLimit is %s: must be positive", c.ShutdownLimit)
	must(c.MaxLabels > 0, "MaxLabels is %d: must be positive", c.MaxLabels)
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("configuration of the webhook: %w", err)
	}
	return nil
}
