package pocdr.lib.units_test

import data.pocdr.lib.units

test_number if {
	written := {"2Mi": 2097152, "500m": 0.5, "0.001": 0.001, "100u": 0.0001, "5n": 0.000000005, "0": 0}
	every quantity, n in written {
		units.number(quantity) == n
	}
	units.number(3) == 3
}

test_number_with_an_exponent if {
	units.number("1e3") == 1000
	units.number("12E6") == 12000000
	units.number("5e-1") == 0.5
	units.number("1E") == 1000000000000000000
}

test_seconds if {
	units.seconds("72h") == 259200
	units.seconds("1m30s") == 90
	units.seconds("1500ms") == 1.5
	units.seconds("0s") == 0
}

test_words if {
	written := {
		"0s": 0, "59s": 59, "1.5s": 1.5, "1m": 60, "1.5m": 90, "1h": 3600, "23.5h": 84600, "1d": 86400, "25h": 90000, "7d": 604800,
		"168h": 604800.5, "36.5h": 131400,
	}
	every text, seconds in written {
		units.words(seconds) == text
	}
}
