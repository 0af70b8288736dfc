package document

import (
	"regexp"
	"strings"

	"pocdr.dev/pocdr/document/cql"
)

// readPipeline reads a CI file; the value is {"file": its path, "pipeline": what it says}.
func readPipeline(r *reading, content []byte) {
	for _, p := range split(content) {
		r.start(p)
		if value, err := r.decode(decodePipeline); err == nil && value != nil {
			r.add(r.formats[0], map[string]any{"file": r.file, "pipeline": value})
			d := &r.documents[len(r.documents)-1]
			d.outer = 1
			d.Digest += " " + r.file // which the value holds
		}
	}
}

// readAvro reads an Avro schema: JSON.
func readAvro(r *reading, content []byte) {
	r.start(part{content, 1})
	if value, err := r.decode(decodeJSON); err == nil {
		r.add(Avro, value)
	}
}

// readOwners reads the lines of a CODEOWNERS file that say something: {"lines": [...]}. Whose files they are is read by the source, which knows all files.
func readOwners(r *reading, content []byte) {
	lines := []any{}
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	r.start(part{content, 1})
	r.add(Codeowners, map[string]any{"lines": lines})
}

// readCQL reads a file of statements; the value is {"statements": [...]}.
func readCQL(r *reading, content []byte) {
	file, problems := cql.Parse(content)
	for _, p := range problems {
		r.unread(p.Line, "%s", p.Message)
	}
	statements := make([]any, len(file.Statements))
	for i, s := range file.Statements {
		statements[i] = s.Value()
	}
	r.start(part{content, 1})
	r.add(CQL, map[string]any{"statements": statements})
}

var (
	regoPackage = regexp.MustCompile(`(?m)^package[ \t]+([A-Za-z0-9_.\[\]"-]+)`)
	regoRule    = regexp.MustCompile(`(?m)^(?:default[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)\b`)
	regoKeyword = map[string]bool{"package": true, "import": true, "else": true}
)

// readRego reads what a Rego module declares, by its lines: {"package": name, "rules": n, "tests": n}.
func readRego(r *reading, content []byte) {
	name := regoPackage.FindSubmatch(content)
	if name == nil {
		r.unread(1, "a Rego module without a package")
		return
	}
	rules, tests := int64(0), int64(0)
	for _, m := range regoRule.FindAllSubmatch(content, -1) {
		switch rule := string(m[1]); {
		case regoKeyword[rule]:
		case len(rule) > 5 && rule[:5] == "test_":
			tests++
		default:
			rules++
		}
	}
	r.start(part{content, 1})
	r.add(Rego, map[string]any{"package": string(name[1]), "rules": rules, "tests": tests})
}
