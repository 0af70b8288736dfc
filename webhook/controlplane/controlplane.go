// Package controlplane runs a real kube-apiserver and etcd for tests.
package controlplane

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// Plane is a control plane that runs. It has an API server and its store, but no controllers: nothing makes pods, collects
// garbage or ends a namespace.
type Plane struct {
	Config     *rest.Config // as a cluster administrator
	Kubeconfig string       // a file, for the same user

	env     *envtest.Environment
	kubectl string
	dir     string // of its certificates
}

// Option changes a control plane before it starts.
type Option func(*envtest.Environment)

// Flag gives the API server a flag, beside those that it has.
func Flag(name string, values ...string) Option {
	return func(env *envtest.Environment) { env.ControlPlane.GetAPIServer().Configure().Append(name, values...) }
}

// Start runs a control plane until the test ends. It knows our kinds, and those of others that adapters read. Where its programs
// are not built, the test is skipped, and says what to do; where the environment variable CONTROLPLANE is "required", it fails.
func Start(t testing.TB, options ...Option) *Plane {
	t.Helper()
	p := &Plane{}
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Errorf("stop the control plane: %v", err)
		}
	})
	accept(t, p.start(options))
	return p
}

// shared is the control plane of this test binary.
var shared struct {
	ready   bool // for use: Main is there to stop it
	options []Option
	plane   *Plane
	err     error
}

// Main runs the tests of a package, whose TestMain calls it, and then stops the control plane that they share.
func Main(m *testing.M, options ...Option) {
	shared.ready, shared.options = true, options
	defer func() {
		if shared.plane == nil {
			return
		}
		if err := shared.plane.stop(); err != nil {
			fmt.Fprintf(os.Stderr, "stop the control plane: %v\n", err)
		}
	}()
	m.Run()
}

// Shared is the one control plane that the tests of a package share; the first that asks starts it. Otherwise as Start. It is
// not for tests that run at once.
func Shared(t testing.TB) *Plane {
	t.Helper()
	if !shared.ready {
		t.Fatal("a package that shares a control plane has a TestMain that calls controlplane.Main")
	}
	if shared.plane == nil {
		shared.plane = &Plane{}
		shared.err = shared.plane.start(shared.options)
	}
	accept(t, shared.err)
	return shared.plane
}

// accept ends a test that has no control plane.
func accept(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, os.ErrNotExist) && os.Getenv("CONTROLPLANE") != "required" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("start the control plane: %v", err)
	}
}

func (p *Plane) start(options []Option) error {
	assets, err := assets()
	if err != nil {
		return err
	}
	foreign, err := foreign()
	if err != nil {
		return err
	}
	p.env = &envtest.Environment{
		BinaryAssetsDirectory: assets, ErrorIfCRDPathMissing: true, CRDDirectoryPaths: []string{inProject("api/v1alpha1/crds")}, CRDs: foreign,
		ControlPlaneStartTimeout: time.Minute, ControlPlaneStopTimeout: time.Minute,
	}
	for _, option := range options {
		option(p.env)
	}
	if p.dir, err = os.MkdirTemp("", "pocdr-controlplane-"); err != nil {
		return err
	}
	p.env.ControlPlane.GetAPIServer().CertDir = p.dir // a folder that envtest makes itself would not outlive a restart
	if p.Config, err = p.env.Start(); err != nil {
		return err
	}
	p.kubectl, p.Kubeconfig = filepath.Join(assets, "kubectl"), filepath.Join(p.dir, "kubeconfig")
	return os.WriteFile(p.Kubeconfig, p.env.KubeConfig, 0o600)
}

// stop ends what start started, however far that came.
func (p *Plane) stop() error {
	if p.env == nil {
		return nil
	}
	return errors.Join(p.env.Stop(), os.RemoveAll(p.dir))
}

// User adds a user, and gives what that user reaches the API server with.
func (p *Plane) User(t testing.TB, name string, groups ...string) (config *rest.Config, kubeconfig string) {
	t.Helper()
	user, err := p.env.AddUser(envtest.User{Name: name, Groups: groups}, p.Config)
	if err != nil {
		t.Fatalf("add the user %s: %v", name, err)
	}
	text, err := user.KubeConfig()
	if err == nil {
		kubeconfig = filepath.Join(t.TempDir(), "kubeconfig")
		err = os.WriteFile(kubeconfig, text, 0o600)
	}
	if err != nil {
		t.Fatalf("write a kubeconfig for the user %s: %v", name, err)
	}
	return user.Config(), kubeconfig
}

// Kubectl runs kubectl as its user does, and gives all that it prints.
func (p *Plane) Kubectl(ctx context.Context, kubeconfig string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, p.kubectl, args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "KUBECTL_KUBERC=false")
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// Restart stops the API server and starts it again on the same data and port.
func (p *Plane) Restart(t testing.TB) {
	t.Helper()
	server := p.env.ControlPlane.GetAPIServer()
	if err := server.Stop(); err != nil {
		t.Fatalf("stop the API server: %v", err)
	}
	if err := server.Start(); err != nil {
		t.Fatalf("start the API server again: %v", err)
	}
}
