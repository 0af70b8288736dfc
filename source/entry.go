package source

import (
	"path"
	"strings"

	"pocdr.dev/pocdr/document"
)

// Why a link is unread.
const (
	LinkFault   = "is a symbolic link that leads nowhere or out of the tree, and is not followed"
	LinkRenames = "is a symbolic link to a file that is not read under its own name, and is not followed"
)

// Entry is what stands at a path of a tree.
type Entry int

// The entries.
const (
	Nothing Entry = iota
	Folder
	Regular // or anything else that is neither a folder nor a link
	Link
)

// maxLinks is how many links are followed before they are taken for a circle, as Linux does.
const maxLinks = 40

// Follow says why a link is unread; empty where what it leads to is read where it stands. Look tells what stands at a path and, of a link, where it leads.
func Follow(link string, look func(name string) (Entry, string)) (fault string) {
	if !Interesting(link) {
		return ""
	}
	links, at, entry := 0, ".", Folder
	for rest := strings.Split(link, "/"); len(rest) > 0; {
		step := rest[0]
		rest = rest[1:]
		switch {
		case entry != Folder, step == ".." && at == ".":
			return LinkFault
		case step == "..":
			at = path.Dir(at)
			continue
		case step == "" || step == ".":
			continue
		}
		var target string
		if entry, target = look(path.Join(at, step)); entry != Link {
			at = path.Join(at, step)
			continue
		}
		if links++; links > maxLinks || path.IsAbs(target) {
			return LinkFault
		}
		entry, rest = Folder, append(strings.Split(target, "/"), rest...)
	}
	switch {
	case entry == Nothing:
		return LinkFault
	case entry == Regular && document.Named(link) != nil && document.Named(at) == nil:
		return LinkRenames
	}
	return ""
}

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
	return document.Named(name) != nil || path.Base(name) == "Kustomization" || path.Ext(name) == ".tpl"
}
