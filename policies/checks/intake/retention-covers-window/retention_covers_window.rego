# METADATA
# title: The intake is kept for longer than finding out and going back could take
# description: |
#   Asks whether the intake keeps its records for at least the longer of the proof's window and
#   the time to detect wrong output, and after that the rollback window and the time to repair.
#
#   Wrong output is repaired from the input that it was made of. Input that is gone when
#   the error is found cannot be read again. A log that keeps only the newest record of each key has lost the
#   others, however long it keeps that one; and one with a size limit forgets sooner the more comes in, so that its limit is
#   measured against the declared peak rate, taken to fall evenly on the partitions.
#   A window that is declared shorter than the Profile allows counts as what the Profile asks for.
# custom:
#   level: 2
#   kind: invariant
#   severity: critical
#   remediation: Raise the log's retention (in time; and its size limit, if it has one, to what spec.intake.peakRate fills in that time), delete by age and not by key, or shorten the windows that the System declares.
package pocdr.checks.intake.retention_covers_window

import data.pocdr.lib.logs
import data.pocdr.lib.system
import data.pocdr.lib.units
import data.pocdr.lib.windows

undeclared[system.at(["spec", section])] contains sprintf("spec.%v is not declared", [field]) if {
	input.system.declared
	some field, section in windows.sections
	not windows.declared[field]
}

subjects contains at if some at, _ in logs.absent

subjects contains at if some at, _ in logs.undeclared

subjects contains at if some at, _ in undeclared

# judged are the logs, once it is known for how long they must keep what they have.
judged := [l | windows.needed >= 0; some l in logs.intake]

subjects contains l.at if some l in judged

unknowns[at] contains message if {
	some at, message in logs.absent
	not input.system.declared
}

fails[at] contains message if {
	some at, message in logs.absent
	input.system.declared
}

missing[at] contains message if some at, message in logs.undeclared

fails[at] contains message if some message in undeclared[at]

passes contains l.at if {
	some l in judged
	l.compacted == false
	keeps(l)
}

keeps(l) if l.expires == false

keeps(l) if {
	long_enough(l)
	large_enough(l)
}

long_enough(l) if l.retention == -1

long_enough(l) if l.retention >= windows.needed

large_enough(l) if l.retentionBytes == -1

large_enough(l) if logs.lasts(l) >= windows.needed

fails[l.at] contains "keeps only the newest record of each key" if {
	some l in judged
	l.compacted == true
}

fails[l.at] contains sprintf("keeps records for %v; the windows add up to %v", [time(l.retention), time(windows.needed)]) if {
	some l in judged
	logs.limited(l.retention, l)
	l.retention < windows.needed
}

fails[l.at] contains sprintf("fills its size limit in %v at the peak rate; the windows add up to %v", [time(logs.lasts(l)), time(windows.needed)]) if {
	some l in judged
	logs.lasts(l) < windows.needed
}

unknowns[l.at] contains "its size is limited, and without a spec.intake.peakRate above 0 nobody can say how soon the limit is reached" if {
	some l in judged
	logs.limited(l.retentionBytes, l)
	not logs.peak > 0
}

unknowns[l.at] contains sprintf("%v is not declared, and the platform's default is not known", [what]) if {
	some l in judged
	some what in unsaid(l)
}

unsaid(l) := {what |
	some field, what in {"retention": "the retention", "retentionBytes": "whether its size is limited"}
	l.expires != false
	l[field] == null
} | {"the number of partitions, each of which has a size limit," | logs.limited(l.retentionBytes, l); l.partitions == null}

unknowns[l.at] contains "whether it keeps only the newest record of each key is not declared, and the platform's default is not known" if {
	some l in judged
	l.compacted == null
}

# time(s) writes seconds for people.
time(s) := units.words(floor(s))
