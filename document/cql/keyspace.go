package cql

import (
	"slices"
	"strconv"
	"strings"
)

// keyspace is the body of CREATE, ALTER and DROP KEYSPACE.
type keyspace struct {
	replication   *replication
	durableWrites *bool
}

type replication struct {
	class   string
	factors map[string]int64
}

func (k *keyspace) fill(value map[string]any) {
	value["replication"] = k.replication.value()
	value["durableWrites"] = truth(k.durableWrites)
}

func (r *replication) value() any {
	if r == nil {
		return nil
	}
	factors := map[string]any{}
	for place, n := range r.factors {
		factors[place] = n
	}
	return map[string]any{"class": r.class, "factors": factors}
}

func createKeyspace(p *parser, s *Statement) {
	s.Conditional = p.ifNotExists()
	readKeyspace(p, s)
}

func alterKeyspace(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	readKeyspace(p, s)
}

func dropKeyspace(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	p.keyspaceName(s)
	s.body = &keyspace{}
}

func readKeyspace(p *parser, s *Statement) {
	p.keyspaceName(s)
	p.expect("WITH")
	options := p.properties()
	k := &keyspace{}
	if v, ok := options["replication"]; ok {
		k.replication = p.replication(v)
	}
	if v, ok := options["durable_writes"]; ok {
		k.durableWrites = p.boolean(v)
	}
	s.body = k
}

func (p *parser) keyspaceName(s *Statement) {
	s.Name = p.name("the name of the keyspace")
	s.Keyspace = s.Name
}

// replication makes sense of the option: a class, and a number of replicas by datacentre.
func (p *parser) replication(option any) *replication {
	m, _ := option.(map[string]any)
	class, _ := m["class"].(string)
	if class == "" {
		p.reject("replication must be a map that names a class")
		return nil
	}
	r := &replication{class: class[strings.LastIndexByte(class, '.')+1:], factors: map[string]int64{}}
	for place, v := range m {
		if place == "class" {
			continue
		}
		n, ok := factor(v)
		if !ok {
			p.reject("a replication factor must be a whole number")
		}
		r.factors[place] = n
	}
	return r
}

// factor counts full replicas: '3/1', transient replication, is three of which one forgets.
func factor(v any) (int64, bool) {
	if n, ok := v.(int64); ok {
		return n, true
	}
	s, _ := v.(string)
	all, transient, some := strings.Cut(s, "/")
	n, err := strconv.ParseInt(all, 10, 32)
	if err != nil || !some {
		return n, err == nil
	}
	forgetting, err := strconv.ParseInt(transient, 10, 32)
	return n - forgetting, err == nil
}

// boolean makes sense of an option that is true or false; Cassandra takes these words for it too.
func (p *parser) boolean(option any) *bool {
	if b, ok := option.(bool); ok {
		return &b
	}
	s, _ := option.(string)
	s = strings.ToLower(s)
	yes := slices.Contains([]string{"true", "yes", "1"}, s)
	if !yes && !slices.Contains([]string{"false", "no", "0"}, s) {
		p.reject("durable_writes must be true or false")
	}
	return &yes
}
