package admission_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net"
	"strings"
	"syscall"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/webhook/admission"
)

type fields = map[string]any

// stands gives one object as it is now, and no other.
type stands struct{ document.Document }

func (s stands) Get(_ context.Context, o document.Object) (document.Document, error) {
	if o.ID() != s.ID {
		return document.Document{}, apierrors.NewNotFound(schema.GroupResource{Group: o.Group(), Resource: o.Kind}, o.Name)
	}
	return s.Document, nil
}

// fails is an API server that answers every reading with an error.
type fails struct{ error }

func (f fails) Get(context.Context, document.Object) (document.Document, error) {
	return document.Document{}, f.error
}

// TestUnreachable asks for what rests on an object that cannot be read just now: that is an error, and no refusal, which would blame the change.
func TestUnreachable(t *testing.T) {
	p, known := shipped(t), example(t)
	plant := named(t, known, "StatefulSet.apps/payments/payments-a").Value().(map[string]any)
	sets := schema.GroupResource{Group: "apps", Resource: "statefulsets"}
	scaled := request(t, plant, plant)
	scale(`"replicas":1`)(scaled)
	owned := func(version, kind string) *admissionv1.AdmissionRequest {
		r := request(t, nil, of(version, kind, pod()))
		by(admission.Controllers[0])(r)
		return r
	}
	for what, cause := range map[string]error{
		"refused":   &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
		"an error":  apierrors.NewInternalError(errors.New("etcd")),
		"forbidden": apierrors.NewForbidden(sets, "payments-a", errors.New("no")),
		"too late":  apierrors.NewTimeoutError("x", 1),
	} {
		r := reviewer(t, p, known)
		r.Objects = fails{cause}
		for _, asked := range []*admissionv1.AdmissionRequest{scaled, owned("apps/v1", "StatefulSet")} {
			if v, err := r.Review(t.Context(), asked); !errors.Is(err, cause) || !strings.Contains(err.Error(), "cannot be read") {
				t.Errorf("%s: %v: %+v", what, err, v)
			}
		}
		if v, err := r.Review(t.Context(), owned("v1", "Node")); err != nil || v.Allowed {
			t.Errorf("%s: of an owner that nobody judges, which need not be looked up: %v: %+v", what, err, v)
		}
	}
}

// unheard is an API server that does not say who may break glass.
type unheard struct{ error }

func (u unheard) MayBreakGlass(context.Context, authenticationv1.UserInfo, string, string) (bool, error) {
	return false, u.error
}

// TestUnheard asks for a change that is refused, and to break glass, where nobody can tell who may: it was judged, and stays refused.
func TestUnheard(t *testing.T) {
	known := example(t)
	plant := named(t, known, "StatefulSet.apps/payments/payments-a")
	r := reviewer(t, shipped(t), known)
	r.Rights = unheard{errors.New("connection refused")}
	v, err := r.Review(t.Context(), request(t, plant.Value().(map[string]any), glass(edited(t, plant, `"replicas":1`, `"replicas":2`))))
	if err != nil || v.Allowed || !strings.Contains(v.Message, "whether ann may break it for system payments could not be asked, try again: connection refused\n") || !strings.Contains(v.Message, "switch/one-writer") {
		t.Errorf("%v: %+v", err, v)
	}
}

