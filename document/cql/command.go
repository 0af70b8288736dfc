package cql

import (
	"bytes"
	"slices"
	"strings"
)

// A command is how to read one statement. Without object it is skipped, and read, if any, takes note of it.
type command struct {
	verb, object string
	read         func(*parser, *Statement)
	// line: cqlsh ends it with the line, so what follows is a statement of its own.
	line bool
}

// longest is how many words the longest name of a command has.
const longest = 4

var commands = map[string]command{
	"CREATE KEYSPACE":        {verb: "create", object: "keyspace", read: createKeyspace},
	"CREATE SCHEMA":          {verb: "create", object: "keyspace", read: createKeyspace},
	"ALTER KEYSPACE":         {verb: "alter", object: "keyspace", read: alterKeyspace},
	"ALTER SCHEMA":           {verb: "alter", object: "keyspace", read: alterKeyspace},
	"DROP KEYSPACE":          {verb: "drop", object: "keyspace", read: dropKeyspace},
	"DROP SCHEMA":            {verb: "drop", object: "keyspace", read: dropKeyspace},
	"CREATE TABLE":           {verb: "create", object: "table", read: createTable},
	"CREATE COLUMNFAMILY":    {verb: "create", object: "table", read: createTable},
	"ALTER TABLE":            {verb: "alter", object: "table", read: alterTable},
	"ALTER COLUMNFAMILY":     {verb: "alter", object: "table", read: alterTable},
	"DROP TABLE":             {verb: "drop", object: "table", read: dropTable},
	"DROP COLUMNFAMILY":      {verb: "drop", object: "table", read: dropTable},
	"TRUNCATE":               {verb: "truncate", object: "table", read: truncate},
	"CREATE TYPE":            {verb: "create", object: "type", read: createType},
	"ALTER TYPE":             {verb: "alter", object: "type", read: alterType},
	"DROP TYPE":              {verb: "drop", object: "type", read: dropType},
	"CREATE ROLE":            {verb: "create", object: "role", read: createRole},
	"ALTER ROLE":             {verb: "alter", object: "role", read: alterRole},
	"DROP ROLE":              {verb: "drop", object: "role", read: dropRole},
	"CREATE USER":            {verb: "create", object: "role", read: createUser},
	"ALTER USER":             {verb: "alter", object: "role", read: alterUser},
	"DROP USER":              {verb: "drop", object: "role", read: dropUser},
	"GRANT":                  {verb: "grant", object: "permission", read: grant},
	"REVOKE":                 {verb: "revoke", object: "permission", read: revoke},
	"USE":                    {read: use},
	"SELECT":                 {},
	"INSERT":                 {read: insert},
	"UPDATE":                 {verb: "update", object: "table", read: update},
	"DELETE":                 {verb: "delete", object: "table", read: deleteFrom},
	"BEGIN BATCH":            {read: beginBatch},
	"BEGIN UNLOGGED BATCH":   {read: beginBatch},
	"BEGIN COUNTER BATCH":    {read: beginBatch},
	"APPLY BATCH":            {read: applyBatch},
	"LIST":                   {},
	"ADD IDENTITY":           {},
	"DROP IDENTITY":          {},
	"CREATE INDEX":           {verb: "create", object: "index", read: createOnTable},
	"CREATE CUSTOM INDEX":    {verb: "create", object: "index", read: createOnTable},
	"DROP INDEX":             {verb: "drop", object: "index", read: dropNamed},
	"CREATE FUNCTION":        {verb: "create", object: "function", read: createNamed},
	"DROP FUNCTION":          {verb: "drop", object: "function", read: dropNamed},
	"CREATE AGGREGATE":       {verb: "create", object: "aggregate", read: createNamed},
	"DROP AGGREGATE":         {verb: "drop", object: "aggregate", read: dropNamed},
	"CREATE TRIGGER":         {verb: "create", object: "trigger", read: createOnTable},
	"DROP TRIGGER":           {verb: "drop", object: "trigger", read: dropTrigger},
	"DROP MATERIALIZED VIEW": {verb: "drop", object: "view", read: dropNamed},

	"CREATE OR REPLACE FUNCTION":  {verb: "replace", object: "function", read: createNamed},
	"CREATE OR REPLACE AGGREGATE": {verb: "replace", object: "aggregate", read: createNamed},
	"CREATE MATERIALIZED VIEW":    {verb: "create", object: "view", read: createNamed},
	"ALTER MATERIALIZED VIEW":     {verb: "alter", object: "view", read: alterView},

	"COPY":        {},
	"CAPTURE":     {line: true},
	"CLEAR":       {line: true},
	"CLS":         {line: true},
	"CONSISTENCY": {line: true},
	"DEBUG":       {line: true},
	"DESC":        {line: true},
	"DESCRIBE":    {line: true},
	"ELAPSED":     {line: true},
	"EXIT":        {line: true},
	"EXPAND":      {line: true},
	"HELP":        {line: true},
	"HISTORY":     {line: true},
	"LOGIN":       {line: true},
	"PAGING":      {line: true},
	"QUIT":        {line: true},
	"SERIAL":      {line: true},
	"SHOW":        {line: true},
	"SOURCE":      {read: sourced, line: true},
	"TRACING":     {line: true},
	"UNICODE":     {line: true},
}

