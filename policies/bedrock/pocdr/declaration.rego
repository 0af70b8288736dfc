# METADATA
# title: Declarations
# description: Systems and Exemptions, completed with their defaults.
# custom:
#   reads:
#   - {format: kubernetes, group: pocdr.dev, kinds: [System, Exemption]}
#   emits: [system, exemption]
package pocdr.bedrock.pocdr.declaration

facts contains {
	"fact": "system",
	"path": [],
	"name": input.metadata.name,
	"namespace": input.metadata.namespace,
	"namespaces": input.spec.namespaces,
	"labels": object.get(input.spec, "labels", {}),
	"dependsOn": object.get(input.spec, "dependsOn", []),
	"requiredLevel": input.spec.requiredLevel,
} if {
	input.kind == "System"
}

facts contains {
	"fact": "exemption",
	"path": [],
	"name": input.metadata.name,
	"namespace": input.metadata.namespace,
	"system": input.spec.system,
	"check": input.spec.check,
	"subject": subject,
	"owner": object.get(input.spec, "owner", null),
	"reason": object.get(input.spec, "reason", null),
	"expires": object.get(input.spec, "expires", null),
} if {
	input.kind == "Exemption"
}

# subject tells whether a subject is named: an empty one would be every subject.
subject if {
	count(object.get(input.spec, "subject", {})) > 0
} else := false
