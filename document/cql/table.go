package cql

// table is the body of statements about tables and, without keys and options, about types.
type table struct {
	created                  bool
	columns                  []column
	partitionKey, clusterKey []string
	options                  map[string]any
	operations               []operation
}

type column struct {
	name, typ string
	static    bool
}

// An operation is one change that an ALTER makes.
type operation struct {
	name     string
	columns  []column
	from, to string
	options  map[string]any
}

func (t *table) fill(value map[string]any) {
	t.fillType(value)
	value["partitionKey"], value["clusteringKey"], value["options"] = nil, nil, nil
	if t.created {
		value["partitionKey"] = list(t.partitionKey)
		value["clusteringKey"] = list(t.clusterKey)
		value["options"] = copied(t.options)
	}
}

func (t *table) fillType(value map[string]any) {
	value["columns"], value["operations"] = nil, nil
	if t.created {
		value["columns"] = columnValues(t.columns)
	}
	if t.operations != nil {
		operations := []any{}
		for _, o := range t.operations {
			operations = append(operations, o.value())
		}
		value["operations"] = operations
	}
}

func (o operation) value() map[string]any {
	value := map[string]any{
		"operation": o.name,
		"columns":   nil,
		"from":      given(o.from),
		"to":        given(o.to),
		"options":   nil,
	}
	if o.columns != nil {
		value["columns"] = columnValues(o.columns)
	}
	if o.options != nil {
		value["options"] = copied(o.options)
	}
	return value
}

func columnValues(columns []column) []any {
	values := []any{}
	for _, c := range columns {
		values = append(values, map[string]any{"name": c.name, "type": given(c.typ), "static": c.static})
	}
	return values
}

func createTable(p *parser, s *Statement) {
	s.Conditional = p.ifNotExists()
	s.Keyspace, s.Name = p.qualified("the name of the table")
	t := &table{created: true}
	p.enclosed("(", ")", func() { t.definition(p) })
	t.options = p.tableOptions()
	if len(t.partitionKey) == 0 {
		p.reject("the table has no primary key")
	}
	s.body = t
}

// definition reads a column or the primary key; Cassandra lets a comma stand alone.
func (t *table) definition(p *parser) {
	switch {
	case p.at(","), p.at(")"):
	case p.accept("PRIMARY", "KEY"):
		t.primaryKey(p)
	default:
		c := p.column()
		t.columns = append(t.columns, c)
		if p.accept("PRIMARY", "KEY") {
			t.partitionBy(p, []string{c.name})
		}
	}
}

func (t *table) primaryKey(p *parser) {
	p.expect("(")
	if p.at("(") {
		t.partitionBy(p, p.columnNames())
	} else {
		t.partitionBy(p, []string{p.columnName()})
	}
	for p.accept(",") {
		t.clusterKey = append(t.clusterKey, p.columnName())
	}
	p.expect(")")
}

func (t *table) partitionBy(p *parser, columns []string) {
	if t.partitionKey != nil {
		p.reject("the table has two primary keys")
	}
	t.partitionKey = columns
}

func alterTable(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	s.Keyspace, s.Name = p.qualified("the name of the table")
	s.body = &table{operations: p.tableOperations()}
}

func dropTable(p *parser, s *Statement) {
	s.Conditional = p.ifExists()
	s.Keyspace, s.Name = p.qualified("the name of the table")
	s.body = &table{}
}

func truncate(p *parser, s *Statement) {
	if !p.accept("TABLE") {
		p.accept("COLUMNFAMILY")
	}
	s.Keyspace, s.Name = p.qualified("the name of the table")
	s.body = &table{}
}

// deleteFrom reads of what table rows are deleted, or columns of rows; which ones is not modelled.
func deleteFrom(p *parser, s *Statement) {
	for p.peek(0).kind != end && !p.at("FROM") {
		p.drop()
	}
	p.expect("FROM")
	s.Keyspace, s.Name = p.qualified("the name of the table")
	s.body = &table{}
	p.pass(false)
}

// update reads of what table rows are changed; which ones, and to what, is not modelled.
func update(p *parser, s *Statement) {
	s.Keyspace, s.Name = p.qualified("the name of the table")
	s.body = &table{}
	p.pass(false)
}

