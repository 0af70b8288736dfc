package document

import (
	"bytes"
	"strconv"
	"strings"

	yaml2 "go.yaml.in/yaml/v2"
)

// readBlock reads one YAML document, valid UTF-8, in the plain style in which most manifests are written, many times faster than a
// full reader: block mappings and sequences, scalars, flow collections on one line, literal blocks. At anything else
// (anchors, tags, folded blocks, rare escapes, keys set twice, what may be an error) it gives up, with ok false, and the full
// reader decides. Where it does not give up, it says what the full reader says: a fuzz test holds the two together.
func readBlock(text []byte, bounds Bounds) (value any, ok bool) {
	r := &block{text: text, bounds: bounds}
	if !r.plainText() || !r.layOut() {
		return nil, false
	}
	defer func() {
		if given := recover(); given != nil {
			if _, up := given.(giveUp); !up {
				panic(given)
			}
			value, ok = nil, false
		}
	}()
	if r.skip(); r.end() {
		return nil, true
	}
	value = r.node(0)
	if r.skip(); !r.end() {
		return nil, false
	}
	return value, true
}

// giveUp is thrown where the full reader must decide.
type giveUp struct{}

// block is the state of reading one document, line by line.
type block struct {
	text   []byte
	bounds Bounds
	lines  []line
	at     int // the line that is read next
	values int
}

// longestKey is well below the 1024 characters at which YAML ends what can be a key.
const longestKey = 256

// line is one line of text: its indentation, and where it starts after it and ends.
type line struct {
	indent     int
	start, end int
}

// plainText tells whether all bytes are such that no reader treats them in a special way.
func (r *block) plainText() bool {
	for i, c := range r.text {
		switch {
		case c >= ' ' && c < 0x7f || c == '\n':
		case c < ' ' || c == 0x7f || c == 0xef: // control characters, a byte order mark and its like
			return false
		case c == 0xc2 && i+1 < len(r.text) && r.text[i+1] < 0xa0: // control characters
			return false
		case c == 0xe2 && i+2 < len(r.text) && r.text[i+1] == 0x80 && r.text[i+2]&^1 == 0xa8: // line and paragraph separators
			return false
		}
	}
	return true
}

// layOut cuts the text into lines, a marker at the start left out.
func (r *block) layOut() bool {
	r.lines = make([]line, 0, bytes.Count(r.text, []byte("\n"))+1)
	for at, first := 0, true; at < len(r.text); {
		end := bytes.IndexByte(r.text[at:], '\n')
		if end < 0 {
			end = len(r.text)
		} else {
			end += at
		}
		l := line{0, at, end}
		for l.start < end && r.text[l.start] == ' ' {
			l.start++
		}
		l.indent = l.start - at
		at = end + 1
		if content := r.text[l.start:end]; !blank(content) {
			if l.indent == 0 && (isMarker(content, "---") || isMarker(content, "...") || content[0] == '%') {
				if !first || content[0] != '-' || !blank(content[3:]) {
					return false
				}
				l.start = end // an empty line
			}
			first = false
		}
		r.lines = append(r.lines, l)
	}
	return true
}

func (r *block) end() bool { return r.at == len(r.lines) }

// skip passes over blank lines and comments.
func (r *block) skip() {
	for ; r.at < len(r.lines); r.at++ {
		if l := r.lines[r.at]; l.start < l.end && r.text[l.start] != '#' {
			return
		}
	}
}

// next is the next line with content; ok is false at the end.
func (r *block) next() (l line, ok bool) {
	r.skip()
	if r.end() {
		return line{}, false
	}
	return r.lines[r.at], true
}

// count counts a value against the bounds, which the full reader has a message for.
func (r *block) count(depth int) {
	if r.values++; r.values > r.bounds.Values || depth > r.bounds.Depth {
		panic(giveUp{})
	}
}

