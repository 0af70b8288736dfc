package pocdr.transitions.level_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.level_kept

sees(level) := seen if seen := level_kept.sees with input as fixture.snapshot({"requiredLevel": level}, [])

test_kept if {
	every after in [sees(2), sees(3)] {
		level_kept.refuses == {} with input as fixture.change(sees(2), after, [])
	}
	not level_kept.sees with input as fixture.undeclared([])
}

test_lowered if {
	level_kept.refuses == {["system", "spec", "requiredLevel"]: {"requires level 1, and level 2 before"}} with input as fixture.change(sees(2), sees(1), [])
}
