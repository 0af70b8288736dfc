# What stands at a path of an object, whatever somebody wrote there: a value of another type than the one asked for counts as absent, as null does.
package pocdr.bedrock.kubernetes.field

# value(o, path) is what stands there; null where nothing does.
value(o, path) := object.get(o, path, null) if is_object(o)

value(o, _) := null if not is_object(o)

# map(o, path) is the map there, {} where there is none.
map(o, path) := m if {
	m := value(o, path)
	is_object(m)
} else := {}

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
		"matchLabels": map(o, array.concat(path, ["matchLabels"])),
		"matchExpressions": [object.filter(e, ["key", "operator", "values"]) | some e in expressions(o, path)],
	}
	count(cleaned) > 0
}

expressions(o, path) := [expression(e) | some e in list(o, array.concat(path, ["matchExpressions"]))]

expression(e) := e if is_object(e)

expression(e) := {} if not is_object(e)

# quantity(q) is a quantity (2Mi, 500m, 1e3, 0.5) as a number; null for what is none.
quantity(q) := q if {
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