// more skips semicolons and tells whether a statement follows.
func (p *parser) more() bool {
	for p.token(0).kind == end {
		if t := p.token(0); t.start == t.end {
			return false
		}
		p.drop()
	}
	return true
}

// statement reads one statement, up to the semicolon: into the file, or else into the problems.
func (p *parser) statement() {
	s := Statement{Line: p.token(0).line}
	c := p.begin()
	s.Verb, s.Object = c.verb, c.object
	if c.read != nil {
		c.read(p, &s)
	}
	if c.read == nil || c.line {
		p.pass(c.line)
	} else {
		p.finish()
	}
	p.keep(s)
}

// begin reads the name of a command.
func (p *parser) begin() command {
	p.failure, p.command = nil, ""
	first, name := p.token(0), ""
	for range longest {
		if p.peek(0).kind != word {
			break
		}
		name = strings.TrimPrefix(name+" "+strings.ToUpper(string(p.source(p.peek(0)))), " ")
		p.drop()
		if c, ok := commands[name]; ok {
			p.command = name
			return c
		}
	}
	p.refuse(first.line, "this is not a statement of CQL")
	return command{}
}

// pass drops the rest of a statement that is not modelled.
func (p *parser) pass(line bool) {
	for !p.ended() && !(line && p.newline()) {
		if p.peek(0).kind == broken {
			p.fail("the end of the statement")
		}
		p.drop()
	}
}

// ended tells whether the statement ends here. In a batch the next one may follow without a semicolon.
func (p *parser) ended() bool {
	return p.peek(0).kind == end || p.batch && slices.ContainsFunc(ofBatches, p.at)
}

// ofBatches are reserved words, with which every statement of a batch begins, and its end.
var ofBatches = []string{"INSERT", "UPDATE", "DELETE", "APPLY"}

// newline tells whether the next token stands on another line than the one before it ended on.
func (p *parser) newline() bool {
	return bytes.ContainsAny(p.lexer.src[p.last.end:p.token(0).start], "\r\n")
}

// keep files the statement, and after a failure goes on to its end.
func (p *parser) keep(s Statement) {
	switch {
	case p.failure != nil:
		p.problems = append(p.problems, *p.failure)
		for line := commands[p.command].line; p.token(0).kind != end && !(line && p.newline()); {
			p.drop()
		}
	case s.Object == "":
		p.file.Skipped = append(p.file.Skipped, Skipped{Line: s.Line, Verb: p.command})
	default:
		p.file.Statements = append(p.file.Statements, s)
	}
}

func beginBatch(p *parser, _ *Statement) {
	p.batch = true
	p.pass(false) // how it is timed
}

func applyBatch(p *parser, _ *Statement) { p.batch = false }

// use notes the keyspace of unqualified names. One that cannot be read leaves them without keyspace:
// the one before would be a guess.
func use(p *parser, _ *Statement) {
	p.keyspace = ""
	name := p.name("the name of the keyspace")
	if p.finish(); p.ok() {
		p.keyspace = name
	}
}

// sourced refuses a file that is not read where it stands: one that by its name is none of CQL, or that need not be of the same repository.
func sourced(p *parser, _ *Statement) {
	if file, ok := p.literal(p.peek(0)); !ok || p.newline() || !strings.HasSuffix(file, ".cql") || strings.HasPrefix(file, "/") || strings.Contains(file, "..") {
		p.reject("it runs a file that is not read here; one that is ends in .cql and is named from here")
	}
}
