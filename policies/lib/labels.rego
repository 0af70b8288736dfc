# Label selectors: {matchLabels, matchExpressions}, either may be absent; an empty selector selects everything.
package pocdr.lib.labels

# selects(selector, labels) holds where a selector selects an object with these labels.
selects(selector, labels) if {
	is_object(selector)
	has(labels, part(selector, "matchLabels"))
	every expression in part(selector, "matchExpressions") {
		holds(expression, labels)
	}
}

# has(labels, wanted) holds where an object with these labels has those that are wanted.
has(labels, wanted) if {
	every name, value in wanted {
		labels[name] == value
	}
}

# part(selector, field) is a part of a selector; null is as good as absent.
part(selector, field) := selector[field] if {
	selector[field] != null
} else := []

holds(e, labels) if {
	e.operator == "In"
	labels[e.key] in e.values
}

holds(e, labels) if {
	e.operator == "NotIn"
	not labels[e.key] in e.values
}

holds(e, labels) if {
	e.operator == "Exists"
	has(labels, e.key)
}

holds(e, labels) if {
	e.operator == "DoesNotExist"
	not has(labels, e.key)
}

has(labels, key) if _ = labels[key]

# handle(selector) is a label that all it selects have, as [name, value]; [] where it asks for none. What may select an object is
# found under the handles(labels) of the object, without asking every selector.
handle(selector) := [name, selector.matchLabels[name]] if {
	is_object(selector.matchLabels)
	name := min(object.keys(selector.matchLabels))
} else := []

handles(labels) := {[]} | {[name, value] | some name, value in labels}