// insert takes note of records that are written to vanish. Others are added, which is not modelled.
func insert(p *parser, s *Statement) {
	p.expect("INTO")
	keyspace, name := p.qualified("the name of the table")
	p.passTo("USING")
	for p.accept("USING") || p.accept("AND") {
		if p.accept("TTL") && string(p.source(p.peek(0))) != "0" {
			s.Verb, s.Object, s.Keyspace, s.Name, s.body = "insert", "table", keyspace, name, &table{}
		}
		p.passTo("AND")
	}
}

// passTo drops what stands before a reserved word, or before the end of the statement.
func (p *parser) passTo(reserved string) {
	for !p.ended() && !p.at(reserved) {
		if p.peek(0).kind == broken {
			p.fail("the end of the statement")
		}
		p.drop()
	}
}

func (p *parser) tableOperations() []operation {
	switch {
	case p.accept("ADD"):
		return p.add()
	case p.accept("DROP", "COMPACT", "STORAGE"):
		return []operation{{name: "drop-compact-storage"}}
	case p.accept("DROP"):
		return p.dropColumns()
	case p.accept("RENAME"):
		return p.rename()
	case p.accept("ALTER"):
		return p.alterColumn()
	case p.accept("WITH"):
		return []operation{{name: "options", options: p.properties()}}
	}
	p.fail("ADD, DROP, RENAME, ALTER or WITH")
	return nil
}

func (p *parser) add() []operation {
	p.ifNotExists()
	o := operation{name: "add"}
	p.several(func() { o.columns = append(o.columns, p.column()) })
	return []operation{o}
}

func (p *parser) dropColumns() []operation {
	p.ifExists()
	o := operation{name: "drop"}
	p.several(func() { o.columns = append(o.columns, column{name: p.columnName()}) })
	if p.accept("USING", "TIMESTAMP") {
		p.integer()
	}
	return []operation{o}
}

// rename reads a TO b AND c TO d: an operation for each.
func (p *parser) rename() []operation {
	p.ifExists()
	var renames []operation
	p.separated("AND", func() {
		o := operation{name: "rename", from: p.columnName()}
		p.expect("TO")
		o.to = p.columnName()
		renames = append(renames, o)
	})
	return renames
}

func (p *parser) alterColumn() []operation {
	p.ifExists()
	c := column{name: p.columnName()}
	o := operation{name: "type"}
	switch {
	case p.accept("TYPE"):
		c.typ = p.typeText()
	case p.accept("DROP", "MASKED"):
		o.name = "unmask"
	case p.mask():
		o.name = "mask"
	default:
		p.fail("TYPE, MASKED or DROP MASKED")
	}
	o.columns = []column{c}
	return []operation{o}
}

// several reads one or more elements with commas between them, in brackets or not.
func (p *parser) several(read func()) {
	if p.at("(") {
		p.enclosed("(", ")", read)
	} else {
		p.separated(",", read)
	}
}

func (p *parser) column() column {
	c := column{name: p.columnName(), typ: p.typeText()}
	c.static = p.accept("STATIC")
	p.mask()
	return c
}

func (p *parser) columnName() string { return p.name("the name of a column") }

func (p *parser) columnNames() []string {
	var names []string
	p.enclosed("(", ")", func() { names = append(names, p.columnName()) })
	return names
}

// mask passes over how a column is masked, which changes what is shown but nothing that is kept.
func (p *parser) mask() bool {
	if !p.accept("MASKED", "WITH") {
		return false
	}
	if !p.accept("DEFAULT") {
		p.qualified("a function or DEFAULT")
		p.arguments()
	}
	return true
}

// arguments passes over what stands in brackets.
func (p *parser) arguments() {
	p.expect("(")
	for depth := 1; depth > 0 && p.ok(); {
		switch {
		case p.peek(0).kind == end, p.peek(0).kind == broken:
			p.expect(")")
		case p.accept("("):
			depth++
		case p.accept(")"):
			depth--
		default:
			p.drop()
		}
	}
}
