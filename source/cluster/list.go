package cluster

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"pocdr.dev/pocdr/document"
)

// Get gives an object as it is now.
func (c *Cluster) Get(ctx context.Context, id document.Object) (document.Document, error) {
	mapping, err := c.mapper.RESTMapping(schema.GroupKind{Group: id.Group(), Kind: id.Kind})
	if err != nil {
		return document.Document{}, err
	}
	object, err := c.resource(mapping, id.Namespace).Get(ctx, id.Name, metav1.GetOptions{})
	if err != nil {
		return document.Document{}, err
	}
	return documentOf(object)
}

func (c *Cluster) resource(mapping *meta.RESTMapping, namespace string) dynamic.ResourceInterface {
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return c.client.Resource(mapping.Resource).Namespace(namespace)
	}
	return c.client.Resource(mapping.Resource)
}

// List gives all objects of some kinds as they are now; those that are not served have none.
func (c *Cluster) List(ctx context.Context, kinds []Kind) ([]document.Document, error) {
	var all []document.Document
	err := c.each(kinds, func(mapping *meta.RESTMapping) error {
		list, err := c.client.Resource(mapping.Resource).List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		for i := range list.Items {
			all = add(all, &list.Items[i])
		}
		return nil
	})
	return all, err
}

// Versions gives all objects of some kinds as they are now, of which no more is read than which they are and in what version; kinds that are
// not served have none.
func (c *Cluster) Versions(ctx context.Context, kinds []Kind) ([]document.Document, error) {
	var all []document.Document
	err := c.each(kinds, func(mapping *meta.RESTMapping) error {
		list, err := c.metadata.Resource(mapping.Resource).List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		for i := range list.Items {
			o := &unstructured.Unstructured{}
			o.SetGroupVersionKind(mapping.GroupVersionKind)
			o.SetName(list.Items[i].Name)
			o.SetNamespace(list.Items[i].Namespace)
			o.SetUID(list.Items[i].UID)
			o.SetResourceVersion(list.Items[i].ResourceVersion)
			o.SetOwnerReferences(list.Items[i].OwnerReferences)
			all = add(all, o)
		}
		return nil
	})
	return all, err
}

// each lists those of some kinds that are served.
func (c *Cluster) each(kinds []Kind, list func(*meta.RESTMapping) error) error {
	for _, kind := range kinds {
		mapping, err := c.mapper.RESTMapping(schema.GroupKind(kind))
		if meta.IsNoMatchError(err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := list(mapping); err != nil {
			return fmt.Errorf("list %s: %w", mapping.Resource.Resource, err)
		}
	}
	return nil
}

// add adds an object, unless it is judged with its owner.
func add(all []document.Document, o *unstructured.Unstructured) []document.Document {
	if d, err := documentOf(o); err == nil && !owned(o) {
		return append(all, d)
	}
	return all
}
