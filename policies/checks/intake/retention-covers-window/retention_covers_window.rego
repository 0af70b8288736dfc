# METADATA
# title: The intake is kept for longer than finding out and going back could take
# description: |
#   Asks whether the intake keeps its records for at least the longer of the proof's window and
#   the time to detect wrong output, and after that the rollback window and the time to repair.
#
#   Wrong output is repaired from the input that it was made of. Input that is gone when
#   the error is found cannot be read again.
# custom:
#   level: 2
#   kind: invariant
#   severity: critical
#   remediation: Raise the log's retention (in time; and its size limit, if it has one, to what the peak rate fills in that time), or shorten the windows that the System declares.
package pocdr.checks.intake.retention_covers_window

import data.pocdr.lib.access
import data.pocdr.lib.system
import data.pocdr.lib.units

logs := access.logs(system.spec.intake)

needed := max([units.seconds(system.spec.proof.window), units.seconds(system.spec.correction.timeToDetect)]) +
	units.seconds(system.spec.rollback.window) +
	units.seconds(system.spec.correction.timeToRepair)

subjects contains l.at if some l in logs

passes contains l.at if {
	some l in logs
	l.retention >= needed
}

passes contains l.at if {
	some l in logs
	l.retention == -1
}

fails[l.at] contains sprintf("keeps records for %v; the windows add up to %v", [units.words(l.retention), units.words(needed)]) if {
	some l in logs
	l.retention != null
	l.retention >= 0
	l.retention < needed
}

unknowns[l.at] contains "the retention is not declared, and the platform's default is not known" if {
	some l in logs
	l.retention == null
}
