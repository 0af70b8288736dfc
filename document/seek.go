package document

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// seeker knows the lines of a document that readBlock reads.
func seeker(text []byte) *block {
	r := &block{text: text}
	if !r.layOut() {
		return nil
	}
	return r
}

// seek finds where a path leads, as find does in a document that the full reader has read, many times faster: it passes over what is beside the
// path. Inside of flow collections, and at empty entries, the full reader has to look: ok is false.
func (r *block) seek(path Path) (at Place, ok bool) {
	r.at = 0
	l, ok := r.next()
	if !ok {
		return Place{}, false
	}
	at = r.place(l)
	for i, step := range path {
		ofKey := !r.isEntry(l)
		stands, value, found := r.child(l, fmt.Sprint(step))
		if !found {
			return at, true
		}
		if stands.start < stands.end {
			at = r.place(stands)
		}
		if value.start < value.end && r.text[value.start] != '#' {
			if ofKey || !r.begins(value) {
				return at, i == len(path)-1 || r.text[value.start] != '{' && r.text[value.start] != '['
			}
			l = value
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

// child goes to the line of a key or an entry of the mapping or sequence whose first line is given. It stands where the key or the content of the entry
// starts; value is what follows the key and its colon, or that content.
func (r *block) child(first line, step string) (stands, value line, found bool) {
	list := r.isEntry(first)
	wanted, err := strconv.Atoi(step)
	if list && err != nil {
		return line{}, line{}, false
	}
	entries := 0
	for l, ok := first, true; ok && l.indent >= first.indent; l, ok = r.next() {
		switch {
		case l.indent > first.indent || !list && r.isEntry(l): // of what is beside
		case list && !r.isEntry(l):
			return line{}, line{}, false
		case list:
			if entries == wanted {
				return r.afterDash(l), r.afterDash(l), true
			}
			entries++
		default:
			if name, value, _ := r.key(l); name == step {
				return l, value, true
			}
		}
		r.at++
	}
	return line{}, line{}, false
}

// place is where a line's content starts.
func (r *block) place(l line) Place {
	begin := r.lines[r.at].start - r.lines[r.at].indent
	return Place{r.at + 1, utf8.RuneCount(r.text[begin:l.start]) + 1}
}
