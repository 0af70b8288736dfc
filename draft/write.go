package draft

import (
	"cmp"
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"
)

// YAML writes the draft as a System. What could not be inferred stands there as a comment that starts with "?", so that the file is valid as it is and nothing in it is made up.
func (d Draft) YAML() string {
	w := &writer{}
	w.line(0, "# A draft, inferred from what this repository declares. A line with a ? could not be inferred, or not for certain: fill it in, correct it, or take it out.")
	w.line(0, "apiVersion: pocdr.dev/v1alpha1")
	w.line(0, "kind: System")
	w.line(0, "metadata:")
	w.line(1, "name: %s", quote(d.Name))
	w.line(1, "namespace: %s", quote(d.Namespace))
	w.line(0, "spec:")
	w.line(1, "namespaces: %s", list([]string{d.Namespace}))
	w.owners(d.Owners)
	if d.PartOf != "" {
		w.line(1, "labels: {%s: %s}", partOf, quote(d.PartOf))
	}
	w.intake(d.Intake, d.Logs, len(d.Plants[1]) > 0)
	if len(d.Others) > 0 {
		w.candidates(d.Others)
	} else {
		w.plants(d)
	}
	w.valve(d.Valve)
	w.outlets(d.Outlets)
	w.mechanism(d)
	w.promises()
	w.downstream(d.Readers)
	return w.String()
}

type writer struct{ strings.Builder }

func (w *writer) line(indent int, format string, args ...any) {
	fmt.Fprintf(w, strings.Repeat("  ", indent)+format+"\n", args...)
}

func (w *writer) owners(owners []string) {
	if len(owners) == 0 {
		w.line(1, "# ? owners: [@org/team]                 who answers for the system")
		return
	}
	w.line(1, "owners: %s", list(owners))
}

func (w *writer) intake(found, declared []Resource, paired bool) {
	switch len(found) {
	case 0:
		w.line(1, "# ? intake: {platform: kafka, name: …}    the log that every input is in")
		w.examples(declared)
	case 1:
		why := "read, and the only log that is"
		if paired {
			why = "the plants read it, and do not write it"
		}
		w.line(1, "intake: %s   # ? %s", found[0], why)
		w.line(1, "# ? intake.acknowledge: All              what the producers wait for")
	default:
		w.line(1, "# ? intake: several logs are read; the intake is one of")
		w.examples(found)
	}
}

// Examples that are listed; more are counted.
const listed = 20

// examples lists what may be meant.
func (w *writer) examples(found []Resource) {
	for _, r := range found[:min(listed, len(found))] {
		w.line(1, "#   %s", r)
	}
	w.more(len(found) - listed)
}

func (w *writer) more(n int) {
	if n > 0 {
		w.line(1, "#   and %d more", n)
	}
}

// candidates lists what may be a plant, where nothing says which workloads write.
func (w *writer) candidates(workloads []Workload) {
	w.line(1, "# ? plants: nothing here says which workloads write. Plant a has workloads of one write path, for instance of")
	for _, x := range workloads[:min(listed, len(workloads))] {
		w.line(1, "#   {kind: %s, name: %s}", quote(x.Kind), quote(x.Name))
	}
	w.more(len(workloads) - listed)
}

func (w *writer) plants(d Draft) {
	w.line(1, "plants:")
	for i, workloads := range d.Plants {
		if len(workloads) == 0 {
			w.line(2, "# ? b: a second plant beside the first: until there is one, the system is changed in place")
			continue
		}
		w.line(2, "%c:", 'a'+i)
		w.line(3, "workloads:")
		for _, x := range workloads {
			w.line(3, "- {kind: %s, name: %s}", quote(x.Kind), quote(x.Name))
		}
		w.group(d.Groups[i])
		if len(d.Diverted[i]) > 0 {
			w.line(3, "outlets:                              # ? what this plant alone writes")
			for _, r := range d.Diverted[i] {
				w.line(3, "- %s", r)
			}
		}
	}
}

