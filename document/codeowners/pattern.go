package codeowners

import (
	"strings"
	"unicode/utf8"
)

// A pattern matches a path, folder by folder, from the first to the last.
type pattern []glob

// A glob matches one segment of a path; anywhere, any number of segments.
type glob struct {
	shape shape
	text  string // what is literal: all of it, the beginning, the end
	parts []rune // of a glob of no simpler shape
}

type shape uint8

const (
	anywhere  shape = iota // **
	something              // *
	literal                // text
	beginning              // text*
	ending                 // *text
	mixed                  // parts
)

// Runes that stand for wildcards in parts; they are not in any valid text.
const (
	star     rune = -1
	question rune = -2
)

// compile reads a pattern; fault says what is wrong with it, if anything.
func compile(text string, gitlab bool) (p pattern, fault string) {
	segments := split(nil, strings.TrimPrefix(text, "/"))
	if fault := unsupported(text, segments, gitlab); fault != "" {
		return nil, fault
	}
	last := len(segments) - 1
	folder := segments[last] == ""
	if folder {
		segments = segments[:last]
	} else if gitlab && segments[last] == "**" {
		segments[last] = "*"
	}
	if floats(text, gitlab) {
		p = append(p, glob{shape: anywhere})
	}
	for _, s := range segments {
		p = append(p, compileGlob(s))
	}
	return append(p, below(segments[len(segments)-1], folder, gitlab)...), ""
}

// floats tells whether the pattern matches in any folder, and not from the root alone.
func floats(text string, gitlab bool) bool {
	if gitlab {
		return text[0] != '/'
	}
	return !strings.Contains(strings.TrimSuffix(text, "/"), "/")
}

func unsupported(text string, segments []string, gitlab bool) string {
	switch {
	case text[0] == '!':
		return "! is not supported: what a later rule without owners matches has none"
	case strings.ContainsAny(text, "[]"):
		return "[ ] is not supported, neither as a range of characters nor as a heading of this form"
	case strings.HasPrefix(text, `\#`) && !gitlab:
		return `\# does not name a file that begins with #`
	case strings.Trim(text, "/") == "":
		return "/ matches nothing: * is all files"
	}
	for i, s := range segments {
		if s == "" && i < len(segments)-1 {
			return "// matches nothing"
		}
		if backslashes := len(s) - len(strings.TrimRight(s, `\`)); backslashes%2 == 1 {
			return `\ has nothing to escape`
		}
	}
	return ""
}

// below is what may follow the last segment of a pattern.
func below(last string, folder, gitlab bool) pattern {
	one, all := glob{shape: something}, glob{shape: anywhere}
	switch {
	case folder:
		return pattern{one, all}
	case last == "**" && !gitlab:
		return pattern{one}
	case gitlab, last == "*":
		return nil
	}
	return pattern{all}
}

// compileGlob reads one segment. A backslash takes the wildcard after it for itself.
func compileGlob(segment string) glob {
	if segment == "**" {
		return glob{shape: anywhere}
	}
	var parts []rune
	wildcards, escaped := 0, false
	for _, r := range segment {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
			continue
		case r == '*' && len(parts) > 0 && parts[len(parts)-1] == star:
			continue
		case r == '*':
			r = star
			wildcards++
		case r == '?':
			r = question
			wildcards += 2 // no simple shape has one
		}
		parts = append(parts, r)
	}
	return simplest(parts, wildcards)
}

// simplest is the shape that is fastest to match.
func simplest(parts []rune, wildcards int) glob {
	n := len(parts)
	switch {
	case wildcards == 0:
		return glob{shape: literal, text: string(parts)}
	case wildcards > 1:
		return glob{shape: mixed, parts: parts}
	case n == 1:
		return glob{shape: something}
	case parts[n-1] == star:
		return glob{shape: beginning, text: string(parts[:n-1])}
	case parts[0] == star:
		return glob{shape: ending, text: string(parts[1:])}
	}
	return glob{shape: mixed, parts: parts}
}

// match compares the whole path. After a mismatch only the latest ** is tried again, one segment further:
// the ones before it could gain nothing.
func (p pattern) match(path []string) bool {
	i, j := 0, 0
	retry, from := -1, 0
	for j < len(path) {
		switch {
		case i < len(p) && p[i].shape == anywhere:
			if i == len(p)-1 {
				return true
			}
			retry, from = i, j
			i++
		case i < len(p) && p[i].match(path[j]):
			i++
			j++
		case retry >= 0:
			from++
			i, j = retry+1, from
		default:
			return false
		}
	}
	for i < len(p) && p[i].shape == anywhere {
		i++
	}
	return i == len(p)
}

func (g *glob) match(segment string) bool {
	switch g.shape {
	case something:
		return true
	case literal:
		return segment == g.text
	case beginning:
		return strings.HasPrefix(segment, g.text)
	case ending:
		return strings.HasSuffix(segment, g.text)
	}
	return g.matchParts(segment)
}

// matchParts is match of a pattern over again, in small: runes for segments and * for **.
func (g *glob) matchParts(segment string) bool {
	i, j := 0, 0
	retry, from := -1, 0
	for j < len(segment) {
		r, size := utf8.DecodeRuneInString(segment[j:])
		switch {
		case i < len(g.parts) && g.parts[i] == star:
			retry, from = i, j
			i++
		case i < len(g.parts) && (g.parts[i] == r || g.parts[i] == question):
			i++
			j += size
		case retry >= 0:
			_, size = utf8.DecodeRuneInString(segment[from:])
			from += size
			i, j = retry+1, from
		default:
			return false
		}
	}
	for i < len(g.parts) && g.parts[i] == star {
		i++
	}
	return i == len(g.parts)
}
