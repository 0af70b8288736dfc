package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

// TestBypass asks for what is refused in every way that is known to go round a gate: each is refused as well, for the same reason.
func TestBypass(t *testing.T) {
	g := guard(t, conftest)
	g.applyExample()
	text, err := os.ReadFile(payments + "/plants/a/plant.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const image = "registry.acme.example/payments/plant:2.0"
	unpinned := workload(t, string(text), image)
	pod := fmt.Sprintf("spec: {serviceAccountName: payments-a, restartPolicy: Never, containers: [{name: plant, image: %q}]}", image)
	labels := "labels: {app.kubernetes.io/part-of: payments}"
	for _, way := range []struct {
		name, says string
		args       []string
	}{
		{"as it is", "declaration/image-pinned", []string{"apply", "-f", g.file(unpinned)}},
		{"as a List", "declaration/image-pinned", []string{"apply", "-f", g.file("apiVersion: v1\nkind: List\nitems:\n" + indented(unpinned))}},
		{"as a strategic patch", "declaration/image-pinned", patch("strategic", `{"spec":{"template":{"spec":{"containers":[{"name":"plant","image":"`+image+`"}]}}}}`)},
		{"as a JSON patch", "declaration/image-pinned", patch("json", `[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"`+image+`"}]`)},
		{"as a replacement", "declaration/image-pinned", []string{"replace", "-f", g.file(unpinned)}},
		{"as an apply on the server", "declaration/image-pinned", []string{"apply", "--server-side", "--force-conflicts", "-f", g.file(unpinned)}},
		{"under another name", "declaration/image-pinned", []string{"create", "-f", g.file(renamed(unpinned))}},
		{"as a bare pod", "declaration/image-pinned", []string{"create", "-f", g.file("apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: payments, " + labels + "}\n" + pod)}},
		{"as a pod with an owner that somebody made up", "declaration/image-pinned", []string{"create", "-f", g.file(
			"apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: payments, " + labels +
				", ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: maker, uid: 11111111-2222-3333-4444-555555555555, controller: true}]}\n" + pod)}},
		{"as a pod that passes for a broker", "transitions/bedrock-apart", []string{"create", "-f", g.file(
			"apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: payments, labels: {strimzi.io/cluster: payments}}\nspec: {serviceAccountName: payments-kafka, containers: [{name: kafka, image: kafka}]}")}},
		{"as a Job", "declaration/image-pinned", []string{"create", "-f", g.file("apiVersion: batch/v1\nkind: Job\nmetadata: {name: x, namespace: payments, " + labels + "}\nspec: {template: {" + pod + "}}")}},
		{"as a CronJob", "declaration/image-pinned", []string{"create", "-f", g.file(
			"apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x, namespace: payments, " + labels + "}\nspec: {schedule: '@daily', jobTemplate: {spec: {template: {" + pod + "}}}}")}},
		{"by its scale", "switch/one-writer", []string{"scale", "-n", "payments", "statefulset/payments-a", "--replicas=2"}},
		{"in another version", "intake/replicated", []string{"patch", "-n", "payments", "kafkatopics.v1beta2.kafka.strimzi.io/payment-commands", "--type=merge", "-p", `{"spec":{"replicas":1}}`}},
		{"by taking the label of production off", "transitions/production-kept", []string{"label", "namespace", "payments", "pocdr.dev/environment-"}},
		{"by calling it something else", "transitions/production-kept", []string{"label", "--overwrite", "namespace", "payments", "pocdr.dev/environment=test"}},
		{"by taking it off where the outlet is kept", "transitions/production-kept", []string{"label", "namespace", "ledger", "pocdr.dev/environment-"}},
		{"by its status", "transitions/production-kept", []string{"patch", "namespace", "payments", "--subresource=status", "--type=merge", "-p", `{"metadata":{"labels":{"pocdr.dev/environment":null}}}`}},
		{"by its end", "transitions/production-kept", []string{"replace", "--raw", "/api/v1/namespaces/payments/finalize", "-f", g.file(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"payments"},"spec":{"finalizers":["kubernetes"]}}`)}},
		{"by breaking the glass in a status", "gate/exemptions-expire", []string{"patch", "-n", "payments", "statefulset/payments-a", "--subresource=status", "--type=merge", "-p",
			`{"metadata":{"annotations":{"pocdr.dev/break-glass-reason":"x","pocdr.dev/break-glass-expires":"2020-01-01T00:00:00Z"}}}`}},
		{"by what is said to have served", "is written by the audit", []string{"patch", "-n", "payments", "system/payments", "--subresource=status", "--as=mallory", "--as-group=system:masters", "--type=merge", "-p",
			`{"status":{"switch":{"previous":"b","previousRelease":null}}}`}},
		{"by a System of the same name", "transitions/claims-apart", []string{"create", "-f", g.file("apiVersion: pocdr.dev/v1alpha1\nkind: System\nmetadata: {name: payments, namespace: default}\nspec: {owners: [x]}")}},
		{"by a System elsewhere that claims it", "transitions/claims-apart", []string{"create", "-f", g.file(
			"apiVersion: pocdr.dev/v1alpha1\nkind: System\nmetadata: {name: other, namespace: default}\nspec: {owners: [x], namespaces: [payments], labels: {own: other}, requiredLevel: 0, modes: {admission: Record}}")}},
		{"by deleting the namespace", "transitions/", []string{"delete", "namespace", "payments", "--wait=false"}},
		{"by deleting the System", "transitions/system-kept", []string{"delete", "-n", "payments", "system/payments", "--wait=false"}},
		{"by deleting all Systems", "transitions/system-kept", []string{"delete", "-n", "payments", "systems", "--all", "--wait=false"}},
		{"by deleting what a System is", "transitions/system-kept", []string{"delete", "crd", "systems.pocdr.dev", "--wait=false"}},
		{"by deleting what a topic is", "declaration/system-declared", []string{"delete", "crd", "kafkatopics.kafka.strimzi.io", "--wait=false"}},
		{"by serving no Systems any more", "transitions/system-kept", []string{"patch", "crd", "systems.pocdr.dev", "--type=json", "-p", `[{"op":"replace","path":"/spec/versions/0/served","value":false}]`}},
		{"by serving no topics any more", "declaration/system-declared", []string{"patch", "crd", "kafkatopics.kafka.strimzi.io", "--type=json", "-p",
			`[{"op":"replace","path":"/spec/versions/0/served","value":false},{"op":"replace","path":"/spec/versions/1/served","value":false}]`}},
		{"by Systems that hold less", "systems.pocdr.dev would no longer hold spec.requiredLevel,", []string{"patch", "crd", "systems.pocdr.dev", "--type=json", "-p",
			`[{"op":"remove","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/requiredLevel"}]`}},
		{"by acting as one about whose deeds nobody asks", "transitions/gate-kept", []string{"create", "-f", g.file(
			"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: past}\n" +
				"rules: [{apiGroups: [\"\"], resources: [users, groups], resourceNames: [\"pocdr:break-glass\"], verbs: [impersonate]}]\n---\n" +
				"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: past}\n" +
				"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: past}\nsubjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: mallory}]")}},
		{"by being given the accounts of the cluster itself", "access/one-writer", []string{"create", "rolebinding", "all", "-n", "kube-system", "--clusterrole=cluster-admin", "--user=mallory"}},
		{"by requiring less", "transitions/level-kept", []string{"patch", "-n", "payments", "system/payments", "--type=merge", "-p", `{"spec":{"requiredLevel":0}}`}},
		{"by naming no outlets", "transitions/served-kept", []string{"patch", "-n", "payments", "system/payments", "--type=merge", "-p", `{"spec":{"outlets":null}}`}},
		{"with what a policy for conftest denies", "main/deny", []string{"create", "service", "nodeport", "x", "-n", "payments", "--tcp=80"}},
		{"by an Exemption that nobody answers for", "gate/exemptions-expire", []string{"create", "-f", g.file(
			"apiVersion: pocdr.dev/v1alpha1\nkind: Exemption\nmetadata: {name: x, namespace: payments}\nspec: {system: payments, check: declaration/image-pinned}")}},
	} {
		t.Run(way.name, func(t *testing.T) {
			out, err := g.kubectl(way.args...)
			if err == nil || !strings.Contains(out, "denied the request") || !strings.Contains(out, way.says) {
				t.Errorf("kubectl %s is not refused by %s: %v\n%s", strings.Join(way.args, " "), way.says, err, out)
			}
		})
	}
	if out, err := g.kubectl(patch("json", `[{"op":"add","path":"/metadata/ownerReferences","value":[{"apiVersion":"v1","kind":"ConfigMap","name":"payments-switch","uid":"1","controller":true}]}]`)...); err != nil {
		t.Fatalf("to say that something owns it changes nothing: %v\n%s", err, out)
	}
	time.Sleep(2 * time.Second) // until it was watched
	if out, err := g.kubectl("scale", "-n", "payments", "statefulset/payments-a", "--replicas=2"); err == nil || !strings.Contains(out, "switch/one-writer") {
		t.Errorf("a plant that says something owns it is nobody's: %v\n%s", err, out)
	}
}

func patch(kind, text string) []string {
	return []string{"patch", "-n", "payments", "statefulset/payments-a", "--type=" + kind, "-p", text}
}

// workload is the one workload of a file, with another image.
func workload(t *testing.T, text, image string) string {
	t.Helper()
	for _, document := range strings.Split(text, "\n---\n") {
		if strings.Contains(document, "kind: StatefulSet") {
			return regexp.MustCompile(`image: .*`).ReplaceAllString(document, "image: "+image)
		}
	}
	t.Fatal("there is no workload in it")
	return ""
}

func renamed(text string) string {
	return strings.Replace(text, "name: payments-a\n", "name: payments-c\n", 1)
}

// indented makes an object an entry of a list.
func indented(text string) string {
	json, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		panic(err)
	}
	return "- " + string(json) + "\n"
}
