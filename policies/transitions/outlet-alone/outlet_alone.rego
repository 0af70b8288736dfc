# METADATA
# title: An outlet is repointed by a change of its own
# description: |
#   Asks whether a change by which the System, or one of its plants, names another outlet in the place of one that it named changes nothing else of the system.
#
#   Where output goes decides who drinks it. Bundled with a release, a repointed outlet lets that release serve without the switch, and
#   going back of the one takes the other along.
# custom:
#   level: 2
#   kind: transition
#   principle: switch
#   severity: critical
#   remediation: Declare the new outlet, and let it be written, first; then repoint to it by a change that does nothing else.
package pocdr.transitions.outlet_alone

import data.pocdr.lib.system

sees := {"document": input.system.at[0], "outlets": outlets} if input.system.declared

# outlets has where output goes, by the dotted path of the field that says so.
outlets["spec.outlets"] := names(system.spec.outlets)

outlets[concat(".", ["spec.plants", name, "outlets"])] := names(plant.outlets) if some name, plant in system.plants

names(list) := {concat(" ", [o.platform, object.get(o, "scope", ""), o.name]) | some o in list}

# repointed are the fields that name another outlet in the place of one that they named.
repointed contains field if {
	some field, was in input.before.outlets
	now := input.after.outlets[field]
	count(was - now) > 0
	count(now - was) > 0
}

refuses[o.at] contains sprintf("%v is repointed, and this is changed with it", [field]) if {
	some field in repointed
	some o in input.change.operations
	o.ours
	o.at[0] != input.before.document
}

refuses[array.concat(o.at, path)] contains sprintf("%v is repointed, and this is changed with it", [field]) if {
	some field in repointed
	some o in input.change.operations
	o.at[0] == input.before.document
	some path in o.paths
	not startswith(concat(".", [sprintf("%v", [step]) | some step in path]), field)
}
