package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Object is the identity of a Kubernetes object. Two documents of one identity (whatever the version) are the same object.
type Object struct {
	APIVersion string
	Kind       string
	Namespace  string // empty for what has none
	Name       string
}

// Group is the API group: empty for the core group.
func (o Object) Group() string {
	if group, _, ok := strings.Cut(o.APIVersion, "/"); ok {
		return group
	}
	return ""
}

// ID is the identity as text: kind.group/namespace/name.
func (o Object) ID() string {
	return o.qualifiedKind() + "/" + o.Namespace + "/" + o.Name
}

func (o Object) qualifiedKind() string {
	if g := o.Group(); g != "" {
		return o.Kind + "." + g
	}
	return o.Kind
}

// Cluster-scoped kinds. Every other kind is taken to live in a namespace: `default`, as for kubectl, where none is written.
var clusterScoped = map[string]bool{
	"Namespace": true, "Node": true, "PersistentVolume": true, "ClusterRole.rbac.authorization.k8s.io": true,
	"ClusterRoleBinding.rbac.authorization.k8s.io": true, "CustomResourceDefinition.apiextensions.k8s.io": true,
	"MutatingWebhookConfiguration.admissionregistration.k8s.io": true, "ValidatingWebhookConfiguration.admissionregistration.k8s.io": true,
	"ValidatingAdmissionPolicy.admissionregistration.k8s.io": true, "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io": true,
	"MutatingAdmissionPolicy.admissionregistration.k8s.io": true, "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io": true,
	"PriorityClass.scheduling.k8s.io": true, "StorageClass.storage.k8s.io": true, "CSIDriver.storage.k8s.io": true, "CSINode.storage.k8s.io": true,
	"VolumeAttachment.storage.k8s.io": true, "APIService.apiregistration.k8s.io": true, "RuntimeClass.node.k8s.io": true,
	"IngressClass.networking.k8s.io": true, "FlowSchema.flowcontrol.apiserver.k8s.io": true, "CertificateSigningRequest.certificates.k8s.io": true,
	"PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io": true, "Profile.pocdr.dev": true,
	"ClusterSecretStore.external-secrets.io": true, "ClusterIssuer.cert-manager.io": true,
}

// ReadObject reads one object as an API server writes it: JSON. It stands in no file.
func ReadObject(text []byte, bounds Bounds) (Document, error) {
	r := &reading{formats: []Format{Kubernetes}, bounds: bounds}
	r.start(part{text, 1})
	value, err := r.decode(decodeJSON)
	if err == nil {
		r.manifest(value)
	}
	switch {
	case len(r.faults) > 0:
		return Document{}, errors.New(r.faults[0].Message)
	case len(r.documents) != 1 || r.documents[0].Format != Kubernetes:
		return Document{}, errors.New("no single object: one that has apiVersion and kind is asked for")
	}
	return r.documents[0], nil
}

// OfObject makes a document of an object that was read already, with a digest that is another one whenever the object is.
func OfObject(value map[string]any, digest string) (Document, error) {
	if !isObject(value) {
		return Document{}, errors.New("no object: it has no apiVersion or kind")
	}
	id, err := identify(value)
	return Document{ID: id.ID(), Format: Kubernetes, Object: id, Digest: digest, value: value}, err
}

// Stamped is the document with another digest: that of the version of an object, which its keeper counts.
func (d Document) Stamped(digest string) Document {
	d.Digest = digest
	return d
}

// readManifests reads a YAML or JSON stream of Kubernetes objects and other documents.
func readManifests(r *reading, content []byte) {
	if strings.HasSuffix(r.file, ".json") {
		readJSON(r, content)
		return
	}
	for _, p := range split(content) {
		r.start(p)
		if value, err := r.decode(r.decodeManifest); err == nil {
			r.manifest(value)
		}
	}
}