// TestIdleExemption writes Exemptions that cover nothing where they stand: who does is told, and refused nothing.
func TestIdleExemption(t *testing.T) {
	r := reviewer(t, shipped(t), example(t))
	for name, c := range map[string]struct{ namespace, system, warns string }{
		"at home":               {"payments", "payments", ""},
		"elsewhere":             {"shop", "payments", "Exemption shop/x covers nothing: System payments stands in namespace payments, and so must its Exemptions"},
		"of nobody":             {"shop", "orders", "Exemption shop/x covers nothing as long as no System orders is declared, in namespace shop"},
		"of what nobody claims": {"shop", engine.Undeclared, ""},
		"of nobody, at home":    {"payments", "orders", "covers nothing"}, // its check says so, of one that is new
	} {
		written := fields{
			"apiVersion": "pocdr.dev/v1alpha1", "kind": "Exemption", "metadata": fields{"name": "x", "namespace": c.namespace},
			"spec": fields{
				"system": c.system, "check": "declaration/image-pinned", "owner": "o", "reason": "r", "expires": "2026-01-08T00:00:00Z",
				"subject": fields{"kind": "Deployment"},
			},
		}
		for _, asked := range []*admissionv1.AdmissionRequest{request(t, nil, written), request(t, written, written)} {
			if v, err := r.Review(t.Context(), asked); err != nil || !v.Allowed || (c.warns == "") != (len(v.Warnings) == 0) || len(v.Warnings) > 1 || !strings.Contains(strings.Join(v.Warnings, ""), c.warns) {
				t.Errorf("%s: %v: %+v", name, err, v)
			}
		}
		if v, err := r.Review(t.Context(), request(t, written, nil)); err != nil || !v.Allowed || len(v.Warnings) > 0 {
			t.Errorf("%s, taken away: %v: %+v", name, err, v)
		}
	}
}

func pod(containers ...any) fields {
	return fields{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": fields{"name": "x", "namespace": "payments", "labels": fields{"app.kubernetes.io/part-of": "payments"}},
		"spec":     fields{"serviceAccountName": "payments-a", "containers": []any{fields{"name": "a", "image": "a@sha256:" + strings.Repeat("0", 64)}}, "ephemeralContainers": containers},
	}
}

func definition(group, kind string) fields {
	return fields{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": fields{"name": "x." + group},
		"spec": fields{"group": group, "names": fields{"kind": kind}},
	}
}

// TestDefinitions updates definitions of kinds: what would take objects, or what they say, away is refused as if it were done to them.
func TestDefinitions(t *testing.T) {
	p, known := shipped(t), example(t)
	systems := shippedDefinition(t, "System")
	topics := func(served ...bool) fields {
		d := definition("kafka.strimzi.io", "KafkaTopic")
		d["spec"].(fields)["versions"] = []any{fields{"name": "v1beta2", "served": served[0]}, fields{"name": "v1", "served": served[1]}}
		return d
	}
	read := object(t, systems)
	less := edited(t, read, `"requiredLevel":{`, `"requiredlevel":{`)
	for name, c := range map[string]struct {
		before, after fields
		refused       string
	}{
		"as it was":              {systems, edited(t, read, `"metadata":{`, `"metadata":{"labels":{"a":"b"},`), ""},
		"served no longer":       {systems, edited(t, read, `"served":true`, `"served":false`), "transitions/system-kept"},
		"in another version":     {systems, edited(t, read, `"name":"v1alpha1"`, `"name":"v1"`), "transitions/system-kept"},
		"a field less":           {systems, less, "POCDR: systems.pocdr.dev would no longer hold spec.requiredLevel, and the API server would take that out of every System. Apply"},
		"that was less before":   {less, less, ""},
		"again":                  {less, systems, ""},
		"an entry's field less":  {systems, edited(t, read, `"contract":{`, `"contracts":{`), "would no longer hold spec.outlets[].contract,"},
		"many less":              {systems, edited(t, read, `"spec":{"description"`, `"specs":{"description"`), "would no longer hold spec,"},
		"all fields are held":    {systems, edited(t, object(t, less), `"spec":{"description"`, `"spec":{"x-kubernetes-preserve-unknown-fields":true,"description"`), ""},
		"topics, as they were":   {topics(true, true), topics(true, true), ""},
		"topics, in one version": {topics(true, true), topics(false, true), ""},
		"topics, no longer":      {topics(true, true), topics(false, false), "declaration/system-declared"},
		"what was not served":    {topics(false, false), topics(false, false), ""},
	} {
		v, err := reviewer(t, p, known).Review(t.Context(), request(t, c.before, c.after))
		if err != nil || v.Allowed != (c.refused == "") || !strings.Contains(v.Message, c.refused) {
			t.Errorf("%s: %v: %+v", name, err, v)
		}
	}
}

