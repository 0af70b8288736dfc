package cql

// role is the body of statements about a role; those about a user are the same in older words.
type role struct {
	dropped            bool
	superuser, login   *bool
	clear              bool // a password stands in the file as it is
	datacenters, cidrs []string
}

func (r *role) fill(value map[string]any) {
	value["options"] = nil
	if r.dropped {
		return
	}
	value["options"] = map[string]any{
		"superuser":       truth(r.superuser),
		"login":           truth(r.login),
		"passwordInClear": r.clear,
		"datacenters":     places(r.datacenters),
		"cidrs":           places(r.cidrs),
	}
}

// everywhere stands for ALL DATACENTERS and ALL CIDRS, to be told from saying nothing.
const everywhere = "*"

// places is nil for what is not given.
func places(names []string) any {
	if names == nil {
		return nil
	}
	return list(names)
}

func createRole(p *parser, s *Statement) {
	s.Conditional = p.ifNotExists()
	readRole(p, s)
}

func alterRole(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	readRole(p, s)
}

func dropRole(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	s.Name = p.roleName()
	s.body = &role{dropped: true}
}

func readRole(p *parser, s *Statement) {
	s.Name = p.roleName()
	r := &role{}
	if p.accept("WITH") {
		p.separated("AND", func() { r.option(p) })
	}
	s.body = r
}

// roleName reads a name, which here may be a string as well.
func (p *parser) roleName() string {
	const what = "the name of a role"
	if p.peek(0).kind == text {
		return p.unquoted(what)
	}
	return p.name(what)
}

func (r *role) option(p *parser) {
	switch {
	case p.accept("PASSWORD"):
		p.expect("=")
		r.clear = p.secret() || r.clear
	case p.accept("HASHED", "PASSWORD"):
		p.expect("=")
		p.secret()
	case p.accept("GENERATED", "PASSWORD"):
	case p.accept("SUPERUSER"):
		r.superuser = p.flag()
	case p.accept("LOGIN"):
		r.login = p.flag()
	case p.accept("OPTIONS"):
		p.expect("=")
		p.mapLiteral()
	case p.accept("ACCESS", "TO"):
		r.datacenters = p.access("DATACENTERS")
	case p.accept("ACCESS", "FROM"):
		r.cidrs = p.access("CIDRS")
	default:
		p.fail("an option of a role")
	}
}

// secret passes over a password without looking at it.
func (p *parser) secret() bool {
	if p.peek(0).kind != text {
		p.fail("a string")
		return false
	}
	p.drop()
	return true
}

// flag reads = true or = false.
func (p *parser) flag() *bool {
	p.expect("=")
	yes := p.accept("TRUE")
	if !yes && !p.accept("FALSE") {
		p.fail("true or false")
	}
	return &yes
}

func (p *parser) access(places string) []string {
	if p.accept("ALL", places) {
		return []string{everywhere}
	}
	p.expect(places)
	var names []string
	p.enclosed("{", "}", func() { names = append(names, p.str("a string")) })
	return names
}

func createUser(p *parser, s *Statement) {
	s.Conditional = p.ifNotExists()
	yes := true
	readUser(p, s, &role{login: &yes})
}

func alterUser(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	readUser(p, s, &role{})
}

func dropUser(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	s.Name = p.userName()
	s.body = &role{dropped: true}
}

func readUser(p *parser, s *Statement, r *role) {
	s.Name = p.userName()
	if p.accept("WITH") {
		r.userPassword(p)
	}
	if yes := p.accept("SUPERUSER"); yes || p.accept("NOSUPERUSER") {
		r.superuser = &yes
	}
	s.body = r
}

// userPassword reads a password as USER has it, without a sign of equality.
func (r *role) userPassword(p *parser) {
	switch {
	case p.accept("PASSWORD"):
		r.clear = p.secret()
	case p.accept("HASHED", "PASSWORD"):
		p.secret()
	case !p.accept("GENERATED", "PASSWORD"):
		p.fail("PASSWORD")
	}
}

// userName reads a name that, unlike a role's, keeps its case although it is not quoted.
func (p *parser) userName() string {
	t := p.peek(0)
	if t.kind == quoted {
		p.fail("the name of a user without double quotes")
		return ""
	}
	name := p.roleName()
	if t.kind == word && p.ok() {
		return string(p.source(t))
	}
	return name
}
