# What tests are made of. data.blank has a fact of each kind with every field null, empty or false; data.defaults the parameters' and bounds' defaults.
package pocdr.fixture

# fact(kind, fields) is a complete fact.
fact(kind, fields) := object.union(object.union(data.blank[kind], {"at": [sprintf("%s/%s", [kind, object.get(fields, "name", "")])]}), fields)

# facts(kind, list) are complete facts, by kind, for a snapshot.
facts(kind, list) := {kind: [fact(kind, fields) | some fields in list]}

# snapshot(spec, list) is a snapshot of the System "payments" with this spec and these groups of facts.
snapshot(spec, list) := {
	"now": 1767225600000000000, # 2026-01-01T00:00:00Z
	"params": data.defaults.params,
	"exemptible": data.defaults.exemptible,
	"profile": {"name": "default", "declared": true, "spec": data.defaults.profile},
	"system": {
		"at": ["system"], "name": "payments", "namespace": "payments", "declared": true,
		"spec": object.union({"namespaces": ["payments"], "plants": {}, "rollback": {"window": "72h", "rehearsalMaxAge": "720h"}, "requiredLevel": 1, "lifecycle": "Active", "profile": "default"}, spec),
	},
	"facts": object.union(data.defaults.facts, merged(list)),
}

# undeclared(list) is a snapshot of what no System claims.
undeclared(list) := object.union(snapshot({}, list), {"system": {"declared": false, "at": [""], "namespace": "", "name": "(undeclared)"}})

# change(before, after, operations) is the input of a transition: what it sees before and after, and what the change does.
change(before, after, operations) := object.union(snapshot({}, []), {"before": before, "after": after, "change": {
	"entrance": "ci", "principal": null, "served": null, "operations": operations,
}})

# operation(verb, id, fields) is one operation of a change, on a document of the system's own unless the fields say otherwise.
operation(verb, id, fields) := object.union({"operation": verb, "at": [id], "ours": true, "group": "", "kind": "", "namespace": "payments", "name": id, "paths": []}, fields)

merged(list) := {kind: all |
	some kind in {k | some group in list; some k, _ in group}
	all := [f | some group in list; some f in object.get(group, kind, [])]
}

# outcome(check) is what the engine makes of a check's answers. It takes the check's whole package.
outcome(check) := "fail" if {
	count(failed(check)) > 0
} else := "unknown" if {
	count((check.subjects - object.get(check, "passes", set())) | said(check, "unknowns")) > 0
} else := "pass" if {
	count(check.subjects) > 0
} else := "not-applicable" if {
	check.not_applicable
} else := "unknown"

failed(check) := said(check, "fails") | said(check, "missing")

said(check, rule) := {at | some at, _ in object.get(check, rule, {})}

# strays(check) are the places that a check judges without having named them as subjects: a mistake.
strays(check) := ((failed(check) | said(check, "unknowns")) | object.get(check, "passes", set())) - check.subjects
