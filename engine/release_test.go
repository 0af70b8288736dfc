package engine_test

import (
	"maps"
	"strings"
	"testing"
)

// TestRelease asks of edits whether what plant a of the example runs is another release by them.
func TestRelease(t *testing.T) {
	policies, files := mustCompile(t, nil), sources(t)
	release := func(files map[string]string) string { return view(t, policies, files).Release("payments", "a") }
	// Here both plants take the switch itself, as a config.
	files["plants/a/plant.yaml"] = strings.Replace(files["plants/a/plant.yaml"], "        env:\n", "        envFrom:\n        - configMapRef: {name: payments-switch}\n        env:\n", 1)
	was := release(files)
	if was == "" {
		t.Fatal("the release is not known")
	}
	for name, c := range map[string]struct {
		file, old, is string
		another       bool
	}{
		"its image":                    {"plants/a/plant.yaml", "image: registry", "image: mirror", true},
		"its scale":                    {"plants/a/plant.yaml", "replicas: 1", "replicas: 2", false},
		"what its config holds":        {"plants/rules.yaml", "half-even", "up", true},
		"that its config may change":   {"plants/rules.yaml", "immutable: true", "immutable: false", false},
		"its config, which went away":  {"plants/rules.yaml", "kind: ConfigMap", "kind: Other", true},
		"the switch":                   {"valve/switch.yaml", "selected: a", "selected: b", false},
		"the image of the other plant": {"plants/b/plant.yaml", "image: registry", "image: mirror", false},
	} {
		edited := maps.Clone(files)
		if edited[c.file] = strings.Replace(files[c.file], c.old, c.is, 1); edited[c.file] == files[c.file] {
			t.Fatalf("%s: there is no %s in %s", name, c.old, c.file)
		}
		if another := release(edited) != was; another != c.another {
			t.Errorf("%s: another release: %v", name, another)
		}
	}
}
