package admission

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	admissionv1 "k8s.io/api/admission/v1"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/webhook"
)

// Reviewer judges admission requests against a state.
type Reviewer struct {
	Policies *engine.Policies
	State    *State
	Objects  Objects
	Rights   Rights           // who may break glass; nil: nobody
	Confirm  Confirm          // nil: what the state knows is not looked up again before a refusal
	Now      func() time.Time // the clock

	Controllers []string // the users that make and delete owned objects, or, where it ends in a colon, the beginning of their names: those are judged with their owner
	Cleaners    []string // users that delete what goes with a deletion that was judged, whatever it is
	Auditor     string   // the user that audits, who alone says what a switch selected before
}

// Auditor is the user as whom the shipped manifests run the webhook.
const Auditor = "system:serviceaccount:pocdr:pocdr"

// Users of a cluster's own controllers.
var (
	Controllers = []string{
		"system:kube-controller-manager", "system:node:", // the former where its controllers have no accounts of their own
		"system:serviceaccount:kube-system:cronjob-controller", "system:serviceaccount:kube-system:daemon-set-controller",
		"system:serviceaccount:kube-system:deployment-controller", "system:serviceaccount:kube-system:job-controller",
		"system:serviceaccount:kube-system:replicaset-controller", "system:serviceaccount:kube-system:replication-controller",
		"system:serviceaccount:kube-system:statefulset-controller",
		"system:serviceaccount:kube-system:generic-garbage-collector", // anybody who may write an object can have it deleted by naming an owner in it that is not there
	}
	Cleaners = []string{"system:serviceaccount:kube-system:namespace-controller"}
)

// Objects gives an object as it is now. Of one that is not there, the error is one of the API server's "not found".
type Objects interface {
	Get(ctx context.Context, id document.Object) (document.Document, error)
}

// Confirm gives what a view does not hold as it is now, of the documents that facts of some kinds are made from; or an error where that
// cannot be told in time.
type Confirm func(ctx context.Context, v *engine.View, kinds []string) ([]engine.Replacement, error)

// Review decides on a request.
func (r *Reviewer) Review(ctx context.Context, request *admissionv1.AdmissionRequest) (*webhook.Verdict, error) {
	c, err := r.read(ctx, request)
	if errors.As(err, new(undecided)) {
		return nil, err
	}
	if err != nil {
		return &webhook.Verdict{Message: "pocdr cannot judge this request, and does not allow what it cannot judge: " + err.Error()}, nil
	}
	if c.barred != nil {
		return &webhook.Verdict{Message: c.barred.why, Annotations: map[string]string{"barred": c.barred.what}, Decision: r.identify(request)}, nil
	}
	if c.notJudged != "" {
		return &webhook.Verdict{Allowed: true, Annotations: map[string]string{"not-judged": c.notJudged}}, nil
	}
	now := r.Now()
	known, err := r.State.Judged(ctx, now.Truncate(time.Second))
	if err != nil {
		return nil, fmt.Errorf("what the cluster holds was not judged in time: %w", err)
	}
	decision, err := r.decide(ctx, known, c, request)
	if err != nil {
		return nil, err
	}
	var unconfirmed error
	if !decision.Allowed && r.Confirm != nil {
		decision, unconfirmed = r.confirm(ctx, known, decision, c, request)
	}
	v := r.verdict(decision)
	v.Decision = r.identify(request)
	if why := idle(known.View, decision, c.after); why != "" {
		v.Warnings = append(v.Warnings, why)
	}
	if unconfirmed != nil {
		v.Message += fmt.Sprintf("\nThis is by what was watched of the cluster; whether it is still so could not be looked up: %v", unconfirmed)
	}
	if !v.Allowed {
		r.breakGlass(ctx, v, decision, c, request, now)
	}
	return v, nil
}

