package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

func readYAML(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func readProfile(file string) (*v1alpha1.Profile, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
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
