package report

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"tab\tand\r\nline", "tab and  line"},
		{"\x1b[31mred\x07", `\u001b[31mred\u0007`},
		{"\u202eabc\u2066", `\u202eabc\u2066`},
		{"\u2028\u00a0x", "  x"},
		{"bad\xff\x9b", `bad\xff\x9b`},
		{"\ufffd", "\ufffd"},
		{"\U000e0041", `\U000e0041`},
		{"héllo 世界 ✓", "héllo 世界 ✓"},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("clean(%q) is %q, not %q", c.in, got, c.want)
		}
		if again := clean(clean(c.in)); again != c.want {
			t.Errorf("clean(%q) is cleaned again, to %q", c.in, again)
		}
	}
}

func TestWidth(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "世界": 4, "e\u0301": 1, "✓": 1, "\x1b": 6} {
		if got := width(text); got != want {
			t.Errorf("width(%q) is %d, not %d", text, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in      string
		columns int
		want    string
	}{
		{"", 5, ""},
		{"one two three", 7, "one two|three"},
		{"a-word-that-is-too-long and more", 8, "a-word-that-is-too-long|and more"},
		{"世界 世界", 8, "世界|世界"},
		{"x y", -3, "x|y"},
	} {
		if got := strings.Join(wrap(c.in, c.columns), "|"); got != c.want {
			t.Errorf("wrap(%q, %d) is %q, not %q", c.in, c.columns, got, c.want)
		}
	}
}

func TestMarkdownEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"a|b":             "a&#124;b",
		"<b>&amp;":        "&lt;b&gt;&amp;amp;",
		"*b* _i_ `c` [l]": "\\*b\\* \\_i\\_ \\`c\\` \\[l\\]",
		"\\|":             "\\\\&#124;",
		"ask @org/team":   "ask @&#8203;org/team",
		"app@sha256:00":   "app@sha256:00",
		"see org/repo#1":  "see org/repo\\#&#8203;1",
		"# no heading\n":  "\\# no heading ",
	} {
		if got := prose(in); got != want {
			t.Errorf("prose(%q) is %q, not %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"a.yaml:1:2": "`a.yaml:1:2`",
		"":           "<code></code>",
		"a|b":        "<code>a&#124;b</code>",
		"`x`<y>":     "<code>\\`x\\`&lt;y&gt;</code>",
		"@org":       "`@org`",
	} {
		if got := code(in); got != want {
			t.Errorf("code(%q) is %q, not %q", in, got, want)
		}
	}
}
