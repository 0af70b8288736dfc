// Package webhook is the validating admission server: it hears the API server, has each request judged, and answers in time.
//
// What it cannot judge (overload, a deadline, a defect of ours) is never allowed: it answers with an HTTP error and a reason, and the
// failurePolicy of the webhook's configuration decides. Only a Judge allows.
package webhook

import (
	"context"

	admissionv1 "k8s.io/api/admission/v1"
)

// Judge answers admission requests. It is called from several goroutines, ends soon after its context does, and has no side effect for a
// dry run. An error is a defect of ours: it becomes a 500 with its cause. The request is the Judge's to keep, not to change.
type Judge interface {
	Review(ctx context.Context, r *admissionv1.AdmissionRequest) (*Verdict, error)
}

// Verdict is the answer to a request.
type Verdict struct {
	Allowed     bool
	Message     string            // why not, as kubectl shows it; may have several lines
	Warnings    []string          // a line each, shown by kubectl; Kubernetes takes 256 characters of one and 4096 of all
	Annotations map[string]string // for the audit log; keys as Kubernetes writes the name part of a label
	Decision    string            // id of the decision; goes to the log, and to the audit log as the annotation "decision"
	Systems     []SystemVerdict
}

// SystemVerdict is what a verdict says of one system, for the log and the metrics.
type SystemVerdict struct {
	System  string   `json:"system"`
	Mode    string   `json:"mode"`
	Allowed bool     `json:"allowed"`
	Checks  []string `json:"checks,omitempty"` // those that refused
}