// node reads the mapping or sequence that starts on the next line.
func (r *block) node(depth int) any {
	l, _ := r.next()
	r.count(depth)
	if r.isEntry(l) {
		return r.sequence(l.indent, depth)
	}
	return r.mapping(l.indent, depth)
}

// isEntry tells whether a line is an entry of a sequence.
func (r *block) isEntry(l line) bool {
	return r.text[l.start] == '-' && (l.start+1 == l.end || r.text[l.start+1] == ' ')
}

func (r *block) mapping(indent, depth int) any {
	out := make(map[string]any, 4)
	for {
		l, ok := r.next()
		if !ok || l.indent < indent {
			return out
		}
		if l.indent > indent || r.isEntry(l) {
			panic(giveUp{})
		}
		name, rest, ok := r.key(l)
		if _, twice := out[name]; !ok || twice {
			panic(giveUp{})
		}
		r.at++
		out[name] = r.value(rest, indent, depth+1, true)
	}
}

func (r *block) sequence(indent, depth int) any {
	out := []any{}
	for {
		l, ok := r.next()
		if !ok || l.indent < indent || l.indent == indent && !r.isEntry(l) {
			return out
		}
		if l.indent > indent {
			panic(giveUp{})
		}
		out = append(out, r.entry(l, depth+1))
	}
}

// entry reads one entry of a sequence: a value, or a mapping or sequence that starts on the same line.
func (r *block) entry(l line, depth int) any {
	inner := r.afterDash(l)
	if inner.start < inner.end && r.text[inner.start] != '#' && r.begins(inner) {
		r.lines[r.at] = inner
		return r.node(depth)
	}
	r.at++
	return r.value(inner, l.indent, depth, false)
}

// afterDash is what follows the dash of an entry on its line.
func (r *block) afterDash(l line) line {
	inner := line{0, l.start + 1, l.end}
	for inner.start < inner.end && r.text[inner.start] == ' ' {
		inner.start++
	}
	inner.indent = l.indent + inner.start - l.start
	return inner
}

// begins tells whether a mapping or a sequence starts with what follows a dash on its line.
func (r *block) begins(inner line) bool {
	_, _, isKey := r.key(inner)
	return isKey || r.isEntry(inner)
}

// value reads what follows a key or a dash: on the same line, or below it with more indentation. A sequence may stand below a key with the same.
func (r *block) value(rest line, indent, depth int, ofKey bool) any {
	if rest.start < rest.end && r.text[rest.start] != '#' {
		r.count(depth)
		if r.text[rest.start] == '|' {
			return r.literal(rest, indent)
		}
		v := r.inline(rest, indent, depth)
		if l, ok := r.next(); ok && l.indent > indent {
			panic(giveUp{})
		}
		return v
	}
	l, ok := r.next()
	if ok && (l.indent > indent || ofKey && l.indent == indent && r.isEntry(l)) {
		return r.node(depth)
	}
	r.count(depth)
	return nil
}

// key reads the key that a line starts with; rest is what follows the colon.
func (r *block) key(l line) (name string, rest line, ok bool) {
	at := l.start
	switch c := r.text[at]; {
	case c == '"' || c == '\'':
		text, end, closed := r.quoted(at, l.end)
		if !closed {
			return "", line{}, false // text that goes on
		}
		name, at = text, end
	case !startsPlain(c):
		if c != '{' && c != '[' && c != '|' {
			panic(giveUp{})
		}
		return "", line{}, false
	default:
		for at < l.end && !r.colon(at, l.end) && !r.comment(at) {
			at++
		}
		name = string(bytes.TrimRight(r.text[l.start:at], " "))
	}
	if at == l.end || !r.colon(at, l.end) {
		return "", line{}, false
	}
	if c := r.text[l.start]; at-l.start > longestKey || c != '"' && c != '\'' && !isText(name) {
		panic(giveUp{}) // a key that may be none, or no text
	}
	rest = line{0, at + 1, l.end}
	for rest.start < rest.end && r.text[rest.start] == ' ' {
		rest.start++
	}
	return name, rest, true
}