// shippedDefinition is the definition of one of our kinds, as the manifests hold it.
func shippedDefinition(t *testing.T, kind string) fields {
	t.Helper()
	text, err := v1alpha1.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	read, unread := document.Read("crds.yaml", []byte(text), document.DefaultBounds)
	for _, d := range read {
		value := d.Value().(fields)
		if value["spec"].(fields)["names"].(fields)["kind"] == kind {
			return value
		}
	}
	t.Fatalf("there is no definition of %s: %v", kind, unread)
	return nil
}

func replicas(n any) runtime.RawExtension {
	return runtime.RawExtension{Raw: []byte(strings.ReplaceAll(`{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"payments-a","namespace":"payments"},"spec":{N}}`, "N", n.(string)))}
}

// TestRequests asks in every form in which an API server does.
func TestRequests(t *testing.T) {
	p, known := shipped(t), example(t)
	plant := named(t, known, "StatefulSet.apps/payments/payments-a")
	now := plant.Value().(map[string]any)
	two := edited(t, plant, `"replicas":1`, `"replicas":2`)
	topic := named(t, known, "KafkaTopic.kafka.strimzi.io/payments/payment-commands").Value().(map[string]any)
	namespace := named(t, known, "Namespace//payments").Value().(map[string]any)
	reported := edited(t, plant, `"metadata":{`, `"status":{"replicas":1},"metadata":{`)
	unlabelled := edited(t, plant, `"app.kubernetes.io/part-of":"payments"`, `"app.kubernetes.io/part-of":"x"`)
	opened := edited(t, named(t, known, "Namespace//payments"), `"pocdr.dev/environment":"production"`, `"a":"b"`)
	system := named(t, known, "System.pocdr.dev/payments/payments")
	declared := system.Value().(map[string]any)
	forged := edited(t, system, `"metadata":{`, `"status":{"switch":{"previous":"b","selected":"a"}},"metadata":{`)
	levelled := edited(t, system, `"metadata":{`, `"status":{"levelSeen":5,"switch":{"previous":"b","selected":"a"}},"metadata":{`)
	binding := fields{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": fields{"name": "x", "namespace": "payments"},
		"roleRef":  fields{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
		"subjects": []any{fields{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "ann"}},
	}
	adopted := of("apps/v1", "StatefulSet", pod())
	adopted["metadata"].(fields)["ownerReferences"].([]any)[0].(fields)["name"] = "payments-a"
	debugger := pod(fields{"name": "b", "image": "b:1"})
	for name, c := range map[string]struct {
		before, after fields
		edit          func(*admissionv1.AdmissionRequest)
		refused       string // a part of the message; empty: it is allowed
		notJudged     string // why
	}{
		"as it was":      {before: now, after: now},
		"an update":      {before: now, after: two, refused: "switch/one-writer"},
		"a creation":     {after: pod(), refused: "access/own-identity"},
		"a deletion":     {before: topic, refused: "intake/declared"},
		"a namespace":    {before: namespace, refused: "transitions/system-kept"},
		"a definition":   {before: definition("pocdr.dev", "System"), refused: "transitions/system-kept"},
		"another one":    {before: definition("acme.org", "System")},
		"a clean-up":     {before: topic, edit: by(admission.Cleaners[0]), notJudged: "what is cleaned up after a deletion was judged with it"},
		"what is owned":  {before: of("apps/v1", "ReplicaSet", pod()), edit: by(collector)},
		"what says so":   {before: of("v1", "ConfigMap", topic), edit: by(collector), refused: "intake/declared"},
		"an adoption":    {before: pod(), after: adopted, edit: by(admission.Controllers[0])},
		"a dry run":      {before: now, after: two, edit: func(r *admissionv1.AdmissionRequest) { r.DryRun = new(bool); *r.DryRun = true }, refused: "switch/one-writer"},
		"a status":       {before: now, after: reported, edit: sub("status"), notJudged: "a status is observed, not declared"},
		"its labels":     {before: now, after: unlabelled, edit: sub("status")},
		"what served":    {before: declared, after: forged, edit: sub("status"), refused: "POCDR system payments: status.switch is what the audit saw of the switch"},
		"in an update":   {before: declared, after: forged, refused: "POCDR system payments: status.switch is what the audit saw of the switch"},
		"from the start": {after: forged, refused: "POCDR system payments: status.switch is what the audit saw of the switch"},
		"by the audit":   {before: declared, after: forged, edit: both(sub("status"), by(admission.Auditor)), notJudged: "a status is observed, not declared"},
		"other status":   {before: forged, after: levelled, edit: sub("status"), notJudged: "a status is observed, not declared"},
		"an ending":      {before: namespace, after: namespace, edit: sub("finalize"), notJudged: "the end of a namespace was judged when it was deleted"},
		"no production":  {before: namespace, after: opened, edit: sub("finalize"), refused: "transitions/production-kept"},
		"glass closed":   {before: glass(two), after: two, refused: "switch/one-writer"},
		"and mended":     {before: glass(two), after: now},
		"of a grant":     {before: glass(binding), after: binding, refused: "access/one-writer"},
		"of no grant":    {before: glass(binding)},
		"an eviction":    {after: pod(), edit: sub("eviction"), notJudged: "an evicted pod is made again by its workload; disruption budgets bound how many at once"},
		"a binding":      {after: pod(), edit: sub("binding"), notJudged: "where a pod runs is the scheduler's to say"},
		"a connection":   {after: fields{"apiVersion": "v1", "kind": "PodExecOptions", "metadata": fields{}}, edit: connect, notJudged: "a connection changes nothing that is declared; who may enter pods is judged as reach"},
		"what is new":    {before: now, after: two, edit: sub("teleport"), notJudged: "no adapter reads the subresource teleport"},
		"a debugger":     {before: pod(), after: debugger, edit: sub("ephemeralcontainers")},
		"another size":   {before: pod(), after: pod(), edit: sub("resize")},
		"a scale of 2":   {before: now, after: now, edit: scale(`"replicas":2`), refused: "switch/one-writer"},
		"a scale of 1":   {before: now, after: now, edit: scale(`"replicas":1`)},
		"a scale of 0":   {before: now, after: now, edit: scale(``), refused: "transitions/served-kept"},
		"no scale":       {before: now, after: now, edit: func(r *admissionv1.AdmissionRequest) { scale("")(r); r.Object.Raw = nil }, refused: "a scale without its object"},
		"another scale":  {before: now, after: now, edit: func(r *admissionv1.AdmissionRequest) { scale("")(r); r.Name = "y" }, refused: "StatefulSet.apps/payments/y, which is scaled, is not there: "},
		"no object":      {before: now, after: two, edit: func(r *admissionv1.AdmissionRequest) { r.Object.Raw = nil }, refused: "a UPDATE without its object"},
		"no old object":  {before: now, after: two, edit: func(r *admissionv1.AdmissionRequest) { r.OldObject.Raw = []byte("null") }, refused: "an UPDATE without its oldObject: what changes cannot be told"},
		"nothing":        {before: topic, edit: func(r *admissionv1.AdmissionRequest) { r.OldObject.Raw = nil }, refused: "a DELETE without its oldObject: what is deleted cannot be told"},
		"no JSON":        {before: now, after: two, edit: func(r *admissionv1.AdmissionRequest) { r.Object.Raw = []byte("{") }, refused: "request.object cannot be read"},
		"no namespace": {after: pod(), edit: func(r *admissionv1.AdmissionRequest) {
			r.Object.Raw = bytes.Replace(r.Object.Raw, []byte(`"namespace":"payments"`), []byte(`"uid":"1"`), 1)
		}, refused: "request.object is of namespace default, and request.namespace is payments"},
		"no identity": {before: now, after: two, edit: func(r *admissionv1.AdmissionRequest) { r.Object.Raw = []byte(`{"a":1}`) }, refused: "request.object cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			r := reviewer(t, p, known)
			r.Objects = stands{plant}
			before, err := r.State.Judged(t.Context(), asOf)
			if err != nil {
				t.Fatal(err)
			}
			asked := request(t, c.before, c.after)
			if c.edit != nil {
				c.edit(asked)
			}
			v, err := r.Review(t.Context(), asked)
			if err != nil {
				t.Fatal(err)
			}
			if v.Allowed != (c.refused == "") || !strings.Contains(v.Message, c.refused) || v.Annotations["not-judged"] != c.notJudged {
				t.Errorf("allowed %v, not judged since %q: %s", v.Allowed, v.Annotations["not-judged"], v.Message)
			}
			again, err := r.State.Judged(t.Context(), asOf)
			if err != nil || again != before {
				t.Errorf("the request has changed what is known: %v", err)
			}
		})
	}
}

