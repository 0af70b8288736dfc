# METADATA
# title: What a workload uses is bounded, and so is what a drain takes from it
# description: |
#   Asks whether each container has a memory request and limit and a CPU request, whether each workload of more than
#   one pod has a disruption budget, and whether the budgets leave a drain at least one pod to take.
#
#   A container without bounds takes its node down, and its neighbours with it. Without a budget a drain may take all pods at
#   once. And a budget that spares none, as one that keeps the only writer, stops the upgrade of the
#   node under it, until somebody deletes the pod by force at a bad time.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#   description: Requests and limits
# - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
#   description: Disruption budgets
# custom:
#   level: 2
#   kind: goal
#   severity: high
#   remediation: Declare memory request and limit and a CPU request for each container; give what runs in several pods one disruption budget, and none to what runs in one, unless it lets that one go.
package pocdr.checks.radius.bounded

import data.pocdr.lib.compute
import data.pocdr.lib.index
import data.pocdr.lib.labels
import data.pocdr.lib.scale
import data.pocdr.lib.system

# Each container: its bounds.

wanted := {"memoryRequest": "memory request", "memoryLimit": "memory limit", "cpuRequest": "CPU request"}

# lacking has, by container, its name and what it lacks.
lacking := {array.concat(c.at, ["resources"]): [c.name, [words | some field, words in wanted; not compute.bounded(c, field)]] | some c in system.containers}

subjects contains at if some at, _ in lacking

passes contains at if some at, [_, []] in lacking

fails[at] contains sprintf("container %v has no %v", [name, concat(", no ", lacks)]) if {
	some at, [name, lacks] in lacking
	count(lacks) > 0
}

# Each workload that has a number of pods: its disruption budget.

counted := [w | some w in system.workloads; system.replicas[w.at] != null]

subjects contains w.at if some w in counted

passes contains at if some at in drained

drained contains w.at if {
	some w in counted
	pods(w) < 2
	count(budgets(w)) == 0
}

drained contains w.at if {
	some w in counted
	pods(w) == 0
}

drained contains w.at if {
	some w in counted
	some b in budgets(w)
	count(budgets(w)) == 1
	spared(b) >= 1
}

missing[w.at] contains sprintf("runs %v, and no disruption budget selects them", [scale.words(w)]) if {
	some w in counted
	pods(w) > 1
	count(budgets(w)) == 0
}

fails[at] contains message if some message in stuck[at]

stuck[w.at] contains sprintf("a disruption budget lets no pod go (%v), so that a drain never ends", [said(b)]) if {
	some w in counted
	pods(w) > 0
	some b in budgets(w)
	spared(b) < 1
}

stuck[w.at] contains sprintf("%d disruption budgets select its pods, and what more than one selects cannot be drained", [count(budgets(w))]) if {
	some w in counted
	pods(w) > 0
	count(budgets(w)) > 1
}

unknowns[w.at] contains "its autoscaler does not say how many pods it runs at most" if {
	some w in counted
	not is_number(pods(w))
}

unknowns[w.at] contains "how many pods its disruption budget lets go cannot be told" if {
	some w in counted
	some b in budgets(w)
	not is_number(spared(b))
}

# pods(w) is how many pods a workload runs at most.
pods(w) := n if {
	n := scale.most(w)
	n != null
}

# budgets(w) are those that select the pods of a workload.
budgets(w) := index.at(budgets_of, w.at)

budgets_of := index.of([[w.at, b] |
	some w in input.facts.workload
	w.owner == null
	w.replicas != null
	some handle in labels.handles(w.podLabels)
	some b in index.at(budgets_by, [w.namespace, handle])
	labels.selects(b.selector, w.podLabels)
])

budgets_by := index.of([[[b.namespace, labels.handle(b.selector)], b] | some b in input.facts.disruption_budget])

# totals has, by the place of a budget, the number of all pods that it selects.
totals := {at: sum([pods(w) | some w in list]) |
	some at, list in selected
	every w in list {
		is_number(pods(w))
	}
}

selected := index.of([[b.at, w] | some w in input.facts.workload; some b in budgets(w)])

total(b) := object.get(totals, [b.at], null)

# spared(b) is how many of its pods a budget lets go.
spared(b) := share(b.maxUnavailable, total(b)) if {
	b.maxUnavailable != null
	total(b) != null
}

spared(b) := total(b) - share(b.minAvailable, total(b)) if {
	b.maxUnavailable == null
	total(b) != null
}

# share(bound, n) is a number, or a percentage of n, rounded up.
share(bound, _) := to_number(bound) if {
	is_string(bound)
	regex.match(`^[0-9]+$`, bound)
}

share(bound, n) := ceil((n * to_number(trim_suffix(bound, "%"))) / 100) if {
	is_string(bound)
	regex.match(`^[0-9]+%$`, bound)
}

said(b) := sprintf("at most %v of %d may go", [b.maxUnavailable, total(b)]) if b.maxUnavailable != null

said(b) := sprintf("at least %v of %d must stay", [b.minAvailable, total(b)]) if b.maxUnavailable == null
