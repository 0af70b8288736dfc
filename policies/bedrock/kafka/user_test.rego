package pocdr.bedrock.kafka.user_test

import data.pocdr.bedrock.kafka.user

resource(spec) := {"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaUser", "metadata": {"name": "orders-a", "namespace": "kafka", "labels": {"strimzi.io/cluster": "main"}}, "spec": spec}

kind(name) := {f | some f in user.facts; f.fact == name}

principal := {"fact": "principal", "path": ["metadata", "name"], "platform": "kafka", "scope": "kafka/main", "principal": "kafka:orders-a", "superuser": false, "active": true}

credential(path, secret) := {"fact": "credential", "path": path, "namespace": "kafka", "secret": secret, "principal": "kafka:orders-a"}

test_a_user_without_anything if user.facts == {principal} with input as resource({})

test_no_cluster if user.facts == {object.union(principal, {"scope": null})} with input as {"metadata": {"name": "orders-a", "namespace": "kafka"}, "spec": {}}

test_certificate if kind("credential") == {credential(["spec", "authentication"], "orders-a")} with input as resource({"authentication": {"type": "tls"}})

test_password if {
	kind("credential") == {
		credential(["spec", "authentication"], "orders-a"),
		credential(["spec", "authentication", "password"], "chosen"),
	} with input as resource({"authentication": {"type": "scram-sha-512", "password": {"valueFrom": {"secretKeyRef": {"name": "chosen", "key": "password"}}}}})
}

test_certificate_from_elsewhere if kind("credential") == set() with input as resource({"authentication": {"type": "tls-external"}})

# granted(rules) are the grants of a user with these rules, without what all of them share.
granted(rules) := {object.remove(f, ["fact", "path", "platform", "principal", "scope", "effect"]) |
	some f in user.facts with input as with_rules(rules)
	f.fact == "grant"
	f.effect == "allow"
}

denied(rules) := {[f.actions, f.names] |
	some f in user.facts with input as with_rules(rules)
	f.fact == "grant"
	f.effect == "deny"
	f.excess == null
}

with_rules(rules) := resource({"authorization": {"type": "simple", "acls": rules}})

topic(operations) := topic_named("orders", operations)

topic_named(name, operations) := {"resource": {"type": "topic", "name": name, "patternType": "literal"}, "operations": operations}

deny(rule) := object.union(rule, {"type": "deny"})

grant(type, actions, names) := {"types": [type], "actions": actions, "names": names, "match": "exact", "excess": null}

test_a_grant_in_full if {
	kind("grant") == {{
		"fact": "grant", "path": ["spec", "authorization", "acls", 0], "platform": "kafka", "principal": "kafka:orders-a", "scope": "kafka/main",
		"effect": "allow", "types": ["log"], "actions": ["read"], "names": ["orders"], "match": "exact", "excess": null,
	}} with input as with_rules([topic(["Read", "Describe"])])
}

test_topic if {
	granted([topic(["Read"])]) == {grant("log", ["read"], ["orders"])}
	granted([topic(["Write"])]) == {grant("log", ["write"], ["orders"])}
	granted([topic(["Create"])]) == {grant("log", ["create"], ["orders"])}
	granted([topic(["Delete"])]) == {grant("log", ["delete", "write"], ["orders"])}
	granted([topic(["Alter"])]) == {grant("log", ["alter"], ["orders"])}
	granted([topic(["AlterConfigs"])]) == {grant("log", ["alter"], ["orders"])}
	granted([topic(["All"])]) == {grant("log", ["alter", "create", "delete", "read", "write"], ["orders"])}
	granted([topic(["Describe", "DescribeConfigs", "IdempotentWrite"])]) == set()
}

test_the_older_field if granted([{"resource": {"type": "topic", "name": "orders"}, "operation": "Write", "type": "allow"}]) == {grant("log", ["write"], ["orders"])}

test_group if {
	granted([{"resource": {"type": "group", "name": "orders-a"}, "operations": ["Read"]}]) == {grant("group", ["read"], ["orders-a"])}
	granted([{"resource": {"type": "group", "name": "orders-a"}, "operations": ["Delete"]}]) == {grant("group", ["delete"], ["orders-a"])}
}

test_transaction if granted([{"resource": {"type": "transactionalId", "name": "orders-a"}, "operations": ["Write", "Describe"]}]) == {grant("transaction", ["write"], ["orders-a"])}

