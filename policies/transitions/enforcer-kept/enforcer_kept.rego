# METADATA
# title: What enforces is asked about no less
# description: |
#   Asks whether the admission webhooks of this engine are asked about all that they were asked about before: each operation on each resource, in the same
#   namespaces and whatever the object, under no condition that was not there, and with the same answer when nobody answers.
#
#   A cluster asks no webhook about its own configuration. So who narrows it is refused by nobody but the pipeline, and whatever is left out of it is
#   changed from then on as if there were no gate. Where none was declared, none is missed.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-rules
#   description: Which requests a webhook is asked about
# custom:
#   level: 2
#   kind: transition
#   principle: gate
#   severity: critical
#   remediation: Ask about what was asked about before. Where it is to be asked about less, or from another repository, write an Exemption for transitions/enforcer-kept, with the webhook's configuration as its subject, and have it approved by who answers for the platform.
package pocdr.transitions.enforcer_kept

import data.pocdr.lib.enforcers
import data.pocdr.lib.system

sees := {rule | some rule in input.facts.enforcer} if input.system.declared

refuses[[was.at[0]]] contains sprintf("webhook %v is no longer asked about %v", [was.name, system.listed(lost)]) if {
	input.after
	some was in input.before
	lost := {sprintf("%v of %v", [operation, full(group, resource)]) |
		some operation in was.operations
		some group in was.groups
		some resource in was.resources
		not asked(was, operation, group, resource)
	}
	count(lost) > 0
}

full("", resource) := resource

full(group, resource) := concat("/", [group, resource]) if group != ""

asked(was, operation, group, resource) if {
	some now in enforcers.asked(deeds, operation, group, resource)
	as_firm(now, was)
}

deeds := enforcers.by_deed(input.after)

# as_firm(now, was) holds for a rule that spares nothing that the other one does not.
as_firm(now, was) if {
	now.failsClosed in {was.failsClosed, true}
	now.conditional in {was.conditional, false}
	now.namespaceSelector in [was.namespaceSelector, {}]
	now.objectSelector in [was.objectSelector, {}]
	every scope in was.scopes {
		scope in now.scopes
	}
	every principal in now.spares {
		principal in was.spares
	}
}
