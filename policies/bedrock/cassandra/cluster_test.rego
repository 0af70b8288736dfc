package pocdr.bedrock.cassandra.cluster_test

import data.pocdr.bedrock.cassandra.cluster

k8ssandra(spec) := {"apiVersion": "k8ssandra.io/v1alpha1", "kind": "K8ssandraCluster", "metadata": {"name": "main", "namespace": "db"}, "spec": spec}

datacenter(spec) := {"apiVersion": "cassandra.datastax.com/v1beta1", "kind": "CassandraDatacenter", "metadata": {"name": "dc1", "namespace": "db"}, "spec": spec}

kind(name) := {f | some f in cluster.facts; f.fact == name}

enforcement(authenticates, authorises, gap) := {{
	"fact": "enforcement", "path": ["spec"], "platform": "cassandra", "scope": "db/main",
	"authenticates": authenticates, "authorises": authorises, "gap": gap,
}}

open_gap := "authenticator AllowAllAuthenticator lets everybody in; authorizer AllowAllAuthorizer lets everybody in"

test_k8ssandra_enforces if kind("enforcement") == enforcement(true, true, null) with input as k8ssandra({})

test_k8ssandra_that_is_open if kind("enforcement") == enforcement(false, false, open_gap) with input as k8ssandra({"auth": false})

config(yaml) := {"config": {"cassandraYaml": yaml}}

allow_all := {"authorizer": "org.apache.cassandra.auth.AllowAllAuthorizer"}

test_k8ssandra_with_settings if {
	kind("enforcement") == enforcement(true, false, "authorizer AllowAllAuthorizer lets everybody in") with input as k8ssandra({"cassandra": config(allow_all)})
	kind("enforcement") == enforcement(true, true, null) with input as k8ssandra({"cassandra": config({"authenticator": {"class_name": "org.apache.cassandra.auth.MutualTlsAuthenticator"}})})
}

test_k8ssandra_with_a_datacenter_of_its_own_mind if {
	kind("enforcement") == enforcement(true, false, "authorizer AllowAllAuthorizer lets everybody in") with input as k8ssandra({"cassandra": {"datacenters": [config(allow_all), {}]}})
	kind("enforcement") == enforcement(true, true, null) with input as k8ssandra({"cassandra": object.union(config(allow_all), {"datacenters": [config({"authorizer": "CassandraAuthorizer"})]})})
}

test_another_distribution if {
	kind("enforcement") == enforcement(null, null, "no authenticator is declared; no authorizer is declared") with input as k8ssandra({"cassandra": {"serverType": "dse"}})
}

yaml(settings) := {"clusterName": "main", "config": {"cassandra-yaml": settings}}

test_datacenter_enforces if {
	kind("enforcement") == enforcement(true, true, null) with input as datacenter(yaml({"authenticator": "PasswordAuthenticator", "authorizer": "org.apache.cassandra.auth.CassandraAuthorizer"}))
}

test_datacenter_that_is_open if {
	kind("enforcement") == enforcement(false, false, open_gap) with input as datacenter(yaml({"authenticator": "AllowAllAuthenticator", "authorizer": "AllowAllAuthorizer"}))
}

test_datacenter_that_does_not_say if {
	kind("enforcement") == enforcement(null, null, "no authenticator is declared; no authorizer is declared") with input as datacenter({"clusterName": "main"})
}

test_unknown_classes if {
	kind("enforcement") == enforcement(null, true, "authenticator MyAuthenticator is not known to enforce anything") with input as datacenter(yaml({"authenticator": "city.MyAuthenticator", "authorizer": "CassandraAuthorizer"}))
}

superuser(path, namespaces, secret) := {
	{"fact": "principal", "path": path, "platform": "cassandra", "scope": "db/main", "principal": concat("", ["cassandra:", secret]), "superuser": true, "active": true},
	{
		"fact": "grant", "path": path, "platform": "cassandra", "scope": "db/main", "principal": concat("", ["cassandra:", secret]), "effect": "allow",
		"actions": ["read", "write", "create", "alter", "delete", "administer"], "types": null, "names": null, "match": "exact", "excess": "superuser",
	},
} | {{"fact": "credential", "path": path, "namespace": namespace, "secret": secret, "principal": concat("", ["cassandra:", secret])} | some namespace in namespaces}

