# METADATA
# title: Configs and secrets
# description: Objects that hold configuration or secrets, and those from which operators make secrets.
# custom:
#   reads:
#   - {format: kubernetes, group: "", kinds: [ConfigMap, Secret]}
#   - {format: kubernetes, group: bitnami.com, kinds: [SealedSecret]}
#   - {format: kubernetes, group: external-secrets.io, kinds: [ExternalSecret]}
#   - {format: kubernetes, group: cert-manager.io, kinds: [Certificate]}
#   emits: [config]
package pocdr.bedrock.kubernetes.config

import data.pocdr.bedrock.kubernetes.field
import data.pocdr.bedrock.kubernetes.names

facts contains {
	"fact": "config",
	"path": [],
	"what": {"ConfigMap": "config", "Secret": "secret", "SealedSecret": "secret", "ExternalSecret": "secret", "Certificate": "secret"}[input.kind],
	"namespace": input.metadata.namespace,
	"name": name,
	"immutable": field.flag(input, immutable) == true,
	"contentNamed": content_named,
	"content": content,
}

# target leads to the resulting secret's name, where it is said; immutable to whether it can be changed in place.
target := {
	"SealedSecret": ["spec", "template", "metadata", "name"],
	"ExternalSecret": ["spec", "target", "name"],
	"Certificate": ["spec", "secretName"],
}

name := field.text_or(input, object.get(target, input.kind, ["metadata", "name"]), names.name(input))

immutable := object.get({"SealedSecret": ["spec", "template", "immutable"], "ExternalSecret": ["spec", "target", "immutable"]}, input.kind, ["immutable"])

default content_named := false

# What kustomize puts at the end of a name: ten characters of its own alphabet.
content_named if regex.match(`-[2456789bcdfghkmt]{10}$`, name)

# A digest in hexadecimal; a date looks like one.
content_named if {
	regex.match(`-[0-9a-f]{8,64}$`, name)
	not regex.match(`-(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]*$`, name)
}

# Of a secret nothing is told: what is rotated is no behaviour, and a digest of a short text gives the text away.
default content := null

content := crypto.sha256(json.marshal([field.labels(input, ["data"]), encoded])) if input.kind == "ConfigMap"

# encoded are bytes in base64, which may be broken into lines.
encoded := {key: regex.replace(text, `\s`, "") |
	some key, text in field.labels(input, ["binaryData"])
	is_string(text)
}
