package cql

import "strings"

// deepest is how far types may nest: far beyond what is in use, and little enough to recurse.
const deepest = 64

// userType is the body of CREATE, ALTER and DROP TYPE.
type userType struct{ table }

func (t *userType) fill(value map[string]any) { t.fillType(value) }

func createType(p *parser, s *Statement) {
	s.Conditional = p.ifNotExists()
	p.typeName(s)
	t := &userType{table{created: true}}
	p.enclosed("(", ")", func() { t.field(p) })
	if len(t.columns) == 0 {
		p.reject("the type has no fields")
	}
	s.body = t
}

// field reads one; Cassandra lets a comma stand alone.
func (t *userType) field(p *parser) {
	if p.at(",") || p.at(")") {
		return
	}
	t.columns = append(t.columns, column{name: p.columnName(), typ: p.typeText()})
}

func alterType(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	p.typeName(s)
	s.body = &userType{table{operations: p.typeOperations()}}
}

func dropType(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	p.typeName(s)
	s.body = &userType{}
}

func (p *parser) typeName(s *Statement) {
	s.Keyspace, s.Name = p.qualified("the name of the type")
}

func (p *parser) typeOperations() []operation {
	switch {
	case p.accept("ADD"):
		return p.add()
	case p.accept("RENAME"):
		return p.rename()
	case p.accept("ALTER"):
		return p.alterColumn()
	}
	p.fail("ADD, RENAME or ALTER")
	return nil
}

// typeText reads the type of a column and writes it in one way: lower case but for quoted names, and
// no space except after commas.
func (p *parser) typeText() string {
	var b strings.Builder
	p.writeType(&b, 0)
	return b.String()
}

func (p *parser) writeType(b *strings.Builder, depth int) {
	if depth > deepest {
		p.reject("the type nests too deep")
		return
	}
	switch name := strings.ToLower(string(p.source(p.peek(0)))); {
	case p.peek(0).kind == text:
		b.WriteString(quote(p.unquoted("a type"), "'"))
	case p.is(p.peek(1), "<") && generic[name]:
		p.drop()
		b.WriteString(name)
		p.writeParameters(b, depth)
	default:
		p.writeTypeName(b)
	}
}

// generic types have parameters; set is a reserved word everywhere else.
var generic = set("frozen list map set tuple vector")

func (p *parser) writeParameters(b *strings.Builder, depth int) {
	separator := "<"
	p.enclosed("<", ">", func() {
		b.WriteString(separator)
		separator = ", "
		if p.peek(0).kind == number {
			b.WriteString(p.integer())
		} else {
			p.writeType(b, depth+1)
		}
	})
	b.WriteString(">")
}

func (p *parser) writeTypeName(b *strings.Builder) {
	b.WriteString(bare(p.name("a type")))
	if p.accept(".") {
		b.WriteString("." + bare(p.name("a type")))
	}
}

// bare quotes a name unless it means the same without quotation marks.
func bare(name string) string {
	for i := range len(name) {
		c := name[i]
		if !isWord(c) || c != '_' && !isDigit(c) && c < 'a' || i == 0 && !isLetter(c) {
			return quote(name, `"`)
		}
	}
	return name
}

func quote(s, mark string) string {
	return mark + strings.ReplaceAll(s, mark, mark+mark) + mark
}
