# METADATA
# title: What a delivery, the way back and a correction rest on is not taken back
# description: |
#   Asks whether the System still declares its plants and its valve, a switch that is not in place, what proves a candidate, the procedure of the rollback, who corrects what with which schema and how
#   soon, and the contracts of its outlets with what they promise. Whether what it declares is enough is asked by checks; what is added or is another
#   value within the Profile's bounds is no less. A system that is retiring is not asked.
#
#   A promise that is gone cannot be broken: nobody is proven by criteria that are not there, and in place nothing is delivered that could be
#   refused. In a repository the checks say so; a cluster does not show all that they read, and they are silent there.
# custom:
#   level: 3
#   kind: transition
#   principle: declaration
#   severity: high
#   remediation: Keep what the System declares; or write an Exemption for transitions/promises-kept, with the System as its subject and what is taken back as its path, and have it approved by who answers for the system.
package pocdr.transitions.promises_kept

import data.pocdr.lib.kept
import data.pocdr.lib.system

sees := {"retiring": system.spec.lifecycle == "Retiring", "declares": kept.weighed(array.concat(rows, contracts))} if input.system.declared

rows := [object.union(row, {"name": concat(".", array.concat(["spec"], row.field))}) | some row in [
	{"field": ["plants", "a"]},
	{"field": ["plants", "b"]},
	{"field": ["valve"]},
	{"field": ["switch", "mechanism"], "weights": {"InPlace": 0}},
	{"field": ["proof"]},
	{"field": ["rollback", "procedure"]},
	{"field": ["correction", "corrector"]},
	{"field": ["correction", "schema"]},
	{"field": ["correction", "timeToDetect"]},
	{"field": ["correction", "timeToRepair"]},
]]

# contracts are kept by the name of the outlet, wherever in the list it stands.
contracts := [object.union(row, {"name": sprintf("%v of the contract of outlet %v", [part, outlet.name]), "field": ["outlets", i, "contract", part]}) |
	some i, outlet in object.get(system.spec, "outlets", [])
	some part, row in parts
]

parts := {"version": {}, "compatibility": {"weights": {"Full": 3, "Backward": 2, "Forward": 2}}, "release": {}, "position": {}}

refuses[at] contains message if {
	some at, messages in kept.lighter
	some message in messages
}
