# METADATA
# title: Each plant says when it is ready, and when it is not well
# description: |
#   Asks whether each container that runs throughout in a lasting workload of a plant declares readiness, and startup or liveness.
#
#   Without readiness a pod counts as serving from the moment its process starts, and a rollout that
#   never got anywhere counts as done. Without startup or liveness a process that hangs stays, and holds its part of the input with it.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
#   description: Readiness, liveness and startup
# custom:
#   level: 1
#   kind: goal
#   release: true
#   severity: medium
#   remediation: Declare a readiness probe, and a startup or a liveness probe, that ask what the container does and not only whether it listens.
#   parameters:
#     require-liveness:
#       default: true
#       description: Whether startup or liveness is asked for beside readiness.
package pocdr.checks.delivery.health_declared

import data.pocdr.lib.system

# asked are the workloads of the plants; those of the whole system where none is declared.
asked := system.workloads if not input.system.declared

asked := [w | some name, _ in system.plants; some w in system.actor_workloads[name]] if input.system.declared

lasting := [w | some w in asked; w.lasting]

subjects contains at if some at, _ in plantless

fails[at] contains message if some at, message in plantless

plantless[at] := message if {
	input.system.declared
	some at, message in system.plantless
}

subjects contains at if some at, _ in missing

missing[w.at] contains sprintf("%v is not declared", [w.title]) if {
	some name, _ in system.plants
	some w in system.absent_workloads[name]
}

subjects contains c.at if some c in throughout

passes contains c.at if {
	some c in throughout
	count(faults(c)) == 0
}

fails[c.at] contains message if {
	some c in throughout
	some message in faults(c)
}

throughout contains c if {
	some w in lasting
	some c in running(w)
}

running(w) := {c | some c in system.containers_of(w); c.role in {"main", "sidecar"}}

subjects contains w.at if some w in unseen

unknowns[w.at] contains sprintf("no container of %v can be seen", [system.title(w)]) if some w in unseen

unseen contains w if {
	some w in lasting
	count(running(w)) == 0
}

faults(c) := {sprintf("container %v declares no readiness", [c.name]) | not c.readiness} |
	{sprintf("container %v declares neither startup nor liveness", [c.name]) | required; not alive(c)}

required if input.params["delivery/health-declared"]["require-liveness"]

alive(c) if c.startup

alive(c) if c.liveness

not_applicable := "what runs here runs to completion" if count(asked) > 0
