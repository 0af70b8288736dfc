# METADATA
# title: Objects
# description: Every object of the cluster's API, by its identity.
# custom:
#   reads:
#   - {format: kubernetes, group: "*", kinds: ["*"], fields: [metadata], annotations: []}
#   emits: [object]
package pocdr.bedrock.kubernetes.object

import data.pocdr.bedrock.kubernetes.names

facts contains {
	"fact": "object",
	"path": [],
	"platform": "kubernetes",
	"group": group,
	"kind": input.kind,
	"type": names.typed(group, names.plural(input.kind)),
	"namespace": object.get(input.metadata, "namespace", null),
	"name": name,
	"bedrock": input.kind in object.get(bedrock, group, set()),
}

group := names.group(input.apiVersion)

# bedrock are the kinds of which adapters tell that, by their group.
bedrock := {
	"cassandra.datastax.com": {"CassandraDatacenter"},
	"k8ssandra.io": {"K8ssandraCluster"},
	"kafka.strimzi.io": {"Kafka", "KafkaTopic", "KafkaUser"},
	"networking.k8s.io": {"NetworkPolicy"},
	"rbac.authorization.k8s.io": {"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"},
}

# What has no name yet gets a generated one from the API server, which is written with a * here.
name := input.metadata.name if {
	input.metadata.name
} else := concat("", [input.metadata.generateName, "*"])
