package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

var pages = []string{"../../README.md", "../../docs/webhook.md", "../../docs/declaring.md", "../../policies/README.md"}

var (
	ofCommand = regexp.MustCompile(`pocdr (scan|maturity|init|explain|webhook|review|manifests|docs)\b([^\x60\n]*)`)
	aFlag     = regexp.MustCompile(`(?:^|[\s\x60(])--([a-z][a-z-]+)`)
	foreign   = []string{"as", "as-group", "type", "dry-run", "overwrite", "replicas", "wait", "server", "data", "help"} // of kubectl and opa, and everybody's
)

// TestFlagsShown asks that each flag that the pages name is there: in a command line of pocdr that of the command, and else that of any.
func TestFlagsShown(t *testing.T) {
	flags := map[string][]string{}
	for _, c := range root().Commands() {
		add := func(f *pflag.Flag) { flags[c.Name()] = append(flags[c.Name()], f.Name) }
		c.LocalFlags().VisitAll(add)
		c.InheritedFlags().VisitAll(add)
		flags[""] = append(flags[""], flags[c.Name()]...)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range ofCommand.FindAllStringSubmatch(string(text), -1) {
			for _, f := range aFlag.FindAllStringSubmatch(line[2], -1) {
				if !slices.Contains(append(flags[line[1]], "help"), f[1]) {
					t.Errorf("%s: pocdr %s has no --%s", page, line[1], f[1])
				}
			}
		}
		for _, f := range aFlag.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(append(flags[""], foreign...), f[1]) {
				t.Errorf("%s: there is no --%s", page, f[1])
			}
		}
	}
}

// TestRefusalsShown asks that refusals are shown as they are: in the words of the golden file, whose lines may be cut off with an ellipsis.
func TestRefusalsShown(t *testing.T) {
	golden, err := os.ReadFile("testdata/webhook/refused.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages[:2] {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		shown := 0
		for _, block := range regexp.MustCompile("(?s)```\n(\\$ kubectl .*?)```").FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(block[1]) {
				if shown++; !strings.Contains(string(golden), strings.TrimSuffix(line, "…\n")) {
					t.Errorf("%s shows what nobody is told: %s", page, line)
				}
			}
		}
		if shown == 0 {
			t.Errorf("%s shows no refusal", page)
		}
	}
}
