package webhook

import (
	"encoding/json"
	"fmt"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// outcome says how a request ended, in metrics and log.
type outcome string

const (
	allowed    outcome = "allowed"
	refused    outcome = "refused"
	malformed  outcome = "invalid"
	stranger   outcome = "stranger" // a client whose certificate does not name it as one that is served
	tooLarge   outcome = "too-large"
	overloaded outcome = "overloaded"
	late       outcome = "late"
	gone       outcome = "gone" // the API server no longer waits
	blind      outcome = "not-ready"
	defect     outcome = "defect"
)

// fault is an answer that is no decision: an HTTP error, upon which the webhook's failurePolicy decides.
type fault struct {
	outcome outcome
	code    int
	reason  metav1.StatusReason
	message string
	stack   []byte // of a panic
}

func invalid(format string, args ...any) *fault {
	return &fault{outcome: malformed, code: http.StatusBadRequest, reason: metav1.StatusReasonBadRequest, message: fmt.Sprintf(format, args...)}
}

func overload(why string) *fault {
	return &fault{outcome: overloaded, code: http.StatusTooManyRequests, reason: metav1.StatusReasonTooManyRequests,
		message: "the webhook is overloaded and has judged nothing: " + why + "; try again"}
}

// unready is the fault of a webhook that does not know enough to judge: whoever asks is not bound to ask /readyz first.
func unready(why error) *fault {
	return &fault{outcome: blind, code: http.StatusServiceUnavailable, reason: metav1.StatusReasonServiceUnavailable,
		message: "the webhook is not ready and has judged nothing: " + why.Error() + "; try again"}
}

func defective(cause string, stack []byte) *fault {
	return &fault{outcome: defect, code: http.StatusInternalServerError, reason: metav1.StatusReasonInternalError,
		message: "the webhook could not judge: " + cause, stack: stack}
}

// write answers as the API server's client reads errors: a Status, whose message it shows. That client tries again after Retry-After, as
// long as the webhook's timeout lasts, so only what soon passes has one.
func (f *fault) write(w http.ResponseWriter) error {
	body, err := json.Marshal(&metav1.Status{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"},
		Status:   metav1.StatusFailure, Code: int32(f.code), Reason: f.reason, Message: cut(f.message, messageLength),
	})
	if err != nil {
		return err
	}
	if f.outcome == overloaded || f.outcome == blind {
		w.Header().Set("Retry-After", "1")
	}
	return write(w, f.code, body)
}

func write(w http.ResponseWriter, code int, body []byte) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(code)
	_, err := w.Write(body)
	return err
}
