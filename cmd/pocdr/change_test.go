package main

import (
	"os"
	"strings"
	"testing"
)

// TestReadme asks that the README shows a refusal as the command writes it.
func TestReadme(t *testing.T) {
	script, err := os.ReadFile("testdata/script/change.txtar")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, found := strings.Cut(string(script), "\n-- refused.txt --\n")
	shown, _, ended := strings.Cut(shown, "-- refused.md --\n")
	if !found || !ended || !strings.Contains(string(readme), "```\n"+shown+"```\n") {
		t.Errorf("README.md does not show this:\n%s", shown)
	}
}
