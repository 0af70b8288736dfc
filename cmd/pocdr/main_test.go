package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestNoEmptyFlag gives each flag of each command that takes text an empty value, as a shell does where what was to give it has failed.
func TestNoEmptyFlag(t *testing.T) {
	asked := 0
	for _, c := range root().Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !strings.HasPrefix(f.Value.Type(), "string") {
				return
			}
			for _, value := range []string{"", " \t"} {
				asked++
				cmd := root()
				cmd.SetArgs(append([]string{c.Name(), "--" + f.Name, value}, operands(c)...))
				cmd.SetOut(io.Discard)
				if err := cmd.Execute(); err == nil || !strings.HasPrefix(err.Error(), "--"+f.Name+" is given without a value: ") {
					t.Errorf("%s --%s %q: %v", c.Name(), f.Name, value, err)
				}
			}
		})
		if cmd := root(); c.Args != nil && c.Args(c, []string{"x"}) == nil {
			cmd.SetArgs([]string{c.Name(), ""})
			if err := cmd.Execute(); err == nil || !strings.Contains(err.Error(), "an argument is empty") {
				t.Errorf("%s with an empty argument: %v", c.Name(), err)
			}
		}
	}
	if asked < 60 {
		t.Errorf("only %d flags were asked about", asked)
	}
}

// operands are as few as a command takes.
func operands(c *cobra.Command) []string {
	if c.Args != nil && c.Args(c, nil) != nil {
		return []string{"x"}
	}
	return nil
}
