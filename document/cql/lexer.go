package cql

import "bytes"

type kind uint8

const (
	end    kind = iota // a semicolon, or the end of the file
	word               // an unquoted identifier or a keyword
	quoted             // "an identifier"
	text               // 'a string' or $$a string$$
	number             // an integer, float, duration, UUID or hexadecimal constant
	mark               // one character of punctuation
	broken             // a string, quoted name or comment that is never closed
)

// A token is src[start:end] of the file, beginning on line.
type token struct {
	kind       kind
	start, end int
	line       int
}

type lexer struct {
	src  []byte
	pos  int
	line int
	// openEnded remembers that no comment closes from here on: looking again for each
	// opening one would make the time quadratic.
	openEnded bool
}

// next reads a token. At the end of the file it returns an empty end token, again and again.
func (l *lexer) next() token {
	if !l.blank() {
		return l.unclosed()
	}
	if l.pos == len(l.src) {
		return l.take(end, 0)
	}
	switch c := l.src[l.pos]; {
	case c == ';':
		return l.take(end, 1)
	case c == '\'':
		return l.delimited(text)
	case c == '"':
		return l.delimited(quoted)
	case l.at("$$"):
		return l.dollars()
	case isUUID(l.src[l.pos:]):
		return l.take(number, uuidLength)
	case isLetter(c):
		return l.take(word, l.run(1))
	case isDigit(c), c == '-' && l.pos+1 < len(l.src) && isWord(l.src[l.pos+1]):
		return l.take(number, l.numeral())
	}
	return l.take(mark, 1)
}

// blank skips space and comments; false means that it stands before a comment that never closes.
func (l *lexer) blank() bool {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == '\n':
			l.line++
			l.pos++
		case c == ' ', c == '\t', c == '\r':
			l.pos++
		case l.at("--"), l.at("//"):
			l.pos += l.restOfLine()
		case l.at("/*"):
			n := l.comment()
			if n < 0 {
				return false
			}
			l.skip(n)
		default:
			return true
		}
	}
	return true
}

// restOfLine ends at a carriage return too, as it does for Cassandra: a statement behind one counts.
func (l *lexer) restOfLine() int {
	if n := bytes.IndexAny(l.src[l.pos:], "\r\n"); n >= 0 {
		return n
	}
	return len(l.src) - l.pos
}

// comment is the length of the comment here, or -1.
func (l *lexer) comment() int {
	if l.openEnded {
		return -1
	}
	n := bytes.Index(l.src[l.pos+2:], []byte("*/"))
	if n < 0 {
		l.openEnded = true
		return -1
	}
	return n + 4
}

// delimited reads to the closing quotation mark; a doubled one is part of the text.
func (l *lexer) delimited(k kind) token {
	quote := l.src[l.pos]
	for i := l.pos + 1; ; i += 2 {
		n := bytes.IndexByte(l.src[i:], quote)
		if n < 0 {
			return l.unclosed()
		}
		i += n
		if i+1 == len(l.src) || l.src[i+1] != quote {
			return l.take(k, i+1-l.pos)
		}
	}
}

func (l *lexer) dollars() token {
	n := bytes.Index(l.src[l.pos+2:], []byte("$$"))
	if n < 0 {
		return l.unclosed()
	}
	return l.take(text, n+4)
}

// unclosed gives up what opens here and goes on at the next semicolon, so that one forgotten
// quotation mark does not hide the rest of the file.
func (l *lexer) unclosed() token {
	t := token{kind: broken, start: l.pos, end: l.pos, line: l.line}
	n := bytes.IndexByte(l.src[l.pos:], ';')
	if n < 0 {
		n = len(l.src) - l.pos
	}
	l.skip(n)
	return t
}

func (l *lexer) take(k kind, n int) token {
	t := token{kind: k, start: l.pos, end: l.pos + n, line: l.line}
	if k == text || k == quoted {
		l.skip(n)
	} else {
		l.pos += n
	}
	return t
}

// skip goes on by n bytes that may hold line breaks.
func (l *lexer) skip(n int) {
	l.line += bytes.Count(l.src[l.pos:l.pos+n], []byte("\n"))
	l.pos += n
}

func (l *lexer) at(prefix string) bool {
	return bytes.HasPrefix(l.src[l.pos:], []byte(prefix))
}

// run is the length of what stands here, n bytes of which are known, up to the end of the word.
func (l *lexer) run(n int) int {
	for l.pos+n < len(l.src) && isWord(l.src[l.pos+n]) {
		n++
	}
	return n
}

// numeral is the length of the number here, with its fraction and exponent.
func (l *lexer) numeral() int {
	n := l.run(1)
	for rest := l.src[l.pos+n:]; len(rest) > 0 && continuesNumber(l.src[l.pos:l.pos+n], rest); rest = l.src[l.pos+n:] {
		n = l.run(n + 1)
	}
	return n
}

// continuesNumber tells whether the number so far goes on with a point, or with the sign of its exponent.
func continuesNumber(number, rest []byte) bool {
	if rest[0] == '.' {
		return true
	}
	last := number[len(number)-1]
	sign := rest[0] == '-' || rest[0] == '+'
	return sign && (last == 'e' || last == 'E') && len(rest) > 1 && isDigit(rest[1])
}

const uuidLength = 36

func isUUID(s []byte) bool {
	if len(s) < uuidLength || s[8] != '-' {
		return false
	}
	for i, c := range s[:uuidLength] {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && !isHex(c) {
			return false
		}
	}
	return len(s) == uuidLength || !isWord(s[uuidLength])
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isHex(c byte) bool    { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }
