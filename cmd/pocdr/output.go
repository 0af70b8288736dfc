package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"pocdr.dev/pocdr/report"
)

// output is one form in which the report is written; to standard output where file is empty.
type output struct{ format, file string }

func (j *judging) parseOutputs() ([]output, error) {
	var outputs []output
	toTerminal, files := 0, map[string]string{}
	for _, text := range j.outputs {
		format, file, named := strings.Cut(text, "=")
		if !slices.Contains(report.Formats, format) || named && file == "" {
			return nil, fmt.Errorf("--output %s: a format is %s; FORMAT=FILE writes it to a file", text, strings.Join(report.Formats, ", "))
		}
		if file == "" {
			toTerminal++
		} else if other := files[filepath.Clean(file)]; other != "" {
			return nil, fmt.Errorf("--output: %s and %s go to one file, and one would be lost; give each a file of its own", other, text)
		}
		files[filepath.Clean(file)] = text
		outputs = append(outputs, output{format, file})
	}
	if toTerminal > 1 {
		return nil, fmt.Errorf("--output: only one format can go to standard output; give the others a file, as in sarif=pocdr.sarif")
	}
	return outputs, nil
}

// written is what can be written in the report's formats.
type written interface {
	Write(w io.Writer, format string, o report.Options) error
}

func (o output) write(cmd *cobra.Command, r written, options report.Options, j *judging) error {
	if o.file == "" {
		if j.quiet && o.format == "text" {
			return nil
		}
		options.Color = j.color(cmd.OutOrStdout())
		return r.Write(cmd.OutOrStdout(), o.format, options)
	}
	file, err := os.Create(o.file)
	if err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	err = r.Write(file, o.format, options)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// color tells whether w is a terminal that colour is wanted on.
func (j *judging) color(w io.Writer) bool {
	return !j.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
