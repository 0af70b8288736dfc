package engine

import (
	"context"
	"maps"
	"slices"

	"pocdr.dev/pocdr/document"
)

// Own adds who must approve changes of the declarations, as the source tells by file. file is where it says so; empty for nowhere.
func (v *View) Own(ctx context.Context, file string, of func(file string) []string) {
	documents := []any{}
	for _, id := range slices.Sorted(maps.Keys(maps.Collect(v.sources.all()))) {
		if f := v.sources.get(id); f.declared != nil {
			owners := []any{}
			for _, owner := range of(f.File) {
				owners = append(owners, owner)
			}
			documents = append(documents, map[string]any{"id": id, "owners": owners})
		}
	}
	value := map[string]any{"codeowners": nil, "documents": documents}
	if file != "" {
		value["codeowners"] = file
	}
	facts, _, faults := v.policies.Derive(ctx, document.New("ownership", document.Ownership, value))
	v.Faults = append(v.Faults, faults...)
	facts.File = file
	v.Add(facts)
}
