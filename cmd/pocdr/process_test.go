package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"pocdr.dev/pocdr/webhook/controlplane"
)

// faulty is a cluster that holds the example, and whose changes a webhook judges that runs in a process of its own, as it does in production.
type faulty struct {
	*guarded
	whole   *testing.T // the test that the cluster is for
	address string     // where the API server asks
	ca      *issuer
	tls     string // the folder of the serving certificate
}

func newFaulty(t *testing.T, options ...controlplane.Option) (*faulty, *process) {
	t.Helper()
	f := &faulty{guarded: &guarded{Plane: controlplane.Start(t, options...), t: t, ops: address(t)}, whole: t, address: address(t), ca: newIssuer(t), tls: t.TempDir()}
	f.ca.issue(t, f.tls)
	p := f.start()
	f.apply(configuration(t, f.address, f.ca.bundle))
	f.applyExample()
	return f, p
}

// in is the same cluster, for a part of the test.
func (f *faulty) in(t *testing.T) *faulty {
	same, g := *f, *f.guarded
	g.t, same.guarded = t, &g
	return &same
}

// process is a webhook that runs.
type process struct {
	*exec.Cmd
	log   string // a file
	ended chan error
}

// start starts a webhook with some more flags, and waits until it is ready. It is killed when the whole test ends, at the latest.
func (f *faulty) start(flags ...string) *process {
	f.t.Helper()
	p := &process{log: filepath.Join(f.t.TempDir(), "log"), ended: make(chan error, 1)}
	p.Cmd = exec.Command("pocdr", append([]string{"webhook", "--kubeconfig", f.Kubeconfig, "--address", f.address, "--ops-address", f.ops,
		"--cert-file", filepath.Join(f.tls, "tls.crt"), "--key-file", filepath.Join(f.tls, "tls.key"), "--lame-duck", "0"}, flags...)...)
	out, err := os.Create(p.log)
	if err != nil {
		f.t.Fatal(err)
	}
	defer out.Close()
	p.Stdout, p.Stderr = out, out
	if err := p.Start(); err != nil {
		f.t.Fatal(err)
	}
	go func() { p.ended <- p.Wait() }()
	f.whole.Cleanup(func() { p.Process.Kill() })
	f.t.Cleanup(func() {
		if f.t.Failed() {
			text, _ := os.ReadFile(p.log)
			f.t.Logf("the webhook's last words:\n%s", text[max(0, len(text)-9000):])
		}
	})
	f.wait("the webhook to be ready", func() bool { return f.readiness() == "ok" })
	return p
}

// end asks the webhook to end as a kubelet does, and waits until it has; it must say that all went well.
func (f *faulty) end(p *process) {
	f.t.Helper()
	p.Process.Signal(syscall.SIGTERM)
	if err := f.gone(p); err != nil {
		f.t.Errorf("the webhook ended with: %v", err)
	}
}

// kill ends the webhook as a kernel does that has no memory left.
func (f *faulty) kill(p *process) {
	f.t.Helper()
	p.Process.Kill()
	f.gone(p)
}

func (f *faulty) gone(p *process) error {
	select {
	case err := <-p.ended:
		p.ended <- err
		return err
	case <-time.After(time.Minute):
		p.Process.Kill()
		return errors.New("it did not end within a minute")
	}
}

var peak = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

// memory is the most memory that the process has had.
func (p *process) memory(t *testing.T) (bytes int64) {
	t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(p.Process.Pid) + "/status")
	m := peak.FindSubmatch(text)
	if err != nil || m == nil {
		t.Fatalf("what memory the webhook has had: %v", err)
	}
	kilobytes, _ := strconv.ParseInt(string(m[1]), 10, 64)
	return kilobytes << 10
}
