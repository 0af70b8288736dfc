package main

import (
	"context"
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pocdr.dev/pocdr/webhook/controlplane"
)

// TestFaults does to the webhook what befalls servers, while a real API server asks it. What is to be refused is never admitted, and what is
// to be admitted never refused; where there is no answer, the test says for whom there may be none.
func TestFaults(t *testing.T) {
	if os.Getenv("FAULTS") == "" {
		t.Skip("takes two minutes: run make faults")
	}
	f, p := newFaulty(t, controlplane.Flag("shutdown-watch-termination-grace-period", "1s")) // else it waits for the webhook, for a minute
	for _, fault := range []struct {
		name string
		do   func(*faulty, *process) *process // gives the webhook that runs then
	}{
		{"killed, and started again", (*faulty).killed},
		{"asked to end", (*faulty).ended},
		{"given other certificates", (*faulty).rotated},
		{"out of touch", (*faulty).outOfTouch},
		{"behind", (*faulty).behind},
		{"with policies that do not end, or err", (*faulty).ill},
		{"asked about large objects", (*faulty).large},
		{"asked too much", (*faulty).flooded},
	} {
		if !t.Run(fault.name, func(t *testing.T) { p = fault.do(f.in(t), p) }) {
			break
		}
	}
}

// killed kills the webhook: while it is away nothing passes but what is spared, and when it is back all are answered.
func (f *faulty) killed(p *process) *process {
	l := f.load(8)
	l.until("answers", busy(20)).sound(f.t)
	f.kill(p)
	l.next()
	away := l.until("what is spared to pass, and what is not to fail", func(p *phase) bool { return p.spared >= 20 && p.failed >= 50 })
	if away.admitted+away.refused > 0 {
		f.t.Errorf("nobody was there, and %d were admitted and %d refused", away.admitted, away.refused)
	}
	away.sound(f.t, "connection refused")
	p = f.start()
	l.next()
	l.until("answers", busy(20)).sound(f.t)
	return p
}

// ended ends the webhook as a kubelet does: what fails could not connect, so no request that it took is lost.
func (f *faulty) ended(p *process) *process {
	l := f.load(8)
	for range 3 {
		l.next()
		l.until("answers", busy(5))
		p.Process.Signal(syscall.SIGTERM)
		if err := f.gone(p); err != nil {
			f.t.Errorf("the webhook ended with: %v", err)
		}
		p = f.start()
		l.next().sound(f.t, "connection refused", "the webhook is not ready and has judged nothing: the cluster is not read yet")
	}
	return p
}

// rotated changes the certificate as a kubelet does, by a link to a folder: nobody notices.
func (f *faulty) rotated(p *process) *process {
	f.end(p)
	certificates := f.t.TempDir()
	place := func() { // as a kubelet projects a volume
		folder, link := f.t.TempDir(), filepath.Join(certificates, "..new")
		f.ca.issue(f.t, folder)
		if err := os.Symlink(folder, link); err != nil {
			f.t.Fatal(err)
		}
		if err := os.Rename(link, filepath.Join(certificates, "..data")); err != nil {
			f.t.Fatal(err)
		}
	}
	place()
	for _, name := range []string{"tls.crt", "tls.key"} {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(certificates, name)); err != nil {
			f.t.Fatal(err)
		}
	}
	p = f.start("--cert-file", filepath.Join(certificates, "tls.crt"), "--key-file", filepath.Join(certificates, "tls.key"))
	l := f.load(8)
	for _, change := range []func(){place, func() { f.ca.issue(f.t, certificates) }} { // the other way: one file after the other
		change()
		f.wait("the new certificate to be shown", func() bool { return f.serial() == f.ca.serial })
		l.until("answers", busy(5))
		l.next().sound(f.t)
	}
	l.end()
	f.end(p)
	return f.start()
}

// serial is the serial number of the certificate that who connects now is shown.
func (f *faulty) serial() int64 {
	connection, err := tls.Dial("tcp", f.address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		return 0
	}
	defer connection.Close()
	return connection.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// outOfTouch stops the API server and starts it again: the webhook says so meanwhile, and afterwards sees what has changed.
func (f *faulty) outOfTouch(p *process) *process {
	f.end(p)
	p = f.start("--out-of-touch", "500ms", "--audit-every", "1s")
	lost := make(chan bool, 1)
	go func() {
		said := ""
		for deadline := time.Now().Add(30 * time.Second); said == "" && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			_, said, _ = strings.Cut(f.readiness(), "the cluster has not answered for ")
		}
		lost <- said != ""
	}()
	f.Restart(f.t)
	if !<-lost {
		f.t.Error("the API server was away, and the webhook did not say that it was out of touch")
	}
	f.wait("the webhook to be ready again", func() bool { return f.readiness() == "ok" })
	all := f.questions()
	past := dynamicOf(f.t, f.emergency())
	scale := func(replicas string) {
		if _, err := resource(past, "apps", "v1", "statefulsets").Patch(f.t.Context(), "payments-a", merge, []byte(`{"spec":{"replicas":`+replicas+`}}`), options); err != nil {
			f.t.Fatal(err)
		}
	}
	held := func() string {
		out, _ := f.kubectl("get", "-n", "payments", "system/payments", "-o", `jsonpath={.status.conditions[?(@.type=="Held")].message}`)
		return out
	}
	scale("2")
	f.wait("what changed to be seen", func() bool { return strings.Contains(held(), "radius/bounded") })
	scale("1")
	f.wait("what was mended to be seen", func() bool { return !strings.Contains(held(), "radius/bounded") })
	var now phase
	for _, q := range all {
		now.check(f.t, q, q.ask(context.Background()))
	}
	now.sound(f.t)
	return p
}
