package cql

import "strings"

// permission is the body of GRANT and REVOKE of permissions on a resource.
type permission struct {
	permissions []string
	resource    resource
	role        string
}

// membership is the body of GRANT and REVOKE of a role.
type membership struct{ member, role string }

// A resource is what permissions are about.
type resource struct{ typ, keyspace, name string }

func (g *permission) fill(value map[string]any) {
	value["permissions"] = list(g.permissions)
	value["resource"] = map[string]any{
		"type":     g.resource.typ,
		"keyspace": given(g.resource.keyspace),
		"name":     given(g.resource.name),
	}
	value["role"] = g.role
}

func (m *membership) fill(value map[string]any) {
	value["member"] = m.member
	value["role"] = m.role
}

func grant(p *parser, s *Statement)  { readGrant(p, s, "TO") }
func revoke(p *parser, s *Statement) { readGrant(p, s, "FROM") }

// readGrant tells a role from permissions by what follows: a role may be named all, or select in quotes.
func readGrant(p *parser, s *Statement, preposition string) {
	if p.is(p.peek(1), preposition) {
		s.Object = "membership"
		m := &membership{role: p.roleName()}
		p.expect(preposition)
		m.member = p.roleName()
		s.body = m
		return
	}
	g := &permission{permissions: p.permissions()}
	p.expect("ON")
	g.resource = p.resource()
	p.expect(preposition)
	g.role = p.roleName()
	s.body = g
}

func (p *parser) permissions() []string {
	if p.accept("ALL") {
		p.accept("PERMISSIONS")
		return []string{"ALL"}
	}
	var names []string
	p.separated(",", func() {
		names = append(names, p.permission())
		p.accept("PERMISSION")
	})
	return names
}

var permissionNames = strings.Fields("CREATE ALTER DROP SELECT MODIFY AUTHORIZE DESCRIBE EXECUTE UNMASK SELECT_MASKED")

func (p *parser) permission() string {
	for _, name := range permissionNames {
		if p.accept(name) {
			return name
		}
	}
	p.fail("a permission")
	return ""
}

func (p *parser) resource() resource {
	switch {
	case p.accept("ALL", "KEYSPACES"):
		return resource{typ: "all-keyspaces"}
	case p.accept("ALL", "ROLES"):
		return resource{typ: "all-roles"}
	case p.accept("ALL", "MBEANS"):
		return resource{typ: "all-mbeans"}
	case p.accept("ALL", "FUNCTIONS"):
		return resource{typ: "all-functions", keyspace: p.inKeyspace()}
	case p.accept("ALL", "TABLES"), p.accept("ALL", "COLUMNFAMILIES"):
		p.expect("IN")
		return resource{typ: "all-tables", keyspace: p.keyspaceResource()}
	case p.at("KEYSPACE"), p.at("SCHEMA"):
		return resource{typ: "keyspace", keyspace: p.keyspaceResource()}
	}
	return p.namedResource()
}

// namedResource reads a role, a function, an MBean or a table. Their keywords are names of tables as
// well, unless a name follows them.
func (p *parser) namedResource() resource {
	switch named := p.namedNext(); {
	case named && p.accept("ROLE"):
		return resource{typ: "role", name: p.roleName()}
	case named && p.accept("FUNCTION"):
		return p.function()
	case named && p.accept("MBEAN"):
		return resource{typ: "mbean", name: p.str("the name of an MBean as a string")}
	case named && p.accept("MBEANS"):
		return resource{typ: "mbeans", name: p.str("a pattern of MBeans as a string")}
	}
	if !p.accept("TABLE") {
		p.accept("COLUMNFAMILY")
	}
	keyspace, name := p.qualified("a resource")
	return resource{typ: "table", keyspace: keyspace, name: name}
}

// namedNext tells whether the token after this one is a name.
func (p *parser) namedNext() bool {
	t := p.peek(1)
	return t.kind == text || t.kind == quoted || t.kind == word && !p.is(t, "TO") && !p.is(t, "FROM")
}

// inKeyspace reads IN KEYSPACE name, which may be missing.
func (p *parser) inKeyspace() string {
	if !p.accept("IN") {
		return ""
	}
	return p.keyspaceResource()
}

func (p *parser) keyspaceResource() string {
	if !p.accept("SCHEMA") {
		p.expect("KEYSPACE")
	}
	return p.name("the name of the keyspace")
}

// function reads one with the types of its arguments, which are part of its name.
func (p *parser) function() resource {
	r := resource{typ: "function"}
	r.keyspace, r.name = p.qualified("the name of the function")
	var types []string
	if !p.accept("(", ")") {
		p.enclosed("(", ")", func() { types = append(types, p.typeText()) })
	}
	r.name += "(" + strings.Join(types, ", ") + ")"
	return r
}
