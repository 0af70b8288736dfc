# What the rules of admission webhooks are about.
package pocdr.lib.enforcers

import data.pocdr.lib.index

# by_deed(rules) is an index of rules by operation, group and resource, as they write them.
by_deed(rules) := index.of([[[operation, group, resource], rule] |
	some rule in rules
	some operation in rule.operations
	some group in rule.groups
	some resource in rule.resources
])

# asked(deeds, operation, group, resource) has those of such an index that ask about an operation on a resource: plural, or plural/sub.
asked(deeds, operation, group, resource) := {rule |
	some o in {operation, "*"}
	some g in {group, "*"}
	some r in patterns(resource)
	some rule in index.at(deeds, [o, g, r])
}

# patterns(resource) is how a rule may write it: a * stands for what is between slashes, and alone for no subresource.
patterns(resource) := {concat("/", [p, s]) | some p in {parts[0], "*"}; some s in {parts[1], "*"}} if {
	parts := split(resource, "/")
	count(parts) == 2
} else := {resource, "*", "*/*"}
