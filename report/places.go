package report

import (
	"strings"

	"pocdr.dev/pocdr/api/v1alpha1"
	"pocdr.dev/pocdr/document"
)

// places finds the lines of what is reported. Files are read again for it: only those with something to report, each once.
type places struct {
	content Content
}

func newPlaces(content Content) *places { return &places{content} }

// locate finds places in one file, by document id.
func (p *places) locate(file string, wanted map[string][]document.Path) map[string][]document.Place {
	content, ok := p.content(file)
	if !ok {
		return nil
	}
	return document.Locate(file, content, document.DefaultBounds, wanted)
}

// resolve fills in the line and column of every finding that is about a file.
func (p *places) resolve(findings []Finding) {
	byFile := map[string][]*Finding{}
	for i := range findings {
		if f := &findings[i]; f.File != "" {
			byFile[f.File] = append(byFile[f.File], f)
		}
	}
	for file, list := range byFile {
		wanted := map[string][]document.Path{}
		for _, f := range list {
			wanted[f.Document] = append(wanted[f.Document], f.path)
		}
		found := p.locate(file, wanted)
		next := map[string]int{}
		for _, f := range list {
			f.Line, f.Column = 1, 1
			if places := found[f.Document]; places != nil {
				f.Line, f.Column = places[next[f.Document]].Line, places[next[f.Document]].Column
			}
			next[f.Document]++
		}
	}
}

// unread gives what was not read, with its lines.
func (p *places) unread(list []document.Unread) []Unread {
	out := make([]Unread, len(list))
	byFile := map[string][]int{}
	for i, u := range list {
		out[i] = Unread{u.File, u.Line, u.Message, len(u.Documents) == 0 && strings.Contains(u.Document, "."+v1alpha1.Group+"/")}
		if u.Document != "" {
			byFile[u.File] = append(byFile[u.File], i)
		}
	}
	for file, indexes := range byFile {
		wanted := map[string][]document.Path{}
		for _, i := range indexes {
			wanted[list[i].Document] = append(wanted[list[i].Document], list[i].Path)
		}
		found := p.locate(file, wanted)
		next := map[string]int{}
		for _, i := range indexes {
			id := list[i].Document
			if places := found[id]; places != nil {
				out[i].Line = places[next[id]].Line
			}
			next[id]++
		}
	}
	return out
}
