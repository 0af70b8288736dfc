package cluster

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"pocdr.dev/pocdr/document"
)

// documentOf makes a document of an object. Its digest is the version that the API server counts.
func documentOf(o *unstructured.Unstructured) (document.Document, error) {
	return document.OfObject(o.Object, Version(string(o.GetUID()), o.GetResourceVersion()))
}

// Version is the digest of an object of that version.
func Version(uid, resourceVersion string) string {
	if uid == "" || resourceVersion == "" {
		return ""
	}
	return "version:" + uid + "/" + resourceVersion
}

// owned tells whether an object makes pods, or is one, on behalf of another that is read: it is judged with its owner. policies/bedrock/kubernetes/workload.rego
// knows the same ones.
func owned(o *unstructured.Unstructured) bool {
	owner := metav1.GetControllerOf(o)
	if owner == nil {
		return false
	}
	switch o.GetKind() + " of " + schema.FromAPIVersionAndKind(owner.APIVersion, owner.Kind).GroupKind().String() {
	case "Pod of ReplicaSet.apps", "Pod of StatefulSet.apps", "Pod of DaemonSet.apps", "Pod of Job.batch", "Pod of ReplicationController",
		"ReplicaSet of Deployment.apps", "Job of CronJob.batch":
		return true
	}
	return false
}