func (r *block) colon(at, end int) bool {
	return r.text[at] == ':' && (at+1 == end || r.text[at+1] == ' ')
}

func (r *block) comment(at int) bool { return r.text[at] == '#' && r.text[at-1] == ' ' }

// startsPlain tells whether a plain scalar may start with c: a part of what YAML allows.
func startsPlain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '/' || c == '.' || c == '$' || c == '(' || c == '+' || c == '-' || c == '^' || c == '=' || c == ';' || c == '\\'
}

// inline reads a scalar that starts on a line, or a flow collection that takes up the rest of it. The lines that a scalar goes on with have more
// indentation than its parent.
func (r *block) inline(rest line, parent, depth int) any {
	switch c := r.text[rest.start]; {
	case c == '"' || c == '\'':
		return r.quotedLines(rest, parent)
	case c == '{' || c == '[':
		v, end := r.flow(rest.start, rest.end, depth)
		if !r.nothing(end, rest.end) {
			panic(giveUp{})
		}
		return v
	case !startsPlain(c) || r.isEntry(rest):
		panic(giveUp{})
	}
	return r.plainLines(rest, parent)
}

// plainLines reads a plain scalar.
func (r *block) plainLines(rest line, parent int) any {
	text, ended := r.plain(rest)
	if l, breaks := r.goesOn(parent); breaks > 0 && !ended {
		all := bytes.Clone(text)
		for ; breaks > 0 && !ended; l, breaks = r.goesOn(parent) {
			r.at += breaks
			text, ended = r.plain(l)
			all = append(fold(all, breaks), text...)
		}
		text = all
	}
	return resolve(text)
}

// plain is what a plain scalar has on a line. A comment after it ends it.
func (r *block) plain(l line) (text []byte, ended bool) {
	at := l.start
	if r.text[at] == '#' {
		panic(giveUp{})
	}
	for at < l.end && !r.comment(at) {
		if r.colon(at, l.end) {
			panic(giveUp{})
		}
		at++
	}
	return bytes.TrimRight(r.text[l.start:at], " "), at < l.end
}

// quotedLines reads a quoted scalar.
func (r *block) quotedLines(rest line, parent int) any {
	text, end, closed := r.quoted(rest.start, rest.end)
	if closed {
		if !r.nothing(end, rest.end) {
			panic(giveUp{})
		}
		return text
	}
	quote := r.text[rest.start]
	all, _, _ := r.quotedPart(nil, quote, rest.start+1, rest.end)
	if all = bytes.TrimRight(all, " "); len(all) == 0 {
		panic(giveUp{})
	}
	for !closed {
		l, breaks := r.goesOn(parent)
		if breaks == 0 {
			panic(giveUp{})
		}
		r.at += breaks
		before := len(fold(all, breaks))
		all, end, closed = r.quotedPart(fold(all, breaks), quote, l.start, l.end)
		if !closed {
			all = append(all[:before], bytes.TrimRight(all[before:], " ")...)
		} else if !r.nothing(end, l.end) {
			panic(giveUp{})
		}
	}
	return string(all)
}

// goesOn is the next line with text, where it has more indentation than the parent of a scalar, and how many line breaks are before its end; none
// where it has not.
func (r *block) goesOn(parent int) (l line, breaks int) {
	for i := r.at; i < len(r.lines); i++ {
		if l := r.lines[i]; l.start < l.end {
			if l.indent > parent {
				return l, i - r.at + 1
			}
			break
		}
	}
	return line{}, 0
}

// fold puts what line breaks inside of a scalar stand for: one is a space, and more are those beyond the first.
func fold(text []byte, breaks int) []byte {
	if breaks == 1 {
		return append(text, ' ')
	}
	return append(text, bytes.Repeat([]byte("\n"), breaks-1)...)
}

