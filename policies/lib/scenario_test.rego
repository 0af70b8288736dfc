# A system that is as it should be, for tests to break: two plants and a valve on a cluster, a log and a store.
package pocdr.scenario

import data.pocdr.fixture

log(name) := {"platform": "log", "scope": "main", "name": name}

store(name) := {"platform": "store", "scope": "main", "name": name}

ref(name) := {"kind": "Deployment", "namespace": "payments", "name": name}

account(name) := concat("", ["cluster:ServiceAccount/payments/", name])

plant(name) := {
	"workloads": [ref(name)], "group": concat("-", ["group", name]), "transactionalId": concat("-", ["tx", name]),
	"outlets": [log(concat("-", ["entries", name]))],
}

spec := {
	"namespaces": ["payments"],
	"authority": [{"platform": "cluster"}, {"platform": "log"}, {"platform": "store"}],
	"intake": object.union(log("commands"), {"acknowledge": "All", "peakRate": "1Mi"}),
	"plants": {"a": plant("a"), "b": plant("b")},
	"valve": {"workloads": [ref("valve")], "credentials": [{"secret": "valve-store", "principal": "store:valve"}, {"secret": "ca", "principal": "none"}]},
	"outlets": [store("ledger")],
	"switch": {
		"mechanism": "Valve", "field": "data.selected", "values": {"a": "a", "b": "b"}, "authorised": ["cluster:Group/release"],
		"ref": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "payments", "name": "switch"},
	},
	"proof": {"window": "72h"},
	"rollback": {"window": "72h"},
	"correction": {"timeToDetect": "24h", "timeToRepair": "48h", "corrector": "store:corrector"},
	"downstream": [{"name": "statements", "principals": ["store:statements"]}],
}

# may is a grant, in an object of its own.
may(principal, actions, fields) := object.union(
	{"at": [concat("", ["grant/", principal, " ", concat(",", actions)]), "rule"], "platform": platform(principal), "principal": principal, "effect": "allow", "actions": actions, "scope": scope(principal), "match": "exact"},
	fields,
)

platform(principal) := split(principal, ":")[0]

scope(principal) := "payments" if platform(principal) == "cluster"

scope(principal) := "main" if platform(principal) != "cluster"

on(type, name) := {"types": [type], "names": [name]}

processor(name) := [
	may(concat("", ["log:", name]), ["read"], on("log", "commands")),
	may(concat("", ["log:", name]), ["write"], on("log", concat("-", ["entries", name]))),
	object.union(may(concat("", ["log:", name]), ["read"], on("group", concat("-", ["group", name]))), {"at": ["group", name]}),
	object.union(may(concat("", ["log:", name]), ["write"], on("transaction", concat("-", ["tx", name]))), {"at": ["transaction", name]}),
]

grants := array.concat(array.concat(processor("a"), processor("b")), [
	may("store:valve", ["write"], {"types": ["store"], "names": ["ledger"], "match": "under"}),
	may("store:corrector", ["write"], {"types": ["store"], "names": ["ledger/correction"]}),
	may("store:statements", ["read"], {"types": ["store"], "names": ["ledger"], "match": "under"}),
	may("store:root", ["read", "write", "create", "alter", "delete", "administer"], {"excess": "superuser"}),
	may("cluster:Group/release", ["write", "alter"], on("configmaps", "switch")),
	may(account("valve"), ["read"], on("configmaps", "switch")),
])

workload(name) := {
	"at": [concat("/", ["Deployment", name])], "kind": "Deployment", "namespace": "payments", "name": name,
	"principal": account(name), "identityDeclared": true, "lasting": true, "podLabels": {"app": name},
}

mount(workload_name, secret) := {
	"at": [concat("/", ["Deployment", workload_name]), "volumes", secret], "workloadKind": "Deployment", "namespace": "payments",
	"workload": workload_name, "what": "secret", "name": secret,
}

credential(secret, principal) := {"at": [concat("/", ["Credential", secret])], "namespace": "payments", "secret": secret, "principal": principal}

object_fact(kind, type, name) := {
	"at": [concat("/", [kind, name])], "platform": "cluster", "group": group(type), "kind": kind, "type": type, "namespace": "payments", "name": name,
}

group(type) := split(type, "/")[0] if contains(type, "/")

group(type) := "" if not contains(type, "/")

kept := {"scope": "main", "partitions": 3, "replicas": 3, "minInsync": 2, "uncleanElection": false, "retention": 1209600, "retentionBytes": -1, "compacted": false, "expires": true}

facts := [
	fixture.facts("workload", [workload(name) | some name in ["a", "b", "valve"]]),
	fixture.facts("mount", [mount("a", "log-a"), mount("b", "log-b"), mount("valve", "log-valve"), mount("valve", "valve-store"), mount("valve", "ca")]),
	fixture.facts("credential", [credential(concat("-", ["log", name]), concat(":", ["log", name])) | some name in ["a", "b", "valve"]]),
	fixture.facts("grant", grants),
	fixture.facts("principal", [{"platform": "store", "principal": "store:root", "superuser": true, "active": true}]),
	fixture.facts("log", [object.union(kept, {"platform": "log", "name": name}) | some name in ["commands", "entries-a", "entries-b"]]),
	fixture.facts("store", [{"platform": "store", "scope": "main", "name": "ledger"}]),
	fixture.facts("enforcement", [{"at": [concat("/", ["enforcement", p])], "platform": p, "scope": "main", "authenticates": true, "authorises": true} | some p in ["log", "store"]]),
	fixture.facts("object", array.concat([object_fact("Deployment", "apps/deployments", name) | some name in ["a", "b", "valve"]], [object_fact("ConfigMap", "configmaps", "switch")])),
	fixture.facts("setting", [{"kind": "ConfigMap", "namespace": "payments", "name": "switch", "field": "data.selected", "value": "a"}]),
	fixture.facts("egress", [{"at": ["deny"], "namespace": "payments", "blocks": ["10.0.0.0/24"]}]),
]

# with_spec(patch) is the system with another specification, plus(list) with more facts, both(patch, list) with both.
with_spec(patch) := both(patch, [])

plus(list) := both({}, list)

both(patch, list) := approved(fixture.snapshot(object.union(spec, patch), array.concat(facts, list)))

# less(kind, list) has other facts in the place of those of a kind.
less(kind, list) := object.union(plus([]), {"facts": {kind: fixture.facts(kind, list)[kind]}})

# without(field) is the system without a field of its specification.
without(field) := object.union(approved(fixture.snapshot({}, facts)), {"system": {"spec": object.remove(spec, [field])}})

approved(snapshot) := object.union(snapshot, {"profile": {"spec": {"authorities": [{"system": "payments", "platform": p} | some p in ["cluster", "log", "store"]]}}})
