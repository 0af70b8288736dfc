# What a container may use of cpu and memory: as it declares, or as its namespace gives to each container that declares nothing.
package pocdr.lib.compute

# bounded(c, field) holds where a container has this request or limit.
bounded(c, field) if amount(c, field) > 0

# amount(c, field) is how much that is, in cores or bytes; undefined where there is none.
amount(c, field) := c[field] if {
	c[field] != null
} else := least[[c.namespace, fallback[field]]]

fallback := {
	"cpuRequest": "container-cpu-request", "cpuLimit": "container-cpu-limit",
	"memoryRequest": "container-memory-request", "memoryLimit": "container-memory-limit",
}

# divided(namespace, what) holds where a quota bounds what all pods of a namespace use of cpu, or of memory.
divided(namespace, what) if {
	some kind in ["request", "limit"]
	least[[namespace, concat("-", [what, kind])]] > 0
}

# least has the lowest bound, by namespace and by what is bounded.
least := {k: min(all) |
	some k in {[q.namespace, what] | some q in input.facts.quota; some what, _ in q.limits}
	all := {bound | some q in input.facts.quota; some what, bound in q.limits; k = [q.namespace, what]}
}
