# METADATA
# title: The standby runs the release that served before
# description: |
#   Asks whether the plant that is not selected runs, unchanged, what it ran when it was last selected. Which release that was is in the history only.
#
#   The way back leads to what is known to have worked. A standby that was patched in the meantime, by a new base image or another
#   limit, never served: going back to it is one more delivery, without a proof, in the worst hour for it.
# custom:
#   level: 4
#   kind: invariant
#   severity: critical
#   remediation: Leave the standby's workloads as they served until the rollback window closes; deliver the next candidate after that.
package pocdr.checks.standby.same_release

import data.pocdr.lib.standby
import data.pocdr.lib.system

subjects contains at if some at, _ in standby.absent

fails[at] contains message if some at, message in standby.absent

subjects contains at if some at, _ in standby.unread

unknowns[at] contains message if some at, message in standby.unread

subjects contains w.at if some w in absent

missing[w.at] contains sprintf("%v is not declared", [w.title]) if some w in absent

absent contains w if {
	standby.paired
	some w in system.absent_workloads[system.other]
}

subjects contains system.place(system.other) if standby.paired

unknowns[system.place(system.other)] contains sprintf("whether %v runs the release that served before is in the history only", [system.called(system.other)]) if {
	standby.paired
}
