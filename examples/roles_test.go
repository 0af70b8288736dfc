package examples_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/webhook/controlplane"
)

// TestRealRoles lays the roles and bindings that a real API server comes with beside the example: it stands as it stood, since its
// Profile names those who keep any cluster.
func TestRealRoles(t *testing.T) {
	plane := controlplane.Start(t)
	roles, err := plane.Kubectl(t.Context(), plane.Kubeconfig, "get", "clusterroles,clusterrolebindings,roles,rolebindings", "-A", "-o", "yaml")
	if err != nil {
		t.Fatalf("%v\n%s", err, roles)
	}
	root := filepath.Join(t.TempDir(), payments)
	if err := os.CopyFS(root, os.DirFS(payments)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "platform", "roles.yaml"), []byte(roles), 0o600); err != nil {
		t.Fatal(err)
	}
	got, _ := judge(t, compile(t), root)
	var want map[string]engine.Outcome
	read(t, outcomes, &want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("with a real cluster's roles it stands otherwise (-want +got):\n%s", diff)
	}
}
