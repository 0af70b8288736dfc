package pocdr.bedrock.kubernetes.autoscaler_test

import data.pocdr.bedrock.kubernetes.autoscaler as adapter

facts(kind, spec) := all if all := adapter.facts with input as {"kind": kind, "metadata": {"name": "s", "namespace": "payments"}, "spec": spec}

test_autoscaler if {
	facts("HorizontalPodAutoscaler", {"scaleTargetRef": {"kind": "StatefulSet", "name": "a"}, "maxReplicas": 5}) == {{
		"fact": "autoscaler", "path": ["spec"], "namespace": "payments", "kind": "StatefulSet", "name": "a", "min": 1, "max": 5,
	}}
}

test_scaled_object if {
	some fact in facts("ScaledObject", {"scaleTargetRef": {"name": "a"}})
	[fact.kind, fact.min, fact.max] == ["Deployment", 0, 100]
}

test_hostile if {
	facts("ScaledObject", {"scaleTargetRef": "a"}) == set()
	some fact in facts("HorizontalPodAutoscaler", {"scaleTargetRef": {"kind": 1, "name": "a"}, "minReplicas": "2"})
	[fact.kind, fact.min, fact.max] == ["Deployment", null, null]
}
