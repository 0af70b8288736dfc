package v1alpha1

import (
	"io/fs"
	"strings"
)

// Definitions are the custom resource definitions, as one YAML text.
func Definitions() (string, error) {
	names, err := fs.Glob(crds, "crds/*.yaml")
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for _, name := range names {
		text, err := crds.ReadFile(name)
		if err != nil {
			return "", err
		}
		all.Write(text)
	}
	return all.String(), nil
}
