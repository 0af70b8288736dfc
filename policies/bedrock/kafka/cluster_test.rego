package pocdr.bedrock.kafka.cluster_test

import data.pocdr.bedrock.kafka.cluster

resource(kafka) := {"apiVersion": "kafka.strimzi.io/v1", "kind": "Kafka", "metadata": {"name": "main", "namespace": "kafka"}, "spec": {"kafka": kafka, "entityOperator": {"userOperator": {}}}}

kind(name) := {f | some f in cluster.facts; f.fact == name}

defaults(fields) := object.union(
	{
		"fact": "log_defaults", "path": ["spec", "kafka", "config"], "platform": "kafka", "scope": "kafka/main", "partitions": 1, "replicas": 1, "minInsync": 1,
		"uncleanElection": false, "retention": 604800, "retentionBytes": -1, "compacted": false, "expires": true, "positionsKept": 604800,
	},
	fields,
)

config(settings) := resource({"config": settings})

test_defaults_of_the_broker if kind("log_defaults") == {defaults({})} with input as resource({})

test_defaults_that_are_set if {
	kind("log_defaults") == {defaults({
		"partitions": 6, "replicas": 3, "minInsync": 2, "uncleanElection": true, "retention": 3600, "retentionBytes": 1000, "compacted": true, "expires": true, "positionsKept": 120,
	})} with input as config({
		"num.partitions": 6, "default.replication.factor": "3", "min.insync.replicas": 2, "unclean.leader.election.enable": "true", "log.retention.ms": 3600000,
		"log.retention.minutes": 1, "log.retention.hours": 1, "log.retention.bytes": 1000, "log.cleanup.policy": "compact,delete", "offsets.retention.minutes": 2,
	})
}

retention := f.retention if some f in kind("log_defaults")

test_minutes_before_hours if retention == 300 with input as config({"log.retention.minutes": "5", "log.retention.hours": 1})

test_hours if retention == 7200 with input as config({"log.retention.hours": 2})

test_for_ever if retention == -1 with input as config({"log.retention.hours": -1})

test_settings_that_make_no_sense if {
	kind("log_defaults") == {defaults({
		"partitions": null, "replicas": null, "uncleanElection": null, "retention": null, "compacted": null, "expires": null, "positionsKept": null,
	})} with input as config({
		"num.partitions": "many", "default.replication.factor": [], "unclean.leader.election.enable": 1, "log.retention.hours": "soon", "log.cleanup.policy": {}, "offsets.retention.minutes": true,
	})
}

enforcement(authenticates, authorises, gap) := {{
	"fact": "enforcement", "path": ["spec", "kafka"], "platform": "kafka", "scope": "kafka/main",
	"authenticates": authenticates, "authorises": authorises, "gap": gap,
}}

tls := {"name": "tls", "authentication": {"type": "tls"}}

simple := {"type": "simple"}

test_enforces if {
	kind("enforcement") == enforcement(true, true, null) with input as resource({
		"listeners": [
			tls,
			{"name": "scram", "authentication": {"type": "scram-sha-512"}},
			{"name": "oauth", "authentication": {"type": "custom", "sasl": true}},
			{"name": "mutual", "authentication": {"type": "custom", "sasl": false, "listenerConfig": {"ssl.client.auth": "required"}}},
		],
		"authorization": simple,
	})
}

test_an_open_listener if {
	kind("enforcement") == enforcement(false, true, "listener plain asks nobody who they are") with input as resource({"listeners": [tls, {"name": "plain"}], "authorization": simple})
}

test_a_custom_authentication_that_asks_nothing if {
	kind("enforcement") == enforcement(false, true, "listener own asks nobody who they are") with input as resource({"listeners": [{"name": "own", "authentication": {"type": "custom", "sasl": false}}], "authorization": simple})
}

test_brokers_that_do_not_know_each_other if {
	every type, authenticates in {"none": false, "strimzi-mtls": true} {
		{f.authenticates | some f in kind("enforcement")} == {authenticates} with input as object.union(
			resource({"listeners": [tls], "authorization": simple}),
			{"metadata": {"annotations": {"strimzi.io/internal-cluster-security": sprintf(`{"authentication": {"type": %q}}`, [type])}}},
		)
	}
	{f.gap | some f in kind("enforcement")} == {"brokers know each other by none"} with input as object.union(
		resource({"listeners": [tls], "authorization": simple}),
		{"metadata": {"annotations": {"strimzi.io/internal-cluster-security": `{"authentication": {"type": "none"}}`}}},
	)
}

