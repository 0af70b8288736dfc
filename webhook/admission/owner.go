package admission

import (
	"context"
	"maps"
	"slices"
	"strings"

	"pocdr.dev/pocdr/document"
)

// disown takes the owner from a pod-making object that no controller of the cluster made, or whose owner is not there: whoever makes one by hand
// can write any owner into it. What a controller deletes may have outlived its owner.
func (r *Reviewer) disown(ctx context.Context, c change, user string) change {
	controls := r.controls(user)
	for _, d := range []**document.Document{&c.before, &c.after} {
		if *d == nil {
			continue
		}
		value := (*d).Value().(map[string]any)
		metadata, _ := value["metadata"].(map[string]any)
		owners, _ := metadata["ownerReferences"].([]any)
		believed := controls && (c.after == nil || slices.ContainsFunc(owners, func(o any) bool { return r.stands(ctx, o, (*d).Object.Namespace) }))
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
	return c
}

// controls tells whether a user is one of the cluster's controllers.
func (r *Reviewer) controls(user string) bool {
	return slices.ContainsFunc(r.Controllers, func(name string) bool {
		return user == name || strings.HasSuffix(name, ":") && strings.HasPrefix(user, name)
	})
}

// stands tells whether the owner is there that a reference names as the one that controls. One that the state does not know yet is looked up.
func (r *Reviewer) stands(ctx context.Context, reference any, namespace string) bool {
	fields, _ := reference.(map[string]any)
	id := document.Object{Namespace: namespace}
	id.APIVersion, _ = fields["apiVersion"].(string)
	id.Kind, _ = fields["kind"].(string)
	id.Name, _ = fields["name"].(string)
	switch {
	case fields["controller"] != true:
		return false
	case r.State.Holds(id.ID()):
		return true
	case r.Objects == nil:
		return false
	}
	owner, err := r.Objects.Get(ctx, id)
	if err != nil {
		return false
	}
	metadata, _ := owner.Value().(map[string]any)["metadata"].(map[string]any)
	return metadata["uid"] == fields["uid"]
}
