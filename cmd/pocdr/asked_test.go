package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/webhook"
)

// scan decides as `pocdr scan --base HEAD --entrance admission` does.
func (e *entrances) scan(before, after *document.Document) *engine.Decision {
	e.t.Helper()
	e.put(after, before)
	j := judging{policies: []string{conftest}, entrance: string(engine.Admission), quiet: true}
	d, err := j.decide(e.t.Context(), e.p, engine.Settings{AsOf: time.Now()}, e.repo, "HEAD", newProgress(os.Stderr, true))
	if err != nil {
		e.t.Fatal(err)
	}
	return d.Decision
}

// audit decides on what has changed since it was last asked.
func (e *entrances) audit() *engine.Decision {
	e.t.Helper()
	d, err := e.auditor.Audit(e.t.Context())
	if err != nil {
		e.t.Fatal(err)
	}
	return d
}

// answer is what who asks is told.
type answer struct {
	Allowed  bool
	Message  string
	Warnings []string
}

// review decides and answers as `pocdr review --repo . --rev HEAD` does.
func (e *entrances) review(before, after *unstructured.Unstructured) (*engine.Decision, answer) {
	e.t.Helper()
	j := judging{policies: []string{conftest}, entrance: string(engine.Admission), rev: "HEAD", quiet: true}
	r, err := j.reviewer(e.t.Context(), e.p, engine.Settings{AsOf: time.Now()}, e.repo, newProgress(os.Stderr, true))
	if err != nil {
		e.t.Fatal(err)
	}
	request := e.request(before, after)
	d, err := r.Decide(e.t.Context(), request)
	if err != nil {
		e.t.Fatal(err)
	}
	body, err := json.Marshal(admissionv1.AdmissionReview{TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"}, Request: request})
	if err != nil {
		e.t.Fatal(err)
	}
	text, _, err := webhook.Answer(e.t.Context(), r, body)
	var out admissionv1.AdmissionReview
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		e.t.Fatal(err)
	}
	a := answer{Allowed: out.Response.Allowed, Warnings: ours(out.Response.Warnings)}
	if !a.Allowed {
		a.Message = out.Response.Result.Message
	}
	return d, a
}

func (e *entrances) request(before, after *unstructured.Unstructured) *admissionv1.AdmissionRequest {
	one, operation := after, admissionv1.Update
	switch {
	case before == nil:
		operation = admissionv1.Create
	case after == nil:
		one, operation = before, admissionv1.Delete
	}
	gvk := one.GroupVersionKind()
	r := &admissionv1.AdmissionRequest{
		UID: "u", Operation: operation, Name: one.GetName(), Namespace: one.GetNamespace(), Kind: metav1.GroupVersionKind(gvk),
		UserInfo: authenticationv1.UserInfo{Username: "admin", Groups: []string{"system:masters", "system:authenticated"}},
	}
	for o, raw := range map[*unstructured.Unstructured]*runtime.RawExtension{before: &r.OldObject, after: &r.Object} {
		if o != nil {
			raw.Raw, _ = json.Marshal(o.Object)
		}
	}
	return r
}

// ask asks the webhook, through the API server. It sees the change before late, so it is asked again where it gives another answer than is expected.
func (e *entrances) ask(c change, expected answer) (said answer) {
	e.t.Helper()
	for tries := 0; tries < 10 && (tries == 0 || cmp.Diff(expected, said) != ""); tries++ {
		if tries > 0 {
			time.Sleep(200 * time.Millisecond)
		}
		e.warnings.texts = nil
		_, err := e.send(e.user, c, dryRun)
		said = answer{Allowed: err == nil, Warnings: ours(e.warnings.texts)}
		if err != nil {
			_, said.Message, _ = strings.Cut(err.Error(), " denied the request: ")
			if said.Message == "" {
				e.t.Fatalf("%s: %v", c.name, err)
			}
		}
	}
	return said
}

var told = regexp.MustCompile(`^\S+: [a-z]+/[a-z-]+: |^\S+: admitted, since |^POCDR: |more warnings?$`)

// ours are the warnings that are not the API server's own.
func ours(all []string) []string {
	var some []string
	for _, text := range all {
		if told.MatchString(text) {
			some = append(some, text)
		}
	}
	return some
}

// placed are the rules that ask where in an object a change is. The audit keeps no objects, and so does not know.
var placed = map[string]bool{"transitions/switch-alone": true, "transitions/outlet-alone": true, "transitions/config-kept": true}

// shown is all that a decision says, as text; for the audit, what does not hang on who asks, how strictly the entrance is held, or where in an object the change is.
func shown(d *engine.Decision, whole bool) string {
	var b strings.Builder
	for _, s := range d.Systems {
		if len(s.Refusals)+len(s.Warnings)+len(s.Mended) == 0 && cmp.Equal(s.Before, s.After) {
			continue // touched, and as it was
		}
		fmt.Fprintf(&b, "%s floor %d\n", s.Name, s.Floor)
		if whole {
			fmt.Fprintf(&b, "  allowed %v %s, turn %q, relief %q, exempt %v, not seen %v\n", s.Allowed, s.Mode, s.Turn, s.Relief, s.Exemptions, s.NotSeen)
		}
		fmt.Fprintf(&b, "  %s → %s\n", level(s.Before), level(s.After))
		for _, r := range s.Refusals {
			if !whole && placed[r.Check.ID] {
				continue
			}
			fmt.Fprintf(&b, "  refused (%s) %s\n", r.Rule, finding(r.Finding))
		}
		for kind, findings := range [][]engine.Finding{s.Warnings, s.Mended, s.Remaining} {
			for _, f := range findings {
				fmt.Fprintf(&b, "  %s %s\n", []string{"warned", "mended", "remains"}[kind], finding(f))
			}
		}
	}
	for _, f := range d.Faults {
		fmt.Fprintf(&b, "fault %s %s\n", f.Policy, f.Message)
	}
	return b.String()
}

func level(s *engine.Standing) string {
	if s == nil {
		return "none"
	}
	return fmt.Sprint(s.LevelSeen, s.Principles)
}

// unread names a file in a repository, and an object in a cluster.
var unread = regexp.MustCompile(`^\S+ could not be read`)

func finding(f engine.Finding) string {
	return fmt.Sprintf("%s %s %s %s: %s", f.Check.ID, f.Outcome, f.Document, f.Path, unread.ReplaceAllString(f.Message, "it could not be read"))
}
