package engine

import (
	"fmt"
	"strings"

	"pocdr.dev/pocdr/api/v1alpha1"
)

// exempt marks the findings that an exemption covers which has not lapsed. One that would cover a finding and stands in the wrong namespace is named in it:
// it covers nothing, since who may write there answers for another system.
func (s *Snapshot) exempt(findings []Finding) {
	for i := range findings {
		f := &findings[i]
		if !f.Check.Exemptible {
			continue
		}
		for _, e := range s.exemptions {
			if !s.covers(e, f) {
				continue
			}
			if home := s.home(f); home != "" && e.Namespace != home {
				f.Message += fmt.Sprintf("; Exemption %s/%s does not cover it: it would have to stand in namespace %s", e.Namespace, e.Name, home)
				continue
			}
			f.Outcome, f.Exemption = Exempt, e.Name
			break
		}
	}
}

// home is the namespace in which an exemption of a finding stands: the System's own, and without a System that of the object; empty where there is none.
func (s *Snapshot) home(f *Finding) string {
	if s.Declared {
		return s.namespace
	}
	_, object, _ := s.view.Source(f.Document)
	return object.Namespace
}

// covers tells whether the exemption is about the finding. An exemption without an expiry or a subject covers nothing.
func (s *Snapshot) covers(e *v1alpha1.Exemption, f *Finding) bool {
	spec := e.Spec
	if spec.System != s.Name || spec.Check != f.Check.ID || spec.Expires == nil || spec.Subject == nil || !spec.Expires.After(s.asOf) {
		return false
	}
	_, object, _ := s.view.Source(f.Document)
	is := func(wanted, got string) bool { return wanted == "" || wanted == got }
	return is(spec.Subject.Kind, object.Kind) && is(spec.Subject.Namespace, object.Namespace) && is(spec.Subject.Name, object.Name) &&
		below(spec.Subject.Path, f.Path.String())
}

// below tells whether path is prefix, or inside what prefix names.
func below(prefix, path string) bool {
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && (prefix == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}
