package pocdr.lib.logs_test

import data.pocdr.fixture
import data.pocdr.lib.logs
import data.pocdr.scenario

commands(fields) := scenario.less("log", [object.union({"platform": "log", "scope": "main", "name": "commands"}, fields)])

defaults(list) := {"facts": fixture.facts("log_defaults", list)}

test_declared_wins if {
	s := object.union(commands({"replicas": 5}), defaults([{"platform": "log", "scope": "main", "replicas": 3, "partitions": 12}]))
	[[l.replicas, l.partitions] | some l in logs.intake] == [[5, 12]] with input as s
}

test_false_is_declared if {
	s := object.union(commands({"compacted": false}), defaults([{"platform": "log", "scope": "main", "compacted": true}]))
	[l.compacted | some l in logs.intake] == [false] with input as s
}

test_defaults_of_another_instance if {
	s := object.union(commands({}), defaults([{"platform": "log", "scope": "test", "replicas": 3}]))
	[l.replicas | some l in logs.intake] == [null] with input as s
}

test_defaults_that_disagree if {
	s := object.union(commands({}), defaults([{"platform": "log", "scope": "main", "replicas": 3}, {"at": ["other"], "platform": "log", "scope": "main", "replicas": 2}]))
	[l.replicas | some l in logs.intake] == [null] with input as s
}

test_absent if {
	logs.absent == {} with input as scenario.plus([])
	logs.absent == {["system", "spec", "intake"]: "spec.intake names no log"} with input as scenario.without("intake")
	logs.absent == {[""]: "no System declares an intake"} with input as fixture.undeclared([])
}

test_undeclared if {
	logs.undeclared == {} with input as scenario.plus([])
	logs.undeclared == {["system", "spec", "intake"]: "no log commands is declared in log main"} with input as scenario.less("log", [])
}
