# METADATA
# title: The standby runs at the incumbent's scale, close behind it
# description: |
#   Asks whether the workloads of the plant that is not selected, taken in pairs with the incumbent's in the order in which the System names them, are declared with at least as
#   many pods, autoscalers considered, and never with none; and whether the System declares how far the standby may be behind. Whether the rollback
#   window is still open is not seen in a repository, so that the standby is asked about at all times.
#
#   Going back to a plant that was switched off is a cold start on all of the production input, behind by as long as it was off, in
#   the hour in which nobody has time for it. A standby that is smaller than the incumbent falls behind, or falls over, once it serves.
# custom:
#   level: 4
#   kind: invariant
#   severity: critical
#   remediation: Give each workload of the standby, and its autoscaler, the numbers of its counterpart, keep it running until the rollback window closes, and declare spec.standby.maxLag.
package pocdr.checks.standby.warm

import data.pocdr.lib.scale
import data.pocdr.lib.standby
import data.pocdr.lib.system
import data.pocdr.lib.units

subjects contains at if some at, _ in standby.absent

fails[at] contains message if some at, message in standby.absent

subjects contains at if some at, _ in standby.unread

unknowns[at] contains message if some at, message in standby.unread

# --- Its scale

subjects contains w.at if some w in absent

missing[w.at] contains sprintf("%v is not declared", [w.title]) if some w in absent

absent contains w if {
	standby.paired
	system.other
	some name, _ in system.plants
	some w in system.absent_workloads[name]
}

plants := system.at(["spec", "plants"])

subjects contains plants if uneven

fails[plants] contains "the plants are made up of different numbers of workloads: not each has a counterpart" if uneven

uneven if {
	standby.paired
	count(system.plants.a.workloads) != count(system.plants.b.workloads)
}

# pairs are a workload of the standby and its counterpart.
pairs contains {"standby": w, "incumbent": v} if {
	standby.paired
	some i, ref in system.plants[system.other].workloads
	some w in system.all_by_key[system.reference_key(ref)]
	some v in system.all_by_key[system.reference_key(system.plants[system.incumbent].workloads[i])]
}

subjects contains p.standby.at if some p in pairs

passes contains w.at if {
	some w in {p.standby | some p in pairs}
	not fails[w.at]
	not unknowns[w.at]
}

fails[p.standby.at] contains sprintf("is declared with %v, and %v with %v", [scale.words(p.standby), system.title(p.incumbent), scale.words(p.incumbent)]) if {
	some p in pairs
	lower(p)
}

fails[p.standby.at] contains sprintf("may have no pod at all: it is declared with %v", [scale.words(p.standby)]) if {
	some p in pairs
	scale.fewest(p.standby) == 0
	not lower(p)
}

fails[p.standby.at] contains "may have no pod at all" if {
	some p in pairs
	scale.fewest(p.standby) == 0
	lower(p)
}

unknowns[p.standby.at] contains sprintf("how its number of pods compares with that of %v cannot be told", [system.title(p.incumbent)]) if {
	some p in pairs
	null in {n | some w in p; some n in bounds(w)}
	not alike(p)
}

bounds(w) := [scale.fewest(w), scale.most(w)]

lower(p) if {
	some i, n in bounds(p.standby)
	n != null
	n < bounds(p.incumbent)[i]
}

# alike(p) holds where neither workload has a number of pods of its own, and the platform gives both the same.
alike(p) if {
	p.standby.kind == p.incumbent.kind
	bounds(p.standby) == [null, null]
	bounds(p.incumbent) == [null, null]
}

# --- Its lag

lag := system.at(["spec", "standby"])

subjects contains lag if standby.paired

fails[lag] contains "spec.standby.maxLag is not declared" if {
	standby.paired
	not system.spec.standby.maxLag
}

fails[lag] contains sprintf("spec.standby.maxLag is %v", [system.spec.standby.maxLag]) if {
	standby.paired
	units.seconds(system.spec.standby.maxLag) <= 0
}

unknowns[lag] contains "how far the standby is behind is seen in evidence only" if standby.paired
