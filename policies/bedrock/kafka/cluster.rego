# METADATA
# title: Clusters
# description: Kafka clusters that Strimzi keeps - what their topics have by default, whether they enforce access, their superusers, the quotas of users that have none of their own, and what runs them.
# custom:
#   reads:
#   - {format: kubernetes, group: kafka.strimzi.io, kinds: [Kafka]}
#   emits: [log_defaults, enforcement, principal, grant, credential, quota, bedrock]
package pocdr.bedrock.kafka.cluster

import data.pocdr.bedrock.kafka.settings

scope := settings.name(input.metadata.namespace, input.metadata.name)

config := object.get(input, ["spec", "kafka", "config"], {})

facts contains {
	"fact": "log_defaults",
	"path": ["spec", "kafka", "config"],
	"platform": "kafka",
	"scope": scope,
	"partitions": number("num.partitions", 1),
	"replicas": number("default.replication.factor", 1),
	"minInsync": number("min.insync.replicas", 1),
	"uncleanElection": flag("unclean.leader.election.enable", false),
	"retention": settings.seconds(retention),
	"retentionBytes": number("log.retention.bytes", -1),
	"compacted": settings.among(policy, "compact"),
	"expires": settings.among(policy, "delete"),
	"positionsKept": minutes(number("offsets.retention.minutes", 10080)),
}

# number(key, standard) is what a broker has: what is set (null where that makes no sense), or else its own default.
number(key, standard) := settings.number(config, key) if {
	settings.has(config, key)
} else := standard

flag(key, standard) := settings.flag(config, key) if {
	settings.has(config, key)
} else := standard

default policy := {"delete"}

policy := settings.words(config, "log.cleanup.policy") if settings.has(config, "log.cleanup.policy")

# retention in milliseconds: the finest unit that is set decides.
retention := settings.number(config, "log.retention.ms") if {
	settings.has(config, "log.retention.ms")
} else := times(settings.number(config, "log.retention.minutes"), 60000) if {
	settings.has(config, "log.retention.minutes")
} else := times(number("log.retention.hours", 168), 3600000)

minutes(n) := times(n, 60)

times(null, _) := null

times(n, factor) := n * factor if n != null

facts contains {
	"fact": "enforcement",
	"path": ["spec", "kafka"],
	"platform": "kafka",
	"scope": scope,
	"authenticates": authenticates,
	"authorises": authorises,
	"gap": gap,
}

default authenticates := null

authenticates := false if count(open) > 0

authenticates := false if within != "strimzi-mtls"

authenticates if {
	count(listeners) > 0
	count(open) == 0
	within == "strimzi-mtls"
}

listeners := input.spec.kafka.listeners if is_array(input.spec.kafka.listeners)

# open has the listeners that anybody may use.
open contains object.get(input, ["spec", "kafka", "listeners", i, "name"], i) if {
	some i, listener in listeners
	not asks(listener.authentication)
}

asks(authentication) if {
	is_string(authentication.type)
	authentication.type != "custom"
}

# A custom authentication asks for nothing unless its settings do.
asks(authentication) if authentication.sasl == true

asks(authentication) if authentication.listenerConfig["ssl.client.auth"] == "required"

# within is how brokers and operators know each other. Where they do not, everybody is as much a superuser as they.
default within := "strimzi-mtls"

within := type if {
	security := input.metadata.annotations["strimzi.io/internal-cluster-security"]
	is_string(security)
	json.is_valid(security)
	type := json.unmarshal(security).authentication.type
}

authorization := object.get(input, ["spec", "kafka", "authorization", "type"], null)

default authorises := null

authorises := false if authorization == null

authorises := false if everybody

authorises if {
	authorization == "simple"
	not everybody
	count(elsewhere) == 0
}

everybody if {
	authorization == "simple"
	settings.flag(config, "allow.everyone.if.no.acl.found") == true
}

# elsewhere has the namespaces in which the operators look for topics and users, other than the cluster's own: those are not known to be this cluster's.
elsewhere contains namespace if {
	some operator in ["topicOperator", "userOperator"]
	namespace := input.spec.entityOperator[operator].watchedNamespace
	namespace != input.metadata.namespace
}

gaps contains sprintf("listener %v asks nobody who they are", [name]) if some name in open

gaps contains sprintf("brokers know each other by %v", [within]) if within != "strimzi-mtls"

gaps contains "no listener is declared" if authenticates == null

gaps contains "no authorization is declared" if authorization == null

gaps contains "allow.everyone.if.no.acl.found lets everybody use what no rule is about" if everybody

gaps contains sprintf("authorization of type %v decides by rules that are not declared here", [authorization]) if not authorization in {null, "simple"}

gaps contains sprintf("topics or users are kept in namespace %v, where they do not show as this cluster's", [namespace]) if some namespace in elsewhere

default gap := null

gap := concat("; ", gaps) if count(gaps) > 0

superusers[i] := concat("", ["kafka:", regex.replace(user, `^CN=([^,+]+)$`, "$1")]) if {
	some i, user in input.spec.kafka.authorization.superUsers
	is_string(user)
}

facts contains {
	"fact": "principal",
	"path": ["spec", "kafka", "authorization", "superUsers", i],
	"platform": "kafka",
	"scope": scope,
	"principal": principal,
	"superuser": true,
	"active": true,
} if {
	some i, principal in superusers
}

facts contains {
	"fact": "grant",
	"path": ["spec", "kafka", "authorization", "superUsers", i],
	"platform": "kafka",
	"principal": principal,
	"effect": "allow",
	"actions": ["read", "write", "create", "alter", "delete", "administer"],
	"scope": scope,
	"types": null,
	"names": null,
	"match": "exact",
	"excess": "superuser",
} if {
	some i, principal in superusers
}

# Who holds the key of an authority can sign as anybody; the operators' own certificates are superusers'.
facts contains {
	"fact": "credential",
	"path": ["spec", "kafka"],
	"namespace": input.metadata.namespace,
	"secret": concat("-", [input.metadata.name, part]),
	"principal": "kafka:*",
} if {
	some part in ["cluster-ca", "clients-ca", "cluster-operator-certs", "entity-topic-operator-certs", "entity-user-operator-certs"]
}

# Of users that have none of their own. The operator's own plugin bounds all of them together, which is another thing.
quotas := input.spec.kafka.quotas if input.spec.kafka.quotas.type == "kafka"

facts contains {
	"fact": "quota",
	"path": ["spec", "kafka", "quotas"],
	"platform": "kafka",
	"scope": scope,
	"principal": "kafka:*",
	"namespace": null,
	"limits": limits,
} if {
	limits := settings.limits(quotas)
	count(limits) > 0
}

# Brokers, controllers, operators of topics and users, and exporters.
facts contains {
	"fact": "bedrock",
	"path": [],
	"platform": "kafka",
	"scope": scope,
	"namespace": input.metadata.namespace,
	"labels": {"strimzi.io/cluster": input.metadata.name},
}
