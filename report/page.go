package report

import (
	"fmt"
	"io"

	"pocdr.dev/pocdr/engine"
)

// Page writes the page of a check, as Markdown.
func Page(w io.Writer, p *engine.Policies, c *engine.Check) error {
	_, err := fmt.Fprintf(w, "# %s\n\n%s\n", c.ID, c.Description)
	return err
}

// Catalogue lists all checks, by principle and level.
func Catalogue(w io.Writer, p *engine.Policies) error {
	for _, c := range p.Checks {
		if _, err := fmt.Fprintf(w, "%d %s\n", c.Level, c.ID); err != nil {
			return err
		}
	}
	return nil
}
