# METADATA
# title: The plants differ in their binding only
# description: |
#   Asks whether the workloads of plants a and b, taken in pairs in the order in which the System names them, run the same template, but for
#   what is binding (names, namespace, identity, group, transactional id, outlets, secrets, scale) and for the fields that spec.proof.differences lists.
#   Images are compared as they stand, and a container has the same name in both plants.
#
#   What was proven of a candidate holds for what will serve only if the two are alike. A
#   variable that is set in one plant, a limit that is half as large, another pool size: each makes the comparison one of two things at once, and
#   each is found again after the switch.
# custom:
#   level: 3
#   kind: goal
#   release: true
#   severity: high
#   remediation: Make the field the same in both plants, or list its path, or one above it inside the container, in spec.proof.differences before the candidate runs.
package pocdr.checks.delivery.parity

import data.pocdr.lib.system

plants_place := system.at(["spec", "plants"])

unpaired[system.at([])] contains "no System declares two plants" if not input.system.declared

unpaired[plants_place] contains "there are not two plants that could be compared" if {
	input.system.declared
	count(system.plants) < 2
}

unpaired[plants_place] contains sprintf("plant a is made up of %v and plant b of %v", [workloads(m), workloads(n)]) if {
	m := count(system.plants.a.workloads)
	n := count(system.plants.b.workloads)
	m != n
}

workloads(n) := sprintf("%d workloads", [n]) if n != 1

workloads(1) := "1 workload"

subjects contains at if some at, _ in unpaired

fails[at] contains message if some message in unpaired[at]

# pairs has the references to the workloads that are compared, by their position.
pairs[i] := {"a": system.plants.a.workloads[i], "b": b} if some i, b in system.plants.b.workloads

place(i) := system.at(["spec", "plants", "b", "workloads", i])

subjects contains place(i) if some i, _ in pairs

passes contains place(i) if {
	some i, _ in templates
	not faults[i]
	not doubts[i]
	not missing[place(i)]
}

fails[place(i)] contains message if some message in faults[i]

missing[place(i)] contains sprintf("%v is not declared", [system.title(ref)]) if {
	some i, pair in pairs
	some ref in pair
	not system.all_by_key[system.key(ref)]
}

unknowns[place(i)] contains message if some message in doubts[i]

# --- What is compared

# templates has what both workloads of a pair run, where one declaration says it of each.
templates[i] := {name: t |
	some name, ref in pair
	some t in system.templates_of(ref)
} if {
	some i, pair in pairs
	every ref in pair {
		count(system.templates_of(ref)) == 1
	}
}

doubts[i] contains sprintf("what %v runs cannot be told: it is declared more than once", [system.title(ref)]) if {
	some i, pair in pairs
	some ref in pair
	count(system.templates_of(ref)) > 1
}

# Two configs may differ in what is binding, or in more.
doubts[i] contains sprintf("whether config %v/%v holds what config %v/%v does, but for what is binding, cannot be told (%v)", [t.a.namespace, x, t.b.namespace, y, field]) if {
	some i, t in templates
	some ["config", field, x, y] in taken_alike[i]
	[t.a.namespace, x] != [t.b.namespace, y]
	not held[[t.a.namespace, x]] == held[[t.b.namespace, y]]
	not expected(field)
}

# held has digests of what configs hold.
held[[c.namespace, c.name]] contains c.content if {
	some c in input.facts.config
	c.what == "config"
	c.content != null
}

# taken_alike has the fields of a pair that name what each of the two takes: [what it is, field, in a, in b].
taken_alike[i] := {[what, field, x, y] |
	by_a := taken(t.a)
	by_b := taken(t.b)
	some field, x in t.a.fields
	some what in by_a[x]
	y := t.b.fields[field]
	what in by_b[y]
} if {
	some i, t in templates
}

# taken(t) has what things are, by their names: configs and secrets.
taken(t) := {name: whats |
	mounts := system.mounts_of(t)
	some name in {m.name | some m in mounts}
	whats := {m.what | some m in mounts; m.name == name}
}

