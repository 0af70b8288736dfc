package source

import (
	"slices"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/document/codeowners"
)

// Where forges look for the file, the first that is there.
var ownersFiles = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}

// Owners tells who must approve changes of a file, by the tree's CODEOWNERS.
type Owners struct {
	File string // empty where there is none
	Of   func(path string) []string
}

// Owners reads the tree's CODEOWNERS. What it cannot make out is added to what is unread.
func (c *Contents) Owners() (Owners, error) {
	none := Owners{Of: func(string) []string { return nil }}
	i := slices.IndexFunc(ownersFiles, func(name string) bool { _, ok := c.Find(name); return ok })
	if i < 0 {
		return none, nil
	}
	reader, err := c.Tree.Reader()
	if err != nil {
		return none, err
	}
	file, _ := c.Find(ownersFiles[i])
	content, fault := c.Content(reader, file)
	if fault != "" {
		c.Unread = append(c.Unread, document.Unread{File: file.Path, Message: fault, Formats: []document.Format{document.Codeowners}})
		return none, nil
	}
	rules, problems := codeowners.Parse(content)
	for _, p := range problems {
		c.Unread = append(c.Unread, document.Unread{File: file.Path, Line: p.Line, Message: p.Message, Formats: []document.Format{document.Codeowners}})
	}
	return Owners{file.Path, rules.Owners}, nil
}