// nothing tells whether only a comment stands in the rest of a line.
func (r *block) nothing(at, end int) bool {
	rest := r.text[at:end]
	trimmed := bytes.TrimLeft(rest, " ")
	return len(trimmed) == 0 || trimmed[0] == '#' && len(trimmed) < len(rest)
}

// quoted reads a quoted scalar on one line; after is behind the closing quote.
func (r *block) quoted(at, end int) (text string, after int, closed bool) {
	out, after, closed := r.quotedPart(nil, r.text[at], at+1, end)
	return string(out), after, closed
}

// quotedPart adds what a quoted scalar has on a line, up to its closing quote or the end of the line.
func (r *block) quotedPart(out []byte, quote byte, at, end int) (text []byte, after int, closed bool) {
	from := at
	for ; at < end; at++ {
		switch c := r.text[at]; {
		case c == quote && quote == '\'' && at+1 < end && r.text[at+1] == quote: // one, written twice
			at++
			out, from = append(out, r.text[from:at]...), at+1
		case c == quote:
			return append(out, r.text[from:at]...), at + 1, true
		case c == '\\' && quote == '"':
			if at+1 == end {
				panic(giveUp{})
			}
			escaped := bytes.IndexByte([]byte(`"\nt`), r.text[at+1])
			if escaped < 0 {
				panic(giveUp{})
			}
			at++
			out, from = append(append(out, r.text[from:at-1]...), "\"\\\n\t"[escaped]), at+1
		}
	}
	return append(out, r.text[from:end]...), end, false
}

// flow reads a flow collection, or a scalar inside of one.
func (r *block) flow(at, end, depth int) (any, int) {
	r.count(depth)
	switch r.text[at] {
	case '{':
		return r.flowMapping(at, end, depth)
	case '[':
		return r.flowSequence(at, end, depth)
	case '"', '\'':
		text, after, closed := r.quoted(at, end)
		if !closed {
			panic(giveUp{})
		}
		return text, after
	}
	from := at
	for at < end && inFlow(r.text[at]) {
		at++
	}
	if from == at || !startsPlain(r.text[from]) || r.isEntry(line{0, from, at}) {
		panic(giveUp{})
	}
	return resolve(bytes.TrimRight(r.text[from:at], " ")), at
}

// inFlow tells whether a plain scalar inside of a flow collection may hold c: a part of what YAML allows.
func inFlow(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || bytes.IndexByte([]byte("_/.$()+-*@=~ "), c) >= 0
}

func (r *block) flowSequence(at, end, depth int) (any, int) {
	out := []any{}
	at = r.spaces(at+1, end)
	if r.text[at] == ']' {
		return out, at + 1
	}
	for {
		var v any
		v, at = r.flow(at, end, depth+1)
		out = append(out, v)
		at = r.spaces(at, end)
		switch r.text[at] {
		case ']':
			return out, at + 1
		case ',':
			at = r.spaces(at+1, end)
		default:
			panic(giveUp{})
		}
	}
}

func (r *block) flowMapping(at, end, depth int) (any, int) {
	out := map[string]any{}
	at = r.spaces(at+1, end)
	if r.text[at] == '}' {
		return out, at + 1
	}
	for {
		var name string
		name, at = r.flowKey(at, end)
		if _, twice := out[name]; twice {
			panic(giveUp{})
		}
		out[name], at = r.flow(r.spaces(at, end), end, depth+1)
		at = r.spaces(at, end)
		switch r.text[at] {
		case '}':
			return out, at + 1
		case ',':
			at = r.spaces(at+1, end)
		default:
			panic(giveUp{})
		}
	}
}

