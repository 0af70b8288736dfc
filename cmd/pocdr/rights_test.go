package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/webhook/controlplane"
)

// shippedAt is a shipped manifest.
func shippedAt(name string) string { return "../../webhook/manifests/" + name + ".yaml" }

// manifest reads the first document of a shipped manifest.
func manifest(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(shippedAt(name))
	if err == nil {
		err = yaml.UnmarshalStrict(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// TestRights runs the webhook as the shipped manifests do, as their account and with their arguments, on a control plane that notes every request of
// that account. It needs no right that it lacks, and has none that it does not need.
func TestRights(t *testing.T) {
	log := filepath.Join(t.TempDir(), "audit.log")
	notes := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(notes, []byte("apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{level: Metadata, users: [system:serviceaccount:pocdr:pocdr]}, {level: None}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g := &guarded{Plane: controlplane.Start(t, controlplane.Flag("audit-policy-file", notes), controlplane.Flag("audit-log-path", log)), t: t, ops: address(t)}
	for _, name := range []string{"crds", "namespace", "rights"} {
		if out, err := g.kubectl("apply", "-f", shippedAt(name)); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	manifest(t, "webhook", &configuration)
	admit, certificates := g.Guard(t, &configuration)
	end := g.run(g.account(), admit, certificates)
	g.use()
	end()
	used := map[string]bool{}
	for _, r := range noted(t, log) {
		if r.Annotations["authorization.k8s.io/decision"] != "allow" {
			t.Errorf("the webhook is not granted to %s %s %v", r.Verb, r.RequestURI, r.ObjectRef)
		}
		used[r.Verb+" "+r.ObjectRef.APIGroup+"/"+strings.TrimSuffix(r.ObjectRef.Resource+"/"+r.ObjectRef.Subresource, "/")] = true
	}
	for _, granted := range granted(t) {
		verb, _, _ := strings.Cut(granted, " ")
		if !used[granted] && verb != "get" && verb != "list" {
			t.Errorf("the webhook is granted to %s, and never did", granted)
		}
	}
	for _, want := range []string{"get apps/statefulsets", "list apps/statefulsets"} { // of other kinds where they are scaled, or refuse something
		if !used[want] {
			t.Errorf("the webhook never did %s", want)
		}
	}
}

// account gives what a pod of the shipped Deployment reaches the API server with.
func (g *guarded) account() string {
	g.t.Helper()
	token, err := g.kubectl("create", "token", "pocdr", "--namespace=pocdr")
	if err != nil {
		g.t.Fatalf("%v\n%s", err, token)
	}
	file := filepath.Join(g.t.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: %q, certificate-authority-data: %s}}]
users: [{name: u, user: {token: %s}}]
`,
		g.Config.Host, base64.StdEncoding.EncodeToString(g.Config.CAData), token)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
	return file
}

// run runs the command as the shipped Deployment does until it is asked to end, and waits for it to be ready.
func (g *guarded) run(kubeconfig, admit, certificates string) (end func()) {
	g.t.Helper()
	var d appsv1.Deployment
	manifest(g.t, "deployment", &d)
	args := slices.Clone(d.Spec.Template.Spec.Containers[0].Args)
	for i := range args {
		args[i] = strings.Replace(args[i], "=/tls/", "="+certificates+"/", 1)
	}
	ctx, stop := context.WithCancel(context.Background())
	cmd := root()
	cmd.SetArgs(append(args, "--kubeconfig="+kubeconfig, "--namespace=pocdr", "--address="+admit, "--ops-address="+g.ops, "--lame-duck=0s"))
	ended := make(chan error, 1)
	go func() { ended <- cmd.ExecuteContext(ctx) }()
	end = func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			g.t.Errorf("the webhook ended with: %v", err)
		}
		ended <- nil
	}
	g.t.Cleanup(end)
	g.wait("the webhook to be ready", func() bool {
		answer, err := http.Get("http://" + g.ops + "/readyz")
		if err == nil {
			answer.Body.Close()
		}
		return err == nil && answer.StatusCode == http.StatusOK
	})
	return end
}

// use has the webhook do all that it is for.
func (g *guarded) use() {
	g.t.Helper()
	g.applyExample()
	refused := func(says string, args ...string) {
		g.t.Helper()
		if out, err := g.kubectl(args...); err == nil || !strings.Contains(out, says) {
			g.t.Errorf("kubectl %s is not refused with %q: %v\n%s", strings.Join(args, " "), says, err, out)
		}
	}
	refused("declaration/image-pinned", "set", "image", "-n", "payments", "statefulset/payments-a", "plant=registry.acme.example/payments/plant:2.0")
	refused("switch/one-writer", "scale", "-n", "payments", "statefulset/payments-a", "--replicas=2")
	refused("delivery/second-plant", "delete", "-n", "payments", "statefulset/payments-b", "--wait=false")
	_, stranger := g.User(g.t, "stranger")
	g.apply(rights("stranger", "pocdr-test-stranger", `{apiGroups: [apps], resources: [statefulsets], verbs: [get, patch]}`))
	glass := fmt.Sprintf(`{"metadata":{"annotations":{"pocdr.dev/break-glass-reason":"x","pocdr.dev/break-glass-expires":%q}},"spec":{"replicas":2}}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	if out, err := g.Kubectl(g.t.Context(), stranger, "patch", "-n", "payments", "statefulset/payments-a", "--type=merge", "-p", glass); err == nil || !strings.Contains(out, "stranger has not the verb breakglass") {
		g.t.Errorf("who may break glass is not asked: %v\n%s", err, out)
	}
	for n := range 2 { // what falls twice in one way is one event, counted
		g.fall(n + 1)
	}
}

// fall lowers the system past the webhook, waits until the audit has said so for the nth time, and mends it.
func (g *guarded) fall(n int) {
	g.t.Helper()
	past := func(image string) {
		g.t.Helper()
		if out, err := g.kubectl("set", "image", "--as=pocdr:break-glass", "--as-group=pocdr:break-glass", "--as-group=system:masters", "-n", "payments", "statefulset/payments-a", "plant="+image); err != nil {
			g.t.Fatalf("past the webhook: %v\n%s", err, out)
		}
	}
	sound, err := g.kubectl("get", "-n", "payments", "statefulset/payments-a", "-o", "jsonpath={.spec.template.spec.containers[0].image}")
	if err != nil {
		g.t.Fatal(sound)
	}
	level := func(want string) func() bool {
		return func() bool {
			out, err := g.kubectl("get", "-n", "payments", "system/payments", "-o", "jsonpath={.status.levelSeen}")
			return err == nil && out == want
		}
	}
	past("registry.acme.example/payments/plant:2.0")
	g.wait("the audit to see the fall", level("1"))
	g.wait(fmt.Sprintf("an event, %d times", n), func() bool {
		out, err := g.kubectl("get", "-n", "payments", "events", "-o", `jsonpath={.items[?(@.reason=="Fell")].count}`)
		return err == nil && out == fmt.Sprint(n)
	})
	past(sound)
	g.wait("the audit to see that it is mended", level("2"))
}

// note is one request, as an API server notes it.
type note struct {
	Verb        string
	RequestURI  string
	Annotations map[string]string
	ObjectRef   struct{ APIGroup, Resource, Subresource string }
}

func noted(t *testing.T, log string) []note {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var all []note
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var n note
		if err := json.Unmarshal(lines.Bytes(), &n); err != nil {
			t.Fatal(err)
		}
		all = append(all, n)
	}
	if len(all) == 0 {
		t.Fatal("nothing is noted")
	}
	return all
}

// granted is what the shipped manifests grant the webhook: "verb group/resource".
func granted(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(shippedAt("rights"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, document := range strings.Split(string(text), "\n---\n") {
		var role rbacv1.ClusterRole
		if err := yaml.Unmarshal([]byte(document), &role); err != nil {
			t.Fatal(err)
		}
		for _, rule := range role.Rules {
			for _, verb := range rule.Verbs {
				for _, resource := range rule.Resources {
					if role.Name == "pocdr" || role.Name == "pocdr-audit" {
						all = append(all, verb+" "+rule.APIGroups[0]+"/"+resource)
					}
				}
			}
		}
	}
	return all
}

// TestColdStart starts an API server that has to write its own roles while nobody answers for the webhook, as after an upgrade of a cluster that
// was off: it starts, and a role of anybody else is refused.
func TestColdStart(t *testing.T) {
	g := &guarded{Plane: controlplane.Start(t), t: t}
	const own = "clusterrole/system:public-info-viewer"
	if out, err := g.kubectl("delete", own); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var configuration admissionregistrationv1.ValidatingWebhookConfiguration
	manifest(t, "webhook", &configuration)
	g.Guard(t, &configuration)
	g.wait("the webhook to be asked", func() bool {
		out, err := g.kubectl("create", "clusterrole", "other", "--verb=get", "--resource=pods")
		_, _ = g.kubectl("delete", "clusterrole", "other")
		return err != nil && strings.Contains(out, "failed calling webhook")
	})
	g.Restart(t)
	g.wait("the role to be back", func() bool {
		_, err := g.kubectl("get", own)
		return err == nil
	})
}
