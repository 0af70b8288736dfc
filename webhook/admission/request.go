// Package admission decides on requests to an API server: it puts the object of a request into the view of what else is known, and has the engine judge the change.
package admission

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// change is what a request asks for, as documents.
type change struct {
	before, after *document.Document // nil: no such object
	goes          goes               // what goes with what is deleted; nil: nothing
	barred        *barred            // why this is refused before anything is judged
	notJudged     string             // why the request is none that is judged
}

// barred is what a request would change that is not left to policies, and why it may not.
type barred struct{ what, why string }

// undecided is why a request could not be judged, where that is no fault of the request.
type undecided struct{ error }

func (u undecided) Unwrap() error { return u.error }

// Subresources that change nothing that is declared, and why.
var harmless = map[string]string{
	"binding":  "where a pod runs is the scheduler's to say",
	"eviction": "an evicted pod is made again by its workload; disruption budgets bound how many at once",
	"token":    "who may ask for tokens is judged as reach",
	"approval": "who may approve certificates is judged as reach",
}

// reports are subresources that some kinds of objects let change their labels as well, and why they are not judged where they do not.
var reports = map[string]string{
	"status":   "a status is observed, not declared",
	"finalize": "the end of a namespace was judged when it was deleted",
}

// read tells what a request asks for. An error that is undecided is no fault of the request.
func (r *Reviewer) read(ctx context.Context, request *admissionv1.AdmissionRequest) (change, error) {
	if why := r.passes(request); why != "" {
		return change{notJudged: why}, nil
	}
	if request.SubResource == "scale" {
		c, err := r.readScale(ctx, request)
		if err != nil {
			return c, err
		}
		return r.disown(ctx, c, request.UserInfo.Username)
	}
	var c change
	var err error
	if c.before, err = objectIn(request.Namespace, request.OldObject.Raw, "oldObject"); err != nil {
		return c, err
	}
	if request.Operation != admissionv1.Delete {
		if c.after, err = objectIn(request.Namespace, request.Object.Raw, "object"); err != nil {
			return c, err
		}
	}
	switch {
	case request.Operation == admissionv1.Delete && c.before == nil:
		return c, errors.New("a DELETE without its oldObject: what is deleted cannot be told")
	case request.Operation != admissionv1.Delete && c.after == nil:
		return c, fmt.Errorf("a %s without its object", request.Operation)
	case request.Operation == admissionv1.Update && c.before == nil:
		return c, errors.New("an UPDATE without its oldObject: what changes cannot be told")
	}
	if c.barred = r.bars(c, request); c.barred != nil {
		return c, nil
	}
	if why, reported := reports[request.SubResource]; reported {
		if _, differs := engine.NewOperation(c.before, c.after); !differs {
			c.notJudged = why
		}
	}
	c.goes = goesWith(c.before, c.after)
	c.before = versioned(c.before)
	return r.disown(ctx, c, request.UserInfo.Username)
}

// goes tells whether an object goes with another one that is deleted.
type goes func(document.Object) bool

// goesWith is what goes with an object: all that is in a namespace that is deleted, all of a kind that is defined or served no more; nil for anything else.
func goesWith(before, after *document.Document) goes {
	switch {
	case isDefinition(before):
		d := definitionOf(before)
		if after != nil && (d.served() == nil || definitionOf(after).served() != nil) {
			return nil
		}
		return func(o document.Object) bool { return o.Group() == d.group && o.Kind == d.kind }
	case after == nil && before.Object.Group() == "" && before.Object.Kind == "Namespace":
		name := before.Object.Name
		return func(o document.Object) bool { return o.Namespace == name }
	}
	return nil
}

// bars tells why a request is refused before anything is judged; nil where it is not.
func (r *Reviewer) bars(c change, request *admissionv1.AdmissionRequest) *barred {
	if why := r.reserved(c, request); why != "" {
		return &barred{"status.switch", why}
	}
	if why := cuts(c); why != "" {
		return &barred{"definition", why}
	}
	return nil
}

