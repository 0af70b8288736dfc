# Durations and quantities, as declarations write them, as numbers.
package pocdr.lib.units

# seconds(duration) of a duration such as 72h or 1m30s.
seconds(duration) := time.parse_duration_ns(duration) / 1000000000

# number(quantity) of a quantity such as 2Mi, 500m, or 0.001; numbers stay as they are.
number(quantity) := quantity if is_number(quantity)

number(quantity) := scaled(quantity) if is_string(quantity)

# The builtin does not know the parts below a thousandth, and 0.0001 comes back from a quantity as 100u.
scaled(quantity) := to_number(trim_suffix(quantity, suffix)) / parts if {
	some suffix, parts in {"u": 1000000, "n": 1000000000}
	endswith(quantity, suffix)
} else := units.parse(quantity)

# words(seconds) writes a time for people.
words(s) := sprintf("%vd", [s / 86400]) if days(s)

words(s) := sprintf("%vh", [round((s / 3600) * 10) / 10]) if {
	s >= 3600
	not days(s)
}

words(s) := sprintf("%vm", [round((s / 60) * 10) / 10]) if {
	s >= 60
	s < 3600
}

words(s) := sprintf("%vs", [s]) if s < 60

# days(seconds) holds for a whole number of days.
days(s) if {
	s >= 86400
	s / 86400 == floor(s / 86400)
}