// decode reads the part at hand; a fault is recorded and returned.
func (r *reading) decode(with func([]byte, Bounds) (any, error)) (any, error) {
	p := r.part
	if len(p.text) > r.bounds.DocumentBytes {
		r.unread(p.line, "a document of %d bytes; more than %d is not read", len(p.text), r.bounds.DocumentBytes)
		return nil, io.ErrShortBuffer
	}
	value, err := with(p.text, r.bounds)
	if err != nil {
		line, message := fault(err)
		r.unread(p.line+lineOfFile(p.text, line)-1, "%s", message)
	}
	return value, err
}

func readJSON(r *reading, content []byte) {
	decoder := json.NewDecoder(bytes.NewReader(content))
	for {
		var raw json.RawMessage
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return
		}
		line := 1 + bytes.Count(content[:decoder.InputOffset()], []byte("\n")) - bytes.Count(raw, []byte("\n"))
		if err != nil {
			r.unread(line, "%s", err)
			return
		}
		r.start(part{raw, line})
		if value, err := r.decode(decodeJSON); err == nil {
			r.manifest(value)
		}
	}
}

// manifest adds one document, or the entries of a List.
func (r *reading) manifest(value any) {
	object, ok := value.(map[string]any)
	if value == nil {
		return
	}
	if !ok || !isObject(object) {
		r.add(Data, value)
		return
	}
	r.object(object, nil)
}

// object adds one object, or the entries of a List of them.
func (r *reading) object(object map[string]any, prefix Path) {
	kind := object["kind"].(string)
	items, ok := object["items"].([]any)
	if !ok || !strings.HasSuffix(kind, "List") {
		r.addObject(object, prefix)
		return
	}
	for i, item := range items {
		at := append(slices.Clone(prefix), "items", int64(i))
		entry, ok := item.(map[string]any)
		if !ok || !isObject(entry) {
			r.unread(r.part.line, "entry %d of a %s is no object: it has no apiVersion or kind", i, kind)
			continue
		}
		r.object(entry, at)
	}
}

func (r *reading) addObject(object map[string]any, prefix Path) {
	id, err := identify(object)
	if err != nil {
		r.unread(r.part.line, "%s", err)
		return
	}
	r.documents = append(r.documents, Document{
		ID: id.ID(), Format: Kubernetes, File: r.file, Object: id,
		Digest: r.sum + prefix.String(), value: object, part: r.part, plain: r.plain, prefix: prefix,
	})
}

// isObject tells whether a map is an object of the cluster's API, or a List of them. A tool's own configuration often has an apiVersion and a kind too, but no metadata.
func isObject(m map[string]any) bool {
	version, _ := m["apiVersion"].(string)
	kind, _ := m["kind"].(string)
	return version != "" && kind != "" && (m["metadata"] != nil || m["items"] != nil || m["spec"] != nil)
}

// identify reads an object's identity, and writes the namespace that it has where it states none.
func identify(object map[string]any) (Object, error) {
	id := Object{APIVersion: object["apiVersion"].(string), Kind: object["kind"].(string)}
	metadata, ok := object["metadata"].(map[string]any)
	if !ok {
		return id, fmt.Errorf("%s: metadata is not a map", id.Kind)
	}
	var err error
	if id.Name, err = text(metadata, "name"); err != nil {
		return id, fmt.Errorf("%s: %w", id.Kind, err)
	}
	if generated, _ := metadata["generateName"].(string); id.Name == "" {
		if generated == "" {
			return id, fmt.Errorf("%s without metadata.name: an API server does not take it", id.Kind)
		}
		id.Name = generated + "*"
	}
	if clusterScoped[id.qualifiedKind()] {
		delete(metadata, "namespace")
		return id, nil
	}
	if id.Namespace, err = text(metadata, "namespace"); err != nil {
		return id, fmt.Errorf("%s %s: %w", id.Kind, id.Name, err)
	}
	if id.Namespace == "" {
		id.Namespace = "default"
		metadata["namespace"] = id.Namespace
	}
	return id, nil
}

func text(metadata map[string]any, key string) (string, error) {
	value, ok := metadata[key].(string)
	if !ok && metadata[key] != nil {
		return "", fmt.Errorf("metadata.%s is %v, which is not text: quote it", key, metadata[key])
	}
	return value, nil
}
