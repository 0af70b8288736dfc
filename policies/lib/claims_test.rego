package pocdr.lib.claims_test

import data.pocdr.fixture
import data.pocdr.lib.claims

test_by_namespace_and_labels if {
	s := fixture.snapshot({}, [
		fixture.facts("system", [{"namespaces": ["orders", "payments"], "labels": {"app": "payments", "tier": "back"}}, {"namespaces": ["orders"], "labels": {}}]),
		fixture.facts("bedrock", [{"namespace": "payments", "labels": {"log": "payments"}}, {"namespace": "orders", "labels": {}}]),
	])
	every w, by in {
		{"namespace": "payments", "labels": {"app": "payments", "tier": "back", "x": "y"}}: {"system"},
		{"namespace": "payments", "labels": {"app": "payments"}}: set(),
		{"namespace": "payments", "labels": {"log": "payments"}}: {"bedrock"},
		{"namespace": "payments", "labels": {"log": "orders"}}: set(),
		{"namespace": "orders", "labels": {}}: {"system", "bedrock"},
		{"namespace": "ledger", "labels": {"log": "payments"}}: set(),
	} {
		{"system" | claims.by_system(w)} | {"bedrock" | claims.by_bedrock(w)} == by with input as s
	}
}
