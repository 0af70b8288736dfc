package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/rest"
)

// lag stands between the webhook and the API server. While it is locked, it holds back what is watched, and nothing else.
type lag struct{ sync.RWMutex }

// newLag starts one, and gives a kubeconfig that leads through it.
func newLag(t *testing.T, config *rest.Config) (*lag, string) {
	t.Helper()
	l := &lag{}
	transport, err := rest.TransportFor(config)
	if err != nil {
		t.Fatal(err)
	}
	host, err := url.Parse(config.Host)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(host) }, Transport: transport, FlushInterval: -1,
		ModifyResponse: func(r *http.Response) error {
			if r.Request.URL.Query().Get("watch") == "true" {
				r.Body = &held{r.Body, l}
			}
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.CloseClientConnections)
	name := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf("apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: x}}]\nclusters: [{name: x, cluster: {server: %q}}]\n", server.URL)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return l, name
}

// held is a body of which nothing is seen while its lag is locked.
type held struct {
	io.ReadCloser
	lag *lag
}

func (h *held) Read(p []byte) (int, error) {
	n, err := h.ReadCloser.Read(p)
	h.lag.RLock()
	defer h.lag.RUnlock()
	return n, err
}

const (
	probeRole = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: probe, namespace: payments}
rules: [{apiGroups: [""], resources: [%s], verbs: [%s]}]
`
	probeBinding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: probe, namespace: payments}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: probe}
subjects: [{kind: ServiceAccount, name: payments-a, namespace: payments}]
`
)

// behind has the webhook see changes late. A refusal never rests on what is so no more. What is bad by itself is refused however late the
// webhook is; what is bad only together with what it has not seen is admitted, and found by the audit.
func (f *faulty) behind(p *process) *process {
	f.end(p)
	lag, kubeconfig := newLag(f.t, f.Config)
	p = f.start("--kubeconfig", kubeconfig, "--audit-every", "1s")
	wide, narrow := fmt.Sprintf(probeRole, `"*"`, `"*"`), fmt.Sprintf(probeRole, "endpoints", "get")
	bind := func() (string, error) {
		return f.kubectl("apply", "--dry-run=server", "-f", f.file(probeBinding))
	}
	f.apply(wide)
	f.wait("the wide role to be seen", func() bool {
		out, err := bind()
		return err != nil && strings.Contains(out, "access/least-reach")
	})

	lag.Lock()
	f.apply(narrow)
	if out, err := bind(); err != nil {
		f.t.Errorf("the role is narrow now, and the refusal is not confirmed by looking: %v\n%s", err, out)
	}
	if out, err := f.kubectl("delete", "-n", "payments", "role/probe"); err != nil {
		f.t.Fatalf("%v\n%s", err, out)
	}
	if out, err := bind(); err != nil {
		f.t.Errorf("the role is gone, and the refusal is not confirmed by looking: %v\n%s", err, out)
	}
	f.apply(narrow)
	lag.Unlock()
	time.Sleep(time.Second)

	lag.Lock()
	f.apply(wide)
	f.apply(probeBinding)
	var blind phase
	for _, q := range f.questions() {
		blind.check(f.t, q, q.ask(f.t.Context()))
	}
	blind.sound(f.t)
	lag.Unlock()
	f.wait("the audit to find it", func() bool {
		out, err := f.kubectl("get", "events", "-n", "payments", "-o", `jsonpath={.items[?(@.reason=="Fell")].message}`)
		return err == nil && strings.Contains(out, "access/least-reach")
	})
	if out, err := f.kubectl("delete", "-n", "payments", "role/probe", "rolebinding/probe"); err != nil {
		f.t.Fatalf("%v\n%s", err, out)
	}
	f.end(p)
	return f.start()
}
