package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/draft"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/report"
)

func newInit() *cobra.Command {
	var j judging
	var namespace, file string
	cmd := &cobra.Command{
		Use:   "init [PATH]",
		Short: "Draft a System from what the repository declares",
		Long: `Init reads the repository at PATH (default: here), infers what it can of a System (where it is, what it reads and writes, its
plants and readers) and writes it to a new file. What could not be inferred is marked with a ?. Then it shows the chart of the repository with that file in it.

Exit status: 0, 2 where there is no draft.`,
		Example: `  pocdr init
  pocdr init --namespace payments --file system/payments.yaml`,
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := pathOf(args)
			if !filepath.IsLocal(file) {
				return fmt.Errorf("--file %s: the file is written below %s; give its path from there", file, path)
			}
			text, err := j.draft(cmd, path, namespace, file)
			if err != nil {
				return err
			}
			name := filepath.Join(path, file)
			if err := create(name, text); err != nil {
				return err
			}
			if !j.quiet {
				fmt.Fprintf(cmd.OutOrStdout(), "wrote %s\n\n%s\n", name, text)
			}
			_, err = j.run(cmd, path, report.Chart)
			return err
		},
	}
	cmd.Flags().StringVar(&namespace, "namespace", "", "the namespace of the system, `NAME` (default: the one with the most workloads)")
	cmd.Flags().StringVar(&file, "file", "pocdr-system.yaml", "the `FILE` to write, below PATH")
	j.flags(cmd)
	for _, name := range []string{"rev", "system", "strict"} {
		if err := cmd.Flags().MarkHidden(name); err != nil {
			panic(err) // a flag that is not there
		}
	}
	return cmd
}

// draft infers a System from the source at path.
func (j *judging) draft(cmd *cobra.Command, path, namespace, file string) (string, error) {
	p, err := j.compile()
	if err != nil {
		return "", err
	}
	r, err := j.read(cmd.Context(), p, path, "", nil, newProgress(cmd.ErrOrStderr(), j.quiet))
	if err != nil {
		return "", err
	}
	owners, err := r.contents.Owners()
	if err != nil {
		return "", err
	}
	v := r.view
	if declared := v.Facts("system"); len(declared) > 0 && namespace == "" {
		return "", fmt.Errorf("%s declares the System %s already; to draft another one, name its --namespace", path, declared[0].Text("name"))
	}
	for _, u := range v.Unread {
		if unreadSystem(u) && namespace == "" {
			return "", fmt.Errorf("%s declares a System already, which cannot be read: %s", u.File, u.Message)
		}
	}
	d, ok := draft.Infer(v, namespace, owners.Of(filepath.ToSlash(file)))
	if !ok {
		return "", fmt.Errorf("%s: no workload to start from%s: no Deployment, StatefulSet or the like is declared in files that can be read as they are%s", path, in(namespace), unbuilt(v))
	}
	return d.YAML(), nil
}

// unreadSystem tells whether what was not read is a System.
func unreadSystem(u document.Unread) bool {
	return strings.HasPrefix(u.Document, "System."+v1alpha1.Group+"/")
}

// unbuilt says what to do where something was not read.
func unbuilt(v *engine.View) string {
	if len(v.Unread) == 0 {
		return ""
	}
	return fmt.Sprintf("; %d could not, 'pocdr scan' says which", len(v.Unread))
}

func in(namespace string) string {
	if namespace == "" {
		return ""
	}
	return " in namespace " + namespace
}

// create writes a file that must not be there yet.
func create(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and is left as it is; give another --file", name)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
