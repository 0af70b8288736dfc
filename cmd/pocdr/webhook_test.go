package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pocdr.dev/pocdr/webhook"
	"pocdr.dev/pocdr/webhook/controlplane"
)

// guarded is a control plane whose changes the webhook judges.
type guarded struct {
	*controlplane.Plane
	t   *testing.T
	ops string // address of /readyz and /metrics
}

// guard starts a control plane and a webhook as its operator would, with these folders of policies of their own, and puts the one before the other.
func guard(t *testing.T, policies ...string) *guarded {
	t.Helper()
	g := &guarded{Plane: controlplane.Start(t), t: t, ops: address(t)}
	admit, ca := address(t), newIssuer(t)
	cert, key := ca.issue(t, t.TempDir())
	s := serving{Config: webhook.Defaults(), kubeconfig: g.Kubeconfig, auditEvery: time.Minute, outOfTouch: time.Minute}
	s.entrance, s.controllers, s.cleaners = "admission", nil, nil
	s.judging.policies = policies
	s.Address, s.OpsAddress, s.CertFile, s.KeyFile, s.LameDuck = admit, g.ops, cert, key, 0
	g.serve(s)
	g.wait("the webhook to be ready", func() bool { return g.readiness() == "ok" })
	g.apply(configuration(t, admit, ca.bundle))
	return g
}

// serve runs the webhook until the test ends.
func (g *guarded) serve(s serving) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx) }()
	g.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			g.t.Errorf("the webhook ended with: %v", err)
		}
	})
}

// readiness is what the webhook says of itself.
func (g *guarded) readiness() string {
	answer, err := http.Get("http://" + g.ops + "/readyz")
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return strings.TrimSpace(string(text))
}

// wait waits until something holds.
func (g *guarded) wait(what string, holds func() bool) {
	g.t.Helper()
	for deadline := time.Now().Add(45 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if holds() {
			return
		}
	}
	g.t.Fatalf("waited in vain for %s", what)
}

// waitRight waits until the API server knows of a right that was given: it watches its own roles.
func (g *guarded) waitRight(kubeconfig, verb, resource string) {
	g.t.Helper()
	g.wait("the right to "+verb+" "+resource, func() bool {
		_, err := g.Kubectl(g.t.Context(), kubeconfig, "auth", "can-i", verb, resource, "-n", "payments")
		return err == nil
	})
}

// kubectl runs kubectl as an administrator.
func (g *guarded) kubectl(args ...string) (string, error) {
	return g.Kubectl(context.WithoutCancel(g.t.Context()), g.Kubeconfig, args...)
}

// apply applies a text that must be taken.
func (g *guarded) apply(text string) {
	g.t.Helper()
	if out, err := g.kubectl("apply", "-f", g.file(text)); err != nil {
		g.t.Fatalf("%v\n%s", err, out)
	}
}

func (g *guarded) file(text string) string {
	g.t.Helper()
	name := filepath.Join(g.t.TempDir(), "objects.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		g.t.Fatal(err)
	}
	return name
}

