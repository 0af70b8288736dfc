# METADATA
# title: The standby stays as it is until the rollback window closes
# description: |
#   Asks whether each workload of the plant that is not selected stays, with as many pods, with the identity and the secrets that it names, and granted what it was
#   of what it is for and given enough by quotas (as served-kept asks of what serves), while the rollback window is open; and whether the window is not made shorter while it is. Where it is not known when that plant served last, the
#   window is taken to be open, and may be made shorter.
#
#   The promise to go back was made at the switch, and is kept by what runs. A standby that was taken away or made smaller is
#   a cold start, in the hour in which going back is needed.
# custom:
#   level: 4
#   kind: transition
#   principle: standby
#   severity: critical
#   remediation: Wait until the rollback window has closed; then make the standby smaller or take it away.
package pocdr.transitions.standby_kept

import data.pocdr.lib.allowance
import data.pocdr.lib.needs
import data.pocdr.lib.scale
import data.pocdr.lib.standby
import data.pocdr.lib.system
import data.pocdr.lib.turn
import data.pocdr.lib.units

# A system that is no longer paired is seen as well: its standby was taken away.
sees := {"standby": {name | name := system.other; standby.paired}, "window": system.spec.rollback.window, "promise": system.at(["spec", "rollback", "window"]), "workloads": {workload(name, w) |
	some name, _ in system.plants
	some w in system.actor_workloads[name]
}, "needs": needs.sees, "allowance": allowance.sees} if input.system.declared

workload(name, w) := {"at": w.at, "plant": name, "called": system.title(w), "fewest": scale.fewest(w), "pods": scale.words(w)}

stood := [w | some w in input.before.workloads; w.plant in input.before.standby; turn.open]

refuses[w.at] contains sprintf("%v is taken from the standby%v", [w.called, turn.because]) if {
	some w in stood
	not w.called in {now.called | some now in input.after.workloads}
}

refuses[now.at] contains sprintf("%v of the standby has %v, and %v before%v", [now.called, now.pods, was.pods, turn.because]) if {
	some was in stood
	some now in input.after.workloads
	now.called == was.called
	now.fewest < was.fewest
}

refuses[at] contains concat("", [message, turn.because]) if {
	turn.open
	some name in input.before.standby
	some [at, message] in (needs.lost(name, "stands by") | allowance.cut(name, "stands by"))
}

refuses[input.after.promise] contains sprintf("is %v, and was %v when the switch was turned: going back is promised until then", [input.after.window, input.before.window]) if {
	turn.lately
	count(input.before.standby) > 0
	units.seconds(input.after.window) < units.seconds(input.before.window)
}
