package document

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	yaml3 "go.yaml.in/yaml/v3"
)

// Place is where a value stands in its file. Lines and columns count from 1; a column counts characters.
type Place struct {
	Line   int
	Column int
}

// Path is a path inside a document: text for a key, an integer for an entry of a list.
type Path []any

// String writes a path as people do: spec.containers[0].image.
func (p Path) String() string {
	var b strings.Builder
	for _, step := range p {
		switch step := step.(type) {
		case string:
			if strings.ContainsAny(step, ".[]\"/ ") || step == "" {
				fmt.Fprintf(&b, "[%q]", step)
				continue
			}
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		default:
			fmt.Fprintf(&b, "[%v]", step)
		}
	}
	return b.String()
}

// Locate finds the value at a path of a document, given the content of the document's file. Where the path leads
// nowhere, the place is that of the last step that exists: a missing field is reported where it would stand.
// Documents are not kept while findings are made, so the file is read again: once, for what is reported.
func Locate(file string, content []byte, bounds Bounds, places map[string][]Path) map[string][]Place {
	found := make(map[string][]Place, len(places))
	documents, _ := Read(file, content, bounds)
	for _, d := range documents {
		paths, wanted := places[d.ID]
		if !wanted || found[d.ID] != nil {
			continue
		}
		found[d.ID] = d.locate(paths)
	}
	return found
}

// fewPaths are those that are sought one by one, which takes as long as the document is for each.
const fewPaths = 32

func (d Document) locate(paths []Path) []Place {
	found := make([]Place, len(paths))
	var plain *block
	if d.plain && len(paths) <= fewPaths {
		plain = seeker(d.part.text)
	}
	full := sync.OnceValue(func() *yaml3.Node { return readNodes(d.part.text) })
	for i, path := range paths {
		switch d.Format {
		case CQL:
			found[i] = d.statement(path)
			continue
		case Rego:
			found[i] = Place{d.part.line, 1}
			continue
		}
		inPart := append(slices.Clone(d.prefix), path[min(d.outer, len(path)):]...)
		at, ok := Place{1, 1}, false
		if plain != nil {
			at, ok = plain.seek(inPart)
		}
		if !ok && full() != nil {
			node := find(full(), inPart)
			at = Place{lineOfFile(d.part.text, node.Line), node.Column}
		}
		found[i] = Place{d.part.line + at.Line - 1, at.Column}
	}
	return found
}

// readNodes reads a document with the places of its values; nil where that is not YAML, or empty.
func readNodes(text []byte) *yaml3.Node {
	var root yaml3.Node
	if yaml3.Unmarshal(text, &root) != nil || len(root.Content) == 0 {
		return nil
	}
	return root.Content[0]
}

// lineOfFile turns a line as YAML counts them into one as editors do: to YAML alone, three characters beyond ASCII end a line too.
func lineOfFile(text []byte, line int) int {
	if !bytes.ContainsAny(text, yamlBreaks) {
		return line
	}
	ended, extra := 1, 0
	for i, r := range string(text) {
		if ended == line {
			break
		}
		switch {
		case strings.ContainsRune(yamlBreaks, r):
			ended, extra = ended+1, extra+1
		case r == '\n' || r == '\r' && !bytes.HasPrefix(text[i:], []byte("\r\n")):
			ended++
		}
	}
	return line - extra
}

// yamlBreaks are next line, line separator and paragraph separator.
const yamlBreaks = "\u0085\u2028\u2029"

// find follows a path as far as it leads. For a key it stands on the key, for an entry on the entry.
func find(node *yaml3.Node, path Path) *yaml3.Node {
	at := node
	for _, step := range path {
		for node.Kind == yaml3.AliasNode {
			node = node.Alias
		}
		next, place := child(node, step)
		if next == nil {
			break
		}
		node, at = next, place
	}
	return at
}

func child(node *yaml3.Node, step any) (value, place *yaml3.Node) {
	switch node.Kind {
	case yaml3.MappingNode:
		return entry(node, fmt.Sprint(step))
	case yaml3.SequenceNode:
		i, err := strconv.Atoi(fmt.Sprint(step))
		if err == nil && i >= 0 && i < len(node.Content) {
			return node.Content[i], node.Content[i]
		}
	}
	return nil, nil
}

func entry(mapping *yaml3.Node, key string) (value, place *yaml3.Node) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		k, v := mapping.Content[i], mapping.Content[i+1]
		if k.Value == key {
			return v, k
		}
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if merged := mapping.Content[i+1]; mapping.Content[i].Tag == "!!merge" {
			for merged.Kind == yaml3.AliasNode {
				merged = merged.Alias
			}
			if merged.Kind == yaml3.MappingNode {
				return entry(merged, key)
			}
		}
	}
	return nil, nil
}

// statement is the place of a CQL statement: ["statements", n, ...].
func (d Document) statement(path Path) Place {
	if len(path) < 2 {
		return Place{1, 1}
	}
	statements, _ := d.value.(map[string]any)["statements"].([]any)
	i, err := strconv.Atoi(fmt.Sprint(path[1]))
	if err != nil || i < 0 || i >= len(statements) {
		return Place{1, 1}
	}
	line, _ := statements[i].(map[string]any)["line"].(int64)
	return Place{int(line), 1}
}
