package audit

import (
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	typed "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/record"

	"pocdr.dev/pocdr/api/v1alpha1"
)

// Written writes through an API server.
type Written struct {
	objects dynamic.Interface
	events  record.EventRecorder
}

// NewWritten makes what writes through the API server of config. Events that repeat are counted, and too many are dropped, until the context ends.
func NewWritten(ctx context.Context, config *rest.Config) (*Written, error) {
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	broadcaster := record.NewBroadcaster(record.WithContext(ctx))
	broadcaster.StartRecordingToSink(&typed.EventSinkImpl{Interface: client.CoreV1().Events("")})
	return &Written{objects, broadcaster.NewRecorder(runtime.NewScheme(), corev1.EventSource{Component: "pocdr-audit"})}, nil
}

var systems = schema.GroupVersionResource{Group: v1alpha1.Group, Version: v1alpha1.Version, Resource: "systems"}

// Status writes the status of a System.
func (w *Written) Status(ctx context.Context, namespace, name string, status v1alpha1.SystemStatus) error {
	patch, err := json.Marshal([]any{map[string]any{"op": "add", "path": "/status", "value": status}}) // all of it: what somebody else put there goes
	if err != nil {
		return err
	}
	_, err = w.objects.Resource(systems).Namespace(namespace).Patch(ctx, name, types.JSONPatchType, patch, metav1.PatchOptions{FieldManager: "pocdr-audit"}, "status")
	if err != nil {
		return fmt.Errorf("write the status of System %s/%s: %w", namespace, name, err)
	}
	return nil
}

// Event records an event about a System.
func (w *Written) Event(ctx context.Context, namespace, name string, warning bool, reason, message string) error {
	object, err := w.objects.Resource(systems).Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("an event about System %s/%s: %w", namespace, name, err)
	}
	kind := corev1.EventTypeNormal
	if warning {
		kind = corev1.EventTypeWarning
	}
	w.events.Event(object, kind, reason, message[:min(len(message), eventLength)])
	return nil
}

// eventLength is how long an API server takes a message to be.
const eventLength = 1000
