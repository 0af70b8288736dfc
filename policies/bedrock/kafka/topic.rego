# METADATA
# title: Topics
# description: Topics that the Strimzi topic operator keeps.
# custom:
#   reads:
#   - {format: kubernetes, group: kafka.strimzi.io, kinds: [KafkaTopic]}
#   emits: [log]
package pocdr.bedrock.kafka.topic

config := object.get(input.spec, "config", {})

facts contains {
	"fact": "log",
	"path": ["spec"],
	"platform": "kafka",
	"scope": concat("/", [input.metadata.namespace, object.get(input.metadata, ["labels", "strimzi.io/cluster"], "")]),
	"name": object.get(input.spec, "topicName", input.metadata.name),
	"partitions": object.get(input.spec, "partitions", null),
	"replicas": object.get(input.spec, "replicas", null),
	"minInsync": number("min.insync.replicas"),
	"uncleanElection": null,
	"retention": milliseconds("retention.ms"),
	"retentionBytes": number("retention.bytes"),
	"compacted": null,
	"expires": null,
}

number(key) := to_number(object.get(config, key, null)) if object.get(config, key, null) != null

number(key) := null if object.get(config, key, null) == null

milliseconds(key) := number(key) / 1000 if number(key) > 0

milliseconds(key) := number(key) if number(key) <= 0
