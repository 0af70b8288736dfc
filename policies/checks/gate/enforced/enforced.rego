# METADATA
# title: The cluster refuses what the engine refuses, and what it was not asked about
# description: |
#   Asks whether admission webhooks that refuse when nobody answers cover the creation, change and deletion of the system's workloads, of pods,
#   of the switch's object, of bedrock and grants that are declared, and of Systems, in each of its namespaces, with the subresources that change
#   what runs; of grants and Profiles that have no namespace; and the change and end of the namespaces themselves; and whether two replicas or more
#   answer. A webhook that is not declared in this repository may be there all the same: then the answer is open. So it is where the webhook has conditions
#   that may spare what it is to cover. One that selects objects by their labels does not count: whoever writes the object writes its labels.
#
#   A gate in the pipeline stops those who go through the pipeline. What is changed by hand at night, by an
#   operator or through a subresource is stopped by the cluster or by nobody; and a webhook that lets pass what it cannot judge is open whenever it is down.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
#   description: Admission webhooks, what they are asked about, and what happens when they do not answer
# custom:
#   level: 4
#   kind: invariant
#   severity: critical
#   remediation: Let the webhook fail closed, select each namespace of the system and every object in it, be asked about CREATE, UPDATE and DELETE of every resource and subresource, and run in two replicas or more.
#   parameters:
#     resources:
#       default: [pods, pocdr.dev/exemptions, pocdr.dev/systems]
#       description: Resources (plural, or group/plural) that are asked about in each namespace, beside what the system has there.
#     cluster-resources: {default: [pocdr.dev/profiles], description: Resources without a namespace that are asked about.}
#     subresources:
#       default: [pods/ephemeralcontainers, pods/resize, apps/deployments/scale, apps/statefulsets/scale, apps/replicasets/scale, replicationcontrollers/scale]
#       description: Subresources (resource/sub) that change what runs, asked about where their resource is.
#     min-replicas: {default: 2, description: Replicas that answer.}
package pocdr.checks.gate.enforced

import data.pocdr.lib.enforcers
import data.pocdr.lib.labels
import data.pocdr.lib.objects
import data.pocdr.lib.scale
import data.pocdr.lib.system

params := input.params["gate/enforced"]

subjects contains system.at([])

passes contains system.at([]) if {
	count(namespaces) > 0
	every deed in deeds {
		covering[deed]
	}
	count(weak) == 0
	count(doubts) == 0
}

missing[system.at([])] contains sprintf("no webhook that fails closed, whatever the labels of an object, is asked about %v", [system.listed(gaps)]) if {
	declared
	count(gaps) > 0
}

missing[system.at([])] contains message if some message in weak

unknowns[system.at([])] contains message if some message in doubts

declared if count(input.facts.enforcer) > 0

doubts contains "no admission webhook is declared here: whether there is one is seen on the cluster only" if not declared

# --- What is to be covered

namespaces := {n | some n in system.spec.namespaces} | {w.namespace | not input.system.declared; some w in system.workloads}

# guarded has the resources that are asked about, by namespace.
guarded[namespace] contains resource if {
	some namespace in namespaces
	some resource in params.resources
}

guarded[namespace] contains type if {
	some [namespace, type] in bedrock
	namespace in places
}

guarded[w.namespace] contains types[w.at[0]] if some w in system.workloads

guarded[o.namespace] contains o.type if some o in objects.named(system.spec.switch.ref)

guarded[null] contains resource if some resource in params["cluster-resources"]

# places are where what is asked about stands.
places := namespaces | {null}

# bedrock has the namespaces, or null, and the types of objects that tell of it.
bedrock := {[o.namespace, o.type] | some o in input.facts.object; o.bedrock}

# types has the type of each object, by its document.
types := {o.at[0]: o.type | some o in input.facts.object}

# deeds are [operation, resource, namespace]; null for what has no namespace.
deeds contains [operation, resource, namespace] if {
	some namespace, resources in guarded
	some resource in resources
	some operation in ["CREATE", "UPDATE", "DELETE"]
}

