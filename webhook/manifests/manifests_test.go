package manifests

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
	"pocdr.dev/pocdr/webhook/admission"
)

func files(t *testing.T, production string, team ...engine.Tree) (map[string]string, *engine.Policies) {
	t.Helper()
	p, err := engine.Compile(append([]engine.Tree{{FS: policies.FS}}, team...)...)
	if err != nil {
		t.Fatal(err)
	}
	files, err := Files(p, production)
	if err != nil {
		t.Fatal(err)
	}
	return files, p
}

// right is one verb on one resource of one group.
type right struct{ verb, group, resource string }

// own are the rights that no adapter asks for, and what uses each: a file, and what stands in it.
var own = map[right]struct{ file, use string }{
	{"create", "authorization.k8s.io", "subjectaccessreviews"}: {"../admission/cluster.go", "SubjectAccessReviews().Create("},
	{"create", "authentication.k8s.io", "selfsubjectreviews"}:  {"../admission/cluster.go", "SelfSubjectReviews().Create("},
	{"patch", "pocdr.dev", "systems/status"}:                   {"../audit/systems.go", `Patch(ctx, name, types.JSONPatchType, patch, metav1.PatchOptions{FieldManager: "pocdr-audit"}, "status")`},
	{"create", "", "events"}:                                   {"../audit/systems.go", "StartRecordingToSink("},
	{"patch", "", "events"}:                                    {"../audit/systems.go", "StartRecordingToSink("}, // an event that repeats is counted
	{"create", "coordination.k8s.io", "leases"}:                {"../../cmd/pocdr/webhook.go", "resourcelock.LeaseLock{"},
	{"get", "coordination.k8s.io", "leases"}:                   {"../../cmd/pocdr/webhook.go", "resourcelock.LeaseLock{"},
	{"update", "coordination.k8s.io", "leases"}:                {"../../cmd/pocdr/webhook.go", "resourcelock.LeaseLock{"},
}

// reading are the verbs on what adapters read, and what uses each.
var reading = map[string]struct{ file, use string }{
	"get":   {"../../source/cluster/list.go", ".Get(ctx, id.Name, metav1.GetOptions{})"},
	"list":  {"../../source/cluster/watch.go", "resource.List("},
	"watch": {"../../source/cluster/watch.go", "resource.Watch("},
}

// TestRights asks that each right of the webhook is used, by an adapter or by a place in the code, and that each kind that is read is granted.
func TestRights(t *testing.T) {
	files, p := files(t, policies.DefaultProduction)
	readers := map[[2]string][]string{}
	for _, k := range admission.Kinds(p) {
		readers[[2]string{k.Group, plural(k.Kind)}] = append(p.Readers(engine.Selector(k)), "the engine")
	}
	granted := rights(t, files["rights.yaml"], "pocdr", "pocdr-audit")
	for r := range granted {
		use, ours := own[r]
		if !ours && len(readers[[2]string{r.group, r.resource}]) > 0 {
			use, ours = reading[r.verb]
		}
		text, err := os.ReadFile(use.file)
		if !ours || err != nil || !strings.Contains(string(text), use.use) {
			t.Errorf("nothing uses the right to %s %s/%s: %s does not hold %s (%v)", r.verb, r.group, r.resource, use.file, use.use, err)
		}
	}
	for r := range own {
		if !granted[r] {
			t.Errorf("%s is to %s %s/%s, and is not granted that", own[r].file, r.verb, r.group, r.resource)
		}
	}
	for resource, by := range readers {
		for verb := range reading {
			if !granted[right{verb, resource[0], resource[1]}] {
				t.Errorf("%v read %s/%s, and are not granted to %s it", by, resource[0], resource[1], verb)
			}
		}
	}
}

// rights are what roles of some names grant. None grants all of anything.
func rights(t *testing.T, text string, names ...string) map[right]bool {
	t.Helper()
	granted := map[right]bool{}
	for _, document := range strings.Split(text, "\n---\n") {
		var role rbacv1.ClusterRole
		if err := yaml.Unmarshal([]byte(document), &role); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(names, role.Name) {
			continue
		}
		for _, rule := range role.Rules {
			for _, verb := range rule.Verbs {
				for _, group := range rule.APIGroups {
					for _, resource := range rule.Resources {
						if strings.Contains(verb+group+resource, "*") {
							t.Errorf("%s grants %s on %s/%s", role.Name, verb, group, resource)
						}
						granted[right{verb, group, resource}] = true
					}
				}
			}
		}
	}
	return granted
}

func TestPlural(t *testing.T) {
	for kind, want := range map[string]string{
		"Pod": "pods", "NetworkPolicy": "networkpolicies", "Gateway": "gateways", "Ingress": "ingresses", "Mesh": "meshes", "Endpoints": "endpoints", "VMServiceScrape": "vmservicescrapes",
	} {
		if got := plural(kind); got != want {
			t.Errorf("%s are %s, not %s", kind, want, got)
		}
	}
}

// TestTeam asks that a team's own adapter is given the right to read its kind, and is asked about it.
func TestTeam(t *testing.T) {
	files, _ := files(t, policies.DefaultProduction, engine.Tree{Name: "team", FS: fstest.MapFS{"gateway.rego": {Data: []byte(`# METADATA
# title: Gateways
# description: Gateways.
# custom:
#   reads:
#   - {format: kubernetes, group: gateway.example, kinds: [Gateway]}
#   emits: [object]
package team.gateway

facts contains {"fact": "object", "path": []} if input.kind == "Gateway"
`)}}})
	for file, want := range map[string]string{
		"rights.yaml":  "\n# team/gateway\n- apiGroups: [gateway.example]\n  resources: [gateways]\n  verbs: [get, list, watch]\n",
		"webhook.yaml": "\n  - apiGroups: [gateway.example]\n    apiVersions: [\"*\"]\n    resources: [gateways]\n    operations: [CREATE, UPDATE, DELETE]\n",
	} {
		if !strings.Contains(files[file], want) {
			t.Errorf("%s lacks %s", file, want)
		}
	}
}

// TestProduction asks that another label of production is written wherever the default stands.
func TestProduction(t *testing.T) {
	files, _ := files(t, "stage=true")
	for file, wants := range map[string][]string{
		"deployment.yaml": {"--production=stage=true"},
		"webhook.yaml":    {`matchLabels: {stage: "true"}`, `?labels[?"stage"].orValue("") == "true"`},
	} {
		for _, want := range wants {
			if !strings.Contains(files[file], want) {
				t.Errorf("%s lacks %s", file, want)
			}
		}
	}
	for file, text := range files {
		if strings.Contains(text, "pocdr.dev/environment") {
			t.Errorf("%s still names the default label", file)
		}
	}
}

// TestWritten asks that the files beside this package are what it writes: all of them begin with the mark, and no region is stale.
func TestWritten(t *testing.T) {
	files, _ := files(t, policies.DefaultProduction)
	for file, want := range files {
		have, err := os.ReadFile(file)
		if err != nil || string(have) != want {
			t.Errorf("%s is not up to date: run `make generate` (%v)", file, err)
		}
		if !strings.HasPrefix(want, Mark+"\n") {
			t.Errorf("%s does not begin with %q: it would not be known again", file, Mark)
		}
	}
}
