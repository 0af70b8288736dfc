package document

import (
	"reflect"
	"slices"
	"testing"
)

// What the fast reader reads, and what it leaves to the library.
var writtens, others = []string{
	`{"a": 1, "b": [true, false, null, -12, "x"], "c": {}, "d": []}`, `{"a":"\u003cx\u003e\n\"\\\/\b\f\r\t"}`, `"é\u00e9"`, " 0 ", "-7", `{"":""}`,
}, []string{
	`{"a":1,"a":2}`, `{"a":{"b":1,"b":2}}`, "1.0", "1e3", "-0", "01", "00", "9223372036854775807", "99999999999999999999", `"\ud83d\ude00"`, `"\ud83d"`, `"\x"`, `"\u12"`,
	"{", `{"a"`, `{"a":`, `{"a":1`, `{"a":1,}`, `[1,]`, "[1", "[", "]", `"`, `"a`, "\"\t\"", `"\`, "", " ", "tru", "nulll", "1 2", `{"a":1}x`, "{1:2}", "-", "'a'", "\"\xff\"", "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]",
}

// checkJSON holds what the fast reader says against what the library says, and tells whether it said anything.
func checkJSON(t *testing.T, text []byte) (read bool) {
	t.Helper()
	bounds := DefaultBounds
	bounds.Depth = 15
	got, ok := readWritten(text, bounds)
	if !ok {
		return false
	}
	want, err := decodeJSONFully(text, bounds)
	if err != nil || !reflect.DeepEqual(want, got) {
		t.Fatalf("%q: the library says %#v %v, the fast reader %#v", text, want, err, got)
	}
	return true
}

func TestWritten(t *testing.T) {
	for _, text := range writtens {
		if !checkJSON(t, []byte(text)) {
			t.Errorf("%q is left to the library", text)
		}
	}
	for _, text := range others {
		if checkJSON(t, []byte(text)) {
			t.Errorf("%q is not left to the library", text)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, text := range slices.Concat(writtens, others) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { checkJSON(t, text) })
}
