package admission

import (
	"context"
	"fmt"
	"strings"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	authenticationv1 "k8s.io/api/authentication/v1"

	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/webhook"
)

// Annotations by which a change is pushed through.
const (
	breakGlassReason  = "pocdr.dev/break-glass-reason"
	breakGlassExpires = "pocdr.dev/break-glass-expires"
)

// longest is the longest that broken glass may stay open.
const longest = 24 * time.Hour

// Rights tells whether a user may break the glass of a System.
type Rights interface {
	MayBreakGlass(ctx context.Context, user authenticationv1.UserInfo, namespace, system string) (bool, error)
}

// breakGlass admits a refused change where its object says so, with reason and end, and who asks may do so for each system that refuses it.
func (r *Reviewer) breakGlass(ctx context.Context, v *webhook.Verdict, d *engine.Decision, c change, request *admissionv1.AdmissionRequest, now time.Time) {
	asked, fault := glass(c, now)
	if !asked {
		return
	}
	for _, s := range d.Systems {
		if fault == "" && !s.Allowed {
			fault = r.mayNot(ctx, request.UserInfo, s)
		}
	}
	if fault != "" {
		v.Message = "The glass is not broken: " + fault + "\n" + v.Message
		return
	}
	reason := annotation(c, breakGlassReason)
	v.Allowed, v.Annotations["allowed"], v.Annotations["break-glass"] = true, "true", reason
	v.Warnings = append([]string{
		fmt.Sprintf("POCDR: the glass is broken by %s until %s. This is recorded, and is a debt of gate/exemptions-expire until the annotations are taken off.", request.UserInfo.Username, annotation(c, breakGlassExpires)),
	}, v.Warnings...)
}

// glass tells whether the request asks to break glass, and what is wrong with how it does.
func glass(c change, now time.Time) (asked bool, fault string) {
	reason, expires := annotation(c, breakGlassReason), annotation(c, breakGlassExpires)
	if reason == "" && expires == "" {
		return false, ""
	}
	until, err := time.Parse(time.RFC3339, expires)
	switch {
	case strings.TrimSpace(reason) == "":
		return true, "the annotation " + breakGlassReason + " gives no reason"
	case err != nil:
		return true, fmt.Sprintf("the annotation %s is %q, and no time as in 2026-01-31T12:00:00Z", breakGlassExpires, expires)
	case !until.After(now):
		return true, "it expired at " + expires
	case until.Sub(now) > longest:
		return true, fmt.Sprintf("it expires at %s; %s is the longest that is allowed", expires, longest)
	}
	return true, ""
}

// annotation reads an annotation of the object that is made, or of the one that is deleted.
func annotation(c change, name string) string {
	d := c.after
	if d == nil {
		d = c.before
	}
	fields, _ := d.Value().(map[string]any)
	metadata, _ := fields["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	text, _ := annotations[name].(string)
	return text
}

func (r *Reviewer) mayNot(ctx context.Context, user authenticationv1.UserInfo, s engine.SystemDecision) string {
	if r.Rights == nil {
		return "nobody here can tell who may"
	}
	may, err := r.Rights.MayBreakGlass(ctx, user, s.Namespace, s.Name)
	switch {
	case err != nil:
		return fmt.Sprintf("whether %s may break it for system %s could not be asked, try again: %v", user.Username, s.Name, err)
	case !may:
		return fmt.Sprintf("%s has not the verb breakglass on systems.pocdr.dev %s", user.Username, s.Name)
	}
	return ""
}