// collector deletes what names an owner that is gone. Anybody who may write an object can name one in it that never was.
const collector = "system:serviceaccount:kube-system:generic-garbage-collector"

// of is an object that says what controls it.
func of(version, kind string, o fields) fields {
	o, metadata := maps.Clone(o), maps.Clone(o["metadata"].(fields))
	metadata["ownerReferences"] = []any{fields{"apiVersion": version, "kind": kind, "name": "gone", "uid": "1", "controller": true}}
	o["metadata"] = metadata
	return o
}

// TestScaleOfOwned scales a ReplicaSet by hand that says a Deployment owns it: nobody believes that of a person, and so it is judged as itself.
func TestScaleOfOwned(t *testing.T) {
	p, known := shipped(t), example(t)
	set := edited(t, named(t, known, "StatefulSet.apps/payments/payments-a"), `"kind":"StatefulSet"`, `"kind":"ReplicaSet"`)
	d, err := document.OfObject(of("apps/v1", "Deployment", set), "x")
	if err != nil {
		t.Fatal(err)
	}
	asked := request(t, set, set)
	scale(`"replicas":2`)(asked)
	asked.Resource.Resource = "replicasets"
	r := reviewer(t, p, append(known, d))
	r.Objects = stands{d}
	if v, err := r.Review(t.Context(), asked); err != nil || !strings.Contains(v.Message, "radius/bounded: ReplicaSet.apps/payments/payments-a: runs 2 pods") {
		t.Errorf("%v: %+v", err, v)
	}
}

