package engine_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
	"pocdr.dev/pocdr/policies"
)

// example reads the documents of examples/payments.
func example(b testing.TB) []document.Document {
	b.Helper()
	var documents []document.Document
	root := "../examples/payments"
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := filepath.Rel(root, name)
		read, _ := document.Read(filepath.ToSlash(file), text, document.DefaultBounds)
		documents = append(documents, read...)
		return err
	})
	if err != nil || len(documents) < 40 {
		b.Fatal(len(documents), err)
	}
	return documents
}

func derive(b testing.TB, p *engine.Policies, documents []document.Document) *engine.View {
	b.Helper()
	v := p.NewView()
	for _, d := range documents {
		facts, unread, faults := p.Derive(context.Background(), d)
		if len(unread)+len(faults) > 0 {
			b.Fatal(unread, faults)
		}
		v.Add(facts)
	}
	return v
}

// BenchmarkCompile compiles the shipped policies: what every run pays once.
func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		shipped(b)
	}
}

// BenchmarkFacts derives the facts of the example.
func BenchmarkFacts(b *testing.B) {
	p, documents := shipped(b), example(b)
	b.ReportAllocs()
	for b.Loop() {
		derive(b, p, documents)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(documents)), "µs/document")
}

// BenchmarkJoin joins the facts of the example.
func BenchmarkJoin(b *testing.B) {
	p, documents := shipped(b), example(b)
	for b.Loop() {
		b.StopTimer()
		v := derive(b, p, documents)
		b.StartTimer()
		v.Join(context.Background())
	}
}

// BenchmarkJudge judges the example by every check.
func BenchmarkJudge(b *testing.B) {
	p := shipped(b)
	v := derive(b, p, example(b))
	v.Own(context.Background(), "CODEOWNERS", func(string) []string { return []string{"@team"} })
	v.Join(context.Background())
	snapshot := v.Snapshots(engine.Settings{AsOf: asOf})[0]
	b.ReportAllocs()
	for b.Loop() {
		if j := p.Judge(context.Background(), snapshot); j.Level != 2 || len(j.Faults) > 0 {
			b.Fatal(j.Level, j.Faults)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(p.Checks)), "µs/check")
}

func shipped(b *testing.B) *engine.Policies {
	b.Helper()
	p, err := engine.Compile(engine.Tree{FS: policies.FS, Tested: true})
	if err != nil {
		b.Fatal(err)
	}
	return p
}
