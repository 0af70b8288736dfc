# Objects that a System names, its switch among them.
package pocdr.lib.objects

import data.pocdr.lib.system

# named(ref) are the declared objects that a reference names: those of its namespace, or of none where their kind has none. (A system names a
# few of thousands, so that looking through all costs less than an index of them.)
named(ref) := {o |
	some o in input.facts.object
	o.name == ref.name
	o.kind == ref.kind
	o.group == group(object.get(ref, "apiVersion", "v1"))
	o.namespace in {ref.namespace, null}
}

# switches are the declared objects that the System names as its switch.
switches := named(system.spec.switch.ref)

group(version) := split(version, "/")[0] if contains(version, "/")

group(version) := "" if not contains(version, "/")

# title(ref) names to people what a reference names.
title(ref) := concat(" ", [ref.kind, concat("/", [ref.namespace, ref.name])])

# resource(o) is an object as a resource that may be granted.
resource(o) := {"platform": o.platform, "scope": o.namespace, "type": o.type, "name": o.name}
