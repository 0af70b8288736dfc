# Label selectors: {matchLabels, matchExpressions}, either may be absent; an empty selector selects everything.
package pocdr.lib.labels

# selects(selector, labels) holds where a selector selects an object with these labels.
selects(selector, labels) if {
	every name, value in object.get(selector, "matchLabels", {}) {
		labels[name] == value
	}
	every expression in object.get(selector, "matchExpressions", []) {
		holds(expression, labels)
	}
}

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
	_ = labels[e.key]
}

holds(e, labels) if {
	e.operator == "DoesNotExist"
	not labels[e.key]
}
