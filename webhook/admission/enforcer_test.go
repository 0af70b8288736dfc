package admission_test

import (
	"strings"
	"testing"
)

// TestEnforcer changes the webhook's own Deployment and Service: nothing may leave it with fewer pods that answer than a System asks for, and all else may be.
func TestEnforcer(t *testing.T) {
	known := example(t)
	r := reviewer(t, shipped(t), known)
	deployment, service := named(t, known, "Deployment.apps/pocdr/pocdr"), named(t, known, "Service/pocdr/pocdr")
	for name, c := range map[string]struct {
		before, after fields
		refused       string
	}{
		"no replica":      {deployment.Value().(fields), edited(t, deployment, `"replicas":2`, `"replicas":0`), "webhook admission.pocdr.dev is answered by 0 pods"},
		"one replica":     {deployment.Value().(fields), edited(t, deployment, `"replicas":2`, `"replicas":1`), "webhook admission.pocdr.dev is answered by 1 pod"},
		"three":           {deployment.Value().(fields), edited(t, deployment, `"replicas":2`, `"replicas":3`), ""},
		"another release": {deployment.Value().(fields), edited(t, deployment, `@sha256:`, `@sha256:0`), ""},
		"no Deployment":   {deployment.Value().(fields), nil, "how many pods answer webhook admission.pocdr.dev is not seen here"},
		"no Service":      {service.Value().(fields), nil, "how many pods answer webhook admission.pocdr.dev is not seen here"},
		"of other pods":   {service.Value().(fields), edited(t, service, `"selector":{"app.kubernetes.io/name":"pocdr"`, `"selector":{"app.kubernetes.io/name":"x"`), "how many pods answer webhook admission.pocdr.dev is not seen here"},
		"another note":    {service.Value().(fields), edited(t, service, `"metadata":{`, `"metadata":{"annotations":{"a":"b"},`), ""},
	} {
		v, err := r.Review(t.Context(), request(t, c.before, c.after))
		if err != nil || v.Allowed != (c.refused == "") || c.refused != "" && !strings.Contains(v.Message, "gate/enforced") || !strings.Contains(v.Message, c.refused) {
			t.Errorf("%s: %v: %+v", name, err, v)
		}
	}
}