# --- What differs

faults[i] contains sprintf("%v and %v are of different kinds", [system.title(pair.a), system.title(pair.b)]) if {
	some i, pair in pairs
	pair.a.kind != pair.b.kind
}

faults[i] contains sprintf("%v is %v in %v and %v in %v", [field, said(t.a, field), system.title(t.a), said(t.b, field), system.title(t.b)]) if {
	some i, t in templates
	some field in array.slice(sort(differences[i]), 0, most)
}

faults[i] contains sprintf("%d more fields differ", [count(all) - most]) if {
	some i, all in differences
	count(all) > most
}

most := 10

said(t, field) := sprintf("%q", [value]) if {
	value := t.fields[field]
	is_string(value)
} else := sprintf("%v", [object.get(t.fields, field, "not set")])

# differences has the fields of a pair that differ and may not.
differences[i] contains field if {
	some i, t in templates
	some field, x in t.a.fields
	y := object.get(t.b.fields, field, null)
	x != y
	not alike(field, x, y)
	not expected(field)
}

differences[i] contains field if {
	some i, t in templates
	some field, _ in t.b.fields
	object.get(t.a.fields, field, null) == null
	not expected(field)
}

expected(field) if {
	some path in system.spec.proof.differences
	startswith(concat("", [field, "."]), concat("", [path, "."]))
}

# Between what is binding, both texts say the same; what is binding is the same, or the one plant's in the one and the other's in the other.
alike(field, x, y) if {
	is_string(x)
	is_string(y)
	not endswith(field, ".image")
	regex.split(pattern, x) == regex.split(pattern, y)
	theirs := regex.find_n(pattern, y, -1)
	every n, part in regex.find_n(pattern, x, -1) {
		bound(part, theirs[n])
	}
}

bound(part, part)

bound(x, y) if [x, y] in bindings

# --- What is binding

# bindings are what binds plant a and, in the same respect, plant b.
bindings := apart(names) | apart(secret_names)

apart(pairs) := {[x, y] |
	some [x, y] in pairs
	x != y
	not "" in {x, y}
}

names contains [system.plants.a[what], system.plants.b[what]] if some what in ["group", "transactionalId"]

names contains pair if {
	some i, x in system.plants.a.outlets
	some pair in parts(x.name, system.plants.b.outlets[i].name)
}

names contains pair if {
	some ref in pairs
	some pair in [[ref.a.name, ref.b.name], [ref.a.namespace, ref.b.namespace]]
}

names contains pair if {
	some ref in pairs
	some v in system.all_by_key[system.key(ref.a)]
	some w in system.all_by_key[system.key(ref.b)]
	some pair in parts(v.principal, w.principal)
}

# parts(x, y) are two names, and their parts.
parts(x, y) := {[x, y]} | {[part, others[n]] |
	others := regex.split(`[/:]`, y)
	some n, part in regex.split(`[/:]`, x)
}

# A secret that stands for several is not binding.
secret_names contains [x, y] if {
	some [x, y] in secrets
	count({other | secrets[[x, other]]}) == 1
	count({other | secrets[[other, y]]}) == 1
}

secrets contains [x, y] if {
	some _, all in taken_alike
	some ["secret", _, x, y] in all
}

# pattern finds what is binding in either plant, the longest first, where it is a word of its own.
pattern := concat("", ["(?:", concat("|", [p | some [_, p] in sort(words | written(apart(secret_names)))]), ")"])

words := written(apart(names))

written(all) := {[0 - count(value), bounded(value)] | some pair in all; some value in pair}

bounded(value) := concat("", [edge(value, `^\w`), escaped(value), edge(value, `\w$`)])

edge(value, side) := `\b` if regex.match(side, value)

edge(value, side) := "" if not regex.match(side, value)

escaped(value) := regex.replace(value, `[[:punct:]]`, `\$0`)
