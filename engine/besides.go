package engine

import (
	"slices"

	"pocdr.dev/pocdr/document"
)

// besides tells whether the change does more that is judged than to turn the system's switch. Whatever that breaks would be admitted with the turn,
// and it need not be the system's own: a grant from anywhere, a Profile, the gate, who must approve.
func (c *comparison) besides() bool {
	turned := c.views[0].switchOf(c.name()).Document
	return c.unreadAnew() || slices.ContainsFunc(Differing(c.views[0], c.views[1]), func(id string) bool {
		return id != turned && !sameSaid(c.views[0].sources.get(id), c.views[1].sources.get(id))
	})
}

// sameSaid tells whether a document says what it said before to those who judge it. One that is not there says nothing.
func sameSaid(was, is *Facts) bool {
	if was == nil || is == nil {
		return len(was.kinds())+len(is.kinds()) == 0 && !declares(was) && !declares(is)
	}
	return was.same(is)
}

// unreadAnew tells whether something cannot be read that could be, or was not there: it might say anything.
func (c *comparison) unreadAnew() bool {
	type cause struct{ file, document, message string }
	of := func(u document.Unread) cause { return cause{u.File, u.Document, u.Message} }
	known := map[cause]bool{}
	for _, u := range c.views[0].Unread {
		known[of(u)] = true
	}
	return slices.ContainsFunc(c.views[1].Unread, func(u document.Unread) bool { return !known[of(u)] })
}
