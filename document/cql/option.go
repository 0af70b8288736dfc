package cql

import (
	"fmt"
	"strconv"
	"strings"
)

// tableOptions reads what follows WITH, if that follows. COMPACT STORAGE and CLUSTERING ORDER are options
// too: compact_storage (true) and clustering_order (asc or desc by column).
func (p *parser) tableOptions() map[string]any {
	options := map[string]any{}
	if p.accept("WITH") {
		p.separated("AND", func() { p.tableOption(options) })
	}
	return options
}

func (p *parser) tableOption(options map[string]any) {
	switch {
	case p.accept("COMPACT", "STORAGE"):
		p.assign(options, "compact_storage", true)
	case p.accept("CLUSTERING", "ORDER", "BY"):
		p.assign(options, "clustering_order", p.clusteringOrder())
	default:
		p.property(options)
	}
}

func (p *parser) clusteringOrder() map[string]any {
	order := map[string]any{}
	p.enclosed("(", ")", func() {
		name := p.columnName()
		switch {
		case p.accept("ASC"):
			p.assign(order, name, "asc")
		case p.accept("DESC"):
			p.assign(order, name, "desc")
		default:
			p.fail("ASC or DESC")
		}
	})
	return order
}

// properties reads name = value AND name = value.
func (p *parser) properties() map[string]any {
	options := map[string]any{}
	p.separated("AND", func() { p.property(options) })
	return options
}

func (p *parser) property(options map[string]any) {
	name := strings.ToLower(p.name("the name of an option"))
	p.expect("=")
	if p.at("{") {
		p.assign(options, name, p.mapLiteral())
	} else {
		p.assign(options, name, p.scalar())
	}
}

// assign refuses to give a name two values, as Cassandra does.
func (p *parser) assign(to map[string]any, name string, value any) {
	if _, twice := to[name]; twice {
		p.reject("the same name is given two values")
	}
	to[name] = value
}

func (p *parser) mapLiteral() map[string]any {
	m := map[string]any{}
	if p.accept("{", "}") {
		return m
	}
	p.enclosed("{", "}", func() {
		key := fmt.Sprint(p.scalar())
		p.expect(":")
		p.assign(m, key, p.scalar())
	})
	return m
}

// scalar reads a string, int64 or bool; other constants are the string that was written.
func (p *parser) scalar() any {
	t := p.peek(0)
	s := string(p.source(t))
	switch {
	case t.kind == text:
		if s, ok := p.literal(t); ok {
			p.drop()
			return s
		}
	case t.kind == number:
		p.drop()
		return integral(s)
	case t.kind == word:
		if b, ok := truths[strings.ToLower(s)]; ok {
			p.drop()
			return b
		}
		return p.name("a value")
	}
	p.fail("a value")
	return nil
}

var truths = map[string]bool{"true": true, "false": false}

func integral(s string) any {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	return s
}

// integer reads a whole number and keeps its text.
func (p *parser) integer() string {
	s := string(p.source(p.peek(0)))
	if _, whole := integral(s).(int64); !whole {
		p.fail("a whole number")
		return ""
	}
	p.drop()
	return s
}

// given is nil for what is not given.
func given(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// truth is nil for what is not given.
func truth(b *bool) any {
	if b == nil {
		return nil
	}
	return *b
}

func list(names []string) []any {
	values := []any{}
	for _, name := range names {
		values = append(values, name)
	}
	return values
}

// copied keeps what a caller does to a value away from the statement.
func copied(m map[string]any) map[string]any {
	c := map[string]any{}
	for name, v := range m {
		if inner, ok := v.(map[string]any); ok {
			v = copied(inner)
		}
		c[name] = v
	}
	return c
}
