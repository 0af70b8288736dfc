package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// article holds the commands that are shown to readers, and what they print.
const article = "../../docs/pocdr.md"

const (
	consoleOpens = "```console\n"
	fence        = "```\n"
)

// TestArticle runs every command of the article's console blocks, one after the other in one shell, in a repository of its own
// that holds the example, and compares what each prints. A command that fails is an error, unless the article says what follows then.
func TestArticle(t *testing.T) {
	text, err := os.ReadFile(article)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	commands := commandsOf(page)
	if len(commands) == 0 {
		t.Fatal("the article has no console block")
	}
	got := withOutputs(page, outputsOf(t, commands))
	if got == page {
		return
	}
	if *update {
		if err := os.WriteFile(article, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s shows what is not printed; go test ./cmd/pocdr -run Article -update writes it anew\n%s", article, firstDifference(page, got))
}

// consoles visits each console block of a page, and puts what visit returns in its place.
func consoles(page string, visit func(block string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(page, consoleOpens)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		block, after, _ := strings.Cut(rest, fence)
		b.WriteString(consoleOpens + visit(block) + fence)
		page = after
	}
}

// commandsOf gives the commands of all blocks: lines that start with "$ ", each with the lines after it that start with "> ".
func commandsOf(page string) []string {
	var commands []string
	consoles(page, func(block string) string {
		commands = append(commands, blockCommands(block)...)
		return block
	})
	return commands
}

func blockCommands(block string) []string {
	var commands []string
	for line := range strings.Lines(block) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			commands = append(commands, command)
		} else if more, ok := strings.CutPrefix(line, "> "); ok && len(commands) > 0 {
			commands[len(commands)-1] += more
		}
	}
	return commands
}

// withOutputs puts the outputs of all commands under them.
func withOutputs(page string, outputs []string) string {
	return consoles(page, func(block string) string {
		var b strings.Builder
		for _, command := range blockCommands(block) {
			lines := strings.SplitAfter(strings.TrimSuffix(command, "\n"), "\n")
			b.WriteString("$ " + strings.Join(lines, "> ") + "\n" + outputs[0])
			outputs = outputs[1:]
		}
		return b.String()
	})
}

// outputsOf gives what each command prints, on both streams.
func outputsOf(t *testing.T, commands []string) []string {
	t.Helper()
	repository := filepath.Join(t.TempDir(), "payments")
	if err := os.CopyFS(repository, os.DirFS("../../examples/payments")); err != nil {
		t.Fatal(err)
	}
	shell(t, repository, `git init -q -b main && git add --all && git commit -q -m "Payments: plant a serves release 2.8.0"`)
	const end = "\x00"
	var script strings.Builder
	for _, command := range commands {
		script.WriteString(command + "printf '\\0'\n")
	}
	outputs := strings.SplitAfter(shell(t, repository, script.String()), end)
	if len(outputs) != len(commands)+1 {
		t.Fatalf("%d commands gave %d outputs", len(commands), len(outputs)-1)
	}
	for i := range outputs {
		outputs[i] = strings.TrimSuffix(outputs[i], end)
	}
	return outputs
}

// shell runs a script in a folder. Who commits and when is the same at all times, so that the names of commits are, too.
func shell(t *testing.T, dir, script string) string {
	t.Helper()
	cmd := exec.Command("bash", "-e", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_PAGER=cat")
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		cmd.Env = append(cmd.Env, "GIT_"+who+"_NAME=acme", "GIT_"+who+"_EMAIL=payments@acme.example", "GIT_"+who+"_DATE=2026-01-30T09:00:00Z")
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v, after\n%s", err, strings.ReplaceAll(out.String(), "\x00", "\n$ …\n"))
	}
	return out.String()
}

// firstDifference shows the first line in which two texts differ.
func firstDifference(have, want string) string {
	haves, wants := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range min(len(haves), len(wants)) {
		if haves[i] != wants[i] {
			return "-" + haves[i] + "\n+" + wants[i]
		}
	}
	return "one is longer than the other"
}
