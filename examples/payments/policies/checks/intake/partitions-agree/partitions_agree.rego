# METADATA
# title: The plants' outlets have as many partitions as the intake
# description: |
#   Asks whether each log that a plant writes has as many partitions as the intake.
#
#   The valve cuts over at one position of each partition. Where an outlet has other partitions than the intake, a command's entries lie elsewhere
#   than the command, and no position of the one says which of the other were copied.
# custom:
#   level: 3
#   kind: invariant
#   severity: high
#   remediation: Declare the outlet with the intake's number of partitions, and fill it anew from the intake.
package acme.checks.intake.partitions_agree

partitions[l.name] := l.partitions if some l in input.facts.log

wanted := partitions[input.system.spec.intake.name]

outlets[outlet.name] := ["spec", "plants", plant, "outlets", i] if {
	some plant in ["a", "b"]
	some i, outlet in input.system.spec.plants[plant].outlets
}

at(name) := array.concat(input.system.at, outlets[name])

subjects contains at(name) if some name, _ in outlets

passes contains at(name) if {
	some name, _ in outlets
	partitions[name] == wanted
}

fails[at(name)] contains sprintf("%s has %v partitions, the intake has %v", [name, partitions[name], wanted]) if {
	some name, _ in outlets
	partitions[name] != wanted
}

not_applicable := "no plant has an outlet of its own" if count(outlets) == 0