// Decide gives the engine's decision on a request, before any break-glass; nil for a request that is not judged.
func (r *Reviewer) Decide(ctx context.Context, request *admissionv1.AdmissionRequest) (*engine.Decision, error) {
	c, err := r.read(ctx, request)
	if err != nil || c.notJudged != "" || c.barred != nil {
		return nil, err
	}
	known, err := r.State.Judged(ctx, r.Now().Truncate(time.Second))
	if err != nil {
		return nil, err
	}
	return r.decide(ctx, known, c, request)
}

func (r *Reviewer) decide(ctx context.Context, known *engine.Judged, c change, request *admissionv1.AdmissionRequest) (*engine.Decision, error) {
	before, err := r.with(ctx, known, c.before, c.after, nil)
	if err != nil {
		return nil, err
	}
	after, err := r.with(ctx, before, c.after, c.before, c.goes)
	if err != nil {
		return nil, err
	}
	d := r.Policies.Decide(ctx, before, after, engine.Request{
		Operations: operations(before.View, c), Principal: principal(request.UserInfo), Served: r.State.Served(known, before.View),
	})
	if ctx.Err() != nil {
		return nil, fmt.Errorf("the request was not judged in time: %w", ctx.Err())
	}
	return d, nil
}

// with is what is known, with a document as the request has it; where it has none, without the other one. All that goes with it is left out as well.
func (r *Reviewer) with(ctx context.Context, known *engine.Judged, d, other *document.Document, with goes) (*engine.Judged, error) {
	var replaced []engine.Replacement
	if d != nil {
		if with == nil && (known.View.Known(*d) != nil || other != nil && known.View.Known(*other) != nil && r.Policies.Alike(*d, *other)) {
			return known, nil
		}
		replaced = append(replaced, r.Policies.Replace(ctx, *d))
	}
	if other != nil && (d == nil || other.ID != d.ID) {
		replaced = append(replaced, engine.Replacement{Document: other.ID})
	}
	if with != nil {
		for _, id := range known.View.Of(with) {
			replaced = append(replaced, engine.Replacement{Document: id})
		}
	}
	view := known.View.With(ctx, replaced...)
	if view == known.View {
		return known, nil
	}
	judged, err := r.Policies.JudgeAll(ctx, view, known.Settings, known)
	if err != nil {
		return nil, fmt.Errorf("the request was not judged in time: %w", err)
	}
	return judged, nil
}

// operations are what the request does, with all that goes with it.
func operations(before *engine.View, c change) []engine.Operation {
	var all []engine.Operation
	if o, differs := engine.NewOperation(c.before, c.after); differs {
		all = append(all, o)
	}
	if c.goes != nil {
		for _, id := range before.Of(c.goes) {
			_, object, _ := before.Source(id)
			all = append(all, engine.Operation{Verb: engine.Delete, Document: id, Object: object})
		}
	}
	return all
}

// confirm decides again over what a refusal rests on, read now: what is known from watching lags behind. Half of the time that is left is
// for it: where it is not done by then, the refusal stands, with the error that says why.
func (r *Reviewer) confirm(ctx context.Context, known *engine.Judged, refused *engine.Decision, c change, request *admissionv1.AdmissionRequest) (*engine.Decision, error) {
	if deadline, limited := ctx.Deadline(); limited {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer done()
	}
	replaced, err := r.Confirm(ctx, known.View, refused.Kinds())
	if err != nil || len(replaced) == 0 {
		return refused, err
	}
	fresh, err := r.Policies.JudgeAll(ctx, known.View.With(ctx, replaced...), known.Settings, known)
	if err != nil {
		return refused, err
	}
	decision, err := r.decide(ctx, fresh, c, request)
	if err != nil {
		return refused, err
	}
	return decision, nil
}

// identify names the decision on a request, the same in every replica.
func (r *Reviewer) identify(request *admissionv1.AdmissionRequest) string {
	sum := sha256.Sum256([]byte(string(request.UID) + r.Policies.Digest))
	return hex.EncodeToString(sum[:6])
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
