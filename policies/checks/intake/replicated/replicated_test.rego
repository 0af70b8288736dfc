package pocdr.checks.intake.replicated_test

import data.pocdr.checks.intake.replicated
import data.pocdr.fixture
import data.pocdr.scenario

place := ["log/commands"]

acknowledgement := ["system", "spec", "intake", "acknowledge"]

commands(fields) := scenario.less("log", [object.union(object.union(scenario.kept, {"platform": "log", "name": "commands"}), fields)])

test_pass if {
	fixture.outcome(replicated) == "pass" with input as scenario.plus([])
	fixture.strays(replicated) == set() with input as scenario.plus([])
}

test_fail_copies if replicated.fails == {place: {
	"has 2 copies of each record; 3 are asked for",
	"takes no more records once one of its 2 copies is down, since 2 must have each",
}} with input as commands({"replicas": 2})

test_fail_insync if {
	replicated.fails == {place: {"acknowledges a record that 1 copies have; 2 are asked for"}} with input as commands({"minInsync": 1})
	replicated.fails == {place: {"takes no more records once one of its 3 copies is down, since 3 must have each"}} with input as commands({"minInsync": 3})
	fixture.strays(replicated) == set() with input as commands({"minInsync": 3})
}

test_fail_election if replicated.fails == {place: {"lets a copy that lacks records take over"}} with input as commands({"uncleanElection": true})

test_fail_acknowledge if {
	replicated.fails == {acknowledgement: {"producers wait for Leader; what is not waited for can be lost unseen"}} with input as scenario.with_spec({"intake": {"acknowledge": "Leader"}})
	replicated.fails == {acknowledgement: {"spec.intake.acknowledge does not say what producers wait for"}} with input as json.remove(scenario.plus([]), ["system/spec/intake/acknowledge"])
}

test_fail_intake_not_named if {
	replicated.fails == {["system", "spec", "intake"]: {"spec.intake names no log"}} with input as scenario.without("intake")
	fixture.strays(replicated) == set() with input as scenario.without("intake")
}

test_missing if {
	replicated.missing == {["system", "spec", "intake"]: {"no log commands is declared in log main"}} with input as scenario.less("log", [])
	fixture.strays(replicated) == set() with input as scenario.less("log", [])
}

test_unknown if {
	replicated.unknowns == {place: {
		"how many copies of each record there are is not declared, and the platform's default is not known",
		"how many copies must have a record before it is acknowledged is not declared, and the platform's default is not known",
		"whether a copy that lacks records may take over is not declared, and the platform's default is not known",
	}} with input as commands({"replicas": null, "minInsync": null, "uncleanElection": null})
	fixture.outcome(replicated) == "unknown" with input as commands({"minInsync": null})
}

test_unknown_no_system if replicated.unknowns == {[""]: {"no System declares an intake"}} with input as fixture.undeclared([])

test_default if {
	s := commands({"minInsync": null, "replicas": null})
	defaults := fixture.facts("log_defaults", [{"platform": "log", "scope": "main", "replicas": 3, "minInsync": 2}])
	fixture.outcome(replicated) == "pass" with input as object.union(s, {"facts": defaults})
}

test_parameters if replicated.fails[place] == {"has 3 copies of each record; 5 are asked for"} with input as object.union(scenario.plus([]), {"params": {"intake/replicated": {"min-replicas": 5}}})
