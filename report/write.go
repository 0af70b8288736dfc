package report

import (
	"fmt"
	"io"

	"pocdr.dev/pocdr/engine"
)

// Formats are the names of the forms in which a report can be written.
var Formats = []string{"text", "json", "markdown", "sarif"}

// Style is what a report is read for.
type Style int

// The styles.
const (
	Findings Style = iota // what is wrong, and where
	Chart                 // the levels, and what to do next
)

// Options say how a report is written.
type Options struct {
	Style Style
	Color bool // ANSI colours, in text
	All   bool // of a decision: what was not met before and is not now, too
}

// Write writes the report in one of the Formats.
func (r *Report) Write(w io.Writer, format string, o Options) error {
	switch format {
	case "json":
		return r.JSON(w)
	case "text":
		return r.Text(w, o)
	case "markdown":
		return r.Markdown(w)
	case "sarif":
		return r.SARIF(w)
	}
	return unknownFormat(format)
}

func unknownFormat(format string) error {
	return fmt.Errorf("format %s is not one of %v", format, Formats)
}

// Check finds a check of the catalogue by its ID.
func (r *Report) Check(id string) *engine.Check { return r.catalogue.Check(id) }
