package codeowners

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzOwners(f *testing.F) {
	for _, path := range []string{"a", "a/b/c.go", "docs/x/y", ""} {
		f.Add([]byte("* @a\n*.go @b b@c\n/docs/ @c\ndocs/* @d\n/docs/x\n"), path)
		f.Add([]byte("* @a\n[S][2] @b\ndocs/\n^[T]\nb/**/*.go @c # @d\n!x @y\n"), path)
		f.Add([]byte("a**b/?/\\*\\ \\?x @a\r\n**/c.go @b\n/a/**/ @c\n"), path)
	}
	f.Fuzz(func(t *testing.T, src []byte, path string) {
		rules, problems := Parse(src)
		owners := rules.Owners(path)
		if owners != nil && len(owners) == 0 || !slices.IsSorted(owners) || len(slices.Compact(slices.Clone(owners))) != len(owners) {
			t.Fatalf("owners %q are not sorted, each once", owners)
		}
		for _, o := range owners {
			if !bytes.Contains(src, []byte(o)) {
				t.Fatalf("owner %q is not in the file", o)
			}
		}
		again, _ := Parse(bytes.Clone(src))
		if !slices.Equal(owners, again.Owners(path)) {
			t.Fatal("two readings differ")
		}
		for _, p := range problems {
			if p.Line < 1 || p.Line > 1+bytes.Count(src, []byte("\n")) || p.Message == "" {
				t.Fatalf("problem %+v", p)
			}
		}
	})
}

// FuzzPattern compares the matching with regular expressions, written from the rules in another way.
func FuzzPattern(f *testing.F) {
	for _, pattern := range []string{"*", "/a/", "a/*", "**/a", "a/**/b", "a?*c", `\*`, "a/**", "**/", "a**b"} {
		f.Add(pattern, "a/b/c", false)
		f.Add(pattern, "a", true)
	}
	f.Fuzz(func(t *testing.T, text, path string, gitlab bool) {
		if text == "" || !utf8.ValidString(text) || !utf8.ValidString(path) {
			t.Skip("never a pattern")
		}
		p, fault := compile(text, gitlab)
		if fault != "" {
			t.Skip(fault)
		}
		want := expression(text, gitlab).MatchString(path)
		if got := p.match(split(nil, path)); got != want {
			t.Fatalf("pattern %q, path %q, GitLab %v: match %v, want %v (%s)", text, path, gitlab, got, want, expression(text, gitlab))
		}
	})
}

var (
	anything = `(?:[^/]*/)*[^/]*`
	folders  = `(?:[^/]*/)*`
)

// expression matches what the pattern does.
func expression(text string, gitlab bool) *regexp.Regexp {
	body, folder := strings.CutSuffix(text, "/")
	relative := strings.TrimPrefix(body, "/")
	e := ""
	if relative == body && (gitlab || !strings.Contains(body, "/")) {
		e = folders
	}
	segments := strings.Split(relative, "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case s == "**" && last && folder:
			e += folders + anything
		case s == "**" && last && gitlab:
			e += `[^/]*`
		case s == "**" && last:
			e += anything
		case s == "**":
			e += folders
		case last && folder:
			e += translate(s) + `/` + anything
		case last && (gitlab || s == "*"):
			e += translate(s)
		case last:
			e += translate(s) + `(?:/` + anything + `)?`
		default:
			e += translate(s) + `/`
		}
	}
	return regexp.MustCompile(`(?s)\A` + e + `\z`)
}

func translate(segment string) string {
	e, escaped := "", false
	for _, r := range segment {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == '*':
			e += `[^/]*`
		case !escaped && r == '?':
			e += `[^/]`
		default:
			e += regexp.QuoteMeta(string(r))
		}
		escaped = false
	}
	return e
}
