package pocdr.lib.windows_test

import data.pocdr.lib.windows
import data.pocdr.scenario

test_needed if {
	windows.needed == 691200 with input as scenario.plus([])
	windows.needed == 777600 with input as scenario.with_spec({"correction": {"timeToDetect": "96h"}})
	not windows.needed with input as scenario.without("proof")
}

test_profile_bounds if windows.window("rollback.window") == 86400 with input as scenario.with_spec({"rollback": {"window": "1h"}})
