package webhook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	kjson "sigs.k8s.io/json"

	"pocdr.dev/pocdr/document"
)

var served = metav1.TypeMeta{APIVersion: admissionv1.SchemeGroupVersion.String(), Kind: "AdmissionReview"}

var operations = []admissionv1.Operation{admissionv1.Create, admissionv1.Update, admissionv1.Delete, admissionv1.Connect}

// decode reads the request of a review, with names of fields as the API server takes them: in their case.
func decode(body []byte) (*admissionv1.AdmissionRequest, *fault) {
	var review admissionv1.AdmissionReview
	err := kjson.UnmarshalCaseSensitivePreserveInts(body, &review)
	if syntax, offset := kjson.SyntaxErrorOffset(err); syntax {
		line, column := position(body, offset)
		return nil, invalid("the body is not JSON: line %d, column %d (byte %d of %d): %v", line, column, offset, len(body), err)
	}
	if review.TypeMeta != served {
		return nil, invalid("the body is of kind %q, version %q: served is kind %q, version %q; set admissionReviewVersions: [v1]",
			shown(review.Kind), shown(review.APIVersion), served.Kind, served.APIVersion)
	}
	if err != nil {
		return nil, invalid("the body is not an AdmissionReview: %v", err)
	}
	if review.Request == nil {
		return nil, invalid("the AdmissionReview has no request")
	}
	if review.Request.UID == "" {
		return nil, invalid("request.uid is empty: the answer would belong to nobody")
	}
	if !slices.Contains(operations, review.Request.Operation) {
		return nil, invalid("request.operation is %q: known are %v", shown(string(review.Request.Operation)), operations)
	}
	return review.Request, nil
}

// position gives line and column, from 1, of what the reader stumbled over: the last of offset bytes.
func position(body []byte, offset int64) (line, column int) {
	before := body[:max(0, min(offset, int64(len(body)))-1)]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// shown is text from a request, short enough to be quoted.
func shown(text string) string { return cut(text, 100) }

// encode writes the answer to a request, within the limits of the API server: what is past them it would drop, or cut without a word.
func encode(r *admissionv1.AdmissionRequest, v *Verdict) ([]byte, error) {
	response := &admissionv1.AdmissionResponse{
		UID: r.UID, Allowed: v.Allowed, Warnings: warnings(v.Warnings), AuditAnnotations: annotations(v),
	}
	if !v.Allowed {
		response.Result = &metav1.Status{Status: metav1.StatusFailure, Code: http.StatusForbidden, Reason: metav1.StatusReasonForbidden, Message: message(v)}
	}
	body, err := json.Marshal(&admissionv1.AdmissionReview{TypeMeta: served, Response: response})
	if err != nil {
		return nil, fmt.Errorf("write the answer: %w", err)
	}
	return body, nil
}

// Limits, in characters. Of warnings, they are the API server's (k8s.io/apiserver, endpoints/filters/warning.go); of the rest, ours.
const (
	warningLength    = 256
	warningsLength   = 4096
	messageLength    = 8192
	annotationLength = 4096
	roomForMore      = 40 // for "… and 1234 more warnings"
)

func message(v *Verdict) string {
	if v.Message == "" {
		return fmt.Sprintf("refused by decision %q, which gives no reason", v.Decision)
	}
	return cut(v.Message, messageLength)
}

// warnings makes warnings that the API server passes on: valid text on one line each, none twice, none too long, not too many.
func warnings(all []string) []string {
	var out []string
	for _, text := range all {
		text = cut(oneLine(text), warningLength)
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if total := length(out); total <= warningsLength {
		return out
	}
	keep, total := 0, 0
	for total+utf8.RuneCountInString(out[keep]) <= warningsLength-roomForMore {
		total += utf8.RuneCountInString(out[keep])
		keep++
	}
	return append(out[:keep:keep], "… and "+document.Count(len(out)-keep, "more warning", "more warnings"))
}

func length(texts []string) int {
	total := 0
	for _, text := range texts {
		total += utf8.RuneCountInString(text)
	}
	return total
}

// oneLine puts a space in the place of control characters, since the API server drops a warning that holds one.
func oneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD")))
}

// cut shortens text to so many characters, and says that it did.
func cut(text string, limit int) string {
	n := utf8.RuneCountInString(text)
	if n <= limit {
		return text
	}
	more := fmt.Sprintf("… and %d characters more", n-limit+roomForMore)
	return string([]rune(text)[:limit-roomForMore]) + more
}

var notInKeys = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// annotations makes annotations that the API server does not drop. It puts the webhook's name and a slash before each key.
func annotations(v *Verdict) map[string]string {
	out := make(map[string]string, len(v.Annotations)+1)
	if v.Decision != "" {
		out["decision"] = cut(v.Decision, annotationLength)
	}
	for _, given := range slices.Sorted(maps.Keys(v.Annotations)) {
		value, key := v.Annotations[given], notInKeys.ReplaceAllString(given, "-")
		key = strings.Trim(key[:min(len(key), validation.LabelValueMaxLength)], "._-")
		if key != "" {
			out[key] = cut(strings.ToValidUTF8(value, "\uFFFD"), annotationLength)
		}
	}
	return out
}