func (w *writer) group(found []string) {
	switch len(found) {
	case 0:
		w.line(3, "# ? group: …                            the consumer group with which the intake is read")
	case 1:
		w.line(3, "group: %s   # ? the one that it is granted", quote(found[0]))
	default:
		w.line(3, "# ? group: the consumer group with which the intake is read, one of %s", list(found))
	}
}

func (w *writer) valve(workloads []Workload) {
	if len(workloads) == 0 {
		return
	}
	w.line(1, "# ? valve: what lets the output of one plant through; these read what the plants write")
	for _, x := range workloads {
		w.line(1, "#   {kind: %s, name: %s}", quote(x.Kind), quote(x.Name))
	}
}

func (w *writer) outlets(found []Resource) {
	if len(found) == 0 {
		w.line(1, "# ? outlets: [{platform: cassandra, name: …}]   where the output is drunk from")
		return
	}
	w.line(1, "outlets:")
	for _, r := range found {
		w.line(1, "- %s", r)
	}
}

// templated are the kinds of one API group whose template is what is changed in place.
var templated = map[string]bool{"Deployment": true, "StatefulSet": true, "DaemonSet": true, "ReplicaSet": true}

func (w *writer) mechanism(d Draft) {
	switch {
	case len(d.Plants[1]) > 0 && d.Service != "":
		w.line(1, "switch:")
		w.line(2, "mechanism: Selector")
		w.line(2, "ref: {kind: Service, name: %s}", quote(d.Service))
		w.line(2, "field: %s   # ? the label by which the service selects a plant", quote("spec.selector."+cmp.Or(d.Label, "plant")))
	case len(d.Services) > 0:
		w.line(1, "# ? switch: {mechanism: Selector, ref: {kind: Service, name: …}, field: spec.selector.…}   several services select one plant each: %s", list(d.Services))
		return
	case len(d.Plants[1]) > 0:
		w.line(1, "# ? switch: {mechanism: Valve, ref: {kind: ConfigMap, name: …}, field: data.selected}")
		return
	case len(d.Plants[0]) == 1 && templated[d.Plants[0][0].Kind]:
		w.line(1, "switch:")
		w.line(2, "mechanism: InPlace")
		only := d.Plants[0][0]
		w.line(2, "ref: {apiVersion: apps/v1, kind: %s, name: %s}", only.Kind, quote(only.Name))
		w.line(2, "field: spec.template")
	default:
		w.line(1, "# ? switch: {mechanism: InPlace, ref: {kind: Deployment, name: …}, field: spec.template}   the one object that is changed")
		return
	}
	w.line(2, "# ? authorised: [kubernetes:Group/…]    who may change it")
}

func (w *writer) promises() {
	w.line(1, "# ? fence: {mechanism: Singleton}        what keeps two writers apart")
	w.line(1, "# ? proof: {window: 72h, volume: 100000} how long, and on how many records, a candidate is compared")
	w.line(1, "# ? correction: {timeToDetect: 6h, timeToRepair: 24h}")
	w.line(1, "# ? invariants: [{name: …, statement: …}]")
	w.line(1, "# ? objective: {statement: …, target: \"99.9\", window: 720h}")
}

func (w *writer) downstream(readers []string) {
	if len(readers) == 0 {
		w.line(1, "# ? downstream: [{name: …, owner: …, principals: [platform:name]}]   who drinks from the outlets")
		return
	}
	w.line(1, "downstream:")
	for _, r := range readers {
		_, name, _ := strings.Cut(r, ":")
		w.line(1, "- {name: %s, principals: %s}          # ? owner", quote(name), list([]string{r}))
	}
}

// String writes a resource as a System does.
func (r Resource) String() string {
	scope := ""
	if r.Scope != "" {
		scope = ", scope: " + quote(r.Scope)
	}
	return fmt.Sprintf("{platform: %s%s, name: %s}", quote(r.Platform), scope, quote(r.Name))
}

// quote writes text so that YAML reads it back as that text.
func quote(text string) string {
	plain, err := yaml.Marshal(text)
	if err != nil || strings.ContainsAny(text, ",[]{}#\n\r\t") {
		return fmt.Sprintf("%q", text)
	}
	return strings.TrimSpace(string(plain))
}

func list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = fmt.Sprintf("%q", text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
