package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/webhook/controlplane"
)

// shippedAt is a shipped manifest.
func shippedAt(name string) string { return "../../webhook/manifests/" + name + ".yaml" }

// TestRights runs the webhook as the shipped manifests do, as their account and with their arguments, on a control plane that notes every request of
// that account. It needs no right that it lacks, and has none that it does not need.
func TestRights(t *testing.T) {
	log := filepath.Join(t.TempDir(), "audit.log")
	notes := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(notes, []byte("apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{level: Metadata, users: [system:serviceaccount:pocdr:pocdr]}, {level: None}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g := &guarded{Plane: controlplane.Start(t, controlplane.Flag("audit-policy-file", notes), controlplane.Flag("audit-log-path", log)), t: t, ops: address(t)}
	g.install()
	admit, ca := address(t), newIssuer(t)
	end := g.run(admit, ca)
	g.apply(configuration(t, admit, ca.bundle))
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

// install applies the shipped base as docs/webhook.md says: from an overlay that names the image, all but the gate first.
func (g *guarded) install() {
	g.t.Helper()
	overlay := g.t.TempDir()
	base, err := filepath.Abs("../../webhook/manifests")
	if err == nil {
		base, err = filepath.Rel(overlay, base)
	}
	const digest = "sha256:7fe8b3fcd102e7a5be7d701ec8107efb41698b53761bbbb06ee9a09bde392b42"
	text := "resources: [" + base + "]\nimages:\n- {name: pocdr.invalid/pocdr, newName: registry.acme.example/pocdr, digest: '" + digest + "'}\n"
	if err = errors.Join(err, os.WriteFile(filepath.Join(overlay, "kustomization.yaml"), []byte(text), 0o600)); err != nil {
		g.t.Fatal(err)
	}
	out, err := g.kubectl("apply", "-k", overlay, "-l", "app.kubernetes.io/component!=gate")
	if err != nil || strings.Contains(out, "PodSecurity") || !strings.Contains(out, "deployment.apps/pocdr created") || strings.Contains(out, "validatingwebhook") {
		g.t.Fatalf("%v\n%s", err, out)
	}
	if image, err := g.kubectl("get", "-n", "pocdr", "deployment/pocdr", "-o", "jsonpath={.spec.template.spec.containers[0].image}"); image != "registry.acme.example/pocdr@"+digest {
		g.t.Errorf("the image is %s: %v", image, err)
	}
	if out, err := g.kubectl("apply", "-k", overlay, "-l", "app.kubernetes.io/component=gate", "--dry-run=server"); err != nil || out != "validatingwebhookconfiguration.admissionregistration.k8s.io/admission.pocdr.dev created (server dry run)" {
		g.t.Errorf("%v\n%s", err, out)
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
func (g *guarded) run(admit string, ca *issuer) (end func()) {
	g.t.Helper()
	var d appsv1.Deployment
	text, err := os.ReadFile(shippedAt("deployment"))
	if err == nil {
		err = yaml.UnmarshalStrict(text, &d)
	}
	if err != nil {
		g.t.Fatal(err)
	}
	folder := g.t.TempDir()
	ca.issue(g.t, folder)
	args := []string{"--kubeconfig=" + g.account(), "--namespace=pocdr", "--address=" + admit, "--ops-address=" + g.ops, "--lame-duck=0s"}
	for _, arg := range d.Spec.Template.Spec.Containers[0].Args {
		args = append(args, strings.Replace(arg, "=/tls/", "="+folder+"/", 1))
	}
	ctx, stop := context.WithCancel(context.Background())
	cmd := root()
	cmd.SetArgs(args)
	ended := make(chan error, 1)
	go func() { ended <- cmd.ExecuteContext(ctx) }()
	end = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			g.t.Errorf("the webhook ended with: %v", err)
		}
	})
	g.t.Cleanup(end)
	g.wait("the webhook to be ready", func() bool { return g.readiness() == "ok" })
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
	out, err := g.kubectl("patch", "-n", "payments", "statefulset/payments-a", "--type=merge", "--dry-run=server", "-p", fmt.Sprintf(
		`{"metadata":{"annotations":{"pocdr.dev/break-glass-reason":"x","pocdr.dev/break-glass-expires":%q}},"spec":{"replicas":2}}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339)))
	if err != nil || !strings.Contains(out, "the glass is broken by") {
		g.t.Errorf("an administrator does not break the glass: %v\n%s", err, out)
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
