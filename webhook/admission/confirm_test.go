package admission_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/source/cluster"
)

// TestConfirm asks for what a state refuses that lags behind: an intake lost its copies, and nothing else is to lose any.
func TestConfirm(t *testing.T) {
	p, known := shipped(t), example(t)
	role := object(t, fields{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": fields{"name": "probe", "namespace": "payments"},
		"rules": []any{fields{"apiGroups": []any{""}, "resources": []any{"*"}, "verbs": []any{"*"}}},
	})
	binding := fields{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": fields{"name": "probe", "namespace": "payments"},
		"roleRef":  fields{"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "probe"},
		"subjects": []any{fields{"kind": "ServiceAccount", "name": "payments-a", "namespace": "payments"}},
	}
	narrow := object(t, edited(t, role, `"resources":["*"],"verbs":["*"]`, `"resources":["endpoints"],"verbs":["get"]`))
	for name, c := range map[string]struct {
		there   func(context.Context) ([]engine.Replacement, error)
		allowed bool
		says    string
	}{
		"as it was known": {there: func(context.Context) ([]engine.Replacement, error) { return nil, nil }},
		"narrow now": {there: func(ctx context.Context) ([]engine.Replacement, error) {
			return []engine.Replacement{p.Replace(ctx, narrow)}, nil
		}, allowed: true},
		"gone now": {there: func(context.Context) ([]engine.Replacement, error) {
			return []engine.Replacement{{Document: role.ID}}, nil
		}, allowed: true},
		"cannot be looked": {there: func(context.Context) ([]engine.Replacement, error) { return nil, errors.New("no") }, says: "could not be looked up: no"},
		"takes too long":   {there: func(ctx context.Context) ([]engine.Replacement, error) { <-ctx.Done(); return nil, ctx.Err() }, says: "could not be looked up: context deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			r := reviewer(t, p, append(known, role))
			read := ""
			r.Confirm = func(ctx context.Context, _ *engine.View, kinds []string) ([]engine.Replacement, error) {
				read = strings.Join(kinds, " ")
				return c.there(ctx)
			}
			ctx, done := context.WithTimeout(t.Context(), 4*time.Second)
			defer done()
			v, err := r.Review(ctx, request(t, nil, binding))
			if err != nil || v.Allowed != c.allowed || !c.allowed && !strings.Contains(v.Message, "access/least-reach") ||
				strings.Contains(v.Message, "could not be looked up") != (c.says != "") || !strings.Contains(v.Message, c.says) {
				t.Errorf("%v: %+v", err, v)
			}
			if !strings.Contains(read, "grant") {
				t.Errorf("it is confirmed by reading %q", read)
			}
		})
	}
}

func object(t *testing.T, value fields) document.Document {
	t.Helper()
	d, err := document.OfObject(value, "")
	if err != nil {
		t.Fatal(err)
	}
	return stored(t, d)
}

// TestVersions holds that a state knows in what version it has seen an object, though it says what it said before: so a refusal is
// confirmed without reading it.
func TestVersions(t *testing.T) {
	r := reviewer(t, shipped(t), example(t))
	first, err := r.State.Judged(t.Context(), asOf)
	if err != nil {
		t.Fatal(err)
	}
	plant := named(t, example(t), "StatefulSet.apps/payments/payments-a")
	later := plant.Stamped(cluster.Version(plant.ID, "2"))
	r.State.Put(later)
	second, err := r.State.Judged(t.Context(), asOf)
	if err != nil || second.View.Known(later) == nil || second.View.Known(plant) != nil {
		t.Errorf("the later version is not known: %v", err)
	}
	if first.View.Known(plant) == nil || first.View.Known(later) != nil {
		t.Error("a view that somebody may still use has changed")
	}
	if first.Judgements()[0] != second.Judgements()[0] {
		t.Error("it was judged again, though nothing else is said")
	}
}
