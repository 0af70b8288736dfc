package pocdr.checks.delivery.parity_test

import data.pocdr.checks.delivery.parity
import data.pocdr.fixture

# Two plants of one workload each. What binds them has several forms: a value of its own, a part of a text, a secret's name.

ref(name) := {"kind": "Deployment", "namespace": "payments", "name": name}

plant(name) := {
	"workloads": [ref(concat("-", ["worker", name]))],
	"group": concat(".", ["payments", name]),
	"transactionalId": sprintf("tx-%v-", [name]),
	"outlets": [{"platform": "rows", "name": sprintf("ledger_%v/entries", [name])}],
}

spec := {"plants": {"a": plant("a"), "b": plant("b")}}

workloads := fixture.facts("workload", [object.union(ref(concat("-", ["worker", name])), {"principal": sprintf("cluster:account/payments/robot-%v", [name])}) | some name in ["a", "b"]])

mount(workload, what, name) := {"workloadKind": "Deployment", "namespace": "payments", "workload": workload, "what": what, "name": name}

fields(name) := {
	"containers.app.image": "city/worker:7",
	"containers.app.env.GROUP.value": concat(".", ["payments", name]),
	"containers.app.env.OUT.value": sprintf("rows://ledger_%v?table=ledger_%v.entries", [name, name]),
	"containers.app.env.MODE.value": "a",
	"containers.app.args.0": sprintf("--id=tx-%v-", [name]),
	"containers.app.args.1": sprintf("as robot-%v of worker-a, --in=payments --tx tx-%v-", [name, name]),
	"containers.app.env.USER.valueFrom.secretKeyRef.name": sprintf("rows-%v", [name]),
	"containers.app.env.TOKENS.value": sprintf("/tokens/rows-%v", [name]),
	"volumes.tls.secret.secretName": "tls",
	"containers.app.resources.limits.memory": 1024,
}

mounts := fixture.facts("mount", [m |
	some name in ["a", "b"]
	some secret in [concat("-", ["rows", name]), "tls"]
	m := mount(concat("-", ["worker", name]), "secret", secret)
])

templates(changes) := fixture.facts("template", [
	object.union(ref("worker-a"), {"fields": fields("a")}),
	object.union(ref("worker-b"), {"fields": object.union(fields("b"), changes)}),
])

with_b(changes) := fixture.snapshot(spec, [workloads, mounts, templates(changes)])

at := ["system", "spec", "plants", "b", "workloads", 0]

said(rule, snapshot) := all if {
	all := parity[rule] with input as snapshot
	fixture.strays(parity) == set() with input as snapshot
}

test_pass if {
	fixture.outcome(parity) == "pass" with input as with_b({})
	said("passes", with_b({})) == {at}
}

test_pass_what_is_binding_may_be_the_same if {
	fixture.outcome(parity) == "pass" with input as with_b({"containers.app.args.1": "as robot-a of worker-b, --in=payments --tx tx-a-"})
}

test_fail_field if said("fails", with_b({
	"containers.app.image": "city/worker:8",
	"containers.app.resources.limits.memory": 2048,
	"containers.app.env.DEBUG.value": "1",
})) == {at: {
	`containers.app.image is "city/worker:7" in Deployment payments/worker-a and "city/worker:8" in Deployment payments/worker-b`,
	"containers.app.resources.limits.memory is 1024 in Deployment payments/worker-a and 2048 in Deployment payments/worker-b",
	`containers.app.env.DEBUG.value is not set in Deployment payments/worker-a and "1" in Deployment payments/worker-b`,
}}

# What holds a binding value and something else, what crosses two respects, what is only like one.
test_fail_not_binding if {
	every field, value in {
		"containers.app.args.1": "as robot-b of worker-a, --in=orders --tx tx-b-",
		"containers.app.env.GROUP.value": "worker-b",
		"containers.app.env.MODE.value": "b",
		"containers.app.env.TOKENS.value": "/tokens/rows-bb",
		"containers.app.env.OUT.value": "rows://ledger_b?table=ledger_b.entries&ledger_b",
		"containers.app.args.0": 7,
	} {
		count(said("fails", with_b({field: value}))[at]) == 1
	}
}

test_fail_image_by_name if {
	s := fixture.snapshot(spec, [workloads, fixture.facts("template", [object.union(ref(concat("-", ["worker", n])), {"fields": {"containers.app.image": concat("-", ["city/worker", n])}}) | some n in ["a", "b"]])])
	fixture.outcome(parity) == "fail" with input as s
}

test_fail_secrets_that_cross if {
	keys := {"a": ["x-a", "y-a"], "b": ["x-b", "x-b"]}
	s := fixture.snapshot(spec, [
		workloads,
		fixture.facts("mount", [mount(concat("-", ["worker", n]), "secret", secret) | some n, list in keys; some secret in list]),
		fixture.facts("template", [object.union(ref(concat("-", ["worker", n])), {"fields": {"one": list[0], "two": list[1]}}) | some n, list in keys]),
	])
	said("fails", s) == {at: {
		`one is "x-a" in Deployment payments/worker-a and "x-b" in Deployment payments/worker-b`,
		`two is "y-a" in Deployment payments/worker-a and "x-b" in Deployment payments/worker-b`,
	}}
}

