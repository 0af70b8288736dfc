package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
)

// apiServer is a client made as the API server makes its own for a Service: HTTP/1.1 and all.
func (r *running) apiServer() *rest.RESTClient {
	r.t.Helper()
	scheme := runtime.NewScheme()
	if err := admissionv1.AddToScheme(scheme); err != nil {
		r.t.Fatal(err)
	}
	client, err := rest.UnversionedRESTClientFor(&rest.Config{
		Host: "https://" + r.server.admissionPort.Addr().String(), APIPath: "/admit", QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{CAData: r.ca.pem(), ServerName: "localhost", NextProtos: []string{"http/1.1"}},
		ContentConfig: rest.ContentConfig{
			NegotiatedSerializer: serializer.NegotiatedSerializerWrapper(runtime.SerializerInfo{
				Serializer: serializer.NewCodecFactory(scheme).LegacyCodec(admissionv1.SchemeGroupVersion),
			}),
			ContentType: runtime.ContentTypeJSON,
		},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(client.Client.CloseIdleConnections)
	return client
}

func (r *running) ask(client *rest.RESTClient, uid, name string) (*admissionv1.AdmissionResponse, error) {
	review := &admissionv1.AdmissionReview{}
	err := client.Post().Timeout(10 * time.Second).Body(&admissionv1.AdmissionReview{Request: &admissionv1.AdmissionRequest{
		UID: types.UID(uid), Operation: admissionv1.Create, Name: name, Object: object(name, 10),
	}}).Do(context.Background()).Into(review)
	return review.Response, err
}

func TestAPIServerIsAnswered(t *testing.T) {
	r := start(t, byName, nil)
	client := r.apiServer()
	good, err := r.ask(client, "u1", "good")
	if err != nil || !good.Allowed || good.UID != "u1" || good.AuditAnnotations["decision"] != "d1" {
		t.Errorf("good: %+v, %v", good, err)
	}
	bad, err := r.ask(client, "u2", "bad")
	if err != nil || bad.Allowed || bad.UID != "u2" || bad.Result.Code != 403 || bad.Result.Reason != "Forbidden" || bad.Result.Message != "bad is not good" {
		t.Errorf("bad: %+v, %v", bad, err)
	}
}

// TestAPIServerIsToldWhy holds errors to what the API server's client makes of them: text alone would not be shown.
func TestAPIServerIsToldWhy(t *testing.T) {
	r := start(t, judgeFunc(func(context.Context, *admissionv1.AdmissionRequest) (*Verdict, error) {
		return nil, errors.New("the cache is on fire")
	}), nil)
	_, err := r.ask(r.apiServer(), "u1", "any")
	if !apierrors.IsInternalError(err) || err.Error() != "the webhook could not judge: the cache is on fire" {
		t.Errorf("got %v", err)
	}
}

func TestBothProtocols(t *testing.T) {
	r := start(t, byName, nil)
	for h2, proto := range map[bool]string{true: "HTTP/2.0", false: "HTTP/1.1"} {
		got := r.mustPost(r.client(h2), "?timeout=10s", bytes.NewReader(review(t, "u1", "bad", 10)))
		if got.proto != proto || got.response(t).Allowed {
			t.Errorf("%s: %s %+v", proto, got.proto, got)
		}
	}
}

// TestRequestReachesJudge holds what a Judge sees against what was sent.
func TestRequestReachesJudge(t *testing.T) {
	seen := make(chan *admissionv1.AdmissionRequest, 1)
	r := start(t, judgeFunc(func(_ context.Context, r *admissionv1.AdmissionRequest) (*Verdict, error) {
		seen <- r
		return &Verdict{Allowed: true}, nil
	}), nil)
	r.mustPost(r.client(true), "", bytes.NewReader(review(t, "u1", "good", 100)))
	got := <-seen
	if got.Name != "good" || got.UserInfo.Username != "alice" || got.Operation != "UPDATE" || !bytes.Equal(got.Object.Raw, object("good", 100).Raw) || !bytes.Equal(got.OldObject.Raw, object("good", 100).Raw) {
		t.Errorf("got %+v", got)
	}
}

func TestLargeObjects(t *testing.T) {
	r := start(t, byName, nil)
	limit := int(r.config.MaxBodyBytes)
	for _, h2 := range []bool{true, false} {
		client := r.client(h2)
		if got := r.mustPost(client, "", bytes.NewReader(review(t, "u1", "good", 3<<20))); !got.response(t).Allowed {
			t.Errorf("3 MiB: %s", got.body)
		}
		large := review(t, "u1", "good", limit/2)
		for name, body := range map[string]io.Reader{"declared": bytes.NewReader(large), "chunked": io.MultiReader(bytes.NewReader(large))} {
			if got := r.mustPost(client, "", body); got.code != 413 || !strings.Contains(got.status(t).Message, "12582912 bytes") {
				t.Errorf("%s, HTTP/2 %v: %d %s", name, h2, got.code, got.body)
			}
		}
		exact := append(review(t, "u1", "good", 10), bytes.Repeat([]byte(" "), limit)...)[:limit]
		if got := r.mustPost(client, "", io.MultiReader(bytes.NewReader(exact))); !got.response(t).Allowed {
			t.Errorf("exactly the limit: %s", got.body)
		}
	}
}

func TestMalformed(t *testing.T) {
	r := start(t, byName, nil)
	const head = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"`
	for body, want := range map[string]string{
		"":                       "the body is not JSON: line 1, column 1 (byte 0 of 0): unexpected end of JSON input",
		"null":                   `the body is of kind "", version "": served is kind "AdmissionReview", version "admission.k8s.io/v1"; set admissionReviewVersions: [v1]`,
		"[]":                     `the body is of kind "", version "": served is`,
		"{\n \"apiVersion\": x}": "the body is not JSON: line 2, column 16 (byte 18 of 19): invalid character 'x' looking for beginning of value",
		head + "} {}":            "the body is not JSON: line 1, column 63 (byte 63 of 64): invalid character '{' after top-level value",
		`{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"u"}}`: `the body is of kind "AdmissionReview", version "admission.k8s.io/v1beta1": served is`,
		`{"apiVersion":"apiextensions.k8s.io/v1","kind":"ConversionReview","request":"r"}`:         `the body is of kind "ConversionReview", version "apiextensions.k8s.io/v1": served is`,
		head + "}":                  "the AdmissionReview has no request",
		head + `,"request":null}`:   "the AdmissionReview has no request",
		head + `,"request":"text"}`: "the body is not an AdmissionReview: json: cannot unmarshal string into Go struct field AdmissionReview.request of type v1.AdmissionRequest",
		head + `,"request":{}}`:     "request.uid is empty: the answer would belong to nobody",
		head + `,"request":{"UID":"u","operation":"CREATE"}}`:   "request.uid is empty",
		head + `,"request":{"uid":"u","operation":"create"}}`:   `request.operation is "create": known are [CREATE UPDATE DELETE CONNECT]`,
		head + `,"request":{"uid":"u","operation":["CREATE"]}}`: "the body is not an AdmissionReview: json: cannot unmarshal array into Go struct field",
	} {
		got := r.mustPost(r.client(true), "", strings.NewReader(body))
		if got.code != 400 || !strings.HasPrefix(got.status(t).Message, want) {
			t.Errorf("%s\n got %d %s\nwant %s", body, got.code, got.body, want)
		}
	}
}

func TestTruncated(t *testing.T) {
	r := start(t, byName, nil)
	client, whole := r.client(true), review(t, "u1", "good", 1)
	for n := range whole {
		if got := r.mustPost(client, "", bytes.NewReader(whole[:n])); got.code != 400 || !strings.HasPrefix(got.status(t).Message, "the body is not JSON: line 1") || !strings.Contains(got.body, fmt.Sprintf("(byte %d of %d)", n, n)) {
			t.Fatalf("%d of %d bytes: %d %s", n, len(whole), got.code, got.body)
		}
	}
}

func TestNotServed(t *testing.T) {
	r := start(t, byName, nil)
	client := r.client(true)
	for _, c := range []struct {
		method, media, encoding string
		code                    int
		want                    string
	}{
		{"GET", "application/json", "", 405, "method GET: served is POST"},
		{"POST", "application/yaml", "", 415, `Content-Type is "application/yaml"`},
		{"POST", "", "", 415, `Content-Type is ""`},
		{"POST", "application/json", "gzip", 415, `Content-Encoding "gzip"`},
		{"POST", "application/json; charset=utf-8", "", 200, `"allowed":true`},
	} {
		request, err := http.NewRequest(c.method, r.url(), bytes.NewReader(review(t, "u1", "good", 1)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", c.media)
		if c.encoding != "" {
			request.Header.Set("Content-Encoding", c.encoding)
		}
		resp, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != c.code || !strings.Contains(strings.ReplaceAll(string(body), `\"`, `"`), c.want) {
			t.Errorf("%+v: got %d %s", c, resp.StatusCode, body)
		}
	}
}

// TestSlowBody sends a part of a body, and no more: it must not keep its room for longer than its budget.
func TestSlowBody(t *testing.T) {
	for _, h2 := range []bool{true, false} {
		r := start(t, byName, nil)
		reader, writer := io.Pipe()
		go func() { _, _ = writer.Write([]byte("{")) }()
		got := r.mustPost(r.client(h2), "?timeout=200ms", reader)
		if got.code != 408 || !strings.Contains(got.status(t).Message, "the body did not arrive in time: 1 bytes did") {
			t.Errorf("HTTP/2 %v: %d %s", h2, got.code, got.body)
		}
		writer.Close()
		if held := r.server.gate.held(); held != 0 {
			t.Errorf("%d bytes are still held", held)
		}
	}
}

// TestBrokenBody ends a connection within a body.
func TestBrokenBody(t *testing.T) {
	r := start(t, byName, nil)
	reader, writer := io.Pipe()
	go func() {
		_, _ = writer.Write([]byte("{"))
		writer.CloseWithError(errors.New("power cut"))
	}()
	if got, err := r.post(r.client(false), "", reader); err == nil {
		t.Errorf("got %+v", got)
	}
	r.eventually("the break is counted", func() bool {
		_, text := r.ops("/metrics")
		return strings.Contains(text, `pocdr_webhook_requests_total{operation="unread",outcome="gone"} 1`) ||
			strings.Contains(text, `pocdr_webhook_requests_total{operation="unread",outcome="invalid"} 1`)
	})
}

func TestBudget(t *testing.T) {
	s := &server{config: Config{Timeout: 8 * time.Second, Margin: time.Second}}
	for query, want := range map[string]time.Duration{
		"timeout=10s": 9 * time.Second, "timeout=1s": 500 * time.Millisecond, "timeout=30s": 29 * time.Second,
		"": 7 * time.Second, "timeout=": 7 * time.Second, "timeout=ten": 7 * time.Second, "timeout=10": 7 * time.Second,
		"timeout=0s": 7 * time.Second, "timeout=-5s": 7 * time.Second, "timeout=9999h": 7 * time.Second, "timeout=%zz": 7 * time.Second,
	} {
		request, err := http.NewRequest(http.MethodPost, "/admit", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.URL.RawQuery = query
		if got := s.budget(request); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestClientNames(t *testing.T) {
	ca := newIssuer(t)
	r := start(t, byName, func(c *Config) {
		c.ClientCAFile = writeFile(t, ca.pem())
		c.ClientNames = []string{"apiserver", "apiserver-2"}
	})
	body := review(t, "u1", "good", 1)
	if got := r.mustPost(r.client(true, ca.pair(t, "apiserver")), "", bytes.NewReader(body)); !got.response(t).Allowed {
		t.Errorf("apiserver: %s", got.body)
	}
	got := r.mustPost(r.client(true, ca.pair(t, "mallory")), "", bytes.NewReader(body))
	if got.code != 403 || got.status(t).Message != "the client's certificate names none of [apiserver apiserver-2], which alone are served" {
		t.Errorf("mallory: %d %s", got.code, got.body)
	}
	for name, client := range map[string]*http.Client{"nobody": r.client(true), "of another CA": r.client(true, newIssuer(t).pair(t, "apiserver"))} {
		if got, err := r.post(client, "", bytes.NewReader(body)); err == nil {
			t.Errorf("%s was served: %s", name, got.body)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	c := Defaults()
	c.Margin, c.MaxHeldBytes, c.ClientNames = -1, 5, []string{"a"}
	want := `configuration of the webhook: no Judge
no serving certificate: both CertFile and KeyFile must be named
ClientNames [a] without a ClientCAFile: nobody would vouch for the names
Margin is -1ns: must not be negative
MaxHeldBytes is 5: must be more than MaxBodyBytes, 12582912`
	if err := Run(t.Context(), c); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestRunSaysWhatIsMissing(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	r, noPEM := start(t, byName, nil), writeFile(t, []byte("no PEM"))
	for want, change := range map[string]func(*Config){
		"listen for the API server: listen tcp " + taken.Addr().String(): func(c *Config) { c.Address = taken.Addr().String() },
		"listen for health and metrics: listen tcp ":                     func(c *Config) { c.OpsAddress = taken.Addr().String() },
		"serving certificate /none with key":                             func(c *Config) { c.CertFile = "/none" },
		"client CA: open /none":                                          func(c *Config) { c.ClientCAFile = "/none" },
		"holds no PEM certificate":                                       func(c *Config) { c.ClientCAFile = noPEM },
	} {
		c := r.config
		change(&c)
		if err := Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

// TestLimits holds what is sent to what Kubernetes takes of it.
func TestLimits(t *testing.T) {
	long := strings.Repeat("ü", 300)
	got := warnings([]string{"one", "", "one", "two\nlines\x00 and a byte \xff", long})
	want := []string{"one", "two lines  and a byte \uFFFD", strings.Repeat("ü", 216) + "… and 84 characters more"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	many := make([]string, 0, 5000)
	for n := range 5000 {
		many = append(many, strings.Repeat("w", 90)+" "+string(rune('a'+n%26))+strings.Repeat("z", n/26))
	}
	got = warnings(many[:100])
	if length(got) > warningsLength || !slices.Equal(got[:40], many[:40]) || got[len(got)-1] != "… and 57 more warnings" {
		t.Errorf("%d warnings of %d characters, the last: %s", len(got), length(got), got[len(got)-1])
	}
	if got = warnings(many[:40]); len(got) != 40 {
		t.Errorf("what fits was cut: %d", len(got))
	}
}

func writeFile(t testing.TB, content []byte) string {
	t.Helper()
	file := t.TempDir() + "/file"
	overwrite(t, file, content)
	return file
}
