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
	"scope": null,
	"principal": null,
	"namespace": input.metadata.namespace,
	"limits": limits,
} if {
	some path, limits in bounds
	count(limits) > 0
}

bounds[["spec", "hard"]] := {name: min(quantities) |
	hard := field.map(input, ["spec", "hard"])
	some name, keys in {
		"pods": ["pods", "count/pods"],
		"cpu-request": ["requests.cpu", "cpu"], "cpu-limit": ["limits.cpu"],
		"memory-request": ["requests.memory", "memory"], "memory-limit": ["limits.memory"],
	}
	quantities := quantities_of([hard[key] | some key in keys])
	count(quantities) > 0
} if {
	input.kind == "ResourceQuota"
	count(field.list(input, ["spec", "scopes"])) == 0 # of some pods only
	count(field.map(input, ["spec", "scopeSelector"])) == 0
}

# The API server fills in what is not written: the largest limit is the default one, which is the default request, or else the smallest is.
bounds[["spec", "limits", i]] := {sprintf("container-%v-%v", [name, what]): quantities[0] |
	some name in ["cpu", "memory"]
	some what, lists in {"max": ["max"], "limit": ["default", "max"], "request": ["defaultRequest", "default", "max", "min"]}
	quantities := quantities_of([field.value(item, [list, name]) | some list in lists])
	count(quantities) > 0
} if {
	input.kind == "LimitRange"
	some i, item in field.list(input, ["spec", "limits"])
	field.text(item, ["type"]) == "Container"
}

quantities_of(values) := [bound | some value in values; bound := field.quantity(value); bound != null]
