# How Kafka's settings are written: the same value may stand as text, as a number or as a boolean.
package pocdr.bedrock.kafka.settings

# scope(resource) is the cluster that a resource is for, namespace/cluster; null where its label does not say.
scope(resource) := name(resource.metadata.namespace, cluster) if {
	cluster := resource.metadata.labels["strimzi.io/cluster"]
	is_string(cluster)
} else := null

# name(namespace, cluster) is how facts name a cluster.
name(namespace, cluster) := concat("/", [namespace, cluster])

# has(config, key) holds where a setting is made.
has(config, key) if config[key] != null

# number(config, key) is a setting that is a whole number; null where it is not made, or is none.
number(config, key) := config[key] if {
	is_number(config[key])
	config[key] == floor(config[key])
} else := to_number(config[key]) if {
	is_string(config[key])
	regex.match(`^(0|-?[1-9][0-9]*)$`, config[key])
} else := null

# flag(config, key) is a setting that is true or false; null likewise.
flag(config, key) := config[key] if {
	is_boolean(config[key])
} else := lower(config[key]) == "true" if {
	is_string(config[key])
	lower(config[key]) in {"true", "false"}
} else := null

# words(config, key) is a setting that is a list, as a set; null likewise.
words(config, key) := {trim_space(word) | some word in split(config[key], ",")} if {
	is_string(config[key])
} else := {word | some word in config[key]} if {
	is_array(config[key])
} else := null

# among(words, word) tells whether a list has a word; null where there is no list.
among(null, _) := null

among(list, word) := word in list if list != null

# seconds(milliseconds) is a time, -1 for ever.
seconds(null) := null

seconds(milliseconds) := -1 if {
	milliseconds != null
	milliseconds < 0
}

seconds(milliseconds) := milliseconds / 1000 if {
	milliseconds != null
	milliseconds >= 0
}

# limits(quotas) are the bounds of a user, by their names in facts.
limits(quotas) := {limit: bound |
	some field, limit in {"producerByteRate": "write-rate", "consumerByteRate": "read-rate", "requestPercentage": "request-share"}
	bound := quotas[field]
	is_number(bound)
}