// reserved tells why somebody else alone may ask for a change; empty where it is not so. What a switch selected before is what the audit saw, and a way
// back is open by it: whoever could write it could have anything called a way back. Where the definition of Systems has lost its status, any change could.
func (r *Reviewer) reserved(c change, request *admissionv1.AdmissionRequest) string {
	if request.UserInfo.Username == r.Auditor || c.after == nil || c.after.Object.Kind != "System" || c.after.Object.Group() != v1alpha1.Group {
		return ""
	}
	if reflect.DeepEqual(switchStatus(c.before), switchStatus(c.after)) {
		return ""
	}
	return fmt.Sprintf("POCDR system %s: status.switch is what the audit saw of the switch, by which the way back is open, and is written by the audit (%s) alone; who asks is %s. "+
		"Leave it as it is: the audit writes what it sees. What a switch is to select is declared in the object that spec.switch names.", c.after.Object.Name, r.Auditor, request.UserInfo.Username)
}

func switchStatus(d *document.Document) any {
	if d == nil {
		return nil
	}
	status, _ := d.Value().(map[string]any)["status"].(map[string]any)
	return status["switch"]
}

// passes tells why a request is not judged; empty where it is.
func (r *Reviewer) passes(request *admissionv1.AdmissionRequest) string {
	why, known := harmless[request.SubResource]
	switch {
	case known:
		return why
	case request.Operation == admissionv1.Connect:
		return "a connection changes nothing that is declared; who may enter pods is judged as reach"
	case request.Operation == admissionv1.Delete && slices.Contains(r.Cleaners, request.UserInfo.Username):
		return "what is cleaned up after a deletion was judged with it"
	case request.SubResource != "" && reports[request.SubResource] == "" && !slices.Contains([]string{"scale", "ephemeralcontainers", "resize"}, request.SubResource):
		return fmt.Sprintf("no adapter reads the subresource %s", request.SubResource)
	}
	return ""
}

// readScale makes of a Scale the workload that it scales, as it is and as it would be.
func (r *Reviewer) readScale(ctx context.Context, request *admissionv1.AdmissionRequest) (change, error) {
	id := document.Object{
		APIVersion: request.Resource.Group + "/" + request.Resource.Version, Kind: r.kindOf(request),
		Namespace: request.Namespace, Name: request.Name,
	}
	scale, err := object(request.Object.Raw, "object")
	if err != nil {
		return change{}, err
	}
	if scale == nil {
		return change{}, errors.New("a scale without its object")
	}
	if r.Objects == nil {
		return change{}, fmt.Errorf("%s, which is scaled, is not known here", id.ID())
	}
	before, err := r.Objects.Get(ctx, id)
	switch {
	case apierrors.IsNotFound(err):
		return change{}, fmt.Errorf("%s, which is scaled, is not there: %w", id.ID(), err)
	case err != nil:
		return change{}, undecided{fmt.Errorf("%s, which is scaled, cannot be read: %w", id.ID(), err)}
	}
	spec, _ := scale.Value().(map[string]any)["spec"].(map[string]any)
	value := maps.Clone(before.Value().(map[string]any))
	fields, _ := value["spec"].(map[string]any)
	fields = maps.Clone(fields)
	if fields == nil {
		fields = map[string]any{}
	}
	fields["replicas"] = spec["replicas"]
	if fields["replicas"] == nil { // an API server leaves a 0 out
		fields["replicas"] = int64(0)
	}
	value["spec"] = fields
	after := before.With(value)
	return change{before: &before, after: &after}, nil
}

// kindOf is the kind of what a scale is of: its resource as the kinds that scale are called.
func (r *Reviewer) kindOf(request *admissionv1.AdmissionRequest) string {
	if kind, known := scaled[request.Resource.Resource]; known {
		return kind
	}
	return request.Resource.Resource
}

// principal gives a user's names as adapters write them.
func principal(u authenticationv1.UserInfo) *engine.Principal {
	name := "kubernetes:User/" + u.Username
	if account, ok := strings.CutPrefix(u.Username, "system:serviceaccount:"); ok {
		name = "kubernetes:ServiceAccount/" + strings.Replace(account, ":", "/", 1)
	}
	p := &engine.Principal{Names: []string{name}}
	for _, group := range u.Groups {
		p.Names = append(p.Names, "kubernetes:Group/"+group)
	}
	return p
}
