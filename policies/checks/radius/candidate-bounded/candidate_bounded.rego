# METADATA
# title: Quotas keep the candidate from starving the incumbent
# description: |
#   Asks whether the plant that is not selected is bounded in the bytes a second that its principals read and
#   write in logs, and each of its containers in cpu and memory. Where the switch cannot be read, both plants are asked about.
#
#   The candidate runs beside the incumbent on all of the input, and first reads it from its beginning as fast as it
#   can. Unbounded, it takes disk, network and cores from the plant that serves, and the proof becomes the outage.
# related_resources:
# - ref: https://kafka.apache.org/documentation/#design_quotas
#   description: Quotas of clients, for one kind of log
# - ref: https://kubernetes.io/docs/concepts/policy/limit-range/
#   description: Default limits of a namespace
# custom:
#   level: 3
#   kind: invariant
#   severity: high
#   remediation: Give the principals of the plant a quota on what they read and write a second, and its containers cpu and memory limits; a quota of a namespace counts where no other actor of the system runs in it.
package pocdr.checks.radius.candidate_bounded

import data.pocdr.lib.access
import data.pocdr.lib.allowance
import data.pocdr.lib.compute
import data.pocdr.lib.system

subjects contains system.at([]) if not input.system.declared

fails[system.at([])] contains "no System declares plants" if not input.system.declared

# candidates are the names of the plants that are asked about. What is changed in place lacks the second one.
candidates := {"b"} if {
	system.spec.switch.mechanism == "InPlace"
} else := {system.other} if {
	system.other
} else := {"a", "b"} if {
	input.system.declared
} else := set()

at(name) := system.at(["spec", "plants", name])

subjects contains at(name) if some name in candidates

fails[at(name)] contains sprintf("plant %v is not declared", [name]) if {
	some name in candidates
	not system.plants[name]
}

# bounded has the declared plants among them.
bounded[name] := plant if {
	some name, plant in system.plants
	name in candidates
}

# Logs: the rates of each principal with which a plant reads or writes them.

passes contains at(name) if {
	some name, _ in bounded
	count(unmet[name]) == 0
	count(doubts[name]) == 0
}

missing[at(name)] contains message if {
	some name, _ in bounded
	some message in unmet[name]
}

unknowns[at(name)] contains message if {
	some name, _ in bounded
	some message in doubts[name]
}

unmet[name] := {sprintf("%v has no quota on its %v", [p, rate]) |
	some [platform, scope, rate] in rates(name)
	some p in principals(name, platform)
	not limited(p, rate, scope)
} | {sprintf("%v is not declared", [w.title]) | some w in system.absent_workloads[name]} if {
	some name, _ in bounded
}

doubts[name] := {"spec.intake is not declared, so what the plant reads cannot be told" |
	not system.spec.intake
} | {"no outlet is declared, so what the plant writes cannot be told" |
	count(outlets(system.plants[name])) == 0
} | {sprintf("with which principal plant %v uses %v cannot be told", [name, platform]) |
	some [platform, _, _] in rates(name)
	count(principals(name, platform)) == 0
} | {sprintf("outlet %v is not declared, so whether it is a log cannot be told", [outlet.name]) |
	some outlet in outlets(system.plants[name])
	not access.type_of(outlet) in {"log", "store"}
} if {
	some name, _ in bounded
}

# rates(name) are the rates that matter, as [platform, scope, rate]: it reads the intake, and it writes logs and reads them back.
rates(name) := {[r.platform, r.scope, "read-rate"] | r := access.resource(system.spec.intake)} | {[outlet.platform, access.resource(outlet).scope, rate] |
	some outlet in outlets(system.plants[name])
	access.type_of(outlet) == "log"
	some rate in ["read-rate", "write-rate"]
}

# outlets(plant) are its own, or else the system's, which the plants write in turn.
outlets(plant) := plant.outlets if {
	count(plant.outlets) > 0
} else := object.get(system.spec, "outlets", [])

principals(name, platform) := {p |
	some p in access.principals_of(name)
	access.platform_of(p) == platform
}

# limited(principal, rate, scope) holds where a quota bounds the principal in an instance, or everybody.
limited(principal, rate, scope) if {
	some q in allowance.quotas_of(principal, rate, scope)
	q.limits[rate] > 0
}

# Compute: each container.

subjects contains resources(c) if {
	some name, _ in bounded
	some c in containers(name)
}

passes contains resources(c) if {
	some name, _ in bounded
	some c in containers(name)
	count(open(name, c)) == 0
}

fails[resources(c)] contains sprintf("container %v has no limit on its %v", [c.name, what]) if {
	some name, _ in bounded
	some c in containers(name)
	some what in open(name, c)
}

resources(c) := array.concat(c.at, ["resources"])

containers(name) := [c |
	some w in system.actor_workloads[name]
	some c in system.containers_of(w)
	not c.role in {"ephemeral", "volume"}
]

# open(name, c) is what a container of a plant may use without bound.
open(name, c) := {what |
	some field, what in {"cpuLimit": "cpu", "memoryLimit": "memory"}
	not compute.bounded(c, field)
	not apart(name, c, what)
}

# apart(name, c, what) holds where a quota bounds the namespace of a container, and no other actor has a share in it.
apart(name, c, what) if {
	compute.divided(c.namespace, what)
	every other, workloads in system.actor_workloads {
		not shares(other, workloads, name, c)
	}
}

shares(other, workloads, name, c) if {
	other != name
	some w in workloads
	w.namespace == c.namespace
}