// flowKey reads a key and the colon and space after it.
func (r *block) flowKey(at, end int) (string, int) {
	from, name := at, ""
	if c := r.text[at]; c == '"' || c == '\'' {
		text, after, closed := r.quoted(at, end)
		if !closed {
			panic(giveUp{})
		}
		name, at = text, after
	} else {
		for at < end && inFlow(r.text[at]) && r.text[at] != ' ' {
			at++
		}
		name = string(r.text[from:at])
		if from == at || at-from > longestKey || !startsPlain(r.text[from]) || !isText(name) {
			panic(giveUp{})
		}
	}
	if at+1 >= end || r.text[at] != ':' || r.text[at+1] != ' ' {
		panic(giveUp{})
	}
	return name, at + 2
}

// spaces passes over spaces; something must follow on the line.
func (r *block) spaces(at, end int) int {
	for at < end && r.text[at] == ' ' {
		at++
	}
	if at >= end {
		panic(giveUp{})
	}
	return at
}

// literal reads a literal block: the lines below with more indentation than the line that starts it.
func (r *block) literal(header line, parent int) any {
	mark := string(bytes.TrimRight(r.text[header.start:header.end], " "))
	if mark != "|" && mark != "|-" && mark != "|+" {
		panic(giveUp{})
	}
	indent, from := 0, r.at
	for i := from; i < len(r.lines); i++ {
		if l := r.lines[i]; l.start < l.end {
			indent = l.indent
			break
		}
		if r.lines[i].indent > 0 {
			panic(giveUp{}) // a blank line that may be part of the indentation
		}
	}
	if indent <= parent {
		panic(giveUp{})
	}
	var out []byte
	content := 0 // length up to the end of the last line that is not blank
	for ; r.at < len(r.lines); r.at++ {
		l := r.lines[r.at]
		if l.start < l.end && l.indent < indent {
			break
		}
		if l.end == len(r.text) {
			panic(giveUp{}) // no line break at the end
		}
		if begin := l.start - l.indent + indent; begin < l.end {
			out = append(out, r.text[begin:l.end]...)
			content = len(out)
		}
		out = append(out, '\n')
	}
	switch mark {
	case "|-":
		out = out[:content]
	case "|":
		out = out[:content+1]
	}
	return string(out)
}

// isText tells whether a plain scalar is text whatever reads it; false where it may be anything else.
func isText(s string) bool {
	if c := s[0]; c >= '0' && c <= '9' || c == '.' || c == '+' || c == '-' {
		for i := range len(s) {
			if c := s[i]; c >= 'g' && c <= 'z' && c != 'o' && c != 'x' && c != 'i' && c != 'n' || c >= 'G' && c <= 'Z' && c != 'O' && c != 'X' && c != 'I' && c != 'N' && c != 'T' && c != 'Z' || c == '/' {
				return true
			}
		}
		return false
	}
	return !special[s]
}

// special are the words that YAML 1.1 reads as something else than text, in every spelling that some reader knows.
var special = func() map[string]bool {
	words := map[string]bool{}
	for _, word := range []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"} {
		words[word] = true
		words[string(bytes.ToUpper([]byte(word)))] = true
		words[string(bytes.ToUpper([]byte(word[:1])))+word[1:]] = true
	}
	return words
}()

// resolve gives a plain scalar its type.
func resolve(text []byte) any {
	s := string(text)
	switch {
	case isText(s) || strings.Contains(s, "\n"):
		return s
	case s == "true":
		return true
	case s == "false":
		return false
	case s == "null":
		return nil
	case simpleInteger(s):
		n, _ := strconv.ParseInt(s, 10, 64)
		return n
	}
	var v []any // the full reader decides, inside of a sequence: on a line of its own, --- would be a marker
	if err := yaml2.Unmarshal(append([]byte("- "), text...), &v); err != nil || len(v) != 1 {
		panic(giveUp{})
	}
	out, err := scalar(v[0])
	if err != nil {
		panic(giveUp{})
	}
	return out
}

func simpleInteger(s string) bool {
	if len(s) > 18 || len(s) > 1 && s[0] == '0' {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
