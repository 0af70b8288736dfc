package webhook

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestRotationUnderLoad rotates the certificate as a kubelet does, by a link to a folder, and by writing one file after the other, while
// clients ask on kept and on new connections. None may fail, and each new certificate must come to be shown.
func TestRotationUnderLoad(t *testing.T) {
	mount := t.TempDir()
	r := start(t, byName, func(c *Config) {
		folder := filepath.Join(mount, "..0")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		link(t, folder, filepath.Join(mount, "..data"))
		for _, file := range []*string{&c.CertFile, &c.KeyFile} {
			name := filepath.Base(*file)
			*file = filepath.Join(mount, name)
			link(t, filepath.Join("..data", name), *file)
		}
		c.ReloadEvery = 50 * time.Millisecond
	})
	body := review(t, "u1", "good", 1000)
	var done atomic.Bool
	var answered, group = atomic.Int64{}, sync.WaitGroup{}
	for n := range 4 {
		group.Go(func() {
			for client := r.client(n%2 == 0); !done.Load(); {
				got, err := r.post(client, "", bytes.NewReader(body))
				if err != nil || !strings.Contains(got.body, `"allowed":true`) {
					t.Errorf("client %d: %v %+v", n, err, got)
					return
				}
				answered.Add(1)
				if n >= 2 {
					client.CloseIdleConnections()
				}
			}
		})
	}
	for n := 1; n <= 4; n++ {
		if n%2 == 0 {
			r.ca.write(t, r.config.CertFile, r.config.KeyFile, "localhost")
		} else {
			folder := filepath.Join(mount, fmt.Sprintf("..%d", n))
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			r.ca.write(t, filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key"), "localhost")
			link(t, folder, filepath.Join(mount, "..data"))
		}
		r.eventually("the new certificate is shown", func() bool {
			got, err := r.post(r.client(true), "", bytes.NewReader(body))
			return err == nil && got.peer.SerialNumber.Int64() == r.ca.serial
		})
	}
	done.Store(true)
	group.Wait()
	t.Logf("%d requests were answered", answered.Load())
}

// link makes a link, in the place of one that is there, at one stroke.
func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name+".new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		t.Fatal(err)
	}
}

// TestBadFilesChangeNothing writes files that cannot be used.
func TestBadFilesChangeNothing(t *testing.T) {
	ca := newIssuer(t)
	r := start(t, byName, func(c *Config) { c.ClientCAFile, c.ReloadEvery = writeFile(t, ca.pem()), 10*time.Millisecond })
	unread := func() int {
		_, text := r.ops("/metrics")
		_, after, _ := strings.Cut(text, "\ncertwatcher_read_certificate_errors_total ")
		n, _ := strconv.Atoi(strings.SplitN(after, "\n", 2)[0])
		return n
	}
	before := unread()
	for _, file := range []string{r.config.CertFile, r.config.KeyFile, r.config.ClientCAFile} {
		overwrite(t, file, []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	}
	r.eventually("it is noticed", func() bool {
		return unread() > before && strings.Contains(r.log.String(), "the client CA stays as it was")
	})
	if got := r.mustPost(r.client(true, ca.pair(t, "any")), "", bytes.NewReader(review(t, "u1", "good", 1))); !got.response(t).Allowed {
		t.Errorf("got %s", got.body)
	}
}

// TestClientCARotates lets the clients of a new CA in, and those of the old one no more.
func TestClientCARotates(t *testing.T) {
	old, young := newIssuer(t), newIssuer(t)
	r := start(t, byName, func(c *Config) { c.ClientCAFile, c.ReloadEvery = writeFile(t, old.pem()), 10*time.Millisecond })
	served := func(i *issuer) bool {
		_, err := r.post(r.client(true, i.pair(t, "apiserver")), "", bytes.NewReader(review(t, "u1", "good", 1)))
		return err == nil
	}
	if !served(old) || served(young) {
		t.Fatal("at first the old CA alone is trusted")
	}
	overwrite(t, r.config.ClientCAFile, append(old.pem(), young.pem()...))
	r.eventually("both are trusted", func() bool { return served(young) })
	if !served(old) {
		t.Error("the old CA is no longer trusted, though it is in the file")
	}
	overwrite(t, r.config.ClientCAFile, young.pem())
	r.eventually("the old one is not", func() bool { return !served(old) })
	if !served(young) {
		t.Error("the new CA is not trusted")
	}
}
