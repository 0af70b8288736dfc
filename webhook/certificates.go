package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
)

// certificates are what the server shows, and whom it believes. Both follow their files; what is open stays open, and a file that cannot be
// used changes nothing.
type certificates struct {
	serving   *certwatcher.CertWatcher
	authority *authority // nil: clients need no certificate
	every     time.Duration
	log       *slog.Logger
}

func newCertificates(c *Config) (*certificates, error) {
	out := &certificates{every: c.ReloadEvery, log: c.Log}
	if c.ClientCAFile != "" {
		out.authority = &authority{file: c.ClientCAFile}
		if err := out.authority.reload(); err != nil {
			return nil, err
		}
	}
	serving, err := certwatcher.New(c.CertFile, c.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("serving certificate %s with key %s: %w", c.CertFile, c.KeyFile, err)
	}
	out.serving = serving.WithWatchInterval(c.ReloadEvery)
	return out, nil
}

// follow keeps up with the files until the context ends.
func (c *certificates) follow(ctx context.Context) error {
	var group sync.WaitGroup
	defer group.Wait()
	if c.authority != nil {
		group.Go(func() { c.followAuthority(ctx) })
	}
	if err := c.serving.Start(ctx); err != nil {
		return fmt.Errorf("watch the serving certificate: %w", err)
	}
	return nil
}

func (c *certificates) followAuthority(ctx context.Context) {
	ticker := time.NewTicker(c.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := c.authority.reload(); err != nil {
				c.log.Error("the client CA stays as it was", "cause", err.Error())
			}
		}
	}
}

// config is for a listener. Sessions are not resumed: each handshake meets the certificates of its time.
func (c *certificates) config() *tls.Config {
	base := &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: c.serving.GetCertificate, SessionTicketsDisabled: true,
	}
	if c.authority == nil {
		return base
	}
	base.ClientAuth = tls.RequireAndVerifyClientCert
	outer := base.Clone()
	outer.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		now := base.Clone()
		now.ClientCAs = c.authority.now.Load().pool
		return now, nil
	}
	return outer
}

// expiry is when the serving certificate expires.
func (c *certificates) expiry() time.Time {
	certificate, err := c.serving.GetCertificate(nil)
	if err != nil {
		return time.Time{}
	}
	return certificate.Leaf.NotAfter
}

// authority is a file of CA certificates, as it was when it could last be used.
type authority struct {
	file string
	now  atomic.Pointer[bundle]
}

type bundle struct {
	text   []byte
	pool   *x509.CertPool
	expiry time.Time // of the first that expires
}

// reload reads the file; where it cannot be used, what was known stays.
func (a *authority) reload() error {
	text, err := os.ReadFile(a.file)
	if err != nil {
		return fmt.Errorf("client CA: %w", err)
	}
	if old := a.now.Load(); old != nil && bytes.Equal(old.text, text) {
		return nil
	}
	b, err := newBundle(text)
	if err != nil {
		return fmt.Errorf("client CA %s: %w", a.file, err)
	}
	a.now.Store(b)
	return nil
}

// newBundle reads all certificates of a PEM text. One that cannot be read spoils the text: half a CA file would lock clients out.
func newBundle(text []byte) (*bundle, error) {
	b := &bundle{text: text, pool: x509.NewCertPool()}
	for rest := text; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		b.pool.AddCert(certificate)
		if b.expiry.IsZero() || certificate.NotAfter.Before(b.expiry) {
			b.expiry = certificate.NotAfter
		}
	}
	if b.expiry.IsZero() {
		return nil, errors.New("holds no PEM certificate")
	}
	return b, nil
}

func (a *authority) expiry() time.Time { return a.now.Load().expiry }