test_fail_many if {
	messages := said("fails", with_b({sprintf("containers.app.env.V%v.value", [i]): "x" | some i in numbers.range(1, 12)}))[at]
	count(messages) == 11
	"2 more fields differ" in messages
}

test_pass_declared_difference if {
	changes := {"containers.app.image": "city/worker:8", "containers.app.env.DEBUG.value": "1"}
	s := object.union(with_b(changes), {"system": {"spec": {"proof": {"differences": ["containers.app.image", "containers.app.env"]}}}})
	fixture.outcome(parity) == "pass" with input as s
	near := object.union(with_b(changes), {"system": {"spec": {"proof": {"differences": ["containers.app.im", "containers.app.env"]}}}})
	fixture.outcome(parity) == "fail" with input as near
}

test_fail_kind if {
	other := {"kind": "StatefulSet", "namespace": "payments", "name": "worker-b"}
	s := fixture.snapshot(
		{"plants": {"a": plant("a"), "b": {"workloads": [other]}}},
		[workloads, fixture.facts("workload", [other]), fixture.facts("template", [ref("worker-a"), other])],
	)
	said("fails", s) == {at: {"Deployment payments/worker-a and StatefulSet payments/worker-b are of different kinds"}}
}

test_fail_unpaired if {
	said("fails", fixture.undeclared([workloads])) == {[""]: {"no System declares two plants"}}
	said("fails", fixture.snapshot({"plants": {"a": plant("a")}}, [workloads])) == {["system", "spec", "plants"]: {"there are not two plants that could be compared"}}
	more := {"plants": {"a": plant("a"), "b": object.union(plant("b"), {"workloads": [ref("worker-b"), ref("helper")]})}}
	said("fails", fixture.snapshot(more, [workloads, mounts, templates({})])) == {["system", "spec", "plants"]: {"plant a is made up of 1 workload and plant b of 2 workloads"}}
}

test_missing if said("missing", fixture.snapshot(spec, [])) == {at: {"Deployment payments/worker-a is not declared", "Deployment payments/worker-b is not declared"}}

test_missing_where_another_workload_owns_it if {
	owned := fixture.facts("workload", [object.union(ref(concat("-", ["worker", n])), {"owner": "Release/worker"}) | some n in ["a", "b"]])
	s := fixture.snapshot(spec, [owned, fixture.facts("template", [object.union(ref(concat("-", ["worker", n])), {"fields": {}}) | some n in ["a", "b"]])])
	fixture.outcome(parity) == "fail" with input as s
	said("passes", s) == set()
}

test_unknown_template if {
	fixture.outcome(parity) == "unknown" with input as fixture.snapshot(spec, [workloads])
	twice := fixture.snapshot(spec, [workloads, mounts, templates({}), fixture.facts("template", [object.union(ref("worker-b"), {"at": ["again"]})])])
	fixture.outcome(parity) == "unknown" with input as twice
	said("unknowns", twice) == {at: {"what Deployment payments/worker-b runs cannot be told: it is declared more than once"}}
}

# --- Configs

with_configs(names, namespaces, configs) := fixture.snapshot(
	{"plants": {n: {"workloads": [object.union(ref(concat("-", ["worker", n])), {"namespace": namespaces[n]})]} | some n in ["a", "b"]}},
	[
		fixture.facts("workload", [object.union(ref(concat("-", ["worker", n])), {"namespace": namespaces[n]}) | some n in ["a", "b"]]),
		fixture.facts("mount", [object.union(mount(concat("-", ["worker", n]), "config", names[n]), {"namespace": namespaces[n]}) | some n in ["a", "b"]]),
		fixture.facts("template", [object.union(ref(concat("-", ["worker", n])), {"namespace": namespaces[n], "fields": {"config.name": names[n]}}) | some n in ["a", "b"]]),
		fixture.facts("config", [{"namespace": namespaces[n], "name": names[n], "what": "config", "content": content} | some n, content in configs]),
	],
)

one := {"a": "payments", "b": "payments"}

two := {"a": "payments", "b": "candidate"}

own := {"a": "worker-a-conf", "b": "worker-b-conf"}

test_pass_same_config if fixture.outcome(parity) == "pass" with input as with_configs({"a": "conf", "b": "conf"}, one, {})

test_pass_configs_alike if fixture.outcome(parity) == "pass" with input as with_configs(own, two, {"a": "1", "b": "1"})

test_unknown_config if {
	said("unknowns", with_configs({"a": "conf", "b": "conf"}, two, {"a": "1"})) == {at: {
		"whether config payments/conf holds what config candidate/conf does, but for what is binding, cannot be told (config.name)",
	}}
	fixture.outcome(parity) == "unknown" with input as with_configs(own, one, {})
	fixture.outcome(parity) == "unknown" with input as with_configs(own, one, {"a": "1", "b": "2"})
	expected := object.union(with_configs(own, one, {}), {"system": {"spec": {"proof": {"differences": ["config"]}}}})
	fixture.outcome(parity) == "pass" with input as expected
}
