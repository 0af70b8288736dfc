package codeowners

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func mustParse(t testing.TB, src string) Rules {
	t.Helper()
	rules, problems := Parse([]byte(src))
	if len(problems) > 0 {
		t.Fatalf("problems %v in:\n%s", problems, src)
	}
	return rules
}

// check compares the owners of paths, given as "@a @b".
func check(t *testing.T, rules Rules, want map[string]string) {
	t.Helper()
	for path, owners := range want {
		if got := rules.Owners(path); !reflect.DeepEqual(got, named(owners)) {
			t.Errorf("Owners(%q) = %v, want %v", path, got, named(owners))
		}
	}
}

func named(owners string) []string {
	if owners == "" {
		return nil
	}
	return strings.Fields(owners)
}

// TestDocumented holds Owners to what GitHub's documentation says of the patterns in its examples.
func TestDocumented(t *testing.T) {
	rules := mustParse(t, `
# comment
*               @global-owner1 @global-owner2
*.js            @js-owner #This is an inline comment.
*.go            docs@example.com
*.txt           @octo-org/octocats
/build/logs/    @doctocat
docs/*          docs@example.com
apps/           @octocat
/docs/          @doctocat
/scripts/       @doctocat @octocat
**/logs         @octocat
/apps/          @octocat
/apps/github
`)
	check(t, rules, map[string]string{
		"README":                         "@global-owner1 @global-owner2",
		"deep/er/README":                 "@global-owner1 @global-owner2",
		"a.js":                           "@js-owner",
		"lib/a.js":                       "@js-owner",
		"a.jsx":                          "@global-owner1 @global-owner2",
		"lib/a.go":                       "docs@example.com",
		"a.txt":                          "@octo-org/octocats",
		"build/logs/a":                   "@octocat",
		"deeply/nested/logs/x/y":         "@octocat",
		"scripts/logs":                   "@octocat",
		"scripts/run.sh":                 "@doctocat @octocat",
		"docs/getting-started.md":        "@doctocat",
		"docs/build-app/troubleshoot.md": "@doctocat",
		"lib/apps/a":                     "@octocat",
		"apps/a":                         "@octocat",
		"apps/github":                    "",
		"apps/github/a":                  "",
		"apps/githubber":                 "@octocat",
		"lib/apps/github":                "@octocat",
	})
	check(t, mustParse(t, "docs/* @a"), map[string]string{
		"docs/getting-started.md": "@a", "docs/build-app/troubleshooting.md": "", "x/docs/a": "",
	})
	check(t, mustParse(t, "/build/logs/ @a"), map[string]string{
		"build/logs/a": "@a", "build/logs/a/b": "@a", "build/logs": "", "x/build/logs/a": "",
	})
}

