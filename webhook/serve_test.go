package webhook

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// judgeFunc is a Judge.
type judgeFunc func(context.Context, *admissionv1.AdmissionRequest) (*Verdict, error)

func (f judgeFunc) Review(ctx context.Context, r *admissionv1.AdmissionRequest) (*Verdict, error) {
	return f(ctx, r)
}

// byName allows what is named "good".
var byName = judgeFunc(func(_ context.Context, r *admissionv1.AdmissionRequest) (*Verdict, error) {
	if r.Name == "good" {
		return &Verdict{Allowed: true, Decision: "d1"}, nil
	}
	return &Verdict{Message: r.Name + " is not good", Decision: "d2"}, nil
})

// running is a server under test, with its files and its log.
type running struct {
	t      testing.TB
	server *server
	ca     *issuer
	config Config
	log    *text
	stop   func() error // ends it, waits, and gives what Run would

	fails bool // it is to end with an error
}

// text is a buffer that several goroutines write to.
type text struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (t *text) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.Write(p)
}

func (t *text) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b.String()
}

func start(t testing.TB, judge Judge, change func(*Config)) *running {
	t.Helper()
	r := &running{t: t, ca: newIssuer(t), log: &text{}}
	folder := t.TempDir()
	c := Defaults()
	c.Judge, c.Address, c.OpsAddress, c.LameDuck = judge, "127.0.0.1:0", "127.0.0.1:0", 0
	c.CertFile, c.KeyFile = filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	c.Log = slog.New(slog.NewJSONHandler(r.log, nil))
	if change != nil {
		change(&c)
	}
	r.config = c
	r.ca.write(t, c.CertFile, c.KeyFile, "localhost")
	var err error
	if r.server, err = listen(c); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.server.run(ctx) }()
	r.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() {
		if err := r.stop(); err != nil && !r.fails {
			t.Error(err)
		}
	})
	return r
}

// stopQuietly ends a server that is to end with an error.
func (r *running) stopQuietly() error {
	r.fails = true
	return r.stop()
}

func (r *running) url() string { return "https://" + r.server.admissionPort.Addr().String() + "/admit" }

// client is an HTTP client that keeps connections, with HTTP/2 or without.
func (r *running) client(h2 bool, own ...tls.Certificate) *http.Client {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(!h2)
	protocols.SetHTTP2(h2)
	transport := &http.Transport{
		Protocols: protocols, MaxIdleConnsPerHost: 100,
		TLSClientConfig: &tls.Config{RootCAs: r.ca.pool(), ServerName: "localhost", Certificates: own},
	}
	r.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// reply is what a client got.
type reply struct {
	code   int
	header http.Header
	proto  string
	body   string
	peer   *x509.Certificate
}

func (r *running) post(c *http.Client, query string, body io.Reader) (*reply, error) {
	request, err := http.NewRequest(http.MethodPost, r.url()+query, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	return r.do(c, request)
}

func (r *running) do(c *http.Client, request *http.Request) (*reply, error) {
	resp, err := c.Do(request)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return &reply{resp.StatusCode, resp.Header, resp.Proto, string(text), resp.TLS.PeerCertificates[0]}, err
}

func (r *running) mustPost(c *http.Client, query string, body io.Reader) *reply {
	r.t.Helper()
	got, err := r.post(c, query, body)
	if err != nil {
		r.t.Fatal(err)
	}
	return got
}

// ops asks the plain port.
func (r *running) ops(path string) (int, string) {
	r.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + r.server.opsPort.Addr().String() + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// eventually waits for what another goroutine is about to do.
func (r *running) eventually(what string, holds func() bool) {
	r.t.Helper()
	for range 2000 {
		if holds() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	r.t.Fatalf("never: %s", what)
}

// response reads an answer that is a decision.
func (p *reply) response(t testing.TB) *admissionv1.AdmissionResponse {
	t.Helper()
	var review admissionv1.AdmissionReview
	if err := json.Unmarshal([]byte(p.body), &review); err != nil || p.code != 200 || review.TypeMeta != served || review.Response == nil {
		t.Fatalf("no decision: %d %s (%v)", p.code, p.body, err)
	}
	return review.Response
}

// status reads an answer that is an error.
func (p *reply) status(t testing.TB) *metav1.Status {
	t.Helper()
	var status metav1.Status
	if err := json.Unmarshal([]byte(p.body), &status); err != nil || status.Kind != "Status" || int(status.Code) != p.code {
		t.Fatalf("no error: %d %s (%v)", p.code, p.body, err)
	}
	return &status
}

// object is a ConfigMap with so many bytes of data.
func object(name string, size int) runtime.RawExtension {
	return runtime.RawExtension{Raw: fmt.Appendf(nil, `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":%q},"data":{"text":%q}}`, name, strings.Repeat("x", size))}
}

// review is the body of a request about a ConfigMap, whose object and old object hold so many bytes.
func review(t testing.TB, uid, name string, size int) []byte {
	t.Helper()
	body, err := json.Marshal(&admissionv1.AdmissionReview{TypeMeta: served, Request: &admissionv1.AdmissionRequest{
		UID: types.UID(uid), Operation: admissionv1.Update, Kind: metav1.GroupVersionKind{Version: "v1", Kind: "ConfigMap"},
		Namespace: "payments", Name: name, UserInfo: authenticationv1.UserInfo{Username: "alice"},
		Object: object(name, size), OldObject: object(name, size),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// issuer signs certificates.
type issuer struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	serial      int64
}

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	i := &issuer{serial: 1}
	var err error
	if i.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(i.serial), Subject: pkix.Name{CommonName: "issuer"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &i.key.PublicKey, i.key)
	if err != nil {
		t.Fatal(err)
	}
	if i.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return i
}

func (i *issuer) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(i.certificate)
	return pool
}

func (i *issuer) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.certificate.Raw})
}

// issue makes a certificate and its key, PEM; each has a serial number of its own.
func (i *issuer) issue(t testing.TB, name string) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i.serial++
	template := &x509.Certificate{
		SerialNumber: big.NewInt(i.serial), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, i.certificate, &private.PublicKey, i.key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})
}

func (i *issuer) write(t testing.TB, certFile, keyFile, name string) {
	t.Helper()
	certificate, key := i.issue(t, name)
	for file, content := range map[string][]byte{certFile: certificate, keyFile: key} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// pair makes a client's certificate.
func (i *issuer) pair(t testing.TB, name string) tls.Certificate {
	t.Helper()
	pair, err := tls.X509KeyPair(i.issue(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func overwrite(t testing.TB, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
