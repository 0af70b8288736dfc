# METADATA
# title: Committed positions are kept for as long as going back is promised
# description: |
#   Asks whether the instance that keeps the intake remembers the committed position of a group that reads nothing for at least the rollback window.
#   A window that is declared shorter than the Profile allows counts as what the Profile asks for.
#
#   A plant that is back after a pause goes on where it stopped, if somebody still knows where that was. Where the position is
#   forgotten it starts at the end or at the beginning of the log: it leaves records out, or does everything again, and either is wrong output.
# related_resources:
# - ref: https://kafka.apache.org/documentation/#brokerconfigs_offsets.retention.minutes
#   description: How long committed positions are kept, for one kind of log
# custom:
#   level: 4
#   kind: invariant
#   severity: high
#   remediation: Let the instance that keeps the intake keep committed positions for the rollback window or longer.
package pocdr.checks.standby.offsets_kept

import data.pocdr.lib.access
import data.pocdr.lib.logs
import data.pocdr.lib.standby
import data.pocdr.lib.system
import data.pocdr.lib.units

subjects contains at if some at, _ in lacking

fails[at] contains message if some at, message in lacking

lacking := object.union(logs.absent, standby.absent)

window := max([units.seconds(system.spec.rollback.window), units.seconds(input.profile.spec.rollback.minWindow)])

instances := {i | standby.paired; some i in access.instances_of(system.spec.intake)}

subjects contains d.at if some d in keepers

keepers contains d if {
	some i in instances
	some d in logs.defaults_of[i]
}

passes contains d.at if {
	some d in keepers
	d.positionsKept >= window
}

fails[d.at] contains sprintf("keeps the position of a group that reads nothing for %v; going back is promised for %v", [time(d.positionsKept), time(window)]) if {
	some d in keepers
	d.positionsKept != null
	d.positionsKept < window
}

unknowns[d.at] contains "for how long it keeps the position of a group that reads nothing is not known" if {
	some d in keepers
	d.positionsKept == null
}

intake := system.at(["spec", "intake"])

subjects contains intake if count(unseen) > 0

unknowns[intake] contains sprintf("%v, which keeps the intake, is not declared here: for how long it keeps a position is not known", [access.instance_title(i)]) if {
	some i in unseen
}

unseen contains i if {
	some i in instances
	not logs.defaults_of[i]
}

# time(s) writes seconds for people.
time(s) := units.words(floor(s))
