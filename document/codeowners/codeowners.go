// Package codeowners reads CODEOWNERS files and answers who owns a path.
//
// A file is read as GitHub reads it. One with a section heading is GitLab's, which has other rules:
//
//	                            GitHub            GitLab
//	docs/api without leading /  at the root       in any folder
//	docs     without trailing / and what is in it that file alone
//	docs/**                     all that is in it like docs/*
//	a name of a file with #     not possible      \#name
//	an owner it cannot read     drops the rule    drops the owner
package codeowners

import (
	"slices"
	"strings"
)

// Rules say who owns what. They are safe for concurrent use; the zero value owns nothing.
type Rules struct {
	sections []*section
}

// A section is a list of rules of which the last one that matches counts.
type section struct {
	rules []rule
}

type rule struct {
	pattern pattern
	owners  []string
}

// Problem is a line, or a part of one, that is not taken into account.
type Problem struct {
	// Line in the file, from 1.
	Line int
	// Message for people.
	Message string
}

// Owners of a file: users and teams with their @, and mail addresses, as written, sorted, each once. The
// path is relative to the root of the repository and separated by slashes; the file need not exist. Nil
// means that nobody owns it. Every section has its say: the result is the union of the owners that each
// one's last matching rule names.
func (r Rules) Owners(path string) []string {
	var buffer [32]string
	segments := split(buffer[:0], strings.TrimPrefix(path, "/"))
	var owners []string
	for _, s := range r.sections {
		owners = append(owners, s.owners(segments)...)
	}
	slices.Sort(owners)
	return slices.Compact(owners)
}

func (s *section) owners(path []string) []string {
	for _, r := range slices.Backward(s.rules) {
		if r.pattern.match(path) {
			return r.owners
		}
	}
	return nil
}

// split is strings.Split by slashes into a buffer.
func split(into []string, path string) []string {
	for {
		segment, rest, more := strings.Cut(path, "/")
		into = append(into, segment)
		if !more {
			return into
		}
		path = rest
	}
}
