package pocdr.lib.objective_test

import data.pocdr.fixture
import data.pocdr.lib.objective

whole := {"statement": "entries within 5 s", "target": "99.9", "window": "720h0m0s"}

declaring(fields) := fixture.snapshot({"objective": object.union(whole, fields)}, [])

test_whole if {
	objective.faults == set() with input as declaring({})
	objective.target == 99.9 with input as declaring({})
	objective.at == ["system", "spec", "objective"] with input as declaring({})
}

test_faults if {
	objective.faults == {"spec.objective.statement does not say what is measured"} with input as declaring({"statement": " "})
	objective.faults == {"spec.objective promises 0%"} with input as declaring({"target": "0.0"})
	objective.faults == {"spec.objective holds over a window of 0s"} with input as declaring({"window": "0s"})
	objective.faults == {"spec.objective is not declared"} with input as fixture.snapshot({}, [])
}

test_undeclared if {
	objective.faults == {"no System declares an objective"} with input as fixture.undeclared([])
	objective.at == [""] with input as fixture.undeclared([])
}
