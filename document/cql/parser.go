package cql

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A parser reads one statement at a time, looking a few tokens ahead. The first failure of a statement
// sticks: from there on every look meets the end of the statement, so that readers need no error paths.
type parser struct {
	lexer    lexer
	ahead    [4]token
	buffered int
	last     token // the latest one dropped

	keyspace string // of the latest USE
	batch    bool   // whether a batch has begun
	command  string // that is being read, for messages
	failure  *Problem

	file     File
	problems []Problem
}

// token looks at the i-th token from here, whatever failed.
func (p *parser) token(i int) token {
	for p.buffered <= i {
		p.ahead[p.buffered] = p.lexer.next()
		p.buffered++
	}
	return p.ahead[i]
}

// peek looks at the i-th token from here, for reading on.
func (p *parser) peek(i int) token {
	if p.failure != nil {
		return token{kind: end}
	}
	return p.token(i)
}

func (p *parser) drop() {
	p.last = p.token(0)
	copy(p.ahead[:], p.ahead[1:p.buffered])
	p.buffered--
}

func (p *parser) ok() bool { return p.failure == nil }

// fail says that something else was expected here.
func (p *parser) fail(expected string) {
	t := p.token(0)
	p.refuse(p.line(t), "expected "+expected+", found "+p.found(t))
}

// reject says what is wrong with what was just read.
func (p *parser) reject(message string) { p.refuse(p.last.line, message) }

func (p *parser) refuse(line int, message string) {
	if p.failure != nil {
		return
	}
	if t := p.token(0); t.kind == broken {
		line, message = t.line, p.found(t)
	}
	if p.command != "" {
		message = p.command + ": " + message
	}
	p.failure = &Problem{Line: line, Message: message}
}

// line of a token; the end of a file stands where its last token did, not on a line of its own.
func (p *parser) line(t token) int {
	if t.kind == end {
		return p.last.line
	}
	return t.line
}

// found names a token without quoting it, but for words of the language: it could be a password.
func (p *parser) found(t token) string {
	switch t.kind {
	case end:
		return "the end of the statement"
	case word:
		if name := strings.ToLower(string(p.source(t))); reserved[name] {
			return "the reserved word " + strings.ToUpper(name)
		}
		return "a word"
	case number:
		return "a number"
	case quoted, text:
		return p.foundText(t)
	case broken:
		return p.foundBroken(t)
	}
	if c := p.lexer.src[t.start]; strings.IndexByte("(){}[]<>,.:=*", c) >= 0 {
		return shown(string(c))
	}
	return "an unexpected character"
}

func (p *parser) foundText(t token) string {
	switch {
	case !utf8.Valid(p.source(t)):
		return "text that is not UTF-8"
	case t.end-t.start == 2:
		return "empty quotation marks"
	case t.kind == quoted:
		return "a quoted name"
	}
	return "a string"
}

func (p *parser) foundBroken(t token) string {
	switch p.lexer.src[t.start] {
	case '/':
		return "a comment that begins here is never closed"
	case '"':
		return "a quoted name that begins here is never closed"
	}
	return "a string that begins here is never closed"
}

func (p *parser) source(t token) []byte { return p.lexer.src[t.start:t.end] }

// is tells whether a token is this keyword or punctuation mark.
func (p *parser) is(t token, symbol string) bool {
	return t.end-t.start == len(symbol) && (t.kind == word || t.kind == mark) &&
		bytes.EqualFold(p.source(t), []byte(symbol))
}

func (p *parser) at(symbol string) bool { return p.is(p.peek(0), symbol) }

// accept drops the symbols if they stand here in this order.
func (p *parser) accept(symbols ...string) bool {
	for i, symbol := range symbols {
		if !p.is(p.peek(i), symbol) {
			return false
		}
	}
	for range symbols {
		p.drop()
	}
	return true
}

func (p *parser) expect(symbols ...string) {
	for _, symbol := range symbols {
		if !p.accept(symbol) {
			p.fail(shown(symbol))
		}
	}
}

// shown is how a message names a keyword or punctuation mark.
func shown(symbol string) string {
	if isLetter(symbol[0]) {
		return symbol
	}
	return strconv.Quote(symbol)
}

// finish makes sure that nothing follows.
func (p *parser) finish() {
	if !p.ended() {
		p.fail("the end of the statement")
	}
}

// separated reads one or more elements with the separator between them.
func (p *parser) separated(separator string, read func()) {
	for p.ok() {
		read()
		if !p.accept(separator) {
			return
		}
	}
}

// enclosed reads one or more elements, with commas between them, in brackets.
func (p *parser) enclosed(open, shut string, read func()) {
	p.expect(open)
	p.separated(",", read)
	p.expect(shut)
}

func (p *parser) ifExists() bool    { return p.accept("IF", "EXISTS") }
func (p *parser) ifNotExists() bool { return p.accept("IF", "NOT", "EXISTS") }

// name reads an identifier; an unquoted one folds to lower case.
func (p *parser) name(what string) string {
	t := p.peek(0)
	if t.kind == quoted {
		return p.unquoted(what)
	}
	if t.kind == word {
		if name := strings.ToLower(string(p.source(t))); !reserved[name] {
			p.drop()
			return name
		}
	}
	p.fail(what)
	return ""
}

// str reads a string, which must not be empty.
func (p *parser) str(what string) string {
	if p.peek(0).kind != text {
		p.fail(what)
		return ""
	}
	return p.unquoted(what)
}

// unquoted reads the text of a string or quoted name, which must not be empty.
func (p *parser) unquoted(what string) string {
	s, ok := p.literal(p.peek(0))
	if !ok || s == "" {
		p.fail(what)
		return ""
	}
	p.drop()
	return s
}

// literal is what a quoted token stands for.
func (p *parser) literal(t token) (string, bool) {
	s := p.source(t)
	if t.kind != text && t.kind != quoted || !utf8.Valid(s) {
		return "", false
	}
	if s[0] == '$' {
		return string(s[2 : len(s)-2]), true
	}
	quote := string(s[:1])
	return strings.ReplaceAll(string(s[1:len(s)-1]), quote+quote, quote), true
}

// qualified reads [keyspace.]name; without keyspace it is the one in use, if any.
func (p *parser) qualified(what string) (keyspace, name string) {
	name = p.name(what)
	if p.accept(".") {
		return name, p.name(what)
	}
	return p.keyspace, name
}

// reserved words are no identifiers unless quoted.
var reserved = set(`add allow alter and apply asc authorize batch begin by columnfamily create delete desc
	describe drop entries execute false from full grant if in index infinity insert into is keyspace limit
	materialized modify nan norecursive not null of on or order primary rename revoke schema select set
	table to token true truncate unlogged update use using view where with`)

func set(words string) map[string]bool {
	s := map[string]bool{}
	for _, w := range strings.Fields(words) {
		s[w] = true
	}
	return s
}
