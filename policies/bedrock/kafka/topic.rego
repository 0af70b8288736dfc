# METADATA
# title: Topics
# description: Topics that the Strimzi topic operator keeps.
# custom:
#   reads:
#   - {format: kubernetes, group: kafka.strimzi.io, kinds: [KafkaTopic]}
#   emits: [log]
package pocdr.bedrock.kafka.topic

import data.pocdr.bedrock.kafka.settings

facts contains {
	"fact": "log",
	"path": ["spec"],
	"platform": "kafka",
	"scope": settings.scope(input),
	"name": name,
	"partitions": settings.number(input.spec, "partitions"),
	"replicas": settings.number(input.spec, "replicas"),
	"minInsync": settings.number(config, "min.insync.replicas"),
	"uncleanElection": settings.flag(config, "unclean.leader.election.enable"),
	"retention": settings.seconds(settings.number(config, "retention.ms")),
	"retentionBytes": settings.number(config, "retention.bytes"),
	"compacted": settings.among(policy, "compact"),
	"expires": settings.among(policy, "delete"),
} if {
	kept
}

# kept holds unless the operator is told to leave the topic alone, for good or for a while: what is declared then need not be what is.
kept if {
	not input.metadata.annotations["strimzi.io/managed"] == "false"
	not input.metadata.annotations["strimzi.io/pause-reconciliation"] == "true"
}

config := object.get(input, ["spec", "config"], {})

policy := settings.words(config, "cleanup.policy")

name := input.spec.topicName if {
	is_string(input.spec.topicName)
} else := input.metadata.name
