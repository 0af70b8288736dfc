# METADATA
# title: The release that ran before can be named
# description: |
#   Asks whether what ran before is still there, and has a version. Of two plants, the one that is not selected is asked about; both, where the switch cannot
#   be read: its workloads are declared, and each of their images has a digest or a tag that does not move. Otherwise
#   it is each workload that runs until stopped: it keeps at least one earlier revision, too.
#
#   To go back is to go back to something. Where the last release is whatever latest was last week, or its revision was thrown
#   away when the next one came, it is built anew in the middle of an outage, from what somebody remembers.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy
#   description: Earlier revisions, and how many are kept
# custom:
#   level: 1
#   kind: goal
#   severity: high
#   remediation: Name every image by digest, or by a tag of its own; let the workload keep earlier revisions, or declare a second plant that keeps the previous release.
package pocdr.checks.rollback.previous_kept

import data.pocdr.lib.images
import data.pocdr.lib.standby
import data.pocdr.lib.system

subjects contains at if some at, _ in plantless

fails[at] contains message if some at, message in plantless

plantless[at] := message if {
	input.system.declared
	some at, message in system.plantless
}

# keeping are the plants that may keep the previous release.
keeping := {system.other} if {
	standby.paired
	system.other
} else := object.keys(system.plants)

subjects contains w.at if {
	some name in keeping
	some w in system.absent_workloads[name]
}

missing[w.at] contains sprintf("%v is not declared", [w.title]) if {
	some name in keeping
	some w in system.absent_workloads[name]
}

# kept are the workloads of the previous release.
kept contains w if {
	standby.paired
	some name in keeping
	some w in system.actor_workloads[name]
}

# replaced are the workloads whose next release takes the place of the previous one.
replaced contains w if {
	not standby.paired
	some w in in_place
	w.lasting
}

in_place := system.workloads if {
	not input.system.declared
} else := [w | some name in keeping; some w in system.actor_workloads[name]]

# --- Revisions

subjects contains w.at if some w in replaced

passes contains w.at if {
	some w in replaced
	w.revisionsKept > 0
	count(images_of(w)) > 0
}

fails[w.at] contains "keeps no earlier revision" if {
	some w in replaced
	w.revisionsKept == 0
}

unknowns[w.at] contains "keeps no revisions of its own: what ran before is in the history only" if {
	some w in replaced
	w.revisionsKept == null
}

subjects contains system.at([]) if fleeting

unknowns[system.at([])] contains "nothing here runs until stopped: what ran before is in the history only" if fleeting

fleeting if {
	not standby.paired
	count(plantless) == 0
	count(replaced) == 0
}

# --- Images

images_of(w) := [c | some c in system.containers_of(w); c.role != "ephemeral"]

judged contains c if {
	some w in kept | replaced
	some c in images_of(w)
}

subjects contains images.at(c) if some c in judged

passes contains images.at(c) if {
	some c in judged
	count(images.faults(c)) == 0
	count(images.doubts(c)) == 0
}

fails[images.at(c)] contains message if {
	some c in judged
	some message in images.faults(c)
}

unknowns[images.at(c)] contains message if {
	some c in judged
	some message in images.doubts(c)
}

subjects contains w.at if some w in unseen

unknowns[w.at] contains sprintf("no container of %v can be seen", [system.title(w)]) if some w in unseen

unseen contains w if {
	some w in kept | replaced
	count(images_of(w)) == 0
}
