package engine

import (
	"maps"
	"path"
	"slices"

	"pocdr.dev/pocdr/document"
)

// taint is something that was not read, and whether it stands where it might have said anything of a system.
type taint struct {
	document.Unread
	near bool
}

// taints finds what was not read and may bear on a system. What stands in a folder that holds a document of the system, or above one, might have
// said anything of it, and so does what is declared twice of its own objects, or of those in its namespaces, and a pipeline or a policy of the
// repository, which is everybody's. What stands elsewhere might still have held one more of those kinds of which checks ask that there is no other, such as a grant; a declaration cannot.
func (v *View) taints(documents, namespaces []string) []taint {
	folders, own := map[string]bool{}, set(documents)
	ours := func(id string) bool {
		first := v.sources.get(id)
		return own[id] || first != nil && slices.Contains(namespaces, first.Object.Namespace)
	}
	for _, id := range documents {
		for dir := path.Dir(v.sources.get(id).File); !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	var found []taint
	touched := func(name string) bool { return folders[name] || folders[path.Dir(name)] }
	for _, u := range v.Unread {
		near := folders[path.Dir(u.File)] || ofTheRepository(u) || slices.ContainsFunc(u.Affects, touched) || slices.ContainsFunc(u.Documents, ours)
		if near || u.Document == "" || repeated(u) {
			found = append(found, taint{u, near})
		}
	}
	return found
}

// ofTheRepository tells whether what was not read could have been nothing but a pipeline or a policy.
func ofTheRepository(u document.Unread) bool {
	return len(u.Formats) > 0 && !slices.ContainsFunc(u.Formats, func(f document.Format) bool {
		return f != document.GitHubActions && f != document.GitLabCI && f != document.Rego
	})
}

// couldHold are the kinds of facts that something unread might have said otherwise of a system. Of what is declared twice they are those of which the two declarations say different things.
func (v *View) couldHold(t taint) map[string]bool {
	kinds := v.policies.holds(t.Formats)
	if r := v.repeats[t.File]; r != nil && repeated(t.Unread) && !(t.near && r.declarations) {
		kinds = v.policies.joined(maps.Clone(r.kinds))
	}
	if !t.near {
		maps.DeleteFunc(kinds, func(kind string, _ bool) bool { return !v.policies.Kinds[kind].Closed })
	}
	return kinds
}

// repeated tells whether something was read, and stands elsewhere too. That hides nothing that is missing.
func repeated(u document.Unread) bool { return len(u.Documents) > 0 }

// holds are the kinds of facts that a format can hold.
func (p *Policies) holds(formats []document.Format) map[string]bool {
	kinds := map[string]bool{}
	for _, a := range p.adapters {
		if slices.ContainsFunc(a.reads, func(s selector) bool { return slices.Contains(formats, s.Format) }) {
			for _, kind := range a.emits {
				kinds[kind] = true
			}
		}
	}
	return p.joined(kinds)
}

// joined adds the kinds that are joined from these: what is made of unknown facts is unknown.
func (p *Policies) joined(kinds map[string]bool) map[string]bool {
	for changed := true; changed; {
		before := len(kinds)
		for _, j := range p.joins {
			if slices.ContainsFunc(j.joins, func(kind string) bool { return kinds[kind] }) {
				maps.Insert(kinds, maps.All(set(j.emits)))
			}
		}
		changed = len(kinds) > before
	}
	return kinds
}
