package webhook

import (
	"bytes"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pocdr.dev/pocdr/webhook/audit"
)

// TestPage holds the operators' page against what is served and alerted: each metric with its type, and a section for each alert.
func TestPage(t *testing.T) {
	page, alerts := readFile(t, "../docs/webhook.md"), readFile(t, "manifests/alerts.yaml")
	ca := newIssuer(t)
	r := start(t, speaking, func(c *Config) {
		c.CacheAge = func() time.Duration { return 0 }
		c.Metrics = audit.NewMetrics().Collectors()
		c.ClientCAFile = writeFile(t, ca.pem())
	})
	r.mustPost(r.client(false, ca.pair(t, "apiserver")), "", bytes.NewReader(review(t, "u1", "good", 1)))
	_, served := r.ops("/metrics")
	metrics := found(page, "(?m)^\\| `(pocdr_\\w+)` \\| (\\w+)")
	if diff := cmp.Diff(found(served, `(?m)^# TYPE (pocdr_\w+) (\w+)`), metrics); diff != "" {
		t.Errorf("the page (+) and what is served (-): %s", diff)
	}
	if diff := cmp.Diff(found(alerts, `alert: (\w+)()`), found(page, `(?m)^### (Pocdr\w+)()`)); diff != "" {
		t.Errorf("the page (+) and the alerts (-): %s", diff)
	}
	for name := range found(alerts, `(pocdr_\w+?)(?:_bucket)?[^\w]()`) {
		if metrics[name] == "" {
			t.Errorf("an alert asks for %s, which is not served", name)
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// found has what an expression finds: its first group, and the second.
func found(text, expression string) map[string]string {
	all := map[string]string{}
	for _, match := range regexp.MustCompile(expression).FindAllStringSubmatch(text, -1) {
		all[match[1]] = match[2]
	}
	return all
}
