package pocdr.transitions.mode_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.mode_kept

sees(modes) := seen if seen := mode_kept.sees with input as fixture.snapshot({"modes": modes}, [])

change(before, after) := fixture.change(sees(before), sees(after), [])

test_kept if {
	mode_kept.refuses == {} with input as change({"ci": "Warn"}, {"ci": "Warn"})
	mode_kept.refuses == {} with input as change({"ci": "Record", "audit": "Warn"}, {"ci": "Warn"})
	mode_kept.refuses == {} with input as change({}, {"admission": "Enforce"})
}

test_loosened if {
	mode_kept.refuses == {["system", "spec", "modes", "admission"]: {"is loosened from Enforce to Warn"}} with input as change({"admission": "Enforce"}, {"admission": "Warn"})
	mode_kept.refuses == {["system", "spec", "modes", "ci"]: {"is loosened from Enforce to Record"}} with input as change({}, {"ci": "Record"})
	mode_kept.refuses == {["system", "spec", "modes", "audit"]: {"is loosened from Warn to Record"}} with input as change({"audit": "Warn"}, {"audit": "Record"})
}

test_absent_before if {
	mode_kept.refuses == {} with input as object.remove(change({}, {"ci": "Record"}), ["before"])
	not mode_kept.sees with input as fixture.undeclared([])
}
