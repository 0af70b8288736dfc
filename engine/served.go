package engine

// Served gives, by system, what its switch selected before, as the status of the System remembers it. A status that is
// about another selection than the present one says nothing.
func (v *View) Served() map[string]Served {
	found := map[string]Served{}
	for _, s := range v.systems {
		if status := s.Status.Switch; status != nil && status.Previous != "" && status.Changed != nil {
			found[s.Name] = Served{Value: status.Previous, Until: status.Changed.Time, Release: status.PreviousRelease}
		}
	}
	return found
}
