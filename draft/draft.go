// Package draft infers a first System from what a repository declares. What it
// cannot infer it marks, and never guesses.
package draft

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"pocdr.dev/pocdr/engine"
)

// Draft is what could be inferred. An empty field could not be.
type Draft struct {
	Name      string
	Namespace string
	Owners    []string
	PartOf    string // the label app.kubernetes.io/part-of that all workloads carry
	Intake    []Resource
	Outlets   []Resource
	Plants    [2][]Workload // b is empty for a system that is changed in place
	Service   string        // a service that selects the first plant
	Readers   []string      // principals that read an outlet and belong to no plant
}

// Resource is a log or store.
type Resource struct{ Platform, Scope, Name string }

// Workload is a workload of a plant.
type Workload struct{ Kind, Name string }

const partOf = "app.kubernetes.io/part-of"

// Infer drafts the System of one namespace; of the one with the most lasting workloads where none is named. ok is false where there is no workload to start from.
func Infer(v *engine.View, namespace string, owners []string) (d Draft, ok bool) {
	workloads := lasting(v)
	if namespace == "" {
		namespace = busiest(workloads)
	}
	workloads = slices.DeleteFunc(workloads, func(w engine.Fact) bool { return w.Text("namespace") != namespace })
	if len(workloads) == 0 {
		return Draft{}, false
	}
	d = Draft{Namespace: namespace, Owners: owners, PartOf: shared(workloads), Plants: plants(workloads)}
	d.Name = cmp.Or(d.PartOf, namespace)
	principals := holders(v, namespace, workloads)
	d.Intake = reached(v, principals, "read", "log")
	d.Outlets = reached(v, principals, "write", "log", "store")
	d.Readers = readers(v, d.Outlets, principals)
	d.Service = selecting(v, namespace, workloads)
	return d, true
}

func lasting(v *engine.View) []engine.Fact {
	return slices.DeleteFunc(v.Facts("workload"), func(w engine.Fact) bool {
		return w["lasting"] != true || w["owner"] != nil
	})
}

// busiest is the namespace with the most workloads, the first by name among equals.
func busiest(workloads []engine.Fact) string {
	count := map[string]int{}
	for _, w := range workloads {
		count[w.Text("namespace")]++
	}
	names := slices.Sorted(maps.Keys(count))
	if len(names) == 0 {
		return ""
	}
	return slices.MaxFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(count[a], count[b]), cmp.Compare(b, a)) })
}

// shared is the value of the label that says what the workloads are part of, where all say the same.
func shared(workloads []engine.Fact) string {
	labels, _ := workloads[0]["labels"].(map[string]any)
	value, _ := labels[partOf].(string)
	for _, w := range workloads {
		labels, _ := w["labels"].(map[string]any)
		if labels[partOf] != value {
			return ""
		}
	}
	return value
}

var slot = regexp.MustCompile(`^(.*[-_.])?(a|b|blue|green|1|2)$`)

// plants finds two slots by names that differ in their last part only; otherwise all workloads are one plant, changed in place.
func plants(workloads []engine.Fact) [2][]Workload {
	var found [2][]Workload
	side := map[string]int{"a": 0, "blue": 0, "1": 0, "b": 1, "green": 1, "2": 1}
	stems := map[string][2]*Workload{}
	for _, w := range workloads {
		if m := slot.FindStringSubmatch(w.Text("name")); m != nil {
			pair := stems[m[1]]
			pair[side[m[2]]] = &Workload{w.Text("kind"), w.Text("name")}
			stems[m[1]] = pair
		}
	}
	for _, stem := range slices.Sorted(maps.Keys(stems)) {
		if pair := stems[stem]; pair[0] != nil && pair[1] != nil {
			found[0], found[1] = append(found[0], *pair[0]), append(found[1], *pair[1])
		}
	}
	if len(found[0]) > 0 {
		return found
	}
	for _, w := range workloads {
		found[0] = append(found[0], Workload{w.Text("kind"), w.Text("name")})
	}
	slices.SortFunc(found[0], func(a, b Workload) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind)) })
	return found
}

// holders are the principals whose credentials the workloads mount, and those that they act as.
func holders(v *engine.View, namespace string, workloads []engine.Fact) map[string]bool {
	names, principals := map[string]bool{}, map[string]bool{}
	for _, w := range workloads {
		names[w.Text("kind")+"/"+w.Text("name")] = true
		principals[w.Text("principal")] = true
	}
	secrets := map[string]bool{}
	for _, m := range v.Facts("mount") {
		if m.Text("what") == "secret" && m.Text("namespace") == namespace && names[m.Text("workloadKind")+"/"+m.Text("workload")] {
			secrets[m.Text("name")] = true
		}
	}
	for _, c := range v.Facts("credential") {
		if c.Text("namespace") == namespace && secrets[c.Text("secret")] {
			principals[c.Text("principal")] = true
		}
	}
	return principals
}

// reached are the declared resources that the principals are granted an action on, exactly by name.
func reached(v *engine.View, principals map[string]bool, action string, kinds ...string) []Resource {
	found := map[Resource]bool{}
	for _, g := range v.Facts("grant") {
		if !principals[g.Text("principal")] || g.Text("effect") != "allow" || !slices.Contains(g.Texts("actions"), action) {
			continue
		}
		for _, kind := range kinds {
			for _, r := range v.Facts(kind) {
				if slices.Contains(g.Texts("types"), kind) && r.Text("platform") == g.Text("platform") && slices.Contains(g.Texts("names"), r.Text("name")) {
					found[Resource{r.Text("platform"), r.Text("scope"), r.Text("name")}] = true
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b Resource) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Scope, b.Scope))
	})
}

// readers are the principals that may read an outlet, the system's own left out.
func readers(v *engine.View, outlets []Resource, own map[string]bool) []string {
	found := map[string]bool{}
	for _, g := range v.Facts("grant") {
		if own[g.Text("principal")] || g.Text("effect") != "allow" || !slices.Contains(g.Texts("actions"), "read") || g["excess"] != nil {
			continue
		}
		for _, o := range outlets {
			if g.Text("platform") == o.Platform && slices.ContainsFunc(g.Texts("names"), func(n string) bool { return n == o.Name || strings.HasPrefix(n, o.Name+"/") }) {
				found[g.Text("principal")] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// selecting finds a service whose selector the first workload's pods have.
func selecting(v *engine.View, namespace string, workloads []engine.Fact) string {
	labels, _ := workloads[0]["podLabels"].(map[string]any)
	var names []string
	for _, s := range v.Facts("service") {
		selector, _ := s["selector"].(map[string]any)
		if s.Text("namespace") == namespace && len(selector) > 0 && subset(selector, labels) {
			names = append(names, s.Text("name"))
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func subset(small, large map[string]any) bool {
	for k, v := range small {
		if large[k] != v {
			return false
		}
	}
	return true
}
