package pocdr.bedrock.kubernetes.egress_test

import data.pocdr.bedrock.kubernetes.egress as adapter

facts(spec) := all if all := adapter.facts with input as {"metadata": {"name": "n", "namespace": "payments"}, "spec": spec}

brief(spec) := [f.open, f.blocks] if some f in facts(spec)

rule(block) := {"to": [{"ipBlock": block}]}

test_denies_all if {
	facts({"podSelector": {"matchLabels": {"app": "a"}}, "policyTypes": ["Egress"]}) == {{
		"fact": "egress", "path": ["spec"], "namespace": "payments", "selector": {"matchLabels": {"app": "a"}}, "open": false, "blocks": [],
	}}
}

test_types if {
	facts({"podSelector": {}}) == set()
	facts({"podSelector": {}, "egress": []}) == set()
	facts({"podSelector": {}, "policyTypes": ["Ingress"], "egress": [{}]}) == set()
	brief({"podSelector": {}, "egress": [rule({"cidr": "10.0.0.0/8"})]}) == [false, ["10.0.0.0/8"]]
}

# What the API server fills in changes nothing.
test_read_back if {
	written := {"podSelector": {}, "egress": [rule({"cidr": "10.0.0.0/8"})]}
	facts(written) == facts(object.union(written, {"policyTypes": ["Ingress", "Egress"]}))
}

test_open if {
	brief({"egress": [{}]}) == [true, []]
	brief({"egress": [{"ports": [{"port": 53}]}]}) == [true, []]
	brief({"egress": [rule({"cidr": "0.0.0.0/0"})]}) == [true, ["0.0.0.0/0"]]
	brief({"egress": [rule({"cidr": "::/0", "except": []})]}) == [true, ["::/0"]]
	brief({"egress": [rule({"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]})]}) == [false, ["0.0.0.0/0"]]
	brief({"egress": [{"to": [{"namespaceSelector": {}}]}]}) == [false, []]
}

test_hostile if {
	facts("text") == set()
	facts({"policyTypes": "Egress", "egress": "x"}) == set()
	brief({"policyTypes": ["Egress", 1], "egress": [{"to": [1, {"ipBlock": "x"}, {"ipBlock": {"cidr": 7}}]}]}) == [false, []]
}
