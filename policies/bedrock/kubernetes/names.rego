# How the cluster's API names things.
package pocdr.bedrock.kubernetes.names

import data.pocdr.bedrock.kubernetes.field

# name is an object's own; the API server completes a generated one, which is written with a * here.
name(o) := n if {
	n := field.text(o, ["metadata", "name"])
	n != null
} else := concat("", [generated, "*"]) if {
	generated := field.text(o, ["metadata", "generateName"])
	generated != null
} else := ""

# labels are an object's own, with those that the API server adds.
labels(o) := object.union(own_labels(o), {"kubernetes.io/metadata.name": name(o)}) if {
	[o.apiVersion, o.kind] == ["v1", "Namespace"]
} else := pod_labels(o, ["spec", "template"]) if {
	[o.apiVersion, o.kind] in {["batch/v1", "Job"], ["v1", "ReplicationController"]}
	count(own_labels(o)) == 0
} else := own_labels(o)

own_labels(o) := object.remove(field.labels(o, ["metadata", "labels"]), made_up)

# pod_labels(o, template) are those of an object's pods.
pod_labels(o, template) := object.remove(field.labels(o, array.concat(template, ["metadata", "labels"])), made_up)

# made_up are the labels by which a job tells its pods from others: the API server adds them.
made_up := {"controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"}

group(version) := split(version, "/")[0] if contains(version, "/")

group(version) := "" if not contains(version, "/")

# typed is the resource type that access rules name: group/plural, or the plural alone for the core group.
typed("", plural) := plural

typed(group, plural) := concat("/", [group, plural]) if group != ""

# plural guesses as kubectl does where it has no server to ask, and better where that is known to be wrong.
plural(kind) := guess(lower(kind))

guess(kind) := known[kind] if {
	known[kind]
} else := concat("", [kind, "es"]) if {
	strings.any_suffix_match(kind, ["s", "x", "ch", "sh"])
} else := concat("", [trim_suffix(kind, "y"), "ies"]) if {
	endswith(kind, "y")
	not strings.any_suffix_match(kind, ["ay", "ey", "iy", "oy", "uy"])
} else := concat("", [kind, "s"])

known := {"endpoints": "endpoints", "securitycontextconstraints": "securitycontextconstraints"}

# account is the principal of a service account.
account(namespace, name) := concat("", ["kubernetes:ServiceAccount/", namespace, "/", name])

# user(name) is the principal of a user name. Service accounts have one, too, and so has who does not say who it is.
user(name) := "kubernetes:*" if name == "system:anonymous"

user(name) := account(parts[2], parts[3]) if {
	parts := split(name, ":")
	is_account(parts)
}

user(name) := concat("", ["kubernetes:User/", name]) if {
	name != "system:anonymous"
	not is_account(split(name, ":"))
}

is_account(parts) if {
	count(parts) == 4
	array.slice(parts, 0, 2) == ["system", "serviceaccount"]
}

# users(name) is the principal of a group. Between them, two groups hold everybody.
users(name) := "kubernetes:*" if name in {"system:authenticated", "system:unauthenticated"}

users(name) := concat("", ["kubernetes:Group/", name]) if not name in {"system:authenticated", "system:unauthenticated"}