superusers := kind("principal") | (kind("grant") | kind("credential"))

ref := ["spec", "cassandra", "superuserSecretRef"]

test_superuser_of_k8ssandra if {
	superusers == superuser(ref, ["db"], "main-superuser") with input as k8ssandra({})
	superusers == superuser(ref, ["db"], "mine") with input as k8ssandra({"cassandra": {"superuserSecretRef": {"name": "mine"}}})
	superusers == superuser(ref, ["db", "east"], "main-superuser") with input as k8ssandra({"cassandra": {"datacenters": [{"metadata": {"namespace": "east"}}, {"metadata": {"name": "dc2"}}]}})
}

test_tools_of_k8ssandra if {
	superusers == superuser(ref, ["db"], "main-superuser") | (superuser(["spec", "reaper"], ["db"], "main-reaper") | superuser(["spec", "medusa"], ["db"], "backup")) with input as k8ssandra({"reaper": {}, "medusa": {"cassandraUserSecretRef": {"name": "backup"}}})
}

test_a_cluster_called_otherwise if {
	{f.scope | some f in kind("enforcement")} == {"db/City_Main 2"} with input as k8ssandra({"cassandra": {"clusterName": "City_Main 2"}})
	{f.secret | some f in kind("credential")} == {"city-main-superuser"} with input as k8ssandra({"cassandra": {"clusterName": "City_Main 2"}})
}

test_superusers_of_a_datacenter if {
	superusers == superuser(["spec", "superuserSecretName"], ["db"], "main-superuser") with input as datacenter({"clusterName": "main"})
	superusers == superuser(["spec", "superuserSecretName"], ["db"], "mine") | superuser(["spec", "users", 0], ["db"], "ops") with input as datacenter({
		"clusterName": "main", "superuserSecretName": "mine", "users": [{"secretName": "ops", "superuser": true}, {"secretName": "app", "superuser": false}, 1],
	})
}

test_a_datacenter_without_cluster if {f.scope | some f in kind("enforcement")} == {"db/dc1"} with input as datacenter({})

test_hostile if {
	every spec in ["x", 1, null, [], {"cassandra": "x"}, {"cassandra": {"config": "x", "datacenters": "x", "clusterName": 1, "superuserSecretRef": 1}}, {"cassandra": {"config": {"cassandraYaml": []}, "datacenters": [1, {"metadata": 1, "config": 1}]}}] {
		count(kind("enforcement")) == 1 with input as k8ssandra(spec)
		superusers == superuser(ref, ["db"], "main-superuser") with input as k8ssandra(spec)
	}
	every spec in ["x", null, {"config": "x"}, {"config": {"cassandra-yaml": []}}, {"config": {"cassandra-yaml": {"authenticator": 1, "authorizer": []}}}, {"clusterName": 1, "users": "x", "superuserSecretName": []}] {
		kind("enforcement") == {object.union(e, {"scope": "db/dc1"}) | some e in enforcement(null, null, "no authenticator is declared; no authorizer is declared")} with input as datacenter(spec)
		count(kind("credential")) == 1 with input as datacenter(spec)
	}
	kind("enforcement") == enforcement(null, null, "no authenticator is declared; no authorizer is declared") with input as k8ssandra({"auth": "yes"})
}

run_by(labels, namespaces) if {
	{[f.labels, f.namespace] | some f in kind("bedrock")} == {[l, namespace] | some l in labels; some namespace in namespaces}
}

test_what_runs_it if {
	run_by({{"cassandra.datastax.com/cluster": "main"}}, {"db"}) with input as datacenter({"clusterName": "main"})
	run_by({{"cassandra.datastax.com/cluster": "TheLedger-1"}, {"k8ssandra.io/cluster-name": "main"}}, {"db", "dc"}) with input as k8ssandra({"cassandra": {
		"clusterName": "The Ledger-1 ",
		"datacenters": [{"metadata": {"name": "dc1", "namespace": "dc"}}, {"metadata": {"name": "dc2"}}, {"metadata": {"namespace": 1}}],
	}})
}
