package pocdr.transitions.switch_alone_test

import data.pocdr.fixture
import data.pocdr.lib.turn_test
import data.pocdr.transitions.switch_alone

sees(selected) := seen if seen := switch_alone.sees with input as turn_test.snapshot(selected)

also := fixture.operation("update", "Deployment/a", {})

said := {"the switch is turned from plant a to b, and this is changed with it"}

test_alone if {
	switch_alone.refuses == {} with input as fixture.change(sees("a"), sees("b"), [turn_test.turning])
	switch_alone.refuses == {} with input as fixture.change(sees("a"), sees("b"), [turn_test.turning, object.union(also, {"ours": false})])
	switch_alone.refuses == {} with input as fixture.change(sees("a"), sees("a"), [also])
}

test_bundled if {
	switch_alone.refuses == {["Deployment/a"]: said} with input as fixture.change(sees("a"), sees("b"), [turn_test.turning, also])
	switch := object.union(turn_test.turning, {"paths": [["data", "selected"], ["data", "rate"]]})
	switch_alone.refuses == {["object/valve", "data", "rate"]: said} with input as fixture.change(sees("a"), sees("b"), [switch])
}
