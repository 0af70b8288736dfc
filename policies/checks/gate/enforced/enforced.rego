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
	every kind, places in wanted {
		count(places - covered[kind]) == 0
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

# guarded has where each resource is to be asked about: namespaces, and null for what has none.
guarded := together(guards)

guards contains [resource, namespaces] if some resource in params.resources

guards contains [resource, {null}] if some resource in params["cluster-resources"]

guards contains [type, places & (namespaces | {null})] if some type, places in bedrock

guards contains [type, places] if some type, places in own

guards contains [o.type, {o.namespace}] if some o in objects.switches

# bedrock has where objects of each type are that tell of it.
bedrock[o.type] contains o.namespace if {
	some o in input.facts.object
	o.bedrock
}

# own has where the system's workloads of each type are.
own[types[w.at[0]]] contains w.namespace if some w in system.workloads

# types has the type of each object, by its document.
types := {o.at[0]: o.type | some o in input.facts.object}

# wanted has where each kind of deed, [operation, resource, scope], is to be asked about.
wanted := together(wants)

wants contains [[operation, resource, scope], places] if {
	some resource, all in guarded
	some scope, places in {"Cluster": all & {null}, "Namespaced": all - {null}}
	count(places) > 0
	some operation in ["CREATE", "UPDATE", "DELETE"]
}

wants contains [["UPDATE", subresource, "Namespaced"], guarded[before(subresource)] - {null}] if some subresource in params.subresources

wants contains [[operation, "namespaces", "Cluster"], namespaces] if some operation in ["UPDATE", "DELETE"]

# together(pairs) has, by key, what is in any of the sets that pairs have for it.
together(pairs) := {key: union({places | some [k, places] in pairs; k == key}) | some [key, _] in pairs}

# before(name) is what stands before its last slash: the resource of a subresource, or the group of a resource.
before(name) := regex.replace(name, `/?[^/]*$`, "")

# --- What covers it

# asked has the rules that are asked about a kind of deed, somewhere or everywhere.
asked := {kind: rules |
	some kind, _ in wanted
	group := before(plural(kind[1]))
	resource := trim_prefix(kind[1], concat("", [group, "/"]))
	rules := {rule | some rule in enforcers.asked(deeds, kind[0], group, resource); kind[2] in rule.scopes}
}

deeds := enforcers.by_deed(firm)

plural(resource) := before(resource) if {
	resource in params.subresources
} else := resource

# firm are the rules that no failure and no label of an object goes round.
firm contains rule if {
	some rule in input.facts.enforcer
	rule.failsClosed
	count(rule.objectSelector) == 0
}

# covered has where a kind of deed is refused for certain; spared, where it is by rules whose conditions may let it pass.
covered := {kind: union({selected[rule.namespaceSelector] | some rule in rules; not rule.conditional}) | some kind, rules in asked}

spared := {kind: union({selected[rule.namespaceSelector] | some rule in rules; rule.conditional}) | some kind, rules in asked}

# selected has the places that each selector of a rule selects. What has no namespace is not asked for labels of one.
selected := {selector: {place | some place in everywhere; selects(selector, place)} |
	some selector in {rule.namespaceSelector | some rule in firm}
}

everywhere := union({places | some places in wanted})

selects(selector, _) if count(selector) == 0

selects(_, null)

selects(selector, namespace) if {
	count(selector) > 0
	labelled[namespace]
	every has in labelled[namespace] {
		labels.selects(selector, has)
	}
}

labelled[n.name] contains n.labels if some n in input.facts.namespace

unlabelled := {place | some place in everywhere - {null}; not labelled[place]}

# gaps are what nobody asks about.
gaps contains title(kind, place) if {
	some kind, places in open
	some place in places - hidden[kind]
}

# open has where a kind of deed is not known to be covered; hidden, where that is for want of labels.
open[kind] := (places - covered[kind]) - spared[kind] if some kind, places in wanted

hidden[kind] := {place | some place in unlabelled; count(rules) > 0} if some kind, rules in asked

title(kind, null) := sprintf("%v of %v", [kind[0], kind[1]])

title(kind, place) := sprintf("%v of %v in %v", [kind[0], kind[1], place]) if place != null

doubts contains sprintf("the labels of namespace %v are not declared here: whether a webhook selects it is not known", [place]) if {
	some kind, places in open
	some place in places & hidden[kind]
}

doubts contains sprintf("webhook %v has conditions, or is about some versions only: what that spares is not known", [rule.name]) if {
	some kind, rules in asked
	some rule in rules
	rule.conditional
	count((wanted[kind] & selected[rule.namespaceSelector]) - covered[kind]) > 0
}

# --- Who answers

# answering has the webhooks that count: their names, by the service that answers.
answering[[rule.serviceNamespace, rule.service]] contains rule.name if {
	some kind, rules in asked
	some rule in rules
	not rule.conditional
	count(wanted[kind] & selected[rule.namespaceSelector]) > 0
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
