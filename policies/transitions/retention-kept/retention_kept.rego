# METADATA
# title: The intake is not made to forget sooner than the windows need
# description: |
#   Asks whether a change that lowers how long the intake keeps its records, by time or by size, leaves what the proof's window, the time to
#   detect, the rollback window and the time to repair add up to.
#
#   Input that is gone cannot be read again, and raising the retention later does not bring it back. That holds for an intake that
#   kept too little before, too.
# custom:
#   level: 2
#   kind: transition
#   principle: intake
#   severity: critical
#   remediation: Keep the log's retention and its size limit; or shorten the windows that the System declares first, by a change of its own.
package pocdr.transitions.retention_kept

import data.pocdr.lib.logs
import data.pocdr.lib.units
import data.pocdr.lib.windows

# needed is a set, since the windows may not be declared.
sees := {"needed": {windows.needed}, "logs": seen} if {
	windows.needed
} else := {"needed": set(), "logs": seen} if input.system.declared

seen := {object.union(object.filter(l, ["at", "platform", "scope", "name"]), {"limits": limits(l)}) | some l in logs.intake}

# limits(l) are those that are known to take records away, in seconds.
limits(l) := object.union({"retention": l.retention | logs.limited(l.retention, l)}, {"size limit": logs.lasts(l) | logs.lasts(l) >= 0})

refuses[l.at] contains sprintf("its %v is lowered to %v; %v", [what, time(seconds), short]) if {
	some was in input.before.logs
	some l in input.after.logs
	[l.platform, l.scope, l.name] == [was.platform, was.scope, was.name]
	some what, seconds in l.limits
	lowered(seconds, was.limits, what)
	short := short_of(seconds)
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

time(seconds) := units.words(floor(seconds))
