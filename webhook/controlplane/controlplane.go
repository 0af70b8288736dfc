// Package controlplane runs a real kube-apiserver and etcd for tests.
package controlplane

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// Plane is a control plane that runs.
type Plane struct {
	Config     *rest.Config // as a cluster administrator
	Kubeconfig string       // a file, for the same user

	env     *envtest.Environment
	kubectl string
}

// Start runs a control plane until the test ends, with custom resource definitions from some folders. Where its programs are
// not built, the test is skipped, and says what to do; where the environment variable CONTROLPLANE is "required", it fails.
func Start(t testing.TB, definitions ...string) *Plane {
	t.Helper()
	assets, err := assets()
	if err != nil {
		if os.Getenv("CONTROLPLANE") == "required" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	env := &envtest.Environment{
		BinaryAssetsDirectory: assets, CRDDirectoryPaths: definitions, ErrorIfCRDPathMissing: true,
		ControlPlaneStartTimeout: time.Minute, ControlPlaneStopTimeout: time.Minute,
	}
	t.Cleanup(func() {
		if err := env.Stop(); err != nil {
			t.Logf("stop the control plane: %v", err)
		}
	})
	config, err := env.Start()
	if err != nil {
		t.Fatalf("start the control plane: %v", err)
	}
	config.QPS, config.Burst = 1000, 1000
	p := &Plane{Config: config, env: env, kubectl: filepath.Join(assets, "kubectl")}
	p.Kubeconfig = p.writeKubeconfig(t, envtest.User{Name: "admin", Groups: []string{"system:masters"}})
	return p
}

// assets is the folder that build.sh keeps its programs in.
func assets() (string, error) {
	if folder := os.Getenv("KUBEBUILDER_ASSETS"); folder != "" {
		return folder, nil
	}
	_, here, _, _ := runtime.Caller(0)
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	found, err := filepath.Glob(filepath.Join(cache, "pocdr", "controlplane", "*", "complete"))
	if err != nil || len(found) == 0 {
		return "", missing(filepath.Join(filepath.Dir(here), "..", "..", "testdata", "controlplane", "build.sh"))
	}
	newest := found[0]
	for _, f := range found {
		if modified(f).After(modified(newest)) {
			newest = f
		}
	}
	return filepath.Dir(newest), nil
}

func modified(file string) time.Time {
	info, err := os.Stat(file)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

type missing string

func (m missing) Error() string {
	return "there is no kube-apiserver for tests: run `make controlplane`, which runs " + filepath.Clean(string(m))
}

// User adds a user, and gives what that user reaches the API server with.
func (p *Plane) User(t testing.TB, name string, groups ...string) (config *rest.Config, kubeconfig string) {
	t.Helper()
	user := envtest.User{Name: name, Groups: groups}
	added, err := p.env.AddUser(user, p.Config)
	if err != nil {
		t.Fatalf("add the user %s: %v", name, err)
	}
	return added.Config(), p.writeKubeconfig(t, user)
}

func (p *Plane) writeKubeconfig(t testing.TB, user envtest.User) string {
	t.Helper()
	added, err := p.env.AddUser(user, p.Config)
	if err != nil {
		t.Fatalf("add the user %s: %v", user.Name, err)
	}
	text, err := added.KubeConfig()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
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

// Definitions adds custom resource definitions, and waits until they are served.
func (p *Plane) Definitions(t testing.TB, definitions ...*apiextensionsv1.CustomResourceDefinition) {
	t.Helper()
	if _, err := envtest.InstallCRDs(p.Config, envtest.CRDInstallOptions{CRDs: definitions}); err != nil {
		t.Fatalf("install definitions: %v", err)
	}
}
