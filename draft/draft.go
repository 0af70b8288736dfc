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
	Logs      []Resource // where there is no intake: the logs that are declared
	Outlets   []Resource
	Plants    [2][]Workload // b is empty for a system that is changed in place; both are where nothing says which workloads write
	Groups    [2][]string   // the consumer groups with which the workloads of a plant may read
	Diverted  [2][]Resource // what one plant writes and the other does not
	Valve     []Workload    // what reads what the plants write, each on its own
	Others    []Workload    // where there is no plant: what may be one
	Service   string        // the one service that selects one of two plants
	Label     string        // the label by which it does; empty where several differ
	Services  []string      // where there are several: those
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
	d = Draft{Namespace: namespace, Owners: owners, PartOf: shared(workloads), Plants: slots(workloads)}
	d.Name = cmp.Or(d.PartOf, namespace)
	holders := holders(v, namespace, workloads)
	principals := map[string]bool{}
	for _, own := range holders {
		maps.Copy(principals, own)
	}
	if len(d.Plants[0]) > 0 {
		d.paired(v, holders)
		d.turned(v, workloads)
	} else {
		touching := map[string]bool{}
		d.Intake = reached(v, principals, touching, "read", "log")
		d.Outlets = reached(v, principals, touching, "write", "log", "store")
		d.Plants[0], d.Others = alone(holders, touching)
	}
	if len(d.Intake) == 0 {
		d.Logs = logs(v)
	}
	d.Readers = readers(v, d.Outlets, principals)
	return d, true
}

// paired infers from the grants of two plants: both read the intake, and neither writes it; what one of them alone writes is diverted; and an outlet
// is what both write, or what a valve writes that reads what is diverted.
func (d *Draft) paired(v *engine.View, holders map[Workload]map[string]bool) {
	ignored := map[string]bool{}
	var read, written [2][]Resource
	for i, plant := range d.Plants {
		principals := map[string]bool{}
		for _, w := range plant {
			maps.Copy(principals, holders[w])
		}
		read[i] = reached(v, principals, ignored, "read", "log")
		written[i] = reached(v, principals, ignored, "write", "log", "store")
		d.Groups[i] = groups(v, principals)
	}
	outlets := within(written[0], written[1])
	d.Diverted = [2][]Resource{without(written[0], outlets), without(written[1], outlets)}
	d.Intake = without(within(read[0], read[1]), written[0], written[1])
	if len(d.Intake) == 0 { // where only one of them has grants
		d.Intake = without(slices.Concat(read[0], read[1]), written[0], written[1])
	}
	diverted := slices.Concat(d.Diverted[0], d.Diverted[1])
	for w, principals := range holders {
		if slices.Contains(d.Plants[0], w) || slices.Contains(d.Plants[1], w) || len(within(reached(v, principals, ignored, "read", "log", "store"), diverted)) == 0 {
			continue
		}
		d.Valve = append(d.Valve, w)
		outlets = append(outlets, without(reached(v, principals, ignored, "write", "log", "store"), diverted, d.Intake)...)
	}
	slices.SortFunc(d.Valve, byKind)
	slices.SortFunc(outlets, byName)
	d.Outlets = slices.Compact(outlets)
}

func within(some, others []Resource) []Resource {
	return slices.DeleteFunc(slices.Clone(some), func(r Resource) bool { return !slices.Contains(others, r) })
}

func without(some []Resource, others ...[]Resource) []Resource {
	return slices.DeleteFunc(slices.Clone(some), func(r Resource) bool { return slices.Contains(slices.Concat(others...), r) })
}

