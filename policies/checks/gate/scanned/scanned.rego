# METADATA
# title: Every change is scanned, and a change that fails the scan fails the pipeline
# description: |
#   Asks whether a job of the repository's pipelines runs the scan on every proposed change, and whether the pipeline fails where the scan does.
#
#   What is judged now and then is what somebody thought to judge. A scan that runs at night finds the change that
#   went out in the morning, and one whose failure is waved through is a page that nobody reads.
# custom:
#   level: 1
#   kind: goal
#   severity: high
#   remediation: Run the scan of the whole repository, as the change leaves it, in a job that every proposed change starts, and let nothing swallow its exit status.
package pocdr.checks.gate.scanned

import data.pocdr.lib.system

scans := [p | some p in input.facts.pipeline; p.scans]

doubtful := [p | some p in scans; count(faults(p)) == 0]

guards := [p | some p in doubtful; count(p.doubts) == 0]

faults(p) := {"runs the scan, and not on every change" | not p.changes} |
	{"runs the scan, and the pipeline does not fail where it does" | p.tolerant}

# asked are the jobs that are asked about: one that guards is enough, whatever others do.
asked := guards if {
	count(guards) > 0
} else := doubtful if {
	count(doubtful) > 0
} else := scans

subjects contains p.at if some p in asked

passes contains p.at if some p in guards

fails[p.at] contains message if {
	some p in asked
	some message in faults(p)
}

unknowns[p.at] contains message if {
	some p in asked
	some message in p.doubts
}

subjects contains system.at([]) if count(asked) == 0

missing[system.at([])] contains "no pipeline runs the scan" if count(asked) == 0
