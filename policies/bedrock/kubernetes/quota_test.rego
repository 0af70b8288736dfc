package pocdr.bedrock.kubernetes.quota_test

import data.pocdr.bedrock.kubernetes.quota as adapter

facts(kind, spec) := all if all := adapter.facts with input as {"kind": kind, "metadata": {"name": "q", "namespace": "payments"}, "spec": spec}

test_quota if {
	facts("ResourceQuota", {"hard": {"limits.cpu": "4", "requests.cpu": "2", "memory": "8Gi", "pods": "10"}}) == {{
		"fact": "quota", "path": ["spec", "hard"], "platform": "kubernetes", "principal": null, "namespace": "payments", "limits": {"cpu": 4, "memory": 8589934592},
	}}
}

# A quota of some pods only bounds no namespace.
test_scoped if {
	facts("ResourceQuota", {"hard": {"limits.cpu": "4"}, "scopes": ["BestEffort"]}) == set()
	facts("ResourceQuota", {"hard": {"limits.cpu": "4"}, "scopeSelector": {"matchExpressions": []}}) == set()
	facts("ResourceQuota", {"hard": {"pods": "10"}}) == set()
}

test_limit_range if {
	facts("LimitRange", {"limits": [
		{"type": "Pod", "max": {"cpu": "1"}},
		{"type": "Container", "default": {"cpu": "500m"}, "max": {"cpu": 2, "memory": "1Gi"}},
	]}) == {{
		"fact": "quota", "path": ["spec", "limits", 1], "platform": "kubernetes", "principal": null, "namespace": "payments",
		"limits": {"container-cpu": 0.5, "container-memory": 1073741824},
	}}
}

test_hostile if {
	every spec in [null, [], {"hard": []}, {"hard": {"cpu": "many"}}, {"limits": 1}, {"limits": [1, {"type": "Container", "default": 1}]}] {
		facts("ResourceQuota", spec) == set()
		facts("LimitRange", spec) == set()
	}
}