// groups are the consumer groups that some principals are granted by name.
func groups(v *engine.View, principals map[string]bool) []string {
	found := map[string]bool{}
	for _, g := range v.Facts("grant") {
		if principals[g.Text("principal")] && g.Text("effect") == "allow" && g.Text("match") == "exact" && slices.Contains(g.Texts("types"), "group") && slices.Contains(g.Texts("actions"), "read") {
			for _, name := range g.Texts("names") {
				found[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// lasting are the workloads that run until they are stopped, in an order of their own.
func lasting(v *engine.View) []engine.Fact {
	found := slices.DeleteFunc(v.Facts("workload"), func(w engine.Fact) bool {
		return w["lasting"] != true || w["owner"] != nil
	})
	slices.SortFunc(found, func(a, b engine.Fact) int {
		return cmp.Or(cmp.Compare(a.Text("name"), b.Text("name")), cmp.Compare(a.Text("kind"), b.Text("kind")))
	})
	return found
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

// slots finds two plants by names that differ in their last part only.
func slots(workloads []engine.Fact) [2][]Workload {
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
	return found
}

// alone finds one plant, changed in place: the workloads with a principal that touches a log or store, or the only one there is. Of several of which
// nothing says that they write, none is taken for the plant.
func alone(holders map[Workload]map[string]bool, touching map[string]bool) (plant, others []Workload) {
	sorted := slices.SortedFunc(maps.Keys(holders), byKind)
	for _, w := range sorted {
		others = append(others, w)
		for principal := range holders[w] {
			if touching[principal] && !slices.Contains(plant, w) {
				plant = append(plant, w)
			}
		}
	}
	switch {
	case len(plant) > 0:
		return plant, nil
	case len(others) == 1:
		return others, nil
	}
	return nil, others
}

// holders are, by workload, the principals that it acts as, and those whose credentials it mounts.
func holders(v *engine.View, namespace string, workloads []engine.Fact) map[Workload]map[string]bool {
	principals := map[Workload]map[string]bool{}
	for _, w := range workloads {
		principals[Workload{w.Text("kind"), w.Text("name")}] = map[string]bool{w.Text("principal"): true}
	}
	mounting := map[string][]Workload{} // by secret
	for _, m := range v.Facts("mount") {
		w := Workload{m.Text("workloadKind"), m.Text("workload")}
		if m.Text("what") == "secret" && m.Text("namespace") == namespace && principals[w] != nil {
			mounting[m.Text("name")] = append(mounting[m.Text("name")], w)
		}
	}
	for _, c := range v.Facts("credential") {
		if c.Text("namespace") != namespace {
			continue
		}
		for _, w := range mounting[c.Text("secret")] {
			principals[w][c.Text("principal")] = true
		}
	}
	return principals
}

// reached are the declared resources that the principals are granted an action on, exactly by name. It notes which of them are.
func reached(v *engine.View, principals, touching map[string]bool, action string, kinds ...string) []Resource {
	found := map[Resource]bool{}
	for _, g := range v.Facts("grant") {
		if !principals[g.Text("principal")] || g.Text("effect") != "allow" || !slices.Contains(g.Texts("actions"), action) {
			continue
		}
		for _, kind := range kinds {
			for _, r := range named(v, kind) {
				if slices.Contains(g.Texts("types"), kind) && r.Text("platform") == g.Text("platform") && slices.Contains(g.Texts("names"), r.Text("name")) {
					found[Resource{r.Text("platform"), r.Text("scope"), r.Text("name")}] = true
					touching[g.Text("principal")] = true
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(found), byName)
}

// named are the facts of a kind that have a name.
func named(v *engine.View, kind string) []engine.Fact {
	return slices.DeleteFunc(v.Facts(kind), func(f engine.Fact) bool { return f.Text("name") == "" })
}

func byKind(a, b Workload) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind))
}

func byName(a, b Resource) int {
	return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Scope, b.Scope))
}

// logs are all that are declared.
func logs(v *engine.View) []Resource {
	var all []Resource
	for _, l := range named(v, "log") {
		all = append(all, Resource{l.Text("platform"), l.Text("scope"), l.Text("name")})
	}
	slices.SortFunc(all, byName)
	return all
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

// turned finds the service that selects one plant and not the other, and so may be turned from the one to the other. One that only names pods one by one is none, and
// where several select a plant each, nothing says that any of them is turned.
func (d *Draft) turned(v *engine.View, workloads []engine.Fact) {
	var labels [2]map[string]any
	for i, plant := range d.Plants {
		for _, w := range workloads {
			if (Workload{w.Text("kind"), w.Text("name")}) == plant[0] {
				labels[i], _ = w["podLabels"].(map[string]any)
			}
		}
	}
	for _, s := range v.Facts("service") {
		selector, _ := s["selector"].(map[string]any)
		if s.Text("namespace") != d.Namespace || s["headless"] == true || len(selector) == 0 || subset(selector, labels[0]) == subset(selector, labels[1]) {
			continue
		}
		d.Services = append(d.Services, s.Text("name"))
		differing := slices.DeleteFunc(slices.Sorted(maps.Keys(selector)), func(label string) bool { return labels[0][label] == labels[1][label] })
		if d.Label = ""; len(differing) == 1 {
			d.Label = differing[0]
		}
	}
	slices.Sort(d.Services)
	if len(d.Services) == 1 {
		d.Service, d.Services = d.Services[0], nil
	}
}

func subset(small, large map[string]any) bool {
	for k, v := range small {
		if large[k] != v {
			return false
		}
	}
	return true
}
