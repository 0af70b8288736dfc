package admission_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/webhook/admission"
)

// leaving is the context of who gives up as soon as it was asked after.
type leaving struct {
	context.Context
	asked bool
}

func (l *leaving) Err() error {
	if !l.asked {
		l.asked = true
		return nil
	}
	return l.Context.Err()
}

// TestCutOff has who asks give up while what has changed is taken in: who asks next is told what it would have been told otherwise.
func TestCutOff(t *testing.T) {
	p, known := shipped(t), example(t)
	binding, err := document.OfObject(fields{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": fields{"name": "x", "namespace": "payments"},
		"roleRef":  fields{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
		"subjects": []any{fields{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "ann"}},
	}, "x")
	if err != nil {
		t.Fatal(err)
	}
	var told [2]map[string]string
	for i, cut := range []bool{false, true} {
		s := admission.NewState(p, nil)
		for _, d := range known {
			s.Put(d)
		}
		if _, err := s.Judged(t.Context(), asOf); err != nil {
			t.Fatal(err)
		}
		s.Put(binding)
		if cut {
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			_, _ = s.Judged(&leaving{Context: gone}, asOf)
		}
		judged, err := s.Judged(t.Context(), asOf)
		if err != nil {
			t.Fatal(err)
		}
		told[i] = map[string]string{}
		for _, f := range judged.Judgements()[0].Findings {
			told[i][f.Check.ID+" "+f.Document+" "+f.Path.String()] = f.Message
		}
	}
	if diff := cmp.Diff(told[0], told[1]); diff != "" {
		t.Errorf("who asks after somebody who gave up is told otherwise (-otherwise +after):\n%s", diff)
	}
}
