# How the cluster's API names things.
package pocdr.bedrock.kubernetes.names

group(version) := split(version, "/")[0] if contains(version, "/")

group(version) := "" if not contains(version, "/")

# type is the resource type that access rules name: group/plural, or the plural alone for the core group.
type(version, kind) := plural(kind) if group(version) == ""

type(version, kind) := concat("/", [group(version), plural(kind)]) if group(version) != ""

# plural guesses as kubectl does where it has no server to ask.
plural(kind) := concat("", [lower(kind), "es"]) if regex.match(`(s|x|ch|sh)$`, lower(kind))

plural(kind) := concat("", [trim_suffix(lower(kind), "y"), "ies"]) if regex.match(`[^aeiou]y$`, lower(kind))

plural(kind) := concat("", [lower(kind), "s"]) if not regex.match(`((s|x|ch|sh)|[^aeiou]y)$`, lower(kind))

# account is the principal of a service account.
account(namespace, name) := concat("", ["kubernetes:ServiceAccount/", namespace, "/", name])
