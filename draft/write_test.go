package draft

import (
	"testing"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

// TestHostileNames drafts Systems of names that YAML could take for something else: each is read back as it was.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{"plain", "yes", "n", "null", "1", "1.5", "a: b", "a # b", "a\"b", "it's", "{a}", "[a]", "a,b", "- a", "*a", "&a", "é", "a\nb", "~", "2001-01-01"} {
		d := Draft{
			Name: name, Namespace: name, Owners: []string{name}, PartOf: name, Intake: []Resource{{"kafka", name, name}}, Outlets: []Resource{{"cassandra", "", name}},
			Plants: [2][]Workload{{{"Deployment", name}}, {{"Deployment", name}}}, Service: name, Readers: []string{"kafka:" + name},
		}
		documents, unread := document.Read("a.yaml", []byte(d.YAML()), document.DefaultBounds)
		if len(documents) != 1 || len(unread) > 0 {
			t.Errorf("%q: %v\n%s", name, unread, d.YAML())
			continue
		}
		s, faults := v1alpha1.ReadSystem(documents[0].Value().(map[string]any))
		if len(faults) > 0 {
			t.Errorf("%q: %v", name, faults)
			continue
		}
		if s.Name != name || s.Spec.Owners[0] != name || s.Spec.Intake.Name != name || s.Spec.Plants.B.Workloads[0].Name != name || s.Spec.Switch.Ref.Name != name {
			t.Errorf("%q was read back as %+v", name, s.Spec)
		}
	}
}
