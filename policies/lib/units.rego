# Kubernetes' own forms of durations and quantities, as numbers.
package pocdr.lib.units

# seconds(duration) of a duration such as 72h or 1m30s.
seconds(duration) := time.parse_duration_ns(duration) / 1000000000

# number(quantity) of a quantity such as 2Mi, 500m, or 0.001; numbers stay as they are.
number(quantity) := quantity if is_number(quantity)

number(quantity) := units.parse(quantity) if is_string(quantity)

# words(seconds) writes a time for people.
words(s) := sprintf("%vd", [s / 86400]) if {
	s >= 86400
	s % 86400 == 0
}

words(s) := sprintf("%vh", [round((s / 3600) * 10) / 10]) if {
	s >= 3600
	not s % 86400 == 0
}

words(s) := sprintf("%vm", [round((s / 60) * 10) / 10]) if {
	s >= 60
	s < 3600
}

words(s) := sprintf("%vs", [s]) if s < 60
