package policies

import (
	"fmt"
	"io/fs"
)

// DefaultProduction is the label, and its value, of namespaces that are in production.
const DefaultProduction = "pocdr.dev/environment=production"

// Production is the shipped tree, with another label to say that a namespace is in production.
func Production(label, value string) fs.FS {
	return production{FS, fmt.Appendf(nil, "package pocdr.bedrock.kubernetes.production\n\nlabel := %q\n\nvalue := %q\n", label, value)}
}

// production is a tree in which one file says something else.
type production struct {
	fs.FS
	text []byte
}

// ReadFile gives the content of a file.
func (p production) ReadFile(name string) ([]byte, error) {
	if name == "bedrock/kubernetes/production.rego" {
		return p.text, nil
	}
	return fs.ReadFile(p.FS, name)
}
