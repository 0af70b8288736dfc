package pocdr.bedrock.kubernetes.monitor_test

import data.pocdr.bedrock.kubernetes.monitor as adapter

facts(kind, spec) := all if all := adapter.facts with input as {"kind": kind, "metadata": {"name": "m", "namespace": "monitoring"}, "spec": spec}

selector := {"matchLabels": {"app": "a"}}

test_service_monitor if {
	facts("ServiceMonitor", {"selector": selector, "endpoints": [{"port": "http"}], "namespaceSelector": {"matchNames": ["payments", 1]}}) == {{
		"fact": "monitor", "path": ["spec"], "namespace": "monitoring", "target": "service", "namespaces": ["payments"], "ports": ["http"], "selector": selector,
	}}
}

test_kinds if {
	every kind, endpoints in {"PodMonitor": "podMetricsEndpoints", "VMPodScrape": "podMetricsEndpoints", "PodMonitoring": "endpoints"} {
		some fact in facts(kind, {"selector": selector, endpoints: [{}]})
		[fact.target, fact.namespaces] == ["pod", ["monitoring"]]
	}
	some fact in facts("VMServiceScrape", {"endpoints": [{}], "namespaceSelector": {"any": true}})
	[fact.target, fact.namespaces, fact.selector] == ["service", null, {}]
}

test_ports if {
	every endpoints, ports in {[{"port": "a"}, {"port": "b"}]: ["a", "b"], [{"port": "a"}, {"targetPort": 9090}]: null, [{"port": 9090}]: null, [{}]: null, [1]: null} {
		{f.ports | some f in facts("PodMonitor", {"podMetricsEndpoints": endpoints})} == {ports}
	}
}

test_without_endpoints if {
	facts("ServiceMonitor", {"selector": selector, "endpoints": []}) == set()
	facts("PodMonitor", {"selector": selector, "endpoints": [{}]}) == set()
	facts("PodMonitor", "text") == set()
}
