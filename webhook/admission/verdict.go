package admission

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/webhook"
)

// shown is how many findings a message tells; of the others it says how many there are.
const shown = 3

// verdict puts a decision into the words of an answer.
func (r *Reviewer) verdict(d *engine.Decision) *webhook.Verdict {
	v := &webhook.Verdict{Allowed: d.Allowed, Annotations: map[string]string{
		"policies": r.Policies.Digest, "checks": strconv.Itoa(len(r.Policies.Checks)), "allowed": strconv.FormatBool(d.Allowed),
	}}
	var refusals, exemptions []string
	for _, s := range d.Systems {
		exemptions = append(exemptions, s.Exemptions...)
		systemVerdict := webhook.SystemVerdict{System: s.Name, Mode: string(s.Mode), Allowed: s.Allowed}
		for _, f := range s.Refusals {
			systemVerdict.Checks = append(systemVerdict.Checks, f.Check.ID)
		}
		slices.Sort(systemVerdict.Checks)
		systemVerdict.Checks = slices.Compact(systemVerdict.Checks)
		v.Systems = append(v.Systems, systemVerdict)
		if !s.Allowed {
			refusals = append(refusals, refusal(s))
		}
		v.Warnings = append(v.Warnings, warnings(s)...)
	}
	for _, f := range d.Faults {
		v.Warnings = append(v.Warnings, fmt.Sprintf("policy %s failed: %s", f.Policy, f.Message))
	}
	if len(exemptions) > 0 {
		v.Annotations["exemptions"] = strings.Join(exemptions, ", ")
	}
	v.Message = strings.Join(refusals, "\n")
	return v
}

// refusal says what refuses a change of one system: what it would break, why that matters here, and what to do.
func refusal(s engine.SystemDecision) string {
	var b strings.Builder
	fmt.Fprintf(&b, "POCDR system %s: %s, floor %d.", s.Name, levels(s), s.Floor)
	told := s.Refusals[:min(shown, len(s.Refusals))]
	for i, f := range told {
		fmt.Fprintf(&b, "\n%d. %s: %s%s", i+1, f.Check.ID, place(f.Finding), f.Message)
		if i+1 == len(told) || told[i+1].Check != f.Check {
			fmt.Fprintf(&b, "\n   (%s) %s", f.Rule, f.Check.Remediation)
		}
	}
	if more := len(s.Refusals) - len(told); more > 0 {
		fmt.Fprintf(&b, "\n… and %d more.", more)
	}
	return b.String()
}

// levels says which level the system had, of what is seen in the cluster, and which it has after the change.
func levels(s engine.SystemDecision) string {
	switch {
	case s.Before == nil:
		return fmt.Sprintf("new, level seen %d", s.After.LevelSeen)
	case s.After == nil:
		return fmt.Sprintf("gone, level seen %d before", s.Before.LevelSeen)
	case s.Before.LevelSeen == s.After.LevelSeen:
		return fmt.Sprintf("level seen %d as before", s.After.LevelSeen)
	}
	return fmt.Sprintf("level seen %d → %d", s.Before.LevelSeen, s.After.LevelSeen)
}

func place(f engine.Finding) string {
	switch {
	case f.Document == "":
		return ""
	case len(f.Path) == 0:
		return f.Document + ": "
	}
	return f.Document + " " + f.Path.String() + ": "
}

// warnings are what a change does that is not refused and that who asks should know.
func warnings(s engine.SystemDecision) []string {
	if s.Mode == v1alpha1.Record {
		return nil
	}
	var all []string
	if s.Relief != "" && len(s.Refusals) > 0 {
		all = append(all, fmt.Sprintf("%s: admitted, since %s", s.Name, s.Relief))
	}
	for _, f := range s.Refusals {
		if s.Allowed && s.Relief == "" {
			all = append(all, fmt.Sprintf("%s: %s: %s%s (would be refused where the mode is Enforce)", s.Name, f.Check.ID, place(f.Finding), f.Message))
		}
	}
	for _, f := range s.Warnings {
		if f.Check.Level <= s.Floor || f.Check.Kind == "transition" { // what is above the floor was not asked for; that a change would be refused there is worth a word
			all = append(all, fmt.Sprintf("%s: %s: %s%s", s.Name, f.Check.ID, place(f), f.Message))
		}
	}
	return all
}
