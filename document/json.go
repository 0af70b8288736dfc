package document

import (
	"errors"
	"strconv"
	"unicode/utf8"

	kjson "sigs.k8s.io/json"
)

// decodeJSON reads one JSON value as the API server does: duplicate keys are an error.
func decodeJSON(text []byte, bounds Bounds) (any, error) {
	if value, ok := readWritten(text, bounds); ok {
		return value, nil
	}
	return decodeJSONFully(text, bounds)
}

func decodeJSONFully(text []byte, bounds Bounds) (any, error) {
	var value any
	strict, err := kjson.UnmarshalStrict(text, &value)
	if err = errors.Join(append(strict, err)...); err != nil {
		return nil, err
	}
	return (&copying{bounds: bounds}).value(value, 0)
}

// readWritten reads JSON as programs write it, many times faster than the library. At anything else (keys set twice, rare escapes, numbers
// that are not whole, what may be an error) it gives up, with ok false, and the library decides. Where it does not give up, it says what the library says:
// a fuzz test holds the two together.
func readWritten(text []byte, bounds Bounds) (value any, ok bool) {
	if !utf8.Valid(text) {
		return nil, false
	}
	w := &written{text: string(text), bounds: bounds}
	value = w.value(0)
	w.space()
	return value, !w.up && w.at == len(text)
}

// written is the state of reading one value.
type written struct {
	text   string // the strings in the value are parts of it
	bounds Bounds
	at     int // the byte that is read next
	values int
	up     bool // it gave up
}

// giveUp ends the reading: nothing that is read after it counts.
func (w *written) giveUp() any {
	w.up, w.at = true, len(w.text)
	return nil
}

func (w *written) space() {
	for w.at < len(w.text) && (w.text[w.at] == ' ' || w.text[w.at] == '\n' || w.text[w.at] == '\t' || w.text[w.at] == '\r') {
		w.at++
	}
}

// next is the next byte that is no space, which stays to be read; 0 at the end.
func (w *written) next() byte {
	if w.space(); w.at == len(w.text) {
		return 0
	}
	return w.text[w.at]
}

// takes reads a byte, where it is the next.
func (w *written) takes(c byte) bool {
	if w.next() != c || w.at == len(w.text) {
		return false
	}
	w.at++
	return true
}

func (w *written) value(depth int) any {
	if w.values++; w.values > w.bounds.Values || depth > w.bounds.Depth {
		return w.giveUp()
	}
	switch c := w.next(); {
	case c == '{':
		return w.object(depth)
	case c == '[':
		return w.array(depth)
	case c == '"':
		return w.string()
	case c == '-' || c >= '0' && c <= '9':
		return w.number()
	}
	for name, value := range words {
		if w.word(name) {
			return value
		}
	}
	return w.giveUp()
}

var words = map[string]any{"true": true, "false": false, "null": nil}

func (w *written) word(name string) bool {
	if end := w.at + len(name); end <= len(w.text) && w.text[w.at:end] == name {
		w.at = end
		return true
	}
	return false
}

func (w *written) object(depth int) any {
	out := make(map[string]any)
	w.at++
	if w.takes('}') {
		return out
	}
	for {
		if w.next() != '"' {
			return w.giveUp()
		}
		name := w.string()
		if _, twice := out[name]; twice || !w.takes(':') {
			return w.giveUp()
		}
		out[name] = w.value(depth + 1)
		switch {
		case w.takes('}'):
			return out
		case !w.takes(','):
			return w.giveUp()
		}
	}
}

func (w *written) array(depth int) any {
	out := []any{}
	w.at++
	if w.takes(']') {
		return out
	}
	for {
		out = append(out, w.value(depth+1))
		switch {
		case w.takes(']'):
			return out
		case !w.takes(','):
			return w.giveUp()
		}
	}
}

// string reads a string, at its opening quote.
func (w *written) string() string {
	start := w.at + 1
	for at := start; at < len(w.text); at++ {
		switch c := w.text[at]; {
		case c == '"':
			w.at = at + 1
			return w.text[start:at]
		case c == '\\':
			return w.escaped(start, at)
		case c < ' ':
			w.giveUp()
			return ""
		}
	}
	w.giveUp()
	return ""
}

// escaped reads a string that starts somewhere and has an escape.
func (w *written) escaped(start, at int) string {
	out := append([]byte(nil), w.text[start:at]...)
	for at < len(w.text) {
		switch c := w.text[at]; {
		case c == '"':
			w.at = at + 1
			return string(out)
		case c == '\\':
			char, length := escape(w.text[at+1:])
			if length == 0 {
				w.giveUp()
				return ""
			}
			out, at = utf8.AppendRune(out, char), at+1+length
		case c < ' ':
			w.giveUp()
			return ""
		default:
			out, at = append(out, c), at+1
		}
	}
	w.giveUp()
	return ""
}

// escape reads what follows a backslash. Its length is 0 for what is rare or wrong, such as half of a pair of surrogates.
func escape(text string) (char rune, length int) {
	if len(text) == 0 {
		return 0, 0
	}
	switch c := text[0]; c {
	case '"', '\\', '/':
		return rune(c), 1
	case 'b':
		return '\b', 1
	case 'f':
		return '\f', 1
	case 'n':
		return '\n', 1
	case 'r':
		return '\r', 1
	case 't':
		return '\t', 1
	case 'u':
		if len(text) < 5 {
			return 0, 0
		}
		n, err := strconv.ParseUint(text[1:5], 16, 16)
		if err != nil || n >= 0xd800 && n < 0xe000 {
			return 0, 0
		}
		return rune(n), 5
	}
	return 0, 0
}

// longestWhole is how many digits always fit into 64 bits.
const longestWhole = 18

// number reads a whole number.
func (w *written) number() any {
	start, n := w.at, int64(0)
	if w.text[w.at] == '-' {
		w.at++
	}
	first := w.at
	for ; w.at < len(w.text) && w.text[w.at] >= '0' && w.text[w.at] <= '9'; w.at++ {
		n = n*10 + int64(w.text[w.at]-'0')
	}
	digits := w.at - first
	fraction := w.at < len(w.text) && (w.text[w.at] == '.' || w.text[w.at]|' ' == 'e')
	switch {
	case digits == 0 || digits > longestWhole || fraction || w.text[first] == '0' && (digits > 1 || start < first):
		return w.giveUp()
	case start < first:
		return -n
	}
	return n
}
