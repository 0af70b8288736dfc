package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pocdr.dev/pocdr/webhook"
	"pocdr.dev/pocdr/webhook/controlplane"
)

// guarded is a control plane whose changes the webhook judges.
type guarded struct {
	*controlplane.Plane
	t   *testing.T
	ops string // address of /readyz and /metrics
}

const crds = "../../api/v1alpha1/crds"

// guard starts a control plane and a webhook as its operator would, and puts the one before the other.
func guard(t *testing.T) *guarded {
	t.Helper()
	g := &guarded{Plane: controlplane.Start(t, crds), t: t, ops: address(t)}
	g.Definitions(t, controlplane.Foreign(t)...)
	admit := address(t)
	cert, key := certificate(t)
	s := serving{Config: webhook.Defaults(), kubeconfig: g.Kubeconfig, auditEvery: time.Minute}
	s.entrance, s.controllers, s.cleaners = "admission", nil, nil
	s.Address, s.OpsAddress, s.CertFile, s.KeyFile, s.LameDuck = admit, g.ops, cert, key, 0
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the webhook ended with: %v", err)
		}
	})
	g.wait("the webhook to be ready", func() bool {
		answer, err := http.Get("http://" + g.ops + "/readyz")
		if err == nil {
			answer.Body.Close()
		}
		return err == nil && answer.StatusCode == http.StatusOK
	})
	g.apply(configuration(t, admit, cert))
	return g
}

// wait waits until something holds.
func (g *guarded) wait(what string, holds func() bool) {
	g.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if holds() {
			return
		}
	}
	g.t.Fatalf("waited in vain for %s", what)
}

// kubectl runs kubectl as an administrator.
func (g *guarded) kubectl(args ...string) (string, error) {
	return g.Kubectl(g.t.Context(), g.Kubeconfig, args...)
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

// certificate makes a serving certificate for this machine that vouches for itself.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "pocdr"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return write("tls.crt", "CERTIFICATE", der), write("tls.key", "EC PRIVATE KEY", keyDER)
}

var service = regexp.MustCompile(`(?m)^    service: .*$`)

// configuration is the shipped one, reached on this machine.
func configuration(t *testing.T, address, cert string) string {
	t.Helper()
	text, err := os.ReadFile("../../webhook/manifests/webhook.yaml")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := os.ReadFile(cert)
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

func TestWebhook(t *testing.T) {
	g := guard(t)
	out, err := g.kubectl("apply", "-f", "../../examples/payments/system/namespaces.yaml")
	t.Log(out, err)
	out, err = g.kubectl(append([]string{"apply", "-R"}, parts(t)...)...)
	t.Log(out, err)
	out, err = g.kubectl(append([]string{"apply", "-R"}, parts(t)...)...)
	t.Log(out, err)
	plant, err := os.ReadFile("../../examples/payments/plants/a/plant.yaml")
	if err != nil {
		t.Fatal(err)
	}
	out, err = g.kubectl("apply", "-f", g.file(regexp.MustCompile(`@sha256:[0-9a-f]*`).ReplaceAllString(string(plant), "")))
	t.Log(out, err)
	for _, args := range [][]string{
		{"scale", "-n", "payments", "statefulset/payments-a", "--replicas=3"},
		{"delete", "-n", "payments", "kafkatopic/payment-commands", "--wait=false"},
		{"delete", "namespace", "payments", "--wait=false"},
		{"label", "namespace", "payments", "pocdr.dev/environment-"},
		{"delete", "-n", "payments", "system", "--all"},
		{"patch", "-n", "payments", "system/payments", "--type=merge", "-p", `{"spec":{"requiredLevel":1}}`},
		{"patch", "-n", "payments", "configmap/payments-switch", "--type=merge", "-p", `{"data":{"selected":"b"}}`},
		{"patch", "-n", "payments", "configmap/payments-switch", "--type=merge", "-p", `{"data":{"selected":"a"}}`},
		{"run", "-n", "payments", "x", "--image=nginx"},
	} {
		out, err = g.kubectl(args...)
		t.Log(strings.Join(args, " "), "\n", out, err)
	}
	time.Sleep(3 * time.Second)
	out, err = g.kubectl("get", "systems", "-A", "-o", "yaml")
	t.Log(out, err)
	out, err = g.kubectl("get", "events", "-A")
	t.Log(out, err)
	_ = strings.Contains
}
