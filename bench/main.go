// Command bench measures whole commands: pocdr against conftest with rules that ask what conftest can ask, over the same
// files, in turn, on the same machine. It prints the CPU time, the elapsed time and the largest memory of each, the middle one of
// several runs, and their ratio.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	files := flag.Int("files", 10_000, "files in the corpus")
	runs := flag.Int("runs", 3, "runs of each command")
	pocdr := flag.String("pocdr", "bin/pocdr", "the command to measure")
	conftest := flag.String("conftest", "bin/conftest", "the reference")
	corpus := flag.String("corpus", "examples", "a folder of manifests that the corpus is made of")
	flag.Parse()
	if err := compare(*pocdr, *conftest, *corpus, *files, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func compare(pocdr, conftest, corpus string, files, runs int) error {
	dir, err := os.MkdirTemp("", "pocdr-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	made, bytes, err := build(dir, corpus, files)
	if err != nil {
		return err
	}
	fmt.Printf("%d files, %.1f MB, made of %s; the middle of %d runs\n\n", made, float64(bytes)/1e6, corpus, runs)
	commands := [][]string{
		{pocdr, "scan", "--output", "json", dir},
		{conftest, "test", "--policy", "bench/conftest", "--output", "json", "--no-fail", dir},
	}
	measured := make([][]sample, len(commands))
	for range runs {
		for i, command := range commands {
			s, err := run(command)
			if err != nil {
				return err
			}
			measured[i] = append(measured[i], s)
		}
	}
	fmt.Printf("%-10s %10s %10s %12s\n", "", "CPU s", "elapsed s", "memory MB")
	for i, command := range commands {
		s := middle(measured[i])
		fmt.Printf("%-10s %10.2f %10.2f %12.0f\n", filepath.Base(command[0]), s.cpu.Seconds(), s.elapsed.Seconds(), s.memory/1e6)
	}
	a, b := middle(measured[0]), middle(measured[1])
	fmt.Printf("%-10s %10.3f %10.3f %12.3f\n", "ratio", a.cpu.Seconds()/b.cpu.Seconds(), a.elapsed.Seconds()/b.elapsed.Seconds(), a.memory/b.memory)
	return nil
}

// once finds what a repository declares once: its System and Profile, and what is asked about a whole cluster.
var once = regexp.MustCompile(`(?m)^kind: (System|Profile|ValidatingWebhookConfiguration)$`)

// own are the words of the example that each copy has for itself. What has none of them is copied once.
var own = regexp.MustCompile(`payments|ledger`)

// sample is one run of a command.
type sample struct {
	cpu, elapsed time.Duration
	memory       float64 // bytes
}

func run(command []string) (sample, error) {
	cmd := exec.Command(command[0], command[1:]...)
	start := time.Now()
	out, err := cmd.Output()
	elapsed := time.Since(start)
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 || len(out) < 100 { // 1: there are findings
		return sample{}, fmt.Errorf("%s: %w", strings.Join(command, " "), cmp.Or(err, fmt.Errorf("it printed %d bytes", len(out))))
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return sample{}, fmt.Errorf("this system does not tell what a process used")
	}
	return sample{cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), elapsed, float64(usage.Maxrss) * 1024}, nil
}

func middle(samples []sample) sample {
	sorted := slices.SortedFunc(slices.Values(samples), func(a, b sample) int { return cmp.Compare(a.cpu, b.cpu) })
	return sorted[len(sorted)/2]
}

// build copies the manifests of a folder, again and again, until there are so many files. Every copy is of namespaces of
// its own, so that none declares an object that another one declares; only the first has what is declared once, and what is not the example's.
func build(dir, corpus string, files int) (made int, bytes int64, err error) {
	names, err := manifests(corpus)
	for copies := 0; err == nil && made < files; copies++ {
		for i := 0; err == nil && i < len(names) && made < files; i++ {
			size, copyErr := copyOne(dir, names[i], copies)
			if size > 0 {
				made, bytes = made+1, bytes+int64(size)
			}
			err = copyErr
		}
	}
	return made, bytes, err
}

// manifests lists the YAML files of a folder.
func manifests(corpus string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(corpus, func(name string, entry fs.DirEntry, err error) error {
		ext := filepath.Ext(name)
		if err == nil && !entry.IsDir() && (ext == ".yaml" || ext == ".yml") && !strings.Contains(name, "/.github/") {
			names = append(names, name)
		}
		return err
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s holds no manifests", corpus)
	}
	return names, err
}

// copyOne writes the n-th copy of a file and gives its size; 0 where it is left out.
func copyOne(dir, name string, n int) (int, error) {
	text, err := os.ReadFile(name)
	if err != nil || n > 0 && (once.Match(text) || !own.Match(text)) {
		return 0, err
	}
	renamed := own.ReplaceAllString(string(text), fmt.Sprintf("${0}%d", n))
	target := filepath.Join(dir, fmt.Sprintf("c%d", n), strings.ReplaceAll(name, "/", "_"))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return 0, err
	}
	return len(renamed), os.WriteFile(target, []byte(renamed), 0o644)
}
