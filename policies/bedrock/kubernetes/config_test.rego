package pocdr.bedrock.kubernetes.config_test

import data.pocdr.bedrock.kubernetes.config as adapter

fact(object) := f if some f in adapter.facts with input as object

named(name) := fact({"kind": "ConfigMap", "metadata": {"name": name, "namespace": "payments"}})

test_config if {
	fact({"kind": "ConfigMap", "metadata": {"name": "rules", "namespace": "payments"}, "immutable": true}) == {
		"fact": "config", "path": [], "what": "config", "namespace": "payments", "name": "rules", "immutable": true, "contentNamed": false,
		"content": crypto.sha256("[{},{}]"),
	}
}

holding(texts, bytes) := fact({"kind": "ConfigMap", "metadata": {"name": "rules", "namespace": "payments"}, "data": texts, "binaryData": bytes}).content

test_content if {
	holding({"a": ""}, {"b": "MTIz"}) == holding({"a": null}, {"b": "MT\r\n Iz\n"})
	count({holding(texts, bytes) |
		some [texts, bytes] in [[{}, {}], [{"a": "1"}, {}], [{"a": "2"}, {}], [{"b": "1"}, {}], [{"a": "1"}, {"b": "MTIz"}], [{"a": "1"}, {"b": "MTI0"}]]
	}) == 6
	fact({"kind": "Secret", "metadata": {"name": "s", "namespace": "p"}, "data": {"password": "MTIz"}}).content == null
}

test_secrets if {
	every expected, object in {
		["s", false]: {"kind": "Secret", "metadata": {"name": "s", "namespace": "p"}},
		["t", true]: {"kind": "SealedSecret", "metadata": {"name": "s", "namespace": "p"}, "spec": {"template": {"immutable": true, "metadata": {"name": "t"}}}},
		["u", false]: {"kind": "SealedSecret", "metadata": {"name": "u", "namespace": "p"}, "spec": []},
		["v", true]: {"kind": "ExternalSecret", "metadata": {"name": "s", "namespace": "p"}, "spec": {"target": {"name": "v", "immutable": true}}},
		["w", false]: {"kind": "ExternalSecret", "metadata": {"name": "w", "namespace": "p"}, "spec": {"target": {}}},
		["x", false]: {"kind": "Certificate", "metadata": {"name": "s", "namespace": "p"}, "spec": {"secretName": "x"}},
	} {
		found := fact(object)
		found.what == "secret"
		[found.name, found.immutable] == expected
	}
}

test_content_named if {
	every name in ["rules-5bc6f69hdk", "rules-0a1b2c3d", "rules-12345678", "rules-da39a3ee5e6b4b0d3255bfef95601890afd80709"] {
		named(name).contentNamed
	}
	every name in ["rules", "rules-production", "rules-v2", "rules-0a1b2c3", "rules-20240131", "rules-20240131120000", "5bc6f69hdk"] {
		not named(name).contentNamed
	}
}
