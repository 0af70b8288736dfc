# METADATA
# title: The cluster refuses what the engine refuses, and what it was not asked about
# description: |
#   Asks whether admission webhooks that refuse when nobody answers cover the creation, change and deletion of the system's workloads, of pods
#   and of the switch's object in each of its namespaces, with the subresources that change what runs; and whether two replicas or more answer. A
#   webhook that is not declared in this repository may be there all the same: then the answer is open.
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
#   remediation: Let the webhook fail closed, select each namespace of the system, be asked about CREATE, UPDATE and DELETE of every resource and subresource, and run in two replicas or more.
#   parameters:
#     resources:
#       default: [pods]
#       description: Resources that are asked about beside the system's workloads and its switch.
#     subresources:
#       default: [pods/ephemeralcontainers, pods/resize, deployments/scale, statefulsets/scale, replicasets/scale, replicationcontrollers/scale]
#       description: Subresources that change what runs, asked about where their resource is.
#     min-replicas: {default: 2, description: Replicas that answer.}
package pocdr.checks.gate.enforced

import data.pocdr.lib.labels
import data.pocdr.lib.objects
import data.pocdr.lib.scale
import data.pocdr.lib.system

params := input.params["gate/enforced"]

subjects contains system.at([])

passes contains system.at([]) if {
	count(covered) > 0
	count(gaps) == 0
	count(weak) == 0
	count(doubts) == 0
}

missing[system.at([])] contains sprintf("no webhook that fails closed is asked about %v", [system.listed(gaps)]) if {
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

guarded[w.namespace] contains resource if {
	some w in system.workloads
	some resource in plurals[w.at[0]]
}

guarded[o.namespace] contains plural(o) if {
	some o in objects.named(system.spec.switch.ref)
	o.namespace != null
}

plurals[o.at[0]] contains plural(o) if some o in input.facts.object

plural(o) := regex.replace(o.type, `^.*/`, "")

# deeds are [operation, resource, namespace].
deeds contains [operation, resource, namespace] if {
	some namespace, resources in guarded
	some resource in resources
	some operation in ["CREATE", "UPDATE", "DELETE"]
}

deeds contains ["UPDATE", subresource, namespace] if {
	some namespace, resources in guarded
	some subresource in params.subresources
	split(subresource, "/")[0] in resources
}

# --- What covers it

# asked has the webhooks that fail closed and are asked about a deed, whatever the namespace.
asked[deed] contains e if {
	some e in input.facts.enforcer
	e.failsClosed
	some deed in deeds
	count({deed[0], "*"} & {o | some o in e.operations}) > 0
	count(patterns(deed[1]) & {r | some r in e.resources}) > 0
}

# patterns(resource) are the ways to write it: a * stands for what is between slashes, and alone for no subresource.
patterns(resource) := {resource, "*", "*/*"} if not contains(resource, "/")

patterns(resource) := {resource, concat("/", [parts[0], "*"]), concat("/", ["*", parts[1]]), "*/*"} if {
	contains(resource, "/")
	parts := split(resource, "/")
}

covered[deed] contains e if {
	some deed, all in asked
	some e in all
	selects(e, deed[2])
}

selects(e, _) if count(e.namespaceSelector) == 0

selects(e, namespace) if {
	some has in labelled[namespace]
	labels.selects(e.namespaceSelector, has)
}

labelled[n.name] contains n.labels if some n in input.facts.namespace

gaps contains sprintf("%v of %v in %v", deed) if {
	some deed in deeds
	not covered[deed]
	not perhaps(deed)
}

# perhaps(deed) holds where labels decide that are not declared.
perhaps(deed) if {
	asked[deed]
	not labelled[deed[2]]
}

doubts contains sprintf("the labels of namespace %v are not declared here: whether a webhook selects it is not known", [deed[2]]) if {
	some deed in deeds
	not covered[deed]
	perhaps(deed)
}

# --- Who answers

answering contains e if {
	some all in covered
	some e in all
}

# replicas(e) are the numbers of pods of the workloads that answer a webhook.
replicas(e) := [scale.fewest(w) |
	some s in input.facts.service
	[s.namespace, s.name] == [e.serviceNamespace, e.service]
	count(s.selector) > 0
	some all in system.all_by_key
	some w in all
	w.namespace == s.namespace
	labels.selects({"matchLabels": s.selector}, w.podLabels)
]

weak contains sprintf("webhook %v is answered by %v; %v are asked for", [e.name, scale.counted(sum(numbers)), params["min-replicas"]]) if {
	some e in answering
	numbers := replicas(e)
	seen(numbers)
	sum(numbers) < params["min-replicas"]
}

doubts contains sprintf("how many pods answer webhook %v is not seen here", [e.name]) if {
	some e in answering
	not seen(replicas(e))
}

seen(numbers) if {
	count(numbers) > 0
	not null in numbers
}
