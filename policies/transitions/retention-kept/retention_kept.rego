# METADATA
# title: The intake and the outlets are not made to forget sooner than the windows need
# description: |
#   Asks whether a change that lowers how long the intake keeps its records, or a log that is an outlet, by time, by size or by key, leaves what the proof's window, the time to
#   detect, the rollback window and the time to repair add up to. Of the outlets of plants, that of the selected plant is asked about, and that of the other one
#   while the rollback window is open. A size limit is measured against the intake's peak rate; how soon an outlet is full, nobody declares, so that its limit is not lowered at all.
#
#   Input that is gone cannot be read again, and raising the retention later does not bring it back. That holds for an intake that
#   kept too little before, too. An outlet is the intake of the valve, or of who is downstream: what it forgets before it was copied was never
#   delivered, and what it forgets before it was found to be wrong cannot be traced.
# custom:
#   level: 2
#   kind: transition
#   principle: intake
#   severity: critical
#   remediation: Keep the log's retention and its size limit; or shorten the windows that the System declares first, by a change of its own.
package pocdr.transitions.retention_kept

import data.pocdr.lib.access
import data.pocdr.lib.logs
import data.pocdr.lib.system
import data.pocdr.lib.turn
import data.pocdr.lib.units
import data.pocdr.lib.windows

# needed is a set, since the windows may not be declared.
sees := {"needed": {n | n := windows.needed}, "window": system.spec.rollback.window, "logs": seen} if input.system.declared

seen := {object.union(object.filter(l, ["at", "platform", "scope", "name", "compacted"]), {"of": of(r.path), "limits": limits(r.path, l), "bytes": {l.retentionBytes | logs.limited(l.retentionBytes, l)}}) |
	some r in access.references
	some declared in access.logs(r.ref)
	l := logs.complete(declared)
}

# of(path) is the standby where a log is the outlet of the plant that is not selected.
of(path) := "standby" if {
	array.slice(path, 0, 3) == ["spec", "plants", system.other]
} else := "what serves"

# limits(path, l) are those that are known to take records away, in seconds.
limits(path, l) := object.union({"retention": l.retention | logs.limited(l.retention, l)}, {"size limit": logs.lasts(l) | path == ["spec", "intake"]; logs.lasts(l) >= 0})

# pairs has each log that must stay as it was before the change and as it is after it, with why it must.
pairs contains [was, now, why] if {
	some was in input.before.logs
	why := bound[was.of]
	some now in input.after.logs
	[now.platform, now.scope, now.name] == [was.platform, was.scope, was.name]
}

bound["what serves"] := ""

bound.standby := turn.because if turn.open

refuses[now.at] contains sprintf("its %v is lowered to %v; %v%v", [what, time(seconds), short_of(seconds), why]) if {
	some [was, now, why] in pairs
	some what, seconds in now.limits
	lowered(seconds, was.limits, what)
}

lowered(_, limits_before, what) if not limits_before[what]

lowered(seconds, limits_before, what) if seconds < limits_before[what]

# short_of(seconds) says why that is too little; undefined where it is enough.
short_of(seconds) := "for how long it is needed is not declared" if {
	count(input.after.needed) == 0
} else := sprintf("the windows add up to %v", [time(needed)]) if {
	some needed in input.after.needed
	seconds < needed
}

refuses[now.at] contains sprintf("its size limit is lowered to %v bytes a partition; how soon that is full is not known%v", [bytes, why]) if {
	some [was, now, why] in pairs
	not now.limits["size limit"]
	some bytes in now.bytes
	every before in was.bytes { bytes < before }
}

refuses[now.at] contains sprintf("is made to keep only the newest record of each key%v", [why]) if {
	some [was, now, why] in pairs
	now.compacted == true
	was.compacted != true
}

time(seconds) := units.words(floor(seconds))
