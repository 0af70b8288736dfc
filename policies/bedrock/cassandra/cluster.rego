# METADATA
# title: Clusters
# description: Cassandra clusters that k8ssandra-operator and cass-operator keep - whether they enforce access, their superusers, and what runs them.
# custom:
#   reads:
#   - {format: kubernetes, group: k8ssandra.io, kinds: [K8ssandraCluster]}
#   - {format: kubernetes, group: cassandra.datastax.com, kinds: [CassandraDatacenter]}
#   emits: [enforcement, principal, grant, credential, bedrock]
package pocdr.bedrock.cassandra.cluster

scope := concat("/", [input.metadata.namespace, cluster])

cluster := input.spec.cassandra.clusterName if {
	is_string(input.spec.cassandra.clusterName)
} else := input.spec.clusterName if {
	is_string(input.spec.clusterName)
} else := input.metadata.name

# settings has what each datacenter's cassandra.yaml says of a setting; null where it says nothing.
settings(name) := {setting(config, name) | some config in configs}

setting(config, name) := config[name] if {
	config[name]
} else := null

configs contains object.get(input, ["spec", "config", "cassandra-yaml"], {}) if input.kind == "CassandraDatacenter"

configs contains shared if {
	input.kind == "K8ssandraCluster"
	count(datacenters) == 0
}

configs contains config if {
	some datacenter in datacenters
	config := merged(shared, object.get(datacenter, ["config", "cassandraYaml"], {}))
}

shared := object.get(input, ["spec", "cassandra", "config", "cassandraYaml"], {})

datacenters := [d | some d in input.spec.cassandra.datacenters; is_object(d)]

merged(below, above) := object.union(below, above) if {
	is_object(below)
	is_object(above)
} else := {}

facts contains {
	"fact": "enforcement",
	"path": ["spec"],
	"platform": "cassandra",
	"scope": scope,
	"authenticates": enforced("authenticator"),
	"authorises": enforced("authorizer"),
	"gap": gap,
}

# Whether a class enforces. Others than these, and those of other distributions, are not known.
enforces := {
	"authenticator": {"PasswordAuthenticator": true, "MutualTlsAuthenticator": true, "MutualTlsWithPasswordFallbackAuthenticator": true, "AllowAllAuthenticator": false},
	"authorizer": {"CassandraAuthorizer": true, "AllowAllAuthorizer": false},
}

# What k8ssandra-operator puts where nothing is set.
standard := {
	"authenticator": {true: "PasswordAuthenticator", false: "AllowAllAuthenticator"},
	"authorizer": {true: "CassandraAuthorizer", false: "AllowAllAuthorizer"},
}

classes(name) := {class(name, value) | some value in settings(name)}

# class(name, value) is a class without its package; null where none is known.
class(name, value) := regex.replace(value, `^.*\.`, "") if {
	is_string(value)
} else := regex.replace(value.class_name, `^.*\.`, "") if {
	is_string(value.class_name)
} else := standard[name][object.get(input, ["spec", "auth"], true)] if {
	value == null
	input.kind == "K8ssandraCluster"
	object.get(input, ["spec", "cassandra", "serverType"], "cassandra") == "cassandra"
} else := null

enforced(name) := false if {
	some c in classes(name)
	enforces[name][c] == false
} else if {
	every c in classes(name) {
		enforces[name][c]
	}
} else := null

gaps contains sprintf("%v %v lets everybody in", [name, c]) if {
	some name, known in enforces
	some c in classes(name)
	known[c] == false
}

gaps contains sprintf("%v %v is not known to enforce anything", [name, c]) if {
	some name, known in enforces
	some c in classes(name)
	c != null
	not c in object.keys(known)
}

gaps contains sprintf("no %v is declared", [name]) if {
	some name, _ in enforces
	null in classes(name)
}

default gap := null

gap := concat("; ", gaps) if count(gaps) > 0

# superusers lead to the secrets that hold a superuser's name and password. The name is not visible: the principal is called after its secret.
superusers[["spec", "cassandra", "superuserSecretRef"]] := secret if {
	input.kind == "K8ssandraCluster"
	secret := named(object.get(input, ["spec", "cassandra", "superuserSecretRef", "name"], ""), "superuser")
}

# The operators of repairs and of backups are superusers of their own.
superusers[["spec", tool]] := secret if {
	input.kind == "K8ssandraCluster"
	some tool in ["reaper", "medusa"]
	is_object(input.spec[tool])
	secret := named(object.get(input, ["spec", tool, "cassandraUserSecretRef", "name"], ""), tool)
}

superusers[["spec", "superuserSecretName"]] := secret if {
	input.kind == "CassandraDatacenter"
	secret := named(object.get(input, ["spec", "superuserSecretName"], ""), "superuser")
}

superusers[["spec", "users", i]] := user.secretName if {
	input.kind == "CassandraDatacenter"
	some i, user in input.spec.users
	user.superuser == true
	is_string(user.secretName)
}

named(secret, suffix) := secret if {
	is_string(secret)
	secret != ""
} else := sprintf("%s-%s", [concat("", regex.find_n(`[a-z]([-a-z0-9]*[a-z0-9])?`, replace(lower(cluster), "_", "-"), -1)), suffix])

facts contains {
	"fact": "principal",
	"path": path,
	"platform": "cassandra",
	"scope": scope,
	"principal": principal(secret),
	"superuser": true,
	"active": true,
} if {
	some path, secret in superusers
}

facts contains {
	"fact": "grant",
	"path": path,
	"platform": "cassandra",
	"principal": principal(secret),
	"effect": "allow",
	"actions": ["read", "write", "create", "alter", "delete", "administer"],
	"scope": scope,
	"types": null,
	"names": null,
	"match": "exact",
	"excess": "superuser",
} if {
	some path, secret in superusers
}

facts contains {
	"fact": "credential",
	"path": path,
	"namespace": namespace,
	"secret": secret,
	"principal": principal(secret),
} if {
	some path, secret in superusers
	some namespace in namespaces
}

principal(secret) := concat("", ["cassandra:", secret])

# namespaces has where the secrets and the nodes are: beside the cluster, and beside each datacenter, to which secrets are copied.
namespaces contains input.metadata.namespace

namespaces contains namespace if {
	some datacenter in datacenters
	namespace := datacenter.metadata.namespace
	is_string(namespace)
}

# Nodes have the label of cass-operator; what repairs them and backs them up, that of k8ssandra-operator.
facts contains {
	"fact": "bedrock",
	"path": [],
	"platform": "cassandra",
	"scope": scope,
	"namespace": namespace,
	"labels": labels,
} if {
	some namespace in namespaces
	some labels in made
}

made contains {"cassandra.datastax.com/cluster": concat("", regex.find_n(`[a-zA-Z0-9]([-a-zA-Z0-9_.]*[a-zA-Z0-9])?`, replace(cluster, " ", ""), -1))}

made contains {"k8ssandra.io/cluster-name": input.metadata.name} if input.kind == "K8ssandraCluster"