func TestPatterns(t *testing.T) {
	for pattern, paths := range map[string]struct{ yes, no string }{
		"foo":         {"foo foo/a a/foo a/foo/b", "foo.txt a/foo.txt xfoo"},
		"/foo":        {"foo foo/a/b", "a/foo food"},
		"foo/":        {"foo/a a/foo/b foo/", "foo a/foo"},
		"/foo/":       {"foo/a foo/a/b", "foo a/foo/b"},
		"foo/bar":     {"foo/bar foo/bar/a", "a/foo/bar foo/bart"},
		"foo/bar/":    {"foo/bar/a", "foo/bar a/foo/bar/b"},
		"*":           {"foo foo/bar .hidden", ""},
		"/*":          {"foo .hidden", "foo/bar"},
		"/*/":         {"foo/bar foo/bar/a", "foo"},
		"f*":          {"f foo a/foo foo/a", "a xf"},
		"*o":          {"foo a/o", "of"},
		"f*/":         {"foo/a a/f/b", "foo"},
		"f*o":         {"fo foo fxxo a/fo/b", "f of foox"},
		"a*b*c":       {"abc axbxbxc abcbc", "abcb ac"},
		"f?o":         {"foo fäo", "fo fooo f/o"},
		"*?":          {"a ab", ""},
		`f\*o`:        {"f*o", "foo"},
		`f\?o`:        {"f?o", "foo"},
		`\\a`:         {`\a`, "a"},
		"foo/*":       {"foo/a", "foo foo/a/b b/foo/a"},
		"foo/*.c":     {"foo/a.c foo/a.c/x", "foo/a/b.c"},
		"foo/*/baz":   {"foo/a/baz foo/a/baz/b", "foo/baz foo/a/b/baz"},
		"**":          {"a a/b", ""},
		"**/foo/bar":  {"foo/bar a/foo/bar a/b/foo/bar/c", "foo/a/bar"},
		"foo/**":      {"foo/a foo/a/b", "foo a/foo/b"},
		"foo/**/":     {"foo/a foo/a/b", "foo"},
		"foo/**/bar":  {"foo/bar foo/a/bar foo/a/b/bar/c", "a/foo/bar"},
		"a/**/b/**/c": {"a/b/c a/x/b/y/z/c a/b/b/x/c/d", "a/c a/b a/x/c/b"},
		"**/a/**/a/b": {"a/a/b x/a/y/a/a/b", "a/b x/a/a"},
		"***":         {"a a/b", ""},
		"foo**bar":    {"foobar fooxbar", "foo/bar"},
		"/a/./b":      {"a/./b", "a/b"},
	} {
		rules := mustParse(t, pattern+" @a")
		for _, path := range strings.Fields(paths.yes) {
			check(t, rules, map[string]string{path: "@a"})
		}
		for _, path := range strings.Fields(paths.no) {
			check(t, rules, map[string]string{path: ""})
		}
	}
}

func TestLines(t *testing.T) {
	rules := mustParse(t, "\ufeff# first\r\n\r\n  * @b\t@a @b #@c\r\n/with\\ space/a\\ b  @d\r\n   # @e\nlast @f")
	check(t, rules, map[string]string{
		"x":              "@a @b",
		"/x":             "@a @b",
		"with space/a b": "@d",
		"last":           "@f",
	})
	check(t, Rules{}, map[string]string{"x": ""})
	check(t, mustParse(t, ""), map[string]string{"x": "", "": ""})
}

func TestSections(t *testing.T) {
	check(t, mustParse(t, `
* @admin
[README Owners]
README.md @user1 @user2
internal/README.md @user4
[README other owners]
README.md @user3
`), map[string]string{
		"README.md":            "@admin @user1 @user2 @user3",
		"internal/README.md":   "@admin @user3 @user4",
		"a/internal/README.md": "@admin @user3 @user4",
		"other":                "@admin",
	})
	check(t, mustParse(t, `
* @general
[Documentation][2] @docs-team @@maintainer
docs/
README.md
^[Database] @database-team # whoever that is
model/db/
config/db/database-setup.md @docs-team
[DOCUMENTATION] @other
\#note
`), map[string]string{
		"model/db/CHANGELOG":          "@database-team @general",
		"docs/a":                      "@@maintainer @docs-team @general",
		"config/db/database-setup.md": "@docs-team @general",
		"#note":                       "@general @other",
		"docs":                        "@general",
	})
	check(t, mustParse(t, "[A]\ndocs/** @a\nlib @b\n/src/**/x @c\n"), map[string]string{
		"docs/a": "@a", "docs/a/b": "", "lib": "@b", "x/lib": "@b", "lib/a": "", "src/x": "@c", "src/a/b/x": "@c", "a/src/x": "",
	})
	check(t, mustParse(t, "[A]\n* @a\n/un\n[a]\n/un/x @b\n"), map[string]string{"z": "@a", "un": "", "un/x": "@b"})
}

