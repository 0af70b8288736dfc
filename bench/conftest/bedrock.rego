package main

deny contains "the log has fewer than three copies" if {
	input.kind == "KafkaTopic"
	object.get(input.spec, "replicas", 1) < 3
}

deny contains "the log acknowledges with one copy" if {
	input.kind == "KafkaTopic"
	to_number(object.get(input.spec, ["config", "min.insync.replicas"], 1)) < 2
}

deny contains "the log is compacted" if {
	input.kind == "KafkaTopic"
	contains(object.get(input.spec, ["config", "cleanup.policy"], "delete"), "compact")
}

deny contains "the log is kept for less than fourteen days" if {
	input.kind == "KafkaTopic"
	to_number(object.get(input.spec, ["config", "retention.ms"], 0)) < 1209600000
}

deny contains "a listener does not authenticate" if {
	input.kind == "Kafka"
	some listener in input.spec.kafka.listeners
	not listener.authentication
}

deny contains "no authorisation" if {
	input.kind == "Kafka"
	not input.spec.kafka.authorization
}

deny contains sprintf("a grant of everything: %v", [acl.resource]) if {
	input.kind == "KafkaUser"
	some acl in input.spec.authorization.acls
	acl.resource.name == "*"
}

deny contains "a rule with a wildcard" if {
	input.kind in {"Role", "ClusterRole"}
	some rule in input.rules
	some list in ["verbs", "resources", "apiGroups"]
	"*" in rule[list]
}

deny contains "egress is open" if {
	input.kind == "NetworkPolicy"
	some rule in input.spec.egress
	not rule.to
}

deny contains "a budget that blocks every drain" if {
	input.kind == "PodDisruptionBudget"
	input.spec.maxUnavailable in {0, "0%"}
}

deny contains "an alert that is constant" if {
	input.kind == "PrometheusRule"
	some group in input.spec.groups
	some rule in group.rules
	regex.match(`^[^a-zA-Z_]*$`, rule.expr)
}

deny contains "the webhook fails open" if {
	input.kind == "ValidatingWebhookConfiguration"
	some webhook in input.webhooks
	webhook.failurePolicy == "Ignore"
}

deny contains "an exemption without an end" if {
	input.kind == "Exemption"
	not input.spec.expires
}

deny contains "a System without owners" if {
	input.kind == "System"
	not input.spec.owners
}
