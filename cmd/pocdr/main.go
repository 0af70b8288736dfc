// Command pocdr tells how mature the delivery of a system is, and why.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/report"
)

// Exit codes.
const (
	exitFindings = 1 // the judgement is not what was asked for
	exitFailure  = 2 // there is no judgement
)

// errFindings ends a run whose findings are printed already.
var errFindings = errors.New("findings")

func main() { os.Exit(run()) }

// run runs the command line and gives the exit code.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := root().ExecuteContext(ctx)
	stop()
	switch {
	case errors.Is(err, errFindings):
		return exitFindings
	case err != nil:
		fmt.Fprintln(os.Stderr, "pocdr:", report.Harmless(err.Error()))
		return exitFailure
	}
	return 0
}

// version is what the build says of itself.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}

// arguments asks for a number of arguments.
func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return fmt.Errorf("%s: it is '%s'; see '%s --help'", document.Count(len(args), "argument is given", "arguments are given"), cmd.UseLine(), cmd.CommandPath())
		}
		if slices.ContainsFunc(args, blank) {
			return fmt.Errorf("an argument is empty: it is '%s'; where $(…) or a variable was to give it, that was empty", cmd.UseLine())
		}
		return nil
	}
}

// complete asks that each flag which is given has a value: where a shell's substitution failed, the value is empty, and
// what the flag asks for would not be done.
func complete(cmd *cobra.Command) error {
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		if slices.ContainsFunc(values, blank) {
			what, _ := pflag.UnquoteUsage(f)
			err = fmt.Errorf("--%s is given without a value: leave it out, or give it a %s; where $(…) or a variable was to give it, that was empty", f.Name, what)
		}
	})
	return err
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pocdr",
		Short: "Proof of delivery and proof of rollback for systems that cannot be canaried",
		Long: `pocdr judges a repository that declares a production system: whether a change to it
could be proven before it serves, and undone after. It computes a level of maturity from
0 (Hope) to 5 (Routine), says what keeps the system from the next one, and what to do.`,
		Example: `  pocdr maturity examples/payments    the chart of a repository, and what to do next
  pocdr scan --rev HEAD               what is wrong in the last commit, with file and line
  pocdr init                          a first declaration, drafted from what is there
  pocdr explain intake/replicated     what a check asks, and why`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,

		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return complete(cmd) },
	}
	cmd.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		message, _, _ := strings.Cut(err.Error(), ": strconv.") // how Go says that it is no number
		return fmt.Errorf("%s; see '%s --help'", message, c.CommandPath())
	})
	cmd.AddCommand(newScan(), newMaturity(), newInit(), newReview(), newWebhook(), newExplain(), newDocs(), newManifests())
	return cmd
}
