# METADATA
# title: Monitors
# description: Scrape declarations of the Prometheus and VictoriaMetrics operators, and of Google's managed Prometheus.
# custom:
#   reads:
#   - {format: kubernetes, group: monitoring.coreos.com, kinds: [ServiceMonitor, PodMonitor]}
#   - {format: kubernetes, group: operator.victoriametrics.com, kinds: [VMServiceScrape, VMPodScrape]}
#   - {format: kubernetes, group: monitoring.googleapis.com, kinds: [PodMonitoring]}
#   emits: [monitor]
package pocdr.bedrock.kubernetes.monitor

import data.pocdr.bedrock.kubernetes.field

# kinds are what each kind selects, and where its endpoints stand.
kinds := {
	"ServiceMonitor": ["service", "endpoints"], "PodMonitor": ["pod", "podMetricsEndpoints"],
	"VMServiceScrape": ["service", "endpoints"], "VMPodScrape": ["pod", "podMetricsEndpoints"],
	"PodMonitoring": ["pod", "endpoints"],
}

# One without endpoints selects, and collects nothing.
facts contains {
	"fact": "monitor",
	"path": ["spec"],
	"namespace": input.metadata.namespace,
	"target": target,
	"namespaces": namespaces,
	"ports": ports(endpoints),
	"selector": field.selector(input, ["spec", "selector"]),
} if {
	[target, at] := kinds[input.kind]
	endpoints := field.list(input, ["spec", at])
	count(endpoints) > 0
}

# ports(endpoints) are the names of the ports of all endpoints; null where one goes by something else than a name, such as a number.
ports(endpoints) := names if {
	names := [name | some endpoint in endpoints; name := field.text(endpoint, ["port"]); name != null]
	count(names) == count(endpoints)
} else := null

named := field.texts(input, ["spec", "namespaceSelector", "matchNames"])

namespaces := null if {
	field.flag(input, ["spec", "namespaceSelector", "any"]) == true
} else := named if {
	count(named) > 0
} else := [input.metadata.namespace]
