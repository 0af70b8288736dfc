package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

// readParams reads parameters of checks.
func readParams(file string) (map[string]map[string]any, error) {
	var params map[string]map[string]any
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--params: %w", err)
	}
	if err := yaml.UnmarshalStrict(text, &params); err != nil {
		return nil, fmt.Errorf("--params %s: it holds {principle/check: {parameter: value}}: %w", file, err)
	}
	return params, nil
}

func readProfile(file string) (*v1alpha1.Profile, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--profile: %w", err)
	}
	documents, unread := document.Read("profile.yaml", text, document.DefaultBounds)
	if len(unread) > 0 {
		return nil, fmt.Errorf("%s:%d: %s", file, unread[0].Line, unread[0].Message)
	}
	if len(documents) != 1 || documents[0].Object.Kind != "Profile" {
		return nil, fmt.Errorf("%s: holds no single Profile", file)
	}
	profile, faults := v1alpha1.ReadProfile(documents[0].Value().(map[string]any))
	if len(faults) > 0 {
		return nil, fmt.Errorf("%s: %s %s", file, document.Path(faults[0].Path), faults[0].Message)
	}
	return &profile, nil
}
