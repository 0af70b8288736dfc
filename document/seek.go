package document

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// seek finds where a path leads in a document that readBlock reads, as find does in one that the full reader has read, many times faster:
// it passes over what is beside the path. Inside of flow collections, and at empty entries, the full reader has to look: ok is false.
func seek(text []byte, path Path) (at Place, ok bool) {
	r := &block{text: text}
	if !r.layOut() {
		return Place{}, false
	}
	l, ok := r.next()
	if !ok {
		return Place{}, false
	}
	at = r.place(l)
	for i, step := range path {
		value, ofKey, found := r.child(l, fmt.Sprint(step))
		switch {
		case !found:
			return at, true
		case ofKey:
			at = r.place(r.lines[r.at])
		case value.start < value.end:
			at = r.place(value)
		}
		if value.start < value.end && r.text[value.start] != '#' {
			if ofKey || !r.begins(value) {
				return at, i == len(path)-1 || r.text[value.start] != '{' && r.text[value.start] != '['
			}
			l, r.lines[r.at] = value, value
			continue
		}
		r.at++
		below, more := r.next()
		if !more || below.indent < l.indent || below.indent == l.indent && !(ofKey && r.isEntry(below)) {
			return at, ofKey
		}
		if l = below; !ofKey {
			at = r.place(l)
		}
	}
	return at, true
}

// child goes to the line of a key or an entry of the mapping or sequence that starts on a line. value is what stands after the key and its
// colon, or after the dash.
func (r *block) child(first line, step string) (value line, ofKey, found bool) {
	ofKey = !r.isEntry(first)
	wanted, err := strconv.Atoi(step)
	if !ofKey && (err != nil || wanted < 0) {
		return line{}, false, false
	}
	for entries := 0; ; r.at++ {
		l, ok := r.next()
		switch {
		case !ok || l.indent < first.indent || l.indent == first.indent && !ofKey && !r.isEntry(l):
			return line{}, false, false
		case l.indent > first.indent || ofKey && r.isEntry(l): // of what is beside
		case !ofKey:
			if entries == wanted {
				return r.afterDash(l), false, true
			}
			entries++
		default:
			if name, value, _ := r.key(l); name == step {
				return value, true, true
			}
		}
	}
}

// place is where a line's content starts.
func (r *block) place(l line) Place {
	begin := r.lines[r.at].start - r.lines[r.at].indent
	return Place{r.at + 1, utf8.RuneCount(r.text[begin:l.start]) + 1}
}
