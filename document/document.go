// Package document turns the bytes of a file into documents.
//
// A document is the smallest thing that is judged: one Kubernetes object, one
// CQL file, one CI file. What cannot be read becomes an Unread, with its place, and never
// an error: the rest of the file, and of the source, is still read.
package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"unicode/utf8"
)

// Format names the reader that understands a document; adapters declare the formats that they read.
type Format string

// The formats.
const (
	Kubernetes    Format = "kubernetes"     // a Kubernetes object
	CQL           Format = "cql"            // a file of Cassandra statements
	GitHubActions Format = "github-actions" // a workflow of GitHub Actions
	GitLabCI      Format = "gitlab-ci"      // a pipeline of GitLab CI
	Rego          Format = "rego"           // a Rego module
	Avro          Format = "avro"           // an Avro schema
	Data          Format = "data"           // any other YAML or JSON document
	Codeowners    Format = "codeowners"     // a CODEOWNERS file
	Ownership     Format = "ownership"      // synthetic: the owners of every document
)

// Formats are all formats that a file can have.
var Formats = []Format{Kubernetes, CQL, GitHubActions, GitLabCI, Rego, Avro, Data, Codeowners}

// Document is one readable unit of a file. How its value is held is not visible from outside.
type Document struct {
	ID     string // identity, stable when a file moves where the content has one of its own
	Format Format
	File   string // slash-separated, relative to the root of the source; empty for a synthetic document

	Object Object // identity of a Kubernetes object; zero for other formats
	Digest string // of the bytes: equal formats and digests, equal values

	value  any
	part   part // of the file that holds it
	plain  bool // readBlock has read the part
	prefix Path // of the value inside the part, for an entry of a List
	outer  int  // how many steps of a path lead to the part, and not through it
}

// New makes a synthetic document of a value made of map[string]any, []any, string, bool, int64, float64 and nil.
func New(id string, format Format, value any) Document {
	return Document{ID: id, Format: format, value: value}
}

// With is the same document saying something else. It has no digest: nobody wrote it.
func (d Document) With(value any) Document {
	d.value, d.Digest = value, ""
	return d
}

// Value is what the document says, made of map[string]any, []any, string, bool, int64, float64 and nil. It must not be changed.
func (d Document) Value() any { return d.value }

// Unread is a file, or a part of one, that could not be read, and so might have said anything.
type Unread struct {
	File    string
	Line    int // from 1; 0 where the whole file is meant
	Message string
	Formats []Format // the formats that it could have held

	Parts     []string // other files that are not read for themselves, and that it speaks for
	Affects   []string // other files and folders whose documents are not what they seem, because of it
	Documents []string // ids of documents, wherever they stand, that are not what they seem because of it

	Document string // id and path of what is wrong, where the text could be read but not what it says; the line follows from them
	Path     Path
}

// Bounds limits what is read of one file.
type Bounds struct {
	FileBytes     int64 // a larger file is unread
	DocumentBytes int   // a larger document is unread
	Depth         int   // nesting of a document
	Values        int   // scalars, lists and maps of a document, aliases expanded
}

// DefaultBounds are generous for anything an API server would accept: it takes 3 MiB a request.
var DefaultBounds = Bounds{FileBytes: 16 << 20, DocumentBytes: 3 << 20, Depth: 100, Values: 200_000}

// Named tells which formats a file of this name can hold; none for a file that is not read.
func Named(file string) []Format {
	dir, base := path.Split(file)
	switch ext := path.Ext(base); {
	case base == "CODEOWNERS":
		return []Format{Codeowners}
	case dir == ".github/workflows/" && (ext == ".yml" || ext == ".yaml"):
		return []Format{GitHubActions}
	case file == ".gitlab-ci.yml":
		return []Format{GitLabCI}
	case ext == ".yaml" || ext == ".yml" || ext == ".json":
		return []Format{Kubernetes, Data}
	case ext == ".cql":
		return []Format{CQL}
	case ext == ".rego":
		return []Format{Rego}
	case ext == ".avsc":
		return []Format{Avro}
	}
	return nil
}

// Read turns the content of a file into documents, and says what it could not read.
func Read(file string, content []byte, bounds Bounds) ([]Document, []Unread) {
	formats := Named(file)
	if formats == nil {
		return nil, nil
	}
	r := &reading{file: file, formats: formats, bounds: bounds}
	if fault := r.check(content); fault != "" {
		r.unread(0, "%s", fault)
		return nil, r.faults
	}
	readers[formats[0]](r, bytes.TrimPrefix(content, []byte("\ufeff")))
	return r.documents, r.faults
}

var readers = map[Format]func(*reading, []byte){
	Kubernetes:    readManifests,
	GitHubActions: readPipeline,
	GitLabCI:      readPipeline,
	CQL:           readCQL,
	Rego:          readRego,
	Avro:          readAvro,
	Codeowners:    readOwners,
}

// reading is the state of reading one file.
type reading struct {
	file      string
	formats   []Format
	bounds    Bounds
	part      part   // that is being read
	parts     int    // read so far, with it
	sum       string // of the part's text
	plain     bool   // readBlock has read it
	documents []Document
	faults    []Unread
}

// start makes p the part that is being read.
func (r *reading) start(p part) {
	sum := sha256.Sum256(p.text)
	r.part, r.parts, r.sum, r.plain = p, r.parts+1, hex.EncodeToString(sum[:]), false
}

func (r *reading) check(content []byte) string {
	switch {
	case int64(len(content)) > r.bounds.FileBytes:
		return TooLarge(int64(len(content)), r.bounds)
	case bytes.IndexByte(content, 0) >= 0:
		return "holds NUL bytes: this is not text"
	case !utf8.Valid(content):
		return "is not valid UTF-8"
	}
	return ""
}

// TooLarge says that a file of so many bytes is not read.
func TooLarge(size int64, bounds Bounds) string {
	return fmt.Sprintf("%d bytes; a file of more than %d is not read", size, bounds.FileBytes)
}

func (r *reading) unread(line int, format string, args ...any) {
	r.faults = append(r.faults, Unread{File: r.file, Line: line, Message: fmt.Sprintf(format, args...), Formats: r.formats})
}

// add appends a document whose identity is its file.
func (r *reading) add(format Format, value any) {
	id := "file:" + r.file
	if r.parts > 1 {
		id = fmt.Sprintf("%s#%d", id, r.parts)
	}
	r.documents = append(r.documents, Document{
		ID: id, Format: format, File: r.file, Digest: r.sum, value: value, part: r.part, plain: r.plain,
	})
}
