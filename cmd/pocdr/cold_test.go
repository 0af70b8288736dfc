package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/rest"

	"pocdr.dev/pocdr/webhook"
	"pocdr.dev/pocdr/webhook/controlplane"
)

// TestNobodyAnswers does what must go on while nobody answers for the webhook, and shows that nothing else does: an API server that has to write
// roles of its own, as after an upgrade of a cluster that was off, starts; and who was given the right to goes past the webhook.
func TestNobodyAnswers(t *testing.T) {
	g := &guarded{Plane: controlplane.Start(t), t: t}
	const own = "clusterrole/system:public-info-viewer"
	_, keeper := g.User(t, "keeper")
	g.apply(`apiVersion: v1
kind: Namespace
metadata: {name: pocdr}
---
apiVersion: v1
kind: Namespace
metadata: {name: payments, labels: {pocdr.dev/environment: production}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: payments-switch, namespace: payments}
data: {selected: b}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: back, namespace: payments}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, patch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: back, namespace: payments}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: back}
subjects: [{kind: Group, name: "pocdr:break-glass"}, {kind: User, name: keeper}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: keeper}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: pocdr-past-the-webhook}
subjects: [{kind: User, name: keeper}]
`)
	for _, args := range [][]string{{"apply", "-f", shippedAt("rights")}, {"delete", own}} {
		if out, err := g.kubectl(args...); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	g.apply(configuration(t, address(t), newIssuer(t).bundle))
	back := func(as ...string) (string, error) {
		return g.Kubectl(t.Context(), keeper, append([]string{"patch", "-n", "payments", "configmap/payments-switch", "--type=merge", "-p", `{"data":{"selected":"a"}}`}, as...)...)
	}
	g.wait("the webhook to be asked", func() bool {
		out, err := back("--dry-run=server")
		return err != nil && strings.Contains(out, "failed calling webhook")
	})
	for _, args := range [][]string{
		{"create", "clusterrole", "other", "--verb=get", "--resource=pods"},
		{"label", "namespace", "payments", "pocdr.dev/environment-"},
		{"label", "namespace", "default", "pocdr.dev/environment=production"},
		{"delete", "namespace", "payments", "--wait=false"},
	} {
		if out, err := g.kubectl(args...); err == nil || !strings.Contains(out, "failed calling webhook") {
			t.Errorf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	for _, args := range [][]string{
		{"create", "namespace", "another"},
		{"label", "namespace", "pocdr", "team=platform"},
		{"create", "configmap", "a", "--namespace=another"},
	} {
		if out, err := g.kubectl(args...); err != nil {
			t.Errorf("kubectl %s is no change of production: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	if out, err := back("--as=pocdr:break-glass", "--as-group=pocdr:break-glass"); err != nil {
		t.Errorf("past the webhook: %v\n%s", err, out)
	}
	g.Restart(t)
	g.wait("the role to be back", func() bool {
		_, err := g.kubectl("get", own)
		return err == nil
	})
}

// TestStartsFirst starts the webhook before anybody answers for the API server, as after an outage of all: it waits, says for whom, and is ready once it could read the cluster.
func TestStartsFirst(t *testing.T) {
	g := &guarded{Plane: controlplane.Start(t), t: t, ops: address(t)}
	late := address(t)
	cert, key := newIssuer(t).issue(t, t.TempDir())
	s := serving{Config: webhook.Defaults(), auditEvery: time.Minute, outOfTouch: time.Minute}
	s.kubeconfig = g.file(fmt.Sprintf("apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: x}}]\nclusters: [{name: x, cluster: {server: %q}}]\n", "http://"+late))
	s.entrance, s.Address, s.OpsAddress, s.CertFile, s.KeyFile, s.LameDuck = "admission", address(t), g.ops, cert, key, 0
	g.serve(s)
	g.wait("the webhook to say for whom it waits", func() bool {
		said := g.readiness()
		return strings.HasPrefix(said, "the cluster is not read yet: as which user this runs") && strings.Contains(said, "connection refused")
	})
	time.Sleep(2 * retryEvery)
	transport, err := rest.TransportFor(g.Config)
	if err != nil {
		t.Fatal(err)
	}
	host, err := url.Parse(g.Config.Host)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", late)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(host) }, Transport: transport, FlushInterval: -1}}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	g.wait("the webhook to be ready", func() bool { return g.readiness() == "ok" })
}
