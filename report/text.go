package report

import (
	"fmt"
	"io"
)

// Text writes the report for a terminal.
func (r *Report) Text(w io.Writer, o Options) error {
	for _, s := range r.Systems {
		fmt.Fprintf(w, "%s level %d %v\n", s.Name, s.Level, s.Principles)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(w, "%s:%d:%d %s %s %s\n", f.File, f.Line, f.Column, f.Outcome, f.Check, f.Message)
	}
	for _, u := range r.Unread {
		fmt.Fprintf(w, "unread %s:%d %s\n", u.File, u.Line, u.Message)
	}
	return nil
}