deeds contains ["UPDATE", subresource, namespace] if {
	some namespace, resources in guarded
	some subresource in params.subresources
	before(subresource) in resources
}

deeds contains [operation, "namespaces", namespace] if {
	some namespace in namespaces
	some operation in ["UPDATE", "DELETE"]
}

# before(name) is what stands before its last slash: the resource of a subresource, or the group of a resource.
before(name) := regex.replace(name, `/?[^/]*$`, "")

# --- What covers it

# asked has the rules that are asked about an operation on a resource, some namespaces or all.
asked := {kind: rules |
	some kind in {[deed[0], deed[1], scope(deed)] | some deed in deeds}
	group := before(plural(kind[1]))
	resource := trim_prefix(kind[1], concat("", [group, "/"]))
	rules := {rule | some rule in firm; kind[2] in rule.scopes; enforcers.is_about(rule, kind[0], group, resource)}
	count(rules) > 0
}

plural(resource) := before(resource) if {
	resource in params.subresources
} else := resource

# scope(deed) is the scope of the objects that it is about.
scope(deed) := "Cluster" if {
	deed[2] == null
} else := "Cluster" if {
	deed[1] == "namespaces"
} else := "Namespaced"

rules_about(deed) := asked[[deed[0], deed[1], scope(deed)]]

# firm are the rules that no failure and no label of an object goes round.
firm contains rule if {
	some rule in input.facts.enforcer
	rule.failsClosed
	count(rule.objectSelector) == 0
}

# covering has the rules by which a deed is refused for certain; sparing has those whose conditions may let it pass.
covering := {deed: rules |
	some deed in deeds
	rules := {rule | some rule in rules_about(deed); not rule.conditional; selects(rule, deed[2])}
	count(rules) > 0
}

sparing := {deed: rules |
	some deed in deeds
	rules := {rule | some rule in rules_about(deed); rule.conditional; selects(rule, deed[2])}
	count(rules) > 0
}

selects(rule, _) if count(rule.namespaceSelector) == 0

selects(_, null)

selects(rule, namespace) if {
	count(rule.namespaceSelector) > 0
	labelled[namespace]
	every has in labelled[namespace] {
		labels.selects(rule.namespaceSelector, has)
	}
}

labelled := {name: all |
	some name in {n.name | some n in input.facts.namespace}
	all := {n.labels | some n in input.facts.namespace; name = n.name}
}

# unlabelled are the deeds where labels decide that are not declared.
unlabelled contains deed if {
	some deed in deeds
	rules_about(deed)
	deed[2] != null
	not labelled[deed[2]]
}

gaps contains title(deed) if {
	some deed in deeds
	not covering[deed]
	not sparing[deed]
	not deed in unlabelled
}

title(deed) := sprintf("%v of %v", [deed[0], deed[1]]) if {
	deed[2] == null
} else := sprintf("%v of %v in %v", deed)

doubts contains sprintf("the labels of namespace %v are not declared here: whether a webhook selects it is not known", [deed[2]]) if {
	some deed in unlabelled
	not covering[deed]
	not sparing[deed]
}

doubts contains sprintf("webhook %v has conditions, or is about some versions only: what that spares is not known", [rule.name]) if {
	some deed, rules in sparing
	not covering[deed]
	some rule in rules
}

# --- Who answers

# answering has the webhooks that count: their names, by the service that answers.
answering[[rule.serviceNamespace, rule.service]] contains rule.name if {
	some rules in covering
	some rule in rules
}

# replicas has the numbers of pods that answer, by service.
replicas[[a.namespace, a.name]] contains a.replicas if some a in input.facts.answerer

weak contains sprintf("webhook %v is answered by %v; %v are asked for", [name, scale.counted(least), params["min-replicas"]]) if {
	some service, names in answering
	least := min(replicas[service])
	least != null
	least < params["min-replicas"]
	some name in names
}

doubts contains sprintf("how many pods answer webhook %v is not seen here", [name]) if {
	some service, names in answering
	not seen(service)
	some name in names
}

seen(service) if {
	replicas[service]
	not null in replicas[service]
}
