package pocdr.transitions.promises_kept_test

import data.pocdr.fixture
import data.pocdr.scenario
import data.pocdr.transitions.promises_kept

contract := {"schema": "entry", "version": "3", "compatibility": "Full", "release": "r", "position": "p"}

outlets(fields) := [{"platform": "store", "name": "other"}, {"platform": "store", "name": "ledger", "contract": object.union(contract, fields)}]

spec := object.union(scenario.spec, {
	"outlets": outlets({}), "rollback": {"procedure": {"file": "back.yaml"}}, "correction": {"schema": "correction"},
	"proof": {"window": "72h", "volume": 10, "tolerance": "0"},
})

sees(s) := seen if seen := promises_kept.sees with input as fixture.snapshot(s, [])

said(after) := refused if refused := promises_kept.refuses with input as fixture.change(sees(spec), sees(after), [])

# other(fields) is the System with these fields of its specification.
other(fields) := object.union(spec, fields)

without(paths) := json.remove(spec, paths)

at(path) := array.concat(["system", "spec"], path)

# What others rest on stays when it is another one: its values are the checks' question.
test_kept if {
	said(spec) == {}
	said(other({"proof": {"window": "96h", "volume": 5, "tolerance": "0.1"}})) == {}
	said(other({"switch": {"mechanism": "Selector"}})) == {}
	said(other({"rollback": {"procedure": {"file": "back.sh"}}})) == {}
	said(other({"correction": {"corrector": "store:repair", "timeToDetect": "1h"}})) == {}
	said(other({"outlets": outlets({"version": "4"})})) == {}
	said(other({"outlets": array.slice(outlets({}), 1, 2)})) == {}
	promises_kept.refuses == {} with input as fixture.change(sees({"switch": {"mechanism": "InPlace"}}), sees(spec), [])
	promises_kept.refuses == {} with input as fixture.change(sees(other({"lifecycle": "Retiring"})), sees({"lifecycle": "Retiring"}), [])
	not promises_kept.sees with input as fixture.undeclared([])
}

test_taken_back if {
	said(without(["proof"])) == {at(["proof"]): {"spec.proof was declared, and is not declared any more"}}
	said(without(["valve"])) == {at(["valve"]): {"spec.valve was declared, and is not declared any more"}}
	said(without(["plants/b"])) == {at(["plants", "b"]): {"spec.plants.b was declared, and is not declared any more"}}
	said(without(["rollback/procedure"])) == {at(["rollback", "procedure"]): {"spec.rollback.procedure was declared, and is not declared any more"}}
	said(without(["correction/corrector"])) == {at(["correction", "corrector"]): {"spec.correction.corrector was store:corrector, and is not declared any more"}}
	object.keys(said(without(["correction"]))) == {at(["correction", f]) | some f in ["corrector", "schema", "timeToDetect", "timeToRepair"]}
	said(other({"outlets": outlets({"position": null})})) == {at(["outlets", 1, "contract", "position"]): {"position of the contract of outlet ledger was p, and is not declared any more"}}
}

test_weakened if {
	said(other({"switch": {"mechanism": "InPlace"}})) == {at(["switch", "mechanism"]): {"spec.switch.mechanism was Valve, and is InPlace"}}
	said(other({"outlets": outlets({"compatibility": "Backward"})})) == {at(["outlets", 1, "contract", "compatibility"]): {"compatibility of the contract of outlet ledger was Full, and is Backward"}}
}
