# What quotas leave to the actors of a system: how fast they read and write logs, and what their pods have of their namespace.
# `sees` is of one snapshot; `cut` compares what it sees before a change and after it.
package pocdr.lib.allowance

import data.pocdr.lib.access
import data.pocdr.lib.compute
import data.pocdr.lib.logs
import data.pocdr.lib.needs
import data.pocdr.lib.scale
import data.pocdr.lib.system

sees := {"uses": uses, "bounds": (rates | rooms) | (ceilings | silences)}

# uses has what each actor is given by quotas, if there are any: rates of principals, room in namespaces.
uses := {[name, [p, rate, scope]] | some [name, p, rate, scope] in paces} | {[name, [w.namespace]] | some name, workloads in system.actor_workloads; some w in workloads}

# cut(name, how) has what gives an actor less of what it used before the change, and not what is known to be enough: [place, message]. how is what the actor does meanwhile.
cut(name, how) := {[now.at, sprintf("%v %v, and %v", [now.called, how, now.says])] |
	some now in input.after.allowance.bounds
	now.actor == name
	now.short
	[name, now.use] in input.before.allowance.uses
	not as_low(now)
}

as_low(now) if {
	some was in input.before.allowance.bounds
	[was.actor, was.of] == [now.actor, now.of]
	was.bound <= now.bound
}

# bound(name, use, of, b) is what bounds an actor in what it uses.
bound(name, use, of, b) := object.union(b, {"actor": name, "called": system.called(name), "use": use, "of": array.concat(use, of)})

# --- Rates of principals

# paces has the rates at which an actor does what it is for, each with the principal that it is then, and the instance.
paces contains [name, p, rate, r.scope] if {
	some [name, _, action, ref] in needs.flows
	access.type_of(ref) == "log"
	r := access.resource(ref)
	some p in access.principals_of(name)
	access.platform_of(p) == r.platform
	some rate in {{"read": "read-rate", "write": "write-rate"}[action], "request-share"}
}

rates contains bound(name, [p, rate, scope], [], {"bound": limit, "short": slow(rate, limit), "at": q.at, "says": sprintf("%v may %v", [p, sprintf(deeds[rate], [limit, against(rate)])])}) if {
	some [name, p, rate, scope] in paces
	some q in quotas_of(p, rate, scope)
	limit := q.limits[rate]
}

deeds := {
	"read-rate": "read no more than %v bytes a second, less than before%v",
	"write-rate": "write no more than %v bytes a second, less than before%v",
	"request-share": "take no more than %v percent of what serves requests, less than before%v",
}

# peak is a rate that the intake's records never exceed: the one that is declared.
peak := logs.peak if logs.peak > 0

# slow(rate, limit) holds unless a limit is known to be enough.
default slow(_, _) := true

slow(rate, limit) := false if {
	rate != "request-share"
	limit >= peak
}

against(rate) := "" if {
	rate == "request-share"
} else := sprintf(" and than the intake's peak rate of %v", [peak]) if {
	peak
} else := "; no peak rate of the intake says whether that is enough"

# quotas_of(principal, rate, scope) are those that bound it: its own, or else everybody's.
quotas_of(principal, rate, scope) := own if {
	own := limiting(principal, rate, scope)
	count(own) > 0
} else := limiting(access.everybody_like(principal), rate, scope)

limiting(principal, rate, scope) := {q |
	some q in object.get(quotas, [[principal, null]], set())
	q.limits[rate] >= 0
	access.same_scope(q.scope, scope)
}

# quotas has them by [principal, namespace], one of which is null.
quotas := {k: all |
	some k in {[q.principal, q.namespace] | some q in input.facts.quota}
	all := {q | some q in input.facts.quota; k = [q.principal, q.namespace]}
}

# --- Room in namespaces

# bounding has the quotas of the namespaces that the actors' workloads live in.
bounding := {namespace: all |
	some namespace in {w.namespace | some workloads in system.actor_workloads; some w in workloads}
	all := quotas[[null, namespace]]
}

# rooms has the bounds on what all pods of a namespace have.
rooms contains bound(name, [namespace], [what], {"bound": limit, "short": limit < needed, "at": q.at, "says": sprintf("namespace %v is given %v %v, less than before and than the %v that what is to run there needs", [namespace, limit, unit, needed])}) if {
	some name, _ in system.actor_workloads
	some namespace, all in bounding
	some q in all
	some what, limit in q.limits
	unit := units[what]
	needed := sum([n | some w in beside(name, namespace); n := share(w, what)])
}

units := {
	"pods": "pods", "cpu-request": "cores for requests", "cpu-limit": "cores for limits",
	"memory-request": "bytes of memory for requests", "memory-limit": "bytes of memory for limits",
}

# beside(name, namespace) are the workloads there of an actor, and of what serves.
beside(name, namespace) := {w |
	some other in {name, "valve"} | system.serving
	some w in system.actor_workloads[other]
	w.namespace == namespace
}

# share(w, what) is what a workload needs of it at least: containers that run before others are not counted.
share(w, "pods") := pods(w)

share(w, what) := pods(w) * sum([n | some c in asking[w.at]; c.role in {"main", "sidecar"}; n := compute.amount(c, field)]) if field := fields[what]

fields := {"cpu-request": "cpuRequest", "cpu-limit": "cpuLimit", "memory-request": "memoryRequest", "memory-limit": "memoryLimit"}

# pods(w) are as many as it is declared with; one, where that is no number of its own.
pods(w) := n if {
	n := scale.fewest(w)
	n != null
} else := 1

# --- Containers

# ceilings has the bounds on what one container may ask for, where one asks for more.
ceilings contains bound(name, [namespace], [what, w.name, c.name], {"bound": limit, "short": true, "at": q.at, "says": sprintf("namespace %v lets a container have %v %v, and container %v asks for %v", [namespace, limit, unit, c.name, asked])}) if {
	some [name, namespace, q, w, c] in counted
	some [what, unit, asks] in [["container-cpu-max", "cores", ["cpuRequest", "cpuLimit"]], ["container-memory-max", "bytes of memory", ["memoryRequest", "memoryLimit"]]]
	limit := q.limits[what]
	asked := max([c[field] | some field in asks; c[field] != null])
	asked > limit
}

# silences has the containers that do not say what a quota counts, nor does their namespace for them: no pod is made with one.
silences contains bound(name, [namespace], [what, w.name, c.name], {"bound": 0, "short": true, "at": q.at, "says": sprintf("namespace %v counts %v, and container %v says none, so that no pod is made with it", [namespace, units[what], c.name])}) if {
	some [name, namespace, q, w, c] in counted
	some what, field in fields
	_ = q.limits[what]
	not compute.amount(c, field)
	not w.at in spoken
}

# counted has the containers that the pods of actors are made with, with each quota that counts them.
counted contains [name, namespace, q, w, c] if {
	some name, workloads in system.actor_workloads
	some namespace, all in bounding
	some w in workloads
	w.namespace == namespace
	some c in asking[w.at]
	some q in all
}

# asking has what the containers of each workload ask for, where a quota bounds it, and nothing else of them: another image asks for the same.
asking := {w.at: {object.filter(c, ["namespace", "name", "role", "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit"]) |
	some c in system.containers_of(w)
	not c.role in {"ephemeral", "volume"}
} |
	some workloads in system.actor_workloads
	some w in workloads
	bounding[w.namespace]
}

# spoken are the workloads whose pods say it for all of their containers.
spoken := {w.at |
	some workloads in system.actor_workloads
	some w in workloads
	bounding[w.namespace]
	some t in system.templates_of(w)
	some field, _ in t.fields
	startswith(field, "resources.")
}
