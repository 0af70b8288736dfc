# METADATA
# title: What an entrance refuses is not loosened
# description: |
#   Asks whether the mode of each entrance stays as strict as it is: Enforce, then Warn, then Record.
#
#   The mode decides whether any other rule binds. Loosening it for a moment is an exemption from everything, without an owner, a
#   reason or an end.
# custom:
#   level: 1
#   kind: transition
#   principle: gate
#   severity: critical
#   remediation: Keep the mode; or write an Exemption for what must pass, or for transitions/mode-kept with the System as its subject, and have it approved.
package pocdr.transitions.mode_kept

import data.pocdr.lib.system

sees := {"at": system.at(["spec", "modes"]), "modes": {entrance: object.get(system.spec, ["modes", entrance], "Enforce") | some entrance in ["ci", "admission", "audit"]}} if input.system.declared

strictness := {"Enforce": 2, "Warn": 1, "Record": 0}

refuses[array.concat(input.after.at, [entrance])] contains sprintf("is loosened from %v to %v", [input.before.modes[entrance], mode]) if {
	some entrance, mode in input.after.modes
	strictness[mode] < strictness[input.before.modes[entrance]]
}
