package report

import (
	"bytes"
	"strings"
)

// lineWidth is how many columns a line of text takes at most, unless a single word takes more.
const lineWidth = 80

// ink is how text looks where colour is wanted: the parameter of the terminal's SGR sequence. The sixteen basic colours
// alone are used, which the reader's terminal shows as its owner likes. They are written here by hand: importing lipgloss
// asks tmux what it can show, before main starts and whether or not anything is to be coloured.
type ink string

const (
	plain  ink = ""
	bold   ink = "1"
	faint  ink = "2"
	red    ink = "31"
	green  ink = "32"
	yellow ink = "33"
	purple ink = "35"
	cyan   ink = "36"
)

// sheet is text for a terminal. Whatever is put on it is cleaned first, so that only the sheet itself writes control characters.
type sheet struct {
	out   bytes.Buffer
	color bool

	blank   int  // columns to leave blank before what comes next on this line
	apart   bool // a line to leave blank before what comes next
	started bool // something was written
}

// put writes text in a colour.
func (s *sheet) put(i ink, text string) {
	if text == "" {
		return
	}
	if s.apart && s.started {
		s.out.WriteByte('\n')
	}
	s.out.WriteString(strings.Repeat(" ", s.blank))
	s.blank, s.apart, s.started = 0, false, true
	if !s.color || i == plain {
		s.out.WriteString(clean(text))
		return
	}
	s.out.WriteString("\x1b[" + string(i) + "m" + clean(text) + "\x1b[0m")
}

func (s *sheet) blanks(n int) { s.blank += max(n, 0) }

// newline ends a line.
func (s *sheet) newline() {
	s.out.WriteByte('\n')
	s.blank = 0
}

// gap leaves a line blank, unless nothing is written before it or after it.
func (s *sheet) gap() { s.apart = true }

// line writes a whole line.
func (s *sheet) line(i ink, indent int, text string) {
	s.blanks(indent)
	s.put(i, text)
	s.newline()
}

// pair writes a line of two parts, of which either may be empty; the second goes to a line of its own where they do not fit on one.
func (s *sheet) pair(indent int, i ink, first string, j ink, second string) {
	s.blanks(indent)
	s.put(i, first)
	switch {
	case first == "":
	case indent+width(first)+2+width(second) > lineWidth:
		s.newline()
		s.blanks(indent + 2)
	default:
		s.blanks(2)
	}
	s.put(j, second)
	s.newline()
}

// paragraph writes text over as many lines as it takes.
func (s *sheet) paragraph(i ink, indent int, text string) {
	for _, line := range wrap(text, lineWidth-indent) {
		s.line(i, indent, line)
	}
}

// item writes text over as many lines as it takes, the first of which starts with lead. The others stand under its end,
// unless that would leave little room.
func (s *sheet) item(i ink, indent int, lead, text string) {
	hang := indent + width(lead)
	s.blanks(indent)
	s.put(i, lead)
	if hang > lineWidth/2 {
		s.newline()
		s.paragraph(plain, indent+2, text)
		return
	}
	for n, line := range wrap(text, lineWidth-hang) {
		if n == 0 {
			s.line(plain, 0, line)
		} else {
			s.line(plain, hang, line)
		}
	}
}

// centred writes text in the middle of so many columns.
func (s *sheet) centred(i ink, columns int, text string) {
	free := max(columns-width(text), 0)
	s.blanks((free + 1) / 2)
	s.put(i, text)
	s.blanks(free / 2)
}

// left writes text at the start of so many columns.
func (s *sheet) left(i ink, columns int, text string) {
	s.put(i, text)
	s.blanks(columns - width(text))
}
