package source

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pocdr.dev/pocdr/document"
)

// layOut keeps the files that are documents. The templates of a Helm chart are not Kubernetes YAML, and
// the patches of a kustomization are not objects: they are said once, with their chart or overlay, and not guessed at. So is what either takes from elsewhere.
func (c *Contents) layOut() error {
	reader, err := c.Tree.Reader()
	if err != nil {
		return err
	}
	l := layout{Contents: c, reader: reader, seen: map[string]bool{}, patches: map[string]bool{}, charts: map[string]*chart{}}
	for _, f := range c.listed {
		if path.Base(f.Path) == chartFile {
			l.charts[path.Dir(f.Path)] = &chart{}
		}
		for name := f.Path; (document.Named(f.Path) != nil || isKustomization(f.Path)) && !l.seen[name]; name = path.Dir(name) {
			l.seen[name] = true
		}
	}
	for _, f := range c.listed {
		if isKustomization(f.Path) {
			l.overlay(f)
		}
	}
	for _, f := range c.listed {
		if template := l.rendered(f.Path); !template && document.Named(f.Path) != nil && !l.patches[f.Path] && !isKustomization(f.Path) {
			c.Files = append(c.Files, f)
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(l.charts)) {
		l.chart(dir)
	}
	return nil
}

// layout is the state of working out which files of a tree are documents.
type layout struct {
	*Contents
	reader  Reader
	seen    map[string]bool   // files that are read, and the folders that they are in
	patches map[string]bool   // files of kustomizations
	charts  map[string]*chart // by folder
}

// chart is what a chart is made of.
type chart struct {
	templates int      // that would be documents
	parts     []string // files: templates, what they call, values
}

func isKustomization(file string) bool {
	switch path.Base(file) {
	case "kustomization.yaml", "kustomization.yml", "Kustomization":
		return true
	}
	return false
}

const chartFile = "Chart.yaml"

// rendered notes a file with the chart that it is a part of, and tells whether it is a template there, and so no document.
func (l *layout) rendered(file string) (template bool) {
	dir := path.Dir(file)
	if c := l.charts[dir]; c != nil && strings.HasPrefix(path.Base(file), "values") {
		c.parts = append(c.parts, file)
	}
	for ; dir != "."; dir = path.Dir(dir) {
		if c := l.charts[path.Dir(dir)]; c != nil && path.Base(dir) == "templates" {
			c.parts = append(c.parts, file)
			if document.Named(file) != nil {
				c.templates++
			}
			return true
		}
	}
	return false
}

// chart says once that what is made of a chart is not known: of its templates, or of charts that it takes from elsewhere.
func (l *layout) chart(dir string) {
	unread := document.Unread{File: path.Join(dir, chartFile), Formats: []document.Format{document.Kubernetes}}
	file, elsewhere := l.dependencies(dir)
	switch templates := l.charts[dir].templates; {
	case templates > 0:
		unread.Message = "a Helm chart: " + document.Count(templates, "template of it is", "templates of it are") + " no Kubernetes YAML until rendered; scan the output of `helm template`"
	case len(elsewhere) > 0:
		unread.File, unread.Line = file, elsewhere[0].line
		unread.Message = "a Helm chart that takes what it installs from elsewhere: " + few(elsewhere) + "; scan the output of `helm template`"
	default:
		return
	}
	unread.Parts = l.charts[dir].parts
	l.Unread = append(l.Unread, unread)
}

// dependencies are the charts that one takes from elsewhere, those that do not lie unpacked in this tree, and the file that names them.
func (l *layout) dependencies(dir string) (file string, found []name) {
	for _, base := range []string{chartFile, "requirements.yaml"} {
		var chart struct {
			Dependencies []struct {
				Name       name   `yaml:"name"`
				Repository string `yaml:"repository"`
			} `yaml:"dependencies"`
		}
		file = path.Join(dir, base)
		f, there := l.Find(file)
		content, fault := []byte(nil), ""
		if there {
			content, fault = l.Content(l.reader, f)
		}
		if fault != "" || yaml.Unmarshal(content, &chart) != nil {
			continue // as a document, it is unread
		}
		for _, d := range chart.Dependencies {
			at := path.Join(dir, "charts", d.Name.text)
			if local, ok := strings.CutPrefix(d.Repository, "file://"); ok {
				at = path.Join(dir, local)
			}
			if _, here := l.charts[at]; !here {
				found = append(found, d.Name)
			}
		}
		if len(found) > 0 {
			return file, found
		}
	}
	return "", nil
}

// name is a text, and the line on which it stands.
type name struct {
	text string
	line int
}

func (n *name) UnmarshalYAML(node *yaml.Node) error {
	n.text, n.line = node.Value, node.Line
	return nil
}

// few names the first of them.
func few(names []name) string {
	var texts []string
	for _, n := range names[:min(len(names), 3)] {
		texts = append(texts, n.text)
	}
	if more := len(names) - len(texts); more > 0 {
		texts = append(texts, fmt.Sprintf("%d more", more))
	}
	return strings.Join(texts, ", ")
}

// kustomization is what of a kustomization tells how it changes what it lists.
type kustomization struct {
	Resources             []name         `yaml:"resources"`
	Bases                 []name         `yaml:"bases"`
	Patches               []patch        `yaml:"patches"`
	PatchesJSON           []patch        `yaml:"patchesJson6902"`
	PatchesStrategicMerge []string       `yaml:"patchesStrategicMerge"`
	Others                map[string]any `yaml:",inline"`
}

// patch is {path: FILE}, or in old files the name of the file alone.
type patch struct{ Path string }

func (p *patch) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		p.Path = node.Value
		return nil
	}
	var fields struct {
		Path string `yaml:"path"`
	}
	err := node.Decode(&fields)
	p.Path = fields.Path
	return err
}

