# METADATA
# title: What serves is not replaced in place
# description: |
#   Asks whether what the workloads of the selected plant run stays as it is, unless the switch is turned. A system whose mechanism is InPlace has no other way, and
#   is not asked.
#
#   A release that takes the place of what serves was never compared with it, and leaves nothing warm to go back to. The plant that
#   stands by takes the new release, and the switch makes it serve.
# custom:
#   level: 3
#   kind: transition
#   principle: delivery
#   severity: critical
#   remediation: Give the release to the plant that is not selected, prove it there, and deliver it by turning the switch.
package pocdr.transitions.release_kept

import data.pocdr.lib.standby
import data.pocdr.lib.system

sees := {"plant": system.incumbent, "runs": runs} if standby.paired

# runs has what each workload of the selected plant runs: its place, and the fields of its pods' template.
runs[system.title(w)] := {"at": w.at, "fields": t.fields} if {
	some w in system.actor_workloads[system.incumbent]
	some t in system.templates_of(w)
}

refuses[now.at] contains sprintf("%v serves, and is replaced in place: %v", [title, system.listed(changed)]) if {
	input.before.plant == input.after.plant
	some title, was in input.before.runs
	now := input.after.runs[title]
	was.fields != now.fields
	changed := differing(was.fields, now.fields) | differing(now.fields, was.fields)
}

# differing(a, b) are the fields of a that are others in b, or are not there.
differing(a, b) := {field | some field, value in a; object.get(b, field, null) != value}
