package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pocdr.dev/pocdr/document"
)

// layOut keeps the files that are documents. The templates of a Helm chart are not Kubernetes YAML, and
// the patches of a kustomization are not objects: they are said once, with their chart or overlay, and not guessed at.
func (c *Contents) layOut(files []File) error {
	reader, err := c.Tree.Reader()
	if err != nil {
		return err
	}
	patches := map[string]bool{}
	charts := map[string]int{} // folder of a chart → number of templates
	for _, f := range files {
		switch {
		case path.Base(f.Path) == "Chart.yaml":
			charts[path.Dir(f.Path)] = 0
		case isKustomization(f.Path):
			c.overlay(reader, f, patches)
		}
	}
	for _, f := range files {
		if document.Named(f.Path) == nil || patches[f.Path] || isKustomization(f.Path) {
			continue
		}
		if chart, ok := chartOf(f.Path, charts); ok {
			charts[chart]++
			continue
		}
		c.Files = append(c.Files, f)
	}
	for chart, templates := range charts {
		if templates > 0 {
			c.Unread = append(c.Unread, document.Unread{
				File: path.Join(chart, "Chart.yaml"), Formats: []document.Format{document.Kubernetes},
				Message: "a Helm chart: " + document.Count(templates, "template of it is", "templates of it are") + " no Kubernetes YAML until rendered; scan the output of `helm template`",
			})
		}
	}
	return nil
}

func isKustomization(file string) bool {
	switch path.Base(file) {
	case "kustomization.yaml", "kustomization.yml", "Kustomization":
		return true
	}
	return false
}

// chartOf finds the chart that a file is a template of.
func chartOf(file string, charts map[string]int) (string, bool) {
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if path.Base(dir) != "templates" {
			continue
		}
		if _, ok := charts[path.Dir(dir)]; ok {
			return path.Dir(dir), true
		}
	}
	return "", false
}

// kustomization is what of a kustomization tells how it changes what it lists.
type kustomization struct {
	Resources             []string       `yaml:"resources"`
	Bases                 []string       `yaml:"bases"`
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

// overlay notes the patch files of a kustomization, and says once that its result is not known where it changes anything.
func (c *Contents) overlay(reader Reader, f File, patches map[string]bool) {
	unread := document.Unread{File: f.Path, Formats: []document.Format{document.Kubernetes}}
	content, fault := c.Content(reader, f)
	var k kustomization
	if fault == "" {
		if err := yaml.Unmarshal(content, &k); err != nil {
			fault = strings.Join(strings.Fields(err.Error()), " ")
		}
	}
	if fault != "" {
		unread.Message = "a kustomization that cannot be read: " + fault
		c.Unread = append(c.Unread, unread)
		return
	}
	dir := path.Dir(f.Path)
	changes := k.changes()
	for _, file := range k.patchFiles() {
		patches[path.Join(dir, file)] = true
	}
	for _, listed := range append(k.Resources, k.Bases...) {
		unread.Affects = append(unread.Affects, path.Join(dir, listed))
	}
	if len(changes) > 0 {
		unread.Message = fmt.Sprintf("a kustomization that changes what it lists (%s): its result is not known until it is built; scan the output of `kustomize build`", strings.Join(changes, ", "))
		c.Unread = append(c.Unread, unread)
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