test_prefix if {
	granted([{"resource": {"type": "topic", "name": "orders-", "patternType": "prefix"}, "operations": ["Read"]}]) == {object.union(grant("log", ["read"], ["orders-"]), {"match": "prefix"})}
	granted([{"resource": {"type": "topic", "name": "", "patternType": "prefix"}, "operations": ["Read"]}]) == {object.union(grant("log", ["read"], null), {"match": "prefix", "excess": "wildcard"})}
}

test_wildcard if {
	granted([topic_named("*", ["Read"])]) == {object.union(grant("log", ["read"], null), {"excess": "wildcard"})}
	granted([{"resource": {"type": "topic", "name": "*", "patternType": "prefix"}, "operations": ["Read"]}]) == {object.union(grant("log", ["read"], ["*"]), {"match": "prefix"})}
}

cluster(operations) := granted([{"resource": {"type": "cluster"}, "operations": operations}])

any_topic := object.union(grant("log", ["create"], null), {"excess": "wildcard"})

test_cluster if {
	cluster(["IdempotentWrite", "Describe"]) == set()
	cluster(["Create"]) == {grant("cluster", ["create"], null), any_topic}
	cluster(["ClusterAction"]) == {object.union(grant("cluster", ["administer"], null), {"excess": "escalation"})}
	cluster(["Alter"]) == {object.union(grant("cluster", ["administer", "alter"], null), {"excess": "escalation"})}
	cluster(["All"]) == {object.union(grant("cluster", ["administer", "alter", "create", "delete", "read", "write"], null), {"excess": "escalation"}), any_topic}
}

test_deny if {
	denied([deny(topic(["Write"]))]) == {[["write"], ["orders"]]}
	denied([topic_named("*", ["Write"]), deny(topic(["Write", "Create"]))]) == {[["create", "write"], ["orders"]]}
	denied([deny(topic_named("*", ["All"]))]) == {[["alter", "create", "delete", "read", "write"], null]}
	denied([deny({"resource": {"type": "cluster"}, "operations": ["Create"]})]) == {[["create"], null]}
}

test_deny_of_one_way_of_two if {
	denied([topic_named("*", ["All"]), deny(topic(["Write"]))]) == set()
	denied([topic_named("*", ["Write", "Delete"]), deny(topic(["Delete"]))]) == {[["delete"], ["orders"]]}
	denied([topic_named("*", ["Alter"]), deny(topic(["Alter"]))]) == {[["alter"], ["orders"]]}
	denied([topic_named("*", ["All"]), deny(topic(["Alter"]))]) == set()
}

test_deny_from_some_hosts if {
	denied([object.union(deny(topic(["Write"])), {"host": "10.0.0.1"})]) == set()
	denied([object.union(deny(topic(["Write"])), {"host": "*"})]) == {[["write"], ["orders"]]}
}

test_allow_from_some_hosts if granted([object.union(topic(["Write"]), {"host": "10.0.0.1"})]) == {grant("log", ["write"], ["orders"])}

test_quota if {
	kind("quota") == {{
		"fact": "quota", "path": ["spec", "quotas"], "platform": "kafka", "scope": "kafka/main", "principal": "kafka:orders-a", "namespace": null,
		"limits": {"write-rate": 1048576, "read-rate": 2097152, "request-share": 55},
	}} with input as resource({"quotas": {"producerByteRate": 1048576, "consumerByteRate": 2097152, "requestPercentage": 55, "controllerMutationRate": 1}})
}

test_hostile if {
	every spec in [
		"x", 1, null, [], {"authentication": "tls", "authorization": "simple", "quotas": "x"},
		{"authentication": {"type": []}, "authorization": {"acls": "x"}, "quotas": {"producerByteRate": "fast"}},
		{"authentication": {"type": {}, "password": 1}, "authorization": {"acls": [
			1, {}, {"resource": "topic"}, {"resource": {"type": []}}, {"resource": {"type": "topic", "name": 1}, "operations": ["Read"]},
			{"resource": {"type": "topic", "name": "x"}, "operations": "Read"}, {"resource": {"type": "group", "name": "x"}, "operations": [1, {}], "host": 1},
		]}},
	] {
		user.facts == {principal} with input as resource(spec)
	}
}
