package engine

import (
	"slices"

	"pocdr.dev/pocdr/document"
)

// moves gives, by their ids after, the ids before of the documents that are named for their file, and whose file moved: what is
// gone here, and is there word for word in another place. A cluster has no files.
func moves(before, after *View) map[string]string {
	if after.Entrance != CI {
		return nil
	}
	gone := map[string][]string{} // by digest
	for _, id := range missing(before, after) {
		digest := before.sources.get(id).Digest
		gone[digest] = append(gone[digest], id)
	}
	if len(gone) == 0 {
		return nil
	}
	moved := map[string]string{}
	for _, id := range missing(after, before) {
		digest := after.sources.get(id).Digest
		if ids := gone[digest]; len(ids) > 0 && after.sources.get(id).format == before.sources.get(ids[0]).format {
			moved[id], gone[digest] = ids[0], ids[1:]
		}
	}
	return moved
}

// missing are the ids, sorted, of the documents without a name of their own that one view has and the other has not.
func missing(from, to *View) []string {
	var ids []string
	for id, f := range from.sources.all() {
		if f.format != document.Kubernetes && to.sources.get(id) == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
