package draft_test

import (
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/draft"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

type fields = map[string]any

// names are some that Kubernetes takes, some that YAML takes for something else, and some that only a hostile file has.
var names = []string{"pay", "pay-a", "pay-b", "pay-1", "pay-2", "web-blue", "web-green", "a", "b", "ledger", "yes", "null", "1", "1.5", "2001-01-01", "é", "a: b", "a # b", "- a", "{a}", "a\nb", "\"", "'", "*a", "%", "~", ""}

// drawn is what objects are drawn from: a few names, so that they name each other.
type drawn struct {
	*rapid.T
	names []string
}

func (r *drawn) name() string { return rapid.SampledFrom(r.names).Draw(r.T, "name") }

// kinds make an object of one kind each, from names that are drawn.
var kinds = []func(r *drawn) fields{
	func(r *drawn) fields { return workload(r, "Deployment", "apps/v1") },
	func(r *drawn) fields { return workload(r, "StatefulSet", "apps/v1") },
	func(r *drawn) fields { return workload(r, "DaemonSet", "apps/v1") },
	func(r *drawn) fields { return workload(r, "Job", "batch/v1") },
	func(r *drawn) fields {
		return object(r, "v1", "Service", fields{"selector": fields{"app": r.name()}, "ports": []any{fields{"port": 80}}})
	},
	func(r *drawn) fields {
		return object(r, "kafka.strimzi.io/v1", "KafkaTopic", fields{"partitions": 3, "replicas": 3, "topicName": r.name()})
	},
	func(r *drawn) fields {
		acl := func() any {
			return fields{"resource": fields{"type": "topic", "name": r.name(), "patternType": rapid.SampledFrom([]string{"literal", "prefix"}).Draw(r.T, "pattern")}, "operations": []any{rapid.SampledFrom([]string{"Read", "Write", "All"}).Draw(r.T, "operation")}}
		}
		return object(r, "kafka.strimzi.io/v1", "KafkaUser", fields{"authentication": fields{"type": "tls"}, "authorization": fields{"type": "simple", "acls": []any{acl(), acl()}}})
	},
	func(r *drawn) fields { return object(r, "v1", "ConfigMap", fields{}) },
}

func object(r *drawn, apiVersion, kind string, spec fields) fields {
	labels := fields{"strimzi.io/cluster": "c"}
	if rapid.Bool().Draw(r.T, "part of") {
		labels["app.kubernetes.io/part-of"] = r.name()
	}
	return fields{"apiVersion": apiVersion, "kind": kind, "metadata": fields{"name": r.name(), "namespace": rapid.SampledFrom([]string{"pay", "yes"}).Draw(r.T, "namespace"), "labels": labels}, "spec": spec}
}

func workload(r *drawn, kind, apiVersion string) fields {
	container := fields{"name": "x", "image": "x:1", "env": []any{fields{"name": "P", "valueFrom": fields{"secretKeyRef": fields{"name": r.name(), "key": "x"}}}}}
	pod := fields{"metadata": fields{"labels": fields{"app": r.name()}}, "spec": fields{"serviceAccountName": r.name(), "containers": []any{container}}}
	return object(r, apiVersion, kind, fields{"template": pod})
}

// documents draws objects and reads them as files; what cannot be read is not there.
func documents(r *rapid.T) []document.Document {
	var all []document.Document
	seen := map[string]bool{}
	from := &drawn{r, rapid.SliceOfN(rapid.SampledFrom(names), 1, 4).Draw(r, "names")}
	for i := range rapid.IntRange(1, 20).Draw(r, "objects") {
		text, err := yaml.Marshal(rapid.SampledFrom(kinds).Draw(r, "kind")(from))
		if err != nil {
			r.Fatal(err)
		}
		read, _ := document.Read(fmt.Sprintf("%02d.yaml", i), text, document.DefaultBounds)
		for _, d := range read {
			if !seen[d.ID] {
				all = append(all, d)
			}
			seen[d.ID] = true
		}
	}
	return all
}

func view(r *rapid.T, p *engine.Policies, documents []document.Document) *engine.View {
	ctx, v := context.Background(), p.NewView()
	for _, d := range documents {
		facts, unread, faults := p.Derive(ctx, d)
		v.Unread = append(v.Unread, unread...)
		if len(faults) > 0 {
			r.Fatal(faults)
		}
		if facts != nil {
			v.Add(facts)
		}
	}
	v.Own(ctx, "", func(string) []string { return nil })
	v.Join(ctx)
	return v
}

// TestAnyDocuments drafts a System from whatever documents: the draft is read strictly and without a complaint, it is the same in whatever order they came, and
// they are judged with it as one declared system.
func TestAnyDocuments(t *testing.T) {
	if err := flag.Set("rapid.checks", "100"); err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile(engine.Tree{FS: policies.FS})
	if err != nil {
		t.Fatal(err)
	}
	drafted := 0
	rapid.Check(t, func(r *rapid.T) {
		all := documents(r)
		d, ok := draft.Infer(view(r, p, all), "", nil)
		if !ok {
			return
		}
		drafted++
		other, _ := draft.Infer(view(r, p, rapid.Permutation(all).Draw(r, "order")), "", nil)
		if d.YAML() != other.YAML() {
			r.Errorf("in another order\n%s\nand not\n%s", other.YAML(), d.YAML())
		}
		read, unread := document.Read("pocdr-system.yaml", []byte(d.YAML()), document.DefaultBounds)
		if len(read) != 1 || len(unread) > 0 {
			r.Fatalf("the draft is not one document: %v\n%s", unread, d.YAML())
		}
		if s, faults := v1alpha1.ReadSystem(read[0].Value().(map[string]any)); len(faults) > 0 || s.Name == "" {
			r.Fatalf("the draft is no System: %v\n%s", faults, d.YAML())
		}
		judged, err := p.JudgeAll(context.Background(), view(r, p, append(all, read[0])), engine.Settings{AsOf: time.Unix(0, 0)}, nil)
		if err != nil {
			r.Fatal(err)
		}
		if system := judged.View.System(d.Name); system == nil || len(judged.View.Unread) > 0 {
			r.Errorf("the System is not judged: %v\n%s", judged.View.Unread, d.YAML())
		}
	})
	if drafted < 50 {
		t.Errorf("only %d drafts: nothing was tried", drafted)
	}
}
