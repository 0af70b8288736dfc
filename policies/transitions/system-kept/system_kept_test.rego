package pocdr.transitions.system_kept_test

import data.pocdr.fixture
import data.pocdr.transitions.system_kept

sees(spec) := seen if seen := system_kept.sees with input as fixture.snapshot(spec, [])

drunk := {"downstream": [{"name": "statements"}]}

retiring := {"lifecycle": "Retiring"}

test_kept if {
	system_kept.refuses == {} with input as fixture.change(sees(drunk), sees(drunk), [])
	system_kept.refuses == {} with input as fixture.change(sees({}), sees(retiring), [])
	system_kept.refuses == {} with input as object.remove(fixture.change(null, sees(drunk), []), ["before"])
	not system_kept.sees with input as fixture.undeclared([])
}

test_deleted if {
	system_kept.refuses == {["system"]: {"the System payments is deleted, and was not retired before"}} with input as object.remove(fixture.change(sees(drunk), null, []), ["after"])
}

test_retiring_too_early if {
	system_kept.refuses == {["system", "spec", "lifecycle"]: {"the System payments starts to retire, and statements is still downstream of it"}} with input as fixture.change(sees(drunk), sees(object.union(drunk, retiring)), [])
	system_kept.refuses == {} with input as fixture.change(sees(object.union(drunk, retiring)), sees(object.union(drunk, retiring)), [])
}
