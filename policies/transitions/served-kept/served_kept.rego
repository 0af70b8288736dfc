# METADATA
# title: What serves is not taken away
# description: |
#   Asks whether the intake, the outlets, the switch, the valve and the workloads of the selected plant are still declared after the change, and the
#   workloads still run; whether the identity and the secrets that these workloads name are there as before; whether the valve and the selected plant are still
#   granted what they were of what they are for (to read the intake, to write their outlets, to join their groups), and given enough by quotas; and whether the System still
#   names its intake, its outlets and its switch. Where it cannot be told which plant is selected, both are taken to serve.
#
#   Each of them is on the one path that all of production takes. What stands by can be exchanged; what serves is first replaced, by turning the
#   switch, and taken away when nobody depends on it. A workload without its identity or a secret runs on
#   until its first pod is started anew, and one without a right stops where it stands. (Of configs, config-kept asks.)
#
#   A quota that is raised is asked nothing. One that is new or lowered has to leave what is known to be enough: to a namespace, the pods that serve there, and the cpu and
#   memory that their containers ask for, each of which says how much once it is counted; to a principal, the intake's peak rate of what it reads or writes of logs. Where that
#   is not declared, and for its share of what serves requests, nothing less than before is known to be enough.
# custom:
#   level: 1
#   kind: transition
#   principle: standby
#   severity: critical
#   remediation: Turn the switch to the other plant first, and keep the old one until the rollback window closes; keep intake and outlets for as long as anybody drinks from them. Raise a quota to what is needed, or declare spec.intake.peakRate.
package pocdr.transitions.served_kept

import data.pocdr.lib.access
import data.pocdr.lib.allowance
import data.pocdr.lib.needs
import data.pocdr.lib.objects
import data.pocdr.lib.scale
import data.pocdr.lib.system

sees := {"serves": serves, "runs": runs, "names": names, "serving": serving, "needs": needs.sees, "allowance": allowance.sees} if input.system.declared

# serves has what must stay, by what it is called: its places, more than one where it is declared again.
serves[title] contains at if some [title, at] in things

serves[system.title(w)] contains w.at if {
	some name in serving
	some w in system.actor_workloads[name]
	running(w)
}

serving := {"valve"} | system.serving

# names has what the System says that it serves by: its place in the System.
names[sprintf("the intake %v", [system.spec.intake.name])] := system.at(["spec", "intake"])

names[sprintf("the switch %v", [system.spec.switch.ref.name])] := system.at(["spec", "switch"])

names[sprintf("the outlet %v", [outlet.name])] := system.at(["spec", "outlets"]) if some outlet in system.spec.outlets

# runs are what there is, whether it serves or not.
runs contains title if some [title, _] in things

runs contains system.title(w) if {
	some _, workloads in system.actor_workloads
	some w in workloads
	running(w)
}

running(w) if not scale.fewest(w) == 0

things contains [sprintf("the intake %v", [l.name]), l.at] if some l in access.logs(system.spec.intake)

things contains [sprintf("the outlet %v", [o.name]), o.at] if {
	some outlet in system.spec.outlets
	some o in array.concat(access.logs(outlet), access.stores(outlet))
}

things contains [sprintf("the switch %v", [o.name]), o.at] if some o in objects.switches

refuses[at] contains sprintf("%v serves, and is taken away", [title]) if {
	input.after
	some title, places in input.before.serves
	not title in input.after.runs
	some at in places
}

refuses[at] contains message if {
	some name in input.before.serving
	some [at, message] in (needs.lost(name, "serves") | allowance.cut(name, "serves"))
}

refuses[at] contains sprintf("%v serves, and the System no longer names it", [title]) if {
	input.after
	some title, at in input.before.names
	not input.after.names[title]
}
