# METADATA
# title: Each record says which release produced it, from which input
# description: |
#   Asks whether the contract of each outlet names the fields that carry the producer's release and the position in the intake, and whether the declared schema has them.
#
#   When a release turns out to have been wrong, the records to repair are those that it wrote, and they are made again
#   from the input at their positions. Records that carry neither cannot be told from the good ones.
# custom:
#   level: 3
#   kind: goal
#   severity: high
#   remediation: Add both fields to the schema, and name them as release and position in the outlet's contract.
package pocdr.checks.repair.provenance

import data.pocdr.lib.contracts
import data.pocdr.lib.system

carried := ["release", "position"]

subjects contains at if some at, _ in contracts.absent

subjects contains contracts.at(i) if some i, _ in system.spec.outlets

fails[at] contains message if some at, message in contracts.absent

fails[contracts.at(i)] contains sprintf("outlet %v has no contract", [outlet.name]) if {
	some i, outlet in system.spec.outlets
	not outlet.contract
}

fails[contracts.at(i)] contains sprintf("the contract of outlet %v names no field for the %v", [outlet.name, what]) if {
	some i, outlet in system.spec.outlets
	outlet.contract
	some what in carried
	not outlet.contract[what]
}

missing[contracts.at(i)] contains message if {
	some i, outlet in system.spec.outlets
	message := contracts.unfound(outlet)
}

passes contains contracts.at(i) if {
	some i, outlet in system.spec.outlets
	count(contracts.schemas(outlet)) > 0
	every what in carried {
		outlet.contract[what]
		not lacks(outlet, what)
	}
}

fails[contracts.at(i)] contains sprintf("schema %v has no field %v for the %v", [outlet.contract.schema, outlet.contract[what], what]) if {
	some i, outlet in system.spec.outlets
	some what in carried
	lacks(outlet, what)
	not perhaps(outlet, what)
}

unknowns[contracts.at(i)] contains sprintf("whether schema %v has the field %v for the %v cannot be told: it is declared in several documents", [outlet.contract.schema, outlet.contract[what], what]) if {
	some i, outlet in system.spec.outlets
	some what in carried
	lacks(outlet, what)
	perhaps(outlet, what)
}

# lacks(outlet, what) holds where a declaration of the schema does not have the field that the contract names.
lacks(outlet, what) if {
	field := outlet.contract[what]
	some s in contracts.schemas(outlet)
	not field in contracts.fields(s)
}

# perhaps(outlet, what) holds where another declaration of the schema has it, or where another document may take it away or not.
perhaps(outlet, what) if {
	some s in contracts.schemas(outlet)
	outlet.contract[what] in contracts.fields(s)
}

perhaps(outlet, what) if {
	some s in contracts.schemas(outlet)
	contracts.doubtful(s, outlet.contract[what])
}
