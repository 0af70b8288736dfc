package admission

import (
	"fmt"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/source/cluster"
)

// object reads the object of a request; nil where there is none.
func object(raw []byte, field string) (*document.Document, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	d, err := document.ReadObject(raw, document.DefaultBounds)
	if err != nil {
		return nil, fmt.Errorf("request.%s cannot be read: %w", field, err)
	}
	return &d, nil
}

// objectIn reads the object of a request about a namespace. An API server writes the namespace into the object before it asks; who wrote a request by
// hand and left it out would have another object judged than is meant.
func objectIn(namespace string, raw []byte, field string) (*document.Document, error) {
	d, err := object(raw, field)
	if d != nil && namespace != "" && d.Object.Namespace != "" && d.Object.Namespace != namespace {
		return nil, fmt.Errorf("request.%s is of namespace %s, and request.namespace is %s", field, d.Object.Namespace, namespace)
	}
	return d, err
}

// versioned gives an object as it was read the digest of its version, by which it is known without being looked at.
func versioned(d *document.Document) *document.Document {
	if d == nil {
		return nil
	}
	fields, _ := d.Value().(map[string]any)
	metadata, _ := fields["metadata"].(map[string]any)
	uid, _ := metadata["uid"].(string)
	version, _ := metadata["resourceVersion"].(string)
	stamped := d.Stamped(cluster.Version(uid, version))
	return &stamped
}
