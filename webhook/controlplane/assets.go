package controlplane

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// inProject is the path of something that is named from the project's root.
func inProject(name string) string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", filepath.FromSlash(name))
}

// assets is the folder with the programs of a control plane: the one that KUBEBUILDER_ASSETS names, or else the one
// in which build.sh keeps what the project's own versions are. os.ErrNotExist says that they are not built.
func assets() (string, error) {
	if folder := os.Getenv("KUBEBUILDER_ASSETS"); folder != "" {
		return folder, nil
	}
	build := inProject("testdata/controlplane/build.sh")
	out, err := exec.Command(build, "--where").Output()
	if err != nil {
		return "", fmt.Errorf("%s --where: %w", build, err)
	}
	folder := strings.TrimSpace(string(out))
	if _, err := os.Stat(filepath.Join(folder, "complete")); err != nil {
		return "", fmt.Errorf("there is no kube-apiserver for tests: run `make controlplane`, which takes ten minutes of CPU, once a machine: %w", err)
	}
	return folder, nil
}
