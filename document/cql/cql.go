// Package cql reads files of Cassandra's query language (the grammar of 4.1 and 5.0), as far as a
// policy has questions about them: keyspaces, tables and what stands beside them, types, roles, grants, and what takes records away.
//
// What it reads is data, never an error: statements it does not model are named with their place,
// and what cannot be read is a Problem, after which reading goes on at the next semicolon. So every
// statement of a file is found in exactly one of File.Statements, File.Skipped and the problems.
//
// The text of a password is kept nowhere, and no message quotes the file, since a misplaced quotation
// mark turns a password into anything.
package cql

import "bytes"

// File is what one file says, each list in the order of the file.
type File struct {
	Statements []Statement
	Skipped    []Skipped
}

// Skipped is a complete statement, or a command of cqlsh, that this package does not model.
type Skipped struct {
	// Line of the first token, from 1.
	Line int
	// Verb names the statement in upper case, with its object where it has one: SELECT, CREATE INDEX.
	Verb string
}

// Problem is a statement that cannot be read.
type Problem struct {
	// Line where reading failed, from 1.
	Line int
	// Message for people. It never holds text of the file.
	Message string
}

// Statement is one statement that this package models.
type Statement struct {
	// Verb is create, replace, alter, drop, truncate, delete, update, insert, grant or revoke.
	Verb string
	// Object is keyspace, table, type, index, view, function, aggregate, trigger, role, permission or membership.
	Object string
	// Line of the first token, from 1.
	Line int
	// Keyspace that the object is in, by its name or by the USE before; for a keyspace its own name.
	// Empty when not given.
	Keyspace string
	// Name of the object; empty for permissions and memberships.
	Name string
	// Conditional is true for IF EXISTS and IF NOT EXISTS.
	Conditional bool

	body body
}

// A body is what a statement says beyond the fields that all of them share.
type body interface {
	// fill adds the body's fields, all of them, to the value of its statement.
	fill(value map[string]any)
}

// Value is the statement as a tree of map[string]any, []any, string, int64, bool and nil, the caller's
// to keep. Which fields there are depends on the object alone; a field that is not given is nil.
//
//	all         verb, object, line, keyspace, name, conditional
//	keyspace    replication {class, factors {datacentre or replication_factor: int}}, durableWrites
//	table       columns [{name, type, static}], partitionKey [name], clusteringKey [name],
//	            options {name: scalar or map}, operations
//	type        columns, operations
//	index, view, function, aggregate, trigger
//	            digest (of what follows the name, or the table)
//	role        options {superuser, login, passwordInClear, datacenters [name], cidrs [name]}
//	permission  permissions [NAME], resource {type, keyspace, name}, role
//	membership  member (who receives), role (what is received)
//
// An operation of ALTER is {operation, columns, from, to, options}, operation being add, drop, rename,
// type, options, drop-compact-storage, mask or unmask.
//
// Option values are as written: '864000' stays a string although Cassandra takes it for the number.
// A float is a string, and so is an integer beyond 64 bits.
func (s Statement) Value() map[string]any {
	value := map[string]any{
		"verb":        s.Verb,
		"object":      s.Object,
		"line":        int64(s.Line),
		"keyspace":    given(s.Keyspace),
		"name":        given(s.Name),
		"conditional": s.Conditional,
	}
	if s.body != nil {
		s.body.fill(value)
	}
	return value
}

// Parse reads a file of CQL in UTF-8, with or without byte order mark. It is pure, takes time in
// proportion to the length of src, and never fails as a whole: what cannot be read is in the problems.
func Parse(src []byte) (File, []Problem) {
	p := &parser{lexer: lexer{src: bytes.TrimPrefix(src, []byte("\ufeff")), line: 1}}
	for p.more() {
		p.statement()
	}
	return p.file, p.problems
}
