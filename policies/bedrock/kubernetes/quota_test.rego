package pocdr.bedrock.kubernetes.quota_test

import data.pocdr.bedrock.kubernetes.quota as adapter

facts(kind, spec) := all if all := adapter.facts with input as {"kind": kind, "metadata": {"name": "q", "namespace": "payments"}, "spec": spec}

fact(path, limits) := {"fact": "quota", "path": path, "platform": "kubernetes", "scope": null, "principal": null, "namespace": "payments", "limits": limits}

test_quota if {
	facts("ResourceQuota", {"hard": {"limits.cpu": "4", "requests.cpu": "2", "cpu": "3", "memory": "8Gi", "pods": "10", "count/pods": "9", "persistentvolumeclaims": "1"}}) == {fact(["spec", "hard"], {
		"pods": 9, "cpu-request": 2, "cpu-limit": 4, "memory-request": 8589934592,
	})}
}

# A quota of some pods only bounds no namespace.
test_scoped if {
	facts("ResourceQuota", {"hard": {"limits.cpu": "4"}, "scopes": ["BestEffort"]}) == set()
	facts("ResourceQuota", {"hard": {"limits.cpu": "4"}, "scopeSelector": {"matchExpressions": []}}) == set()
	facts("ResourceQuota", {"hard": {"count/secrets": "10"}}) == set()
}

test_limit_range if {
	facts("LimitRange", {"limits": [
		{"type": "Pod", "max": {"cpu": "1"}},
		{"type": "Container", "default": {"cpu": "500m"}, "max": {"cpu": 2, "memory": "1Gi"}},
		{"type": "Container", "defaultRequest": {"cpu": "100m"}, "min": {"cpu": "50m", "memory": "1Gi"}},
	]}) == {
		fact(["spec", "limits", 1], {
			"container-cpu-limit": 0.5, "container-cpu-request": 0.5, "container-cpu-max": 2,
			"container-memory-limit": 1073741824, "container-memory-request": 1073741824, "container-memory-max": 1073741824,
		}),
		fact(["spec", "limits", 2], {"container-cpu-request": 0.1, "container-memory-request": 1073741824}),
	}
}

test_hostile if {
	every spec in [null, [], {"hard": []}, {"hard": {"cpu": "many"}}, {"limits": 1}, {"limits": [1, {"type": "Container", "default": 1}]}] {
		facts("ResourceQuota", spec) == set()
		facts("LimitRange", spec) == set()
	}
}
