package acme.ports

import rego.v1

warn contains sprintf("Service %s has a port without a name", [input.metadata.name]) if {
	input.kind == "Service"
	some port in input.spec.ports
	not port.name
	print("nameless", port)
}
