package source

import (
	"path"

	"pocdr.dev/pocdr/document"
)

// LinkFault says why a link is unread.
const LinkFault = "is a symbolic link that leads nowhere or out of the tree, and is not followed"

// Unlisted is an entry of a tree that cannot be looked into: it might have held anything.
func Unlisted(name, fault string) document.Unread {
	formats := document.Named(name)
	if formats == nil {
		formats = document.Formats
	}
	return document.Unread{File: name, Message: fault, Formats: formats}
}

// Interesting tells whether an entry that is no file could have been one that is read, or a folder of them.
func Interesting(name string) bool {
	return document.Named(name) != nil || path.Ext(name) == ""
}

// Wanted tells whether a file is one that is read, or that tells how others are to be understood.
func Wanted(name string) bool {
	return document.Named(name) != nil || path.Base(name) == "Kustomization"
}
