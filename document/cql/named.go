package cql

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
)

// named is the body of statements about what stands beside tables: an index, a view, a function, an aggregate, a trigger.
type named struct {
	// digest of the rest of the statement, empty where it is dropped.
	digest string
}

func (n *named) fill(value map[string]any) { value["digest"] = given(n.digest) }

func createNamed(p *parser, s *Statement) {
	s.Conditional = p.ifNotExists()
	s.Keyspace, s.Name = p.qualified("the name of the " + s.Object)
	s.body = &named{p.digest()}
}

// createOnTable reads what is made for a table, and lives in its keyspace. An index need not be named.
func createOnTable(p *parser, s *Statement) {
	s.Conditional = p.ifNotExists()
	if s.Object != "index" || !p.at("ON") {
		s.Name = p.name("the name of the " + s.Object)
	}
	s.Keyspace, s.body = p.onTable(), &named{p.digest()}
}

// onTable reads the table that something is made for, and gives its keyspace.
func (p *parser) onTable() string {
	p.expect("ON")
	keyspace, _ := p.qualified("the name of the table")
	return keyspace
}

func alterView(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	s.Keyspace, s.Name = p.qualified("the name of the view")
	s.body = &named{p.digest()}
}

// dropNamed passes over the parameters of a function.
func dropNamed(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	s.Keyspace, s.Name = p.qualified("the name of the " + s.Object)
	if p.at("(") && (s.Object == "function" || s.Object == "aggregate") {
		p.pass(false)
	}
	s.body = &named{}
}

func dropTrigger(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	s.Name = p.name("the name of the trigger")
	s.Keyspace, s.body = p.onTable(), &named{}
}

// digest reads the rest of the statement, and gives the SHA-256 of its words in hexadecimal: how they are spaced, and in which case they stand, says nothing.
func (p *parser) digest() string {
	hash := sha256.New()
	for !p.ended() {
		t := p.peek(0)
		words := p.source(t)
		if t.kind == broken {
			p.fail("the end of the statement")
		}
		if t.kind == word {
			words = bytes.ToLower(words)
		}
		hash.Write(words)
		hash.Write([]byte{0})
		p.drop()
	}
	return hex.EncodeToString(hash.Sum(nil))
}
