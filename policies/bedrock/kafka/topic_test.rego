package pocdr.bedrock.kafka.topic_test

import data.pocdr.bedrock.kafka.topic

resource(labels, spec) := {"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic", "metadata": {"name": "orders", "namespace": "kafka", "labels": labels}, "spec": spec}

of_cluster := {"strimzi.io/cluster": "main"}

log(fields) := object.union(
	{
		"fact": "log", "path": ["spec"], "platform": "kafka", "scope": "kafka/main", "name": "orders", "partitions": null, "replicas": null,
		"minInsync": null, "uncleanElection": null, "retention": null, "retentionBytes": null, "compacted": null, "expires": null,
	},
	fields,
)

test_a_topic if {
	topic.facts == {log({
		"name": "orders.v1", "partitions": 12, "replicas": 3, "minInsync": 2, "uncleanElection": false,
		"retention": 604800, "retentionBytes": -1, "compacted": false, "expires": true,
	})} with input as resource(of_cluster, {"topicName": "orders.v1", "partitions": 12, "replicas": 3, "config": {
		"min.insync.replicas": 2, "unclean.leader.election.enable": false, "retention.ms": 604800000, "retention.bytes": -1, "cleanup.policy": "delete",
	}})
}

test_settings_as_text if {
	topic.facts == {log({
		"minInsync": 2, "uncleanElection": true,
		"retention": -1, "retentionBytes": 1073741824, "compacted": true, "expires": true,
	})} with input as resource(of_cluster, {"config": {
		"min.insync.replicas": "2", "unclean.leader.election.enable": "True", "retention.ms": "-1", "retention.bytes": "1073741824", "cleanup.policy": "compact, delete",
	}})
}

test_policies_as_a_list if {
	topic.facts == {log({"compacted": true, "expires": false})} with input as resource(of_cluster, {"config": {"cleanup.policy": ["compact"]}})
}

test_neither_policy if {
	topic.facts == {log({"compacted": false, "expires": false})} with input as resource(of_cluster, {"config": {"cleanup.policy": ""}})
}

test_the_brokers_defaults if topic.facts == {log({})} with input as resource(of_cluster, {})

test_no_cluster if topic.facts == {log({"scope": null})} with input as resource({}, {})

annotated(annotations) := object.union(resource(of_cluster, {}), {"metadata": {"annotations": annotations}})

test_left_alone if {
	topic.facts == set() with input as annotated({"strimzi.io/managed": "false"})
	topic.facts == set() with input as annotated({"strimzi.io/pause-reconciliation": "true"})
	topic.facts == {log({})} with input as annotated({"strimzi.io/managed": "true", "strimzi.io/pause-reconciliation": "false"})
}

test_hostile if {
	every spec in ["x", 1, null, [], {"config": "x"}, {"config": []}, {"topicName": 1, "partitions": "many", "replicas": 1.5, "config": {
		"min.insync.replicas": {}, "unclean.leader.election.enable": "perhaps", "retention.ms": "soon", "retention.bytes": true, "cleanup.policy": 1,
	}}] {
		topic.facts == {log({"scope": null})} with input as resource([], spec)
	}
}
