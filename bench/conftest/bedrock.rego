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

deny contains sprintf("a grant by prefix: %v", [acl.resource]) if {
	input.kind == "KafkaUser"
	some acl in input.spec.authorization.acls
	acl.resource.patternType == "prefix"
}

deny contains "a user without quotas" if {
	input.kind == "KafkaUser"
	some rate in ["producerByteRate", "consumerByteRate"]
	not input.spec.quotas[rate]
}

deny contains "a rule that lets its holder obtain more rights" if {
	input.kind in {"Role", "ClusterRole"}
	some rule in input.rules
	some verb in ["impersonate", "bind", "escalate"]
	verb in rule.verbs
}

deny contains "a rule that reads every secret" if {
	input.kind in {"Role", "ClusterRole"}
	some rule in input.rules
	"secrets" in rule.resources
	some verb in ["get", "list", "watch", "*"]
	verb in rule.verbs
	not rule.resourceNames
}

deny contains "the log may lose records to an unclean election" if {
	input.kind == "KafkaTopic"
	object.get(input.spec, ["config", "unclean.leader.election.enable"], false) in {true, "true"}
}

deny contains "everybody may use what no rule is about" if {
	input.kind == "Kafka"
	input.spec.kafka.config["allow.everyone.if.no.acl.found"] in {true, "true"}
}

deny contains "the store does not authenticate" if {
	input.kind == "K8ssandraCluster"
	input.spec.auth == false
}

deny contains "an invariant without an alert's label" if {
	input.kind == "System"
	some invariant in input.spec.invariants
	not invariant.name
}

deny contains "a proof that proves nothing" if {
	input.kind == "System"
	input.spec.proof.volume < 1000
}

deny contains "no second plant" if {
	input.kind == "System"
	not input.spec.plants.b
}

deny contains "nobody is authorised to switch" if {
	input.kind == "System"
	not input.spec["switch"].authorised
}

deny contains "a reader without an owner" if {
	input.kind == "System"
	some reader in input.spec.downstream
	not reader.owner
}
