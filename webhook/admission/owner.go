package admission

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"pocdr.dev/pocdr/document"
	"pocdr.dev/pocdr/engine"
)

// disown takes the owner from a pod-making object that no controller of the cluster made, or whose owner is not there: whoever makes one by hand
// can write any owner into it. What a controller deletes may have outlived its owner.
func (r *Reviewer) disown(ctx context.Context, c change, user string) (change, error) {
	controls := r.controls(user)
	for _, d := range []**document.Document{&c.before, &c.after} {
		if *d == nil {
			continue
		}
		value := (*d).Value().(map[string]any)
		metadata, _ := value["metadata"].(map[string]any)
		owners, _ := metadata["ownerReferences"].([]any)
		believed := controls && c.after == nil
		if controls && !believed {
			var err error
			if believed, err = r.oneStands(ctx, owners, (*d).Object.Namespace); err != nil {
				return c, err
			}
		}
		if metadata["ownerReferences"] == nil || believed {
			continue
		}
		metadata = maps.Clone(metadata)
		delete(metadata, "ownerReferences")
		value = maps.Clone(value)
		value["metadata"] = metadata
		own := (*d).With(value)
		*d = &own
	}
	return c, nil
}

// controls tells whether a user is one of the cluster's controllers.
func (r *Reviewer) controls(user string) bool {
	return slices.ContainsFunc(r.Controllers, func(name string) bool {
		return user == name || strings.HasSuffix(name, ":") && strings.HasPrefix(user, name)
	})
}

func (r *Reviewer) oneStands(ctx context.Context, owners []any, namespace string) (bool, error) {
	for _, owner := range owners {
		if stands, err := r.stands(ctx, owner, namespace); stands || err != nil {
			return stands, err
		}
	}
	return false, nil
}

// stands tells whether the owner is there that a reference names as the one that controls. One that the state does not know yet is looked up, if it is of a kind
// that is judged at all.
func (r *Reviewer) stands(ctx context.Context, reference any, namespace string) (bool, error) {
	fields, _ := reference.(map[string]any)
	id := document.Object{Namespace: namespace}
	id.APIVersion, _ = fields["apiVersion"].(string)
	id.Kind, _ = fields["kind"].(string)
	id.Name, _ = fields["name"].(string)
	switch {
	case fields["controller"] != true:
		return false, nil
	case r.State.Holds(id.ID()):
		return true, nil
	case r.Objects == nil || len(r.Policies.Readers(engine.Selector{Group: id.Group(), Kind: id.Kind})) == 0:
		return false, nil
	}
	owner, err := r.Objects.Get(ctx, id)
	switch {
	case apierrors.IsNotFound(err):
		return false, nil
	case err != nil:
		return false, undecided{fmt.Errorf("%s, which is said to own it, cannot be read: %w", id.ID(), err)}
	}
	metadata, _ := owner.Value().(map[string]any)["metadata"].(map[string]any)
	return metadata["uid"] == fields["uid"], nil
}