test_authorities if {
	kind("credential") == {{"fact": "credential", "path": ["spec", "kafka"], "namespace": "kafka", "secret": secret, "principal": "kafka:*"} |
		some secret in ["main-cluster-ca", "main-clients-ca", "main-cluster-operator-certs", "main-entity-topic-operator-certs", "main-entity-user-operator-certs"]
	} with input as resource({})
}

test_no_listeners if kind("enforcement") == enforcement(null, true, "no listener is declared") with input as resource({"listeners": [], "authorization": simple})

test_no_authorization if kind("enforcement") == enforcement(true, false, "no authorization is declared") with input as resource({"listeners": [tls]})

test_everybody_where_no_rule_is if {
	kind("enforcement") == enforcement(true, false, "allow.everyone.if.no.acl.found lets everybody use what no rule is about") with input as resource({"listeners": [tls], "authorization": simple, "config": {"allow.everyone.if.no.acl.found": "true"}})
}

test_rules_that_are_elsewhere if {
	kind("enforcement") == enforcement(true, null, "authorization of type keycloak decides by rules that are not declared here") with input as resource({"listeners": [tls], "authorization": {"type": "keycloak"}})
}

test_users_that_are_elsewhere if {
	kind("enforcement") == enforcement(true, null, "topics or users are kept in namespace apps, where they do not show as this cluster's") with input as object.union(
		resource({"listeners": [tls], "authorization": simple}),
		{"spec": {"entityOperator": {"topicOperator": {"watchedNamespace": "kafka"}, "userOperator": {"watchedNamespace": "apps"}}}},
	)
}

test_superusers if {
kind("principal") | kind("grant") == {fact | some i, principal in ["kafka:admin", "kafka:CN=root,O=city", "kafka:ops"]; some fact in superuser(i, principal)} with input as resource({"authorization": {"type": "simple", "superUsers": ["CN=admin", "CN=root,O=city", "ops", 1]}})}

superuser(i, principal) := [
	{"fact": "principal", "path": path, "platform": "kafka", "scope": "kafka/main", "principal": principal, "superuser": true, "active": true},
	{
		"fact": "grant", "path": path, "platform": "kafka", "scope": "kafka/main", "principal": principal, "effect": "allow",
		"actions": ["read", "write", "create", "alter", "delete", "administer"], "types": null, "names": null, "match": "exact", "excess": "superuser",
	},
] if {
	path := ["spec", "kafka", "authorization", "superUsers", i]
}

test_hostile if {
	every kafka in ["x", 1, null, [], {"config": 1, "listeners": "x", "authorization": "x"}, {"listeners": {"name": "plain"}, "authorization": {"type": null, "superUsers": "admin"}}] {
		kind("log_defaults") == {defaults({})} with input as resource(kafka)
		kind("enforcement") == enforcement(null, false, "no authorization is declared; no listener is declared") with input as resource(kafka)
		kind("grant") == set() with input as resource(kafka)
	}
}

test_hostile_listeners if {
	kind("enforcement") == enforcement(false, null, "authorization of type 1 decides by rules that are not declared here; listener 0 asks nobody who they are; listener [] asks nobody who they are") with input as resource({"listeners": [1, {"name": [], "authentication": {"type": []}}], "authorization": {"type": 1}})
}

test_what_runs_it if {
	kind("bedrock") == {{"fact": "bedrock", "path": [], "platform": "kafka", "scope": "kafka/main", "namespace": "kafka", "labels": {"strimzi.io/cluster": "main"}}} with input as resource({})
}

rates := {"producerByteRate": 1000, "consumerByteRate": 2000}

test_quotas_of_everybody if {
	kind("quota") == {{
		"fact": "quota", "path": ["spec", "kafka", "quotas"], "platform": "kafka", "scope": "kafka/main", "principal": "kafka:*", "namespace": null,
		"limits": {"write-rate": 1000, "read-rate": 2000},
	}} with input as resource({"quotas": object.union(rates, {"type": "kafka"})})
	every quotas in [object.union(rates, {"type": "strimzi"}), {"type": "kafka"}, {"type": "kafka", "producerByteRate": "fast"}, "kafka", null] {
		kind("quota") == set() with input as resource({"quotas": quotas})
	}
}