// glass is an object that was pushed through a refusal.
func glass(o fields) fields {
	o, metadata := maps.Clone(o), maps.Clone(o["metadata"].(fields))
	metadata["resourceVersion"] = "2"
	metadata["annotations"] = fields{"pocdr.dev/break-glass-reason": "x", "pocdr.dev/break-glass-expires": "2026-01-01T12:00:00Z"}
	o["metadata"] = metadata
	return o
}

func by(user string) func(*admissionv1.AdmissionRequest) {
	return func(r *admissionv1.AdmissionRequest) { r.UserInfo.Username = user }
}

func both(one, other func(*admissionv1.AdmissionRequest)) func(*admissionv1.AdmissionRequest) {
	return func(r *admissionv1.AdmissionRequest) { one(r); other(r) }
}

func sub(resource string) func(*admissionv1.AdmissionRequest) {
	return func(r *admissionv1.AdmissionRequest) { r.SubResource = resource }
}

func connect(r *admissionv1.AdmissionRequest) {
	r.Operation, r.SubResource, r.Resource.Resource, r.Name, r.Namespace = admissionv1.Connect, "exec", "pods", "payments-a-0", "payments"
}

func scale(text string) func(*admissionv1.AdmissionRequest) {
	return func(r *admissionv1.AdmissionRequest) {
		r.SubResource, r.Kind.Group, r.Kind.Kind, r.OldObject, r.Object = "scale", "autoscaling", "Scale", replicas(`"replicas":1`), replicas(text)
	}
}

