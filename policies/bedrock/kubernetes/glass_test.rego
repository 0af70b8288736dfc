package pocdr.bedrock.kubernetes.glass_test

import data.pocdr.bedrock.kubernetes.glass

object(annotations) := {"kind": "Deployment", "metadata": {"name": "a", "namespace": "payments", "annotations": annotations}}

test_broken if {
	glass.facts == {{
		"fact": "broken_glass", "path": ["metadata", "annotations"], "namespace": "payments", "what": "Deployment/a",
		"reason": "the intake is down", "expires": "2026-01-01T12:00:00Z",
	}} with input as object({"pocdr.dev/break-glass-reason": "the intake is down", "pocdr.dev/break-glass-expires": "2026-01-01T12:00:00Z"})
}

test_half_written if {
	{[f.reason, f.expires] | some f in glass.facts} == {["x", null]} with input as object({"pocdr.dev/break-glass-reason": "x", "pocdr.dev/break-glass-expires": 7})
}

test_whole if {
	every o in [object({}), {"kind": "Deployment", "metadata": {"name": "a"}}] {
		glass.facts == set() with input as o
	}
}
