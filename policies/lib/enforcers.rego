# What the rules of admission webhooks are about.
package pocdr.lib.enforcers

# is_about(rule, operation, group, resource) tells whether a rule asks about an operation on a resource: plural, or plural/sub.
is_about(rule, operation, group, resource) if {
	count({operation, "*"} & {o | some o in rule.operations}) > 0
	count({group, "*"} & {g | some g in rule.groups}) > 0
	count(patterns(resource) & {r | some r in rule.resources}) > 0
}

# patterns(resource) is how a rule may write it: a * stands for what is between slashes, and alone for no subresource.
patterns(resource) := {concat("/", [p, s]) | some p in {parts[0], "*"}; some s in {parts[1], "*"}} if {
	parts := split(resource, "/")
	count(parts) == 2
} else := {resource, "*", "*/*"}
