package document

import "bytes"

// part is one document of a YAML stream: its text, and the line that it starts on, from 1.
type part struct {
	text []byte
	line int
}

// split cuts a YAML stream at its document markers. A line that starts with "---" or "..." and then
// ends or goes on with white space is a marker wherever it stands, inside a quoted or block
// scalar too: YAML forbids such a line anywhere else (production c-forbidden). So a
// cut on lines is exact, and a fault in one document leaves the others readable.
func split(stream []byte) []part {
	var parts []part
	start, startLine, content, marked := 0, 1, false, false
	flush := func(end int) {
		if content {
			parts = append(parts, part{stream[start:end], startLine})
		}
	}
	for at, line := 0, 1; at < len(stream); line++ {
		end, next := lineEnd(stream, at)
		text := stream[at:end]
		switch {
		case isMarker(text, "---"):
			flush(at)
			if content || marked { // directives and comments before a first marker belong to what follows it
				start, startLine = at, line
			}
			content, marked = !blank(text[3:]), true
		case isMarker(text, "..."):
			flush(at)
			start, startLine, content, marked = next, line+1, false, false
		case !blank(text) && text[0] != '%':
			content = true
		}
		at = next
	}
	flush(len(stream))
	return parts
}

// lineEnd gives the end of the line that starts at at, and the start of the next.
func lineEnd(stream []byte, at int) (end, next int) {
	for i := at; i < len(stream); i++ {
		switch {
		case stream[i] == '\n':
			return i, i + 1
		case stream[i] == '\r' && i+1 < len(stream) && stream[i+1] == '\n':
			return i, i + 2
		case stream[i] == '\r':
			return i, i + 1
		}
	}
	return len(stream), len(stream)
}

func isMarker(line []byte, marker string) bool {
	if !bytes.HasPrefix(line, []byte(marker)) {
		return false
	}
	return len(line) == 3 || line[3] == ' ' || line[3] == '\t'
}

// blank tells whether a line holds nothing but white space and a comment.
func blank(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	return len(line) == 0 || line[0] == '#'
}