func TestProblems(t *testing.T) {
	const owner = "is no owner: a user is @name, a team @organisation/team, or a mail address"
	for src, want := range map[string][]Problem{
		"!a @a":                    {{1, "! is not supported: what a later rule without owners matches has none"}},
		"\n*.[ch] @a":              {{2, "[ ] is not supported, neither as a range of characters nor as a heading of this form"}},
		"[Section @a":              {{1, "[ ] is not supported, neither as a range of characters nor as a heading of this form"}},
		"[a][b] @a":                {{1, "[ ] is not supported, neither as a range of characters nor as a heading of this form"}},
		"[a][ @a":                  {{1, "[ ] is not supported, neither as a range of characters nor as a heading of this form"}},
		"[ ] @a":                   {{1, "[ ] is not supported, neither as a range of characters nor as a heading of this form"}},
		`\#a @a`:                   {{1, `\# does not name a file that begins with #`}},
		"/ @a":                     {{1, "/ matches nothing: * is all files"}},
		"// @a":                    {{1, "/ matches nothing: * is all files"}},
		"a//b @a":                  {{1, "// matches nothing"}},
		`a\/b @a`:                  {{1, `\ has nothing to escape`}},
		`a\`:                       {{1, `\ has nothing to escape`}},
		"a @b/":                    {{1, `"@b/" ` + owner}},
		"a b @":                    {{1, `"b" ` + owner}, {1, `"@" ` + owner}},
		"a @@maintainer a@b@c":     {{1, `"@@maintainer" ` + owner}, {1, `"a@b@c" ` + owner}},
		"a @b#c a/b@c":             {{1, `"@b#c" ` + owner}, {1, `"a/b@c" ` + owner}},
		"[S]\nz b @c":              {{2, `"b" ` + owner}},
		"[S] b @c":                 {{1, `"b" ` + owner}},
		"a @\xff\nb @b":            {{1, "the line is not UTF-8"}},
		strings.Repeat("#", 3<<20): {{1, "a CODEOWNERS file of 3 MB or more is ignored"}},
	} {
		rules, problems := Parse([]byte(src))
		if !reflect.DeepEqual(problems, want) {
			t.Errorf("%.20q\n got %v\nwant %v", src, problems, want)
		}
		check(t, rules, map[string]string{"a": ""})
	}
	rules, _ := Parse([]byte("* @a\na b @b"))
	check(t, rules, map[string]string{"a": "@a"}) // GitHub drops the whole rule,
	rules, _ = Parse([]byte("[S]\n* @a\na b @b"))
	check(t, rules, map[string]string{"a": "@b"}) // GitLab the owner.
}

// TestHostile holds matching to polynomial time: trying every way for each * would not end.
func TestHostile(t *testing.T) {
	rules := mustParse(t, strings.Repeat("*a", 500)+"b @a\n"+strings.Repeat("**/a/", 500)+"b @b\n")
	check(t, rules, map[string]string{strings.Repeat("a", 2000): "", strings.Repeat("a/", 2000) + "c": ""})
}

// example is a file of n rules of the usual kinds, and as many paths as asked for.
func example(rules, paths int) (src string, files []string) {
	var b strings.Builder
	b.WriteString("* @everyone\n")
	kinds := []string{"/services/team%d/", "/services/team%d/deploy/*.yaml", "*.ext%d", "docs%d/", "/charts/**/values%d.yaml", "lib/common%d"}
	for i := range rules - 1 {
		fmt.Fprintf(&b, kinds[i%len(kinds)]+" @org/team%d dev%d@example.com\n", i, i, i)
	}
	for i := range paths {
		files = append(files, fmt.Sprintf("services/team%d/deploy/base/%d/deployment.yaml", i%400, i))
	}
	return b.String(), files
}

func BenchmarkOwners(b *testing.B) {
	src, files := example(200, 10_000)
	rules := mustParse(b, src)
	b.ReportAllocs()
	for b.Loop() {
		for _, file := range files {
			rules.Owners(file)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	src, _ := example(200, 0)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		Parse([]byte(src))
	}
}