func address(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

var service = regexp.MustCompile(`(?m)^    service: .*$`)

// configuration is the shipped one, reached on this machine.
func configuration(t *testing.T, address string, bundle []byte) string {
	t.Helper()
	text, err := os.ReadFile("../../webhook/manifests/webhook.yaml")
	if err != nil {
		t.Fatal(err)
	}
	client := fmt.Sprintf("    url: https://%s/admit\n    caBundle: %s", address, base64.StdEncoding.EncodeToString(bundle))
	return service.ReplaceAllString(string(text), client)
}

// parts are the folders of the example that its own team applies, in some order.
func parts(t *testing.T) []string {
	t.Helper()
	var args []string
	for _, part := range []string{"access", "intake", "observe", "outlet", "plants", "system", "valve"} {
		args = append(args, "-f", "../../examples/payments/"+part)
	}
	return args
}

// applyExample applies the example; nothing of it may be refused.
func (g *guarded) applyExample() {
	g.t.Helper()
	if out, err := g.kubectl("apply", "-f", payments+"/system/namespaces.yaml"); err != nil {
		g.t.Fatalf("%v\n%s", err, out)
	}
	if out, err := g.kubectl(append([]string{"apply", "-R"}, parts(g.t)...)...); err != nil {
		g.t.Fatalf("%v\n%s", err, out)
	}
	g.wait("the audit to say where the system stands", func() bool {
		out, err := g.kubectl("get", "-n", "payments", "system/payments", "-o", "jsonpath={.status.levelSeen} {.status.switch.selected}")
		return err == nil && out == "2 a"
	})
	time.Sleep(2 * time.Second) // until what came last was watched too
}

// TestWebhook asks a cluster that holds the example for changes, as people do, and holds what they read to a golden file.
func TestWebhook(t *testing.T) {
	g := guard(t)
	g.applyExample()
	if out, err := g.kubectl(append([]string{"apply", "-R"}, parts(t)...)...); err != nil {
		t.Errorf("what is as it should be is not taken again: %v\n%s", err, out)
	}
	var said strings.Builder
	for _, args := range [][]string{
		{"set", "image", "-n", "payments", "statefulset/payments-a", "plant=registry.acme.example/payments/plant:2.0"},
		{"scale", "-n", "payments", "statefulset/payments-a", "--replicas=3"},
		{"delete", "-n", "payments", "kafkatopic/payment-commands", "--wait=false"},
		{"run", "-n", "payments", "debug", "--image=busybox"},
		{"delete", "namespace", "payments", "--wait=false"},
		{"label", "namespace", "payments", "pocdr.dev/environment-"},
		{"delete", "-n", "payments", "system/payments", "--wait=false"},
		{"patch", "-n", "payments", "system/payments", "--type=merge", "-p", `{"spec":{"requiredLevel":1}}`},
	} {
		out, err := g.kubectl(args...)
		if err == nil {
			t.Errorf("kubectl %s is not refused:\n%s", strings.Join(args, " "), out)
		}
		fmt.Fprintf(&said, "$ kubectl %s\n%s\n\n", strings.Join(args, " "), out)
	}
	golden(t, "testdata/webhook/refused.txt", said.String())
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// TestSwitch turns the switch of a system that requires proof: forward, which is refused without it; in an emergency, past the webhook, by
// the group that its match conditions spare; and back at once, which who may is always admitted to, and nobody else.
func TestSwitch(t *testing.T) {
	g := guard(t)
	g.applyExample()
	if out, err := g.kubectl("patch", "-n", "payments", "system/payments", "--type=merge", "-p", `{"spec":{"requiredLevel":3}}`); err != nil {
		t.Fatalf("to require more is never refused: %v\n%s", err, out)
	}
	text, err := os.ReadFile(payments + "/valve/switch.yaml")
	if err != nil {
		t.Fatal(err)
	}
	turner := func(name string, groups ...string) func(to string, args ...string) (string, error) {
		_, kubeconfig := g.User(t, name, groups...)
		g.apply(rights(name, "pocdr-test-"+name, `{apiGroups: [""], resources: [configmaps], verbs: [get, patch]}`))
		g.waitRight(kubeconfig, "patch", "configmaps")
		return func(to string, args ...string) (string, error) {
			return g.Kubectl(t.Context(), kubeconfig, append(args, "apply", "-f", g.file(strings.Replace(string(text), "selected: a", "selected: "+to, 1)))...)
		}
	}
	release, stranger, emergency := turner("release", "payments-release"), turner("stranger", "crew"), turner("emergency", "pocdr:break-glass")
	unproven := func(what string, turn func(to string, args ...string) (string, error), to string) {
		t.Helper()
		g.wait(what+" to be refused for want of proof", func() bool { // what the webhook is to know of comes to it by watching
			out, err := turn(to, "--dry-run=server")
			return err != nil && strings.Contains(out, "delivery/proven")
		})
		if out, err := turn(to); err == nil || !strings.Contains(out, "delivery/proven") {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
	unproven("forward", release, "b")
	if out, err := emergency("b"); err != nil {
		t.Fatalf("past the webhook: %v\n%s", err, out)
	}
	unproven("back, by who may not", stranger, "a")
	if out, err := release("a"); err != nil {
		t.Errorf("back, by who may: %v\n%s", err, out)
	}
	if out, err := g.kubectl("patch", "-n", "payments", "statefulset/payments-b", "--type=json", "-p", `[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "registry.acme.example/payments/plant@sha256:`+strings.Repeat("0", 64)+`"}]`); err != nil {
		t.Fatalf("the next candidate: %v\n%s", err, out)
	}
	unproven("to what served, and runs another release by now", release, "b")
}

// TestBreakGlass pushes a change through that is refused: only with a reason and an end, and only by who may.
func TestBreakGlass(t *testing.T) {
	g := guard(t)
	g.applyExample()
	_, may := g.User(t, "may", "crew")
	_, mayNot := g.User(t, "may-not", "crew")
	editing := `{apiGroups: [apps], resources: [statefulsets], verbs: [get, patch]}`
	_, emergency := g.User(t, "emergency", "pocdr:break-glass", "system:masters")
	given := rights("may", "pocdr-test-may", editing+`, {apiGroups: [pocdr.dev], resources: [systems], verbs: [breakglass]}`) +
		"---\n" + rights("may-not", "pocdr-test-may-not", editing)
	if out, err := g.Kubectl(t.Context(), emergency, "apply", "-f", g.file(given)); err != nil { // who may change a plant is a way to its grants, which is refused
		t.Fatalf("%v\n%s", err, out)
	}
	g.waitRight(may, "breakglass", "systems.pocdr.dev")
	g.waitRight(mayNot, "patch", "statefulsets.apps")
	patch := func(kubeconfig string, until time.Duration, reason string) (string, error) {
		return g.Kubectl(t.Context(), kubeconfig, "patch", "-n", "payments", "statefulset/payments-a", "--type=merge", "-p", fmt.Sprintf(
			`{"metadata":{"annotations":{"pocdr.dev/break-glass-reason":%q,"pocdr.dev/break-glass-expires":%q}},"spec":{"replicas":2}}`,
			reason, time.Now().Add(until).UTC().Format(time.RFC3339)))
	}
	for name, c := range map[string]struct {
		kubeconfig, reason, says string
		until                    time.Duration
	}{
		"who may not": {mayNot, "the intake is down", "may-not has not the verb breakglass on systems.pocdr.dev payments", time.Hour},
		"no reason":   {may, "", "gives no reason", time.Hour},
		"for ever":    {may, "the intake is down", "24h0m0s is the longest that is allowed", 48 * time.Hour},
		"lapsed":      {may, "the intake is down", "it expired at", -time.Hour},
	} {
		if out, err := patch(c.kubeconfig, c.until, c.reason); err == nil || !strings.Contains(out, c.says) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	out, err := patch(may, time.Hour, "the intake is down")
	if err != nil || !strings.Contains(out, "Warning: POCDR: the glass is broken by may until") {
		t.Errorf("who may, with reason and end: %v\n%s", err, out)
	}
	g.wait("the debt to be seen", func() bool {
		out, err := g.kubectl("get", "-n", "payments", "system/payments", "-o", `jsonpath={.status.conditions[?(@.type=="Held")].message}`)
		return err == nil && strings.Contains(out, "gate/exemptions-expire")
	})
}

// rights binds a user to a role of its own.
func rights(user, name, rules string) string {
	return fmt.Sprintf(`apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: %[2]s}
rules: [%[3]s]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: %[2]s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %[2]s}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %[1]s}]
`, user, name, rules)
}
