package controlplane_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"pocdr.dev/pocdr/webhook/controlplane"
)

func TestMain(m *testing.M) {
	controlplane.Main(m, controlplane.Flag("enable-admission-plugins", "AlwaysPullImages"))
}

// kubectl runs kubectl as an administrator; it must succeed.
func kubectl(t *testing.T, p *controlplane.Plane, args ...string) string {
	t.Helper()
	out, err := p.Kubectl(t.Context(), p.Kubeconfig, args...)
	if err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func TestKinds(t *testing.T) {
	p := controlplane.Shared(t)
	names := strings.Fields(kubectl(t, p, "api-resources", "--output=name"))
	for _, name := range []string{"systems.pocdr.dev", "kafkatopics.kafka.strimzi.io", "certificates.cert-manager.io"} {
		if !strings.Contains(strings.Join(names, " ")+" ", name+" ") {
			t.Errorf("%s are not served: %v", name, names)
		}
	}
}

func TestUser(t *testing.T) {
	p := controlplane.Shared(t)
	_, jane := p.User(t, "jane", "pocdr:break-glass")
	who, err := p.Kubectl(t.Context(), jane, "auth", "whoami", "--output=jsonpath={.status.userInfo.username} {.status.userInfo.groups}")
	if err != nil || who != `jane ["pocdr:break-glass","system:authenticated"]` {
		t.Errorf("the user is %s: %v", who, err)
	}
	if out, err := p.Kubectl(t.Context(), jane, "get", "secrets"); err == nil || !strings.Contains(out, "Forbidden") {
		t.Errorf("who was given nothing reads secrets: %s", out)
	}
}

func TestFlag(t *testing.T) {
	p := controlplane.Shared(t)
	if got := kubectl(t, p, "run", "a", "--image=a:1", "--dry-run=server", "--output=jsonpath={.spec.containers[0].imagePullPolicy}"); got != "Always" {
		t.Errorf("the API server was not given its flag: the policy is %s", got)
	}
}

func TestGuard(t *testing.T) {
	p := controlplane.Shared(t)
	t.Run("refusing", func(t *testing.T) {
		none := admissionregistrationv1.SideEffectClassNone
		address, certificates := p.Guard(t, &admissionregistrationv1.ValidatingWebhookConfiguration{
			ObjectMeta: metav1.ObjectMeta{Name: "refusing"},
			Webhooks: []admissionregistrationv1.ValidatingWebhook{{
				Name: "refusing.pocdr.dev", SideEffects: &none, AdmissionReviewVersions: []string{"v1"},
				ClientConfig: admissionregistrationv1.WebhookClientConfig{Service: &admissionregistrationv1.ServiceReference{Namespace: "pocdr", Name: "pocdr"}},
				Rules: []admissionregistrationv1.RuleWithOperations{{
					Operations: []admissionregistrationv1.OperationType{"CREATE"},
					Rule:       admissionregistrationv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"configmaps"}},
				}},
			}},
		})
		refuse(t, address, certificates)
		waitFor(t, "the webhook to be asked", func() bool {
			out, err := p.Kubectl(t.Context(), p.Kubeconfig, "create", "configmap", "a", "--dry-run=server")
			return err != nil && strings.Contains(out, `admission webhook "refusing.pocdr.dev" denied the request: not today`)
		})
	})
	waitFor(t, "the webhook to be forgotten", func() bool {
		_, err := p.Kubectl(t.Context(), p.Kubeconfig, "create", "configmap", "a", "--dry-run=server")
		return err == nil
	})
}

// refuse answers every admission request with no.
func refuse(t *testing.T, address, certificates string) {
	t.Helper()
	server := &http.Server{Addr: address, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var review admissionv1.AdmissionReview
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &review)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		review.Response = &admissionv1.AdmissionResponse{UID: review.Request.UID, Result: &metav1.Status{Message: "not today"}}
		json.NewEncoder(w).Encode(review)
	})}
	go server.ListenAndServeTLS(filepath.Join(certificates, "tls.crt"), filepath.Join(certificates, "tls.key"))
	t.Cleanup(func() { server.Close() })
}

func TestRestart(t *testing.T) {
	p := controlplane.Shared(t)
	kubectl(t, p, "create", "configmap", "kept")
	p.Restart(t)
	kubectl(t, p, "get", "configmap", "kept")
}

// TestKilled kills a test that has a control plane: nothing of it stays.
func TestKilled(t *testing.T) {
	const told = "the API server is "
	if os.Getenv("CONTROLPLANE_KILLED") != "" {
		fmt.Println(told + controlplane.Start(t).Config.Host)
		time.Sleep(time.Hour)
	}
	controlplane.Shared(t)
	child := exec.Command(os.Args[0], "-test.run=^TestKilled$", "-test.v")
	child.Env = append(os.Environ(), "CONTROLPLANE_KILLED=true")
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var address string
	for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
		if host, ok := strings.CutPrefix(lines.Text(), told); ok {
			address = host
		}
	}
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		address = u.Host
	}
	child.Process.Kill()
	child.Wait()
	if address == "" {
		t.Fatal("the child has no control plane")
	}
	waitFor(t, "the API server to end", func() bool {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			connection.Close()
		}
		return err != nil
	})
}

// waitFor waits until something holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// TestColumns reads an Exemption as kubectl shows it: a column of dates tells only how long ago they were.
func TestColumns(t *testing.T) {
	p := controlplane.Shared(t)
	file := filepath.Join(t.TempDir(), "exemption.yaml")
	text := `{"apiVersion":"pocdr.dev/v1alpha1","kind":"Exemption","metadata":{"name":"x"},"spec":{"system":"s","check":"a/b","owner":"o","reason":"r","expires":"2099-01-01T00:00:00Z"}}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	kubectl(t, p, "create", "-f", file)
	if got := strings.Fields(kubectl(t, p, "get", "exemptions", "--no-headers")); strings.Join(got, " ") != "x s a/b 2099-01-01T00:00:00Z" {
		t.Errorf("kubectl shows %v", got)
	}
}
