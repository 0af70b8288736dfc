# METADATA
# title: Egress rules
# description: What network policies let pods connect to.
# custom:
#   reads:
#   - {format: kubernetes, group: networking.k8s.io, kinds: [NetworkPolicy]}
#   emits: [egress]
package pocdr.bedrock.kubernetes.egress

import data.pocdr.bedrock.kubernetes.field

rules := field.list(input, ["spec", "egress"])

facts contains {
	"fact": "egress",
	"path": ["spec"],
	"namespace": input.metadata.namespace,
	"selector": field.selector(input, ["spec", "podSelector"]),
	"open": open,
	"blocks": sort({b.cidr | some b in blocks}),
} if {
	bounds_egress
}

types := field.texts(input, ["spec", "policyTypes"])

bounds_egress if "Egress" in types

# Where no type is written, rules say it.
bounds_egress if {
	count(types) == 0
	count(rules) > 0
}

default open := false

open if {
	some rule in rules
	count(field.list(rule, ["to"])) == 0
}

open if {
	some b in blocks
	endswith(b.cidr, "/0")
	b.but == 0
}

blocks contains {"cidr": cidr, "but": count(field.list(peer, ["ipBlock", "except"]))} if {
	some rule in rules
	some peer in field.list(rule, ["to"])
	cidr := field.text(peer, ["ipBlock", "cidr"])
	cidr != null
}