// Fields of a kustomization that leave what it lists as it is.
var harmless = []string{"apiVersion", "kind", "metadata", "sortOptions", "buildMetadata", "crds", "openapi", "configurations"}

// overlay notes the patch files of a kustomization, and says once that its result is not known where it changes anything, and once where it lists
// what is not read from here: what a URL leads to, what lies beyond the tree, or a file that is not read under its name.
func (l *layout) overlay(f File) {
	unread := document.Unread{File: f.Path, Formats: []document.Format{document.Kubernetes}}
	content, fault := l.Content(l.reader, f)
	var k kustomization
	if fault == "" {
		if err := yaml.Unmarshal(content, &k); err != nil {
			fault = strings.Join(strings.Fields(err.Error()), " ")
		}
	}
	if fault != "" {
		unread.Message = "a kustomization that cannot be read: " + fault
		l.Unread = append(l.Unread, unread)
		return
	}
	dir := path.Dir(f.Path)
	for _, file := range k.patchFiles() {
		unread.Parts = append(unread.Parts, path.Join(dir, file))
		l.patches[path.Join(dir, file)] = true
	}
	var elsewhere []name
	for _, entry := range append(k.Resources, k.Bases...) {
		unread.Affects = append(unread.Affects, path.Join(dir, entry.text))
		if !l.seen[path.Join(dir, entry.text)] {
			elsewhere = append(elsewhere, entry)
		}
	}
	if changes := k.changes(); len(changes) > 0 {
		unread.Message = fmt.Sprintf("a kustomization that changes what it lists (%s): its result is not known until it is built; scan the output of `kustomize build`", strings.Join(changes, ", "))
		l.Unread = append(l.Unread, unread)
	}
	if len(elsewhere) > 0 {
		unread.Line, unread.Parts = elsewhere[0].line, nil
		unread.Message = "a kustomization that lists what is not read from here: " + few(elsewhere) + "; scan the output of `kustomize build`"
		l.Unread = append(l.Unread, unread)
	}
}

func (k *kustomization) changes() []string {
	var names []string
	for name, value := range k.Others {
		if value != nil && !slices.Contains(harmless, name) {
			names = append(names, name)
		}
	}
	if len(k.Patches)+len(k.PatchesJSON)+len(k.PatchesStrategicMerge) > 0 {
		names = append(names, "patches")
	}
	slices.Sort(names)
	return names
}

func (k *kustomization) patchFiles() []string {
	files := slices.Clone(k.PatchesStrategicMerge)
	for _, p := range append(slices.Clone(k.Patches), k.PatchesJSON...) {
		if p.Path != "" {
			files = append(files, p.Path)
		}
	}
	return files
}
