# What stands at a path of an object, whatever somebody wrote there: a value of another type than the one asked for counts as absent, as null does.
package pocdr.bedrock.kubernetes.field

# value(o, path) is what stands there; null where nothing does.
value(o, path) := object.get(o, path, null) if {
	is_object(o)
} else := null

# map(o, path) is the map there, {} where there is none.
map(o, path) := m if {
	m := value(o, path)
	is_object(m)
} else := {}

# labels(o, path) are the labels there, or annotations: a map of text, of which the API takes nothing for empty text.
labels(o, path) := {key: given(value) | some key, value in map(o, path)}

given(null) := ""

given(value) := value if value != null

# list(o, path) is the list there, [] where there is none.
list(o, path) := l if {
	l := value(o, path)
	is_array(l)
} else := []

# text(o, path) is the text there, null where there is none; the API takes empty text for none.
text(o, path) := t if {
	t := value(o, path)
	is_string(t)
	t != ""
} else := null

# text_or(o, path, absent) is the text there, or `absent`.
text_or(o, path, absent) := t if {
	t := text(o, path)
	t != null
} else := absent

# flag(o, path) is the boolean there, null where there is none.
flag(o, path) := f if {
	f := value(o, path)
	is_boolean(f)
} else := null

# number(o, path, absent) is the number there, `absent` where nothing stands, null where it is no number.
number(o, path, absent) := n if {
	n := value(o, path)
	is_number(n)
} else := absent if {
	value(o, path) == null
} else := null

# texts(o, path) are the texts of a list.
texts(o, path) := [t | some t in list(o, path); is_string(t)]

# scalar(o, path) is the text or number there, as text; null where there is neither.
scalar(o, path) := t if {
	t := text(o, path)
	t != null
} else := sprintf("%v", [n]) if {
	n := value(o, path)
	is_number(n)
} else := null

# selector(o, path) is a label selector; one that is absent is {}. What is no expression stays as one that selects nothing.
selector(o, path) := {part: cleaned |
	some part, cleaned in {
		"matchLabels": labels(o, array.concat(path, ["matchLabels"])),
		"matchExpressions": [expression(e) | some e in list(o, array.concat(path, ["matchExpressions"]))],
	}
	count(cleaned) > 0
}

expression(e) := {part: value |
	is_object(e)
	some part in ["key", "operator", "values"]
	value := e[part]
	not value in [null, []]
}

# quantity(q) is a quantity (2Mi, 500m, 1e3, 0.5) as a number; null for what is none. The API rounds what is finer than thousandths up.
quantity(q) := thousandths(n) if {
	n := amount(q)
	n != null
} else := null

thousandths(n) := n if {
	n == floor(n)
} else := round(n * 1000) / 1000 if {
	abs((n * 1000) - round(n * 1000)) < 0.0000001 # numbers are not exact
} else := ceil(n * 1000) / 1000

amount(q) := q if {
	is_number(q)
} else := scaled(digits, suffix) if {
	is_string(q)
	[[_, digits, suffix]] := regex.find_all_string_submatch_n(quantities, q, 1)
} else := null

quantities := `^\+?([0-9]{1,18}\.?[0-9]{0,9}|\.[0-9]{1,9})(|[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})$`

scaled(digits, suffix) := to_number(digits) * multiples[suffix]

scaled(digits, suffix) := to_number(digits) / parts[suffix]

scaled(digits, suffix) := to_number(concat("", [digits, suffix])) * 1 if {
	not multiples[suffix]
	not parts[suffix]
}

multiples := {
	"": 1, "k": 1000, "M": 1000000, "G": 1000000000, "T": 1000000000000, "P": 1000000000000000, "E": 1000000000000000000,
	"Ki": 1024, "Mi": 1048576, "Gi": 1073741824, "Ti": 1099511627776, "Pi": 1125899906842624, "Ei": 1152921504606846976,
}

parts := {"m": 1000, "u": 1000000, "n": 1000000000}
