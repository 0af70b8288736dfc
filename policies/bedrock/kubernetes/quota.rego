# METADATA
# title: Quotas
# description: What a namespace may use in all, and what each container may use that does not say.
# custom:
#   reads:
#   - {format: kubernetes, group: "", kinds: [ResourceQuota, LimitRange]}
#   emits: [quota]
package pocdr.bedrock.kubernetes.quota

import data.pocdr.bedrock.kubernetes.field

facts contains {
	"fact": "quota",
	"path": path,
	"platform": "kubernetes",
	"principal": null,
	"namespace": input.metadata.namespace,
	"limits": limits,
} if {
	some path, limits in bounds
	count(limits) > 0
}

bounds[["spec", "hard"]] := {name: bound |
	hard := field.map(input, ["spec", "hard"])
	some name, keys in {"cpu": ["limits.cpu", "requests.cpu", "cpu"], "memory": ["limits.memory", "requests.memory", "memory"]}
	bound := first([hard[key] | some key in keys])
} if {
	input.kind == "ResourceQuota"
	count(field.list(input, ["spec", "scopes"])) == 0 # of some pods only
	count(field.map(input, ["spec", "scopeSelector"])) == 0
}

# A largest limit is the limit where no other is written.
bounds[["spec", "limits", i]] := {concat("", ["container-", name]): bound |
	some name in ["cpu", "memory"]
	bound := first([field.value(item, [list, name]) | some list in ["default", "max"]])
} if {
	input.kind == "LimitRange"
	some i, item in field.list(input, ["spec", "limits"])
	field.text(item, ["type"]) == "Container"
}

first(quantities) := [bound | some q in quantities; bound := field.quantity(q); bound != null][0]