// TestOwner asks for pods that say that something else owns them: only the cluster's controllers are believed, and only of an owner that is there.
func TestOwner(t *testing.T) {
	p, known := shipped(t), example(t)
	const controllers = "system:serviceaccount:kube-system:"
	for name, c := range map[string]struct {
		user, owner, uid string
		believed         bool
	}{
		"a person":                      {"ann", "payments-a", "1", false},
		"a controller":                  {controllers + "statefulset-controller", "payments-a", "1", true},
		"all controllers in one":        {"system:kube-controller-manager", "payments-a", "1", true},
		"another account":               {controllers + "foo", "payments-a", "1", false},
		"one of a similar name":         {controllers + "statefulset-controller-2", "payments-a", "1", false},
		"one from elsewhere":            {"system:serviceaccount:other:statefulset-controller", "payments-a", "1", false},
		"of nobody":                     {controllers + "statefulset-controller", "nope", "1", false},
		"of one that was made just now": {controllers + "statefulset-controller", "new", "2", true},
		"of its predecessor":            {controllers + "statefulset-controller", "new", "1", false},
	} {
		t.Run(name, func(t *testing.T) {
			owned := pod()
			owned["metadata"].(fields)["ownerReferences"] = []any{fields{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": c.owner, "uid": c.uid, "controller": true}}
			owned["spec"].(fields)["containers"].([]any)[0].(fields)["image"] = "a:1"
			asked := request(t, nil, owned)
			by(c.user)(asked)
			r := reviewer(t, p, known)
			made, err := document.OfObject(fields{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": fields{"name": "new", "namespace": "payments", "uid": "2"}}, "x")
			if err != nil {
				t.Fatal(err)
			}
			r.Objects = stands{made}
			if v, err := r.Review(t.Context(), asked); err != nil || v.Allowed != c.believed {
				t.Errorf("%v: %+v", err, v)
			}
		})
	}
}

// TestBroker asks for a pod with the labels of the brokers of the declared cluster: they are their operator's to make, and no System need claim them.
func TestBroker(t *testing.T) {
	p, known := shipped(t), example(t)
	for name, c := range map[string]struct{ user, cluster, refused string }{
		"by their operator":              {"system:serviceaccount:strimzi:strimzi-cluster-operator", "payments", ""},
		"by another account":             {"system:serviceaccount:strimzi:other", "payments", "transitions/bedrock-apart"},
		"of a cluster that is not there": {"system:serviceaccount:strimzi:strimzi-cluster-operator", "other", "declaration/claimed"},
	} {
		t.Run(name, func(t *testing.T) {
			broker := pod()
			broker["spec"].(fields)["serviceAccountName"] = "payments-kafka"
			broker["metadata"].(fields)["labels"] = fields{"strimzi.io/cluster": c.cluster, "strimzi.io/name": c.cluster + "-kafka"}
			asked := request(t, nil, broker)
			by(c.user)(asked)
			v, err := reviewer(t, p, known).Review(t.Context(), asked)
			if err != nil || v.Allowed != (c.refused == "") || !strings.Contains(v.Message, c.refused) {
				t.Errorf("%v: %+v", err, v)
			}
		})
	}
}

// TestUnread asks for an object that cannot be read: what it takes away is said by the name of the object, since there is no file.
func TestUnread(t *testing.T) {
	known := example(t)
	profile := named(t, known, "Profile.pocdr.dev//write-path")
	asked := request(t, profile.Value().(map[string]any), edited(t, profile, `"maxObjective":"15m"`, `"maxObjective":""`))
	d, err := reviewer(t, shipped(t), known).Decide(t.Context(), asked)
	if err != nil || d.Allowed {
		t.Fatalf("%v: %+v", err, d)
	}
	said := 0
	for _, r := range d.Systems[0].Refusals {
		if strings.HasPrefix(r.Message, "Profile.pocdr.dev//write-path could not be read, and might have said otherwise: ") {
			said++
		}
	}
	if said == 0 {
		t.Errorf("nobody says what could not be read: %+v", d.Systems[0].Refusals)
	}
}
