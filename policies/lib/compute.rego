# What a container may use of cpu and memory: as it declares, or as its namespace gives to each container that declares nothing.
package pocdr.lib.compute

# bounded(c, field) holds where a container has this request or limit. A default limit is the default request as well.
bounded(c, field) if c[field] > 0

bounded(c, field) if {
	c[field] == null
	fallback[field] in bounds(c.namespace)
}

fallback := {
	"cpuRequest": "container-cpu", "cpuLimit": "container-cpu",
	"memoryRequest": "container-memory", "memoryLimit": "container-memory",
}

# bounds(namespace) names what quotas bound in a namespace.
bounds(namespace) := object.get(limited, [namespace], set())

limited[q.namespace] contains name if {
	some q in input.facts.quota
	some name, bound in q.limits
	bound > 0
}
