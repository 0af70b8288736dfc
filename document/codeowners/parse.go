package codeowners

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// largest is the size in bytes from which GitHub ignores the file.
const largest = 3 << 20

// Parse reads a CODEOWNERS file in UTF-8. It is pure and never fails as a whole; each line it cannot read
// is a Problem and has no effect.
func Parse(src []byte) (Rules, []Problem) {
	p := &parser{}
	if len(src) >= largest {
		return Rules{}, []Problem{{Line: 1, Message: "a CODEOWNERS file of 3 MB or more is ignored"}}
	}
	lines := strings.Split(strings.TrimPrefix(string(src), "\ufeff"), "\n")
	for _, line := range lines {
		_, heading := parseHeading(line)
		p.gitlab = p.gitlab || heading
	}
	p.enter("codeowners") // what GitLab calls the section of the rules before the first heading
	for i, line := range lines {
		p.line = i + 1
		p.read(line)
	}
	return Rules{sections: p.sections}, p.problems
}

type parser struct {
	gitlab   bool
	line     int
	sections []*section
	byName   map[string]*section
	current  *section
	defaults []string // owners of rules that name none
	problems []Problem
}

func (p *parser) problem(format string, args ...any) {
	p.problems = append(p.problems, Problem{Line: p.line, Message: fmt.Sprintf(format, args...)})
}

// enter goes on with the section of that name, whatever its case, from where it was left.
func (p *parser) enter(name string) {
	name = strings.ToLower(name)
	if p.byName == nil {
		p.byName = map[string]*section{}
	}
	if p.byName[name] == nil {
		p.byName[name] = &section{}
		p.sections = append(p.sections, p.byName[name])
	}
	p.current = p.byName[name]
}

func (p *parser) read(line string) {
	if !utf8.ValidString(line) {
		p.problem("the line is not UTF-8")
		return
	}
	if h, ok := parseHeading(line); ok {
		p.enter(h.name)
		p.defaults, _ = p.owners(h.owners)
		return
	}
	fields := fields(line)
	if len(fields) > 0 {
		p.rule(fields[0], fields[1:])
	}
}

func (p *parser) rule(text string, names []string) {
	pattern, fault := compile(text, p.gitlab)
	if fault != "" {
		p.problem("%s", fault)
		return
	}
	owners, ok := p.owners(names)
	if !ok && !p.gitlab {
		return
	}
	if len(names) == 0 {
		owners = p.defaults
	}
	p.current.rules = append(p.current.rules, rule{pattern: pattern, owners: owners})
}

// owners keeps those that are well formed, and tells whether all are.
func (p *parser) owners(names []string) (owners []string, ok bool) {
	for _, name := range names {
		if isOwner(name, p.gitlab) {
			owners = append(owners, name)
		} else {
			p.problem("%q is no owner: a user is @name, a team @organisation/team, or a mail address", name)
		}
	}
	return owners, len(owners) == len(names)
}

// isOwner takes @user, @organisation/team, mail addresses and, on GitLab, @@role.
func isOwner(name string, gitlab bool) bool {
	if strings.ContainsAny(name, `#\,;<>()[]"'`) {
		return false
	}
	before, after, _ := strings.Cut(name, "@")
	if before == "" && gitlab {
		after = strings.TrimPrefix(after, "@")
	}
	if after == "" || strings.Contains(after, "@") {
		return false
	}
	return before == "" && !strings.HasPrefix(after, "/") && !strings.HasSuffix(after, "/") ||
		before != "" && !strings.Contains(name, "/")
}

// fields splits a line at white space that is not escaped, up to a comment. Escapes stay.
func fields(line string) []string {
	var fields []string
	for {
		line = strings.TrimLeft(line, " \t\r")
		if line == "" || line[0] == '#' {
			return fields
		}
		n := fieldLength(line)
		fields = append(fields, line[:n])
		line = line[n:]
	}
}

func fieldLength(line string) int {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case ' ', '\t', '\r':
			return i
		}
	}
	return len(line)
}

// A heading opens a section: ^[name][approvals] owners, only the name being a must.
type heading struct {
	name   string
	owners []string
}

func parseHeading(line string) (heading, bool) {
	line = strings.TrimPrefix(strings.TrimSpace(line), "^")
	name, rest, ok := bracketed(line)
	if !ok || name == "" {
		return heading{}, false
	}
	if approvals, after, ok := bracketed(rest); ok && isNumber(approvals) {
		rest = after
	}
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return heading{}, false
	}
	return heading{name: name, owners: fields(rest)}, true
}

// bracketed takes [inside] off the line.
func bracketed(line string) (inside, rest string, ok bool) {
	if !strings.HasPrefix(line, "[") {
		return "", "", false
	}
	inside, rest, ok = strings.Cut(line[1:], "]")
	return strings.TrimSpace(inside), rest, ok
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
