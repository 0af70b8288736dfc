# METADATA
# title: Each outlet promises a declared schema, with a version and compatible both ways
# description: |
#   Asks whether each outlet has a contract that names a declared schema and a version, and promises to stay compatible both ways.
#
#   After a switch the readers meet records of the new release, and after going back those of the old
#   one again, while records of both lie in the outlet. Only a schema that each version can read of the other lets them go on.
# related_resources:
# - ref: https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html
#   description: Kinds of compatibility
# custom:
#   level: 3
#   kind: goal
#   severity: high
#   remediation: Declare the schema (a table of a store as store/table) and name it in the outlet's contract, with a version and compatibility Full.
package pocdr.checks.radius.contract_versioned

import data.pocdr.lib.contracts
import data.pocdr.lib.system

subjects contains at if some at, _ in contracts.absent

subjects contains contracts.at(i) if some i, _ in system.spec.outlets

fails[at] contains message if some at, message in contracts.absent

passes contains contracts.at(i) if {
	some i, outlet in system.spec.outlets
	versioned(outlet)
	outlet.contract.compatibility == "Full"
	count(contracts.schemas(outlet)) > 0
}

fails[contracts.at(i)] contains sprintf("outlet %v has no contract", [outlet.name]) if {
	some i, outlet in system.spec.outlets
	not outlet.contract
}

fails[contracts.at(i)] contains sprintf("the contract of outlet %v has no version", [outlet.name]) if {
	some i, outlet in system.spec.outlets
	outlet.contract
	not versioned(outlet)
}

fails[contracts.at(i)] contains sprintf("the contract of outlet %v promises no compatibility", [outlet.name]) if {
	some i, outlet in system.spec.outlets
	outlet.contract
	not outlet.contract.compatibility
}

fails[contracts.at(i)] contains sprintf("the contract of outlet %v promises compatibility %v, not Full", [outlet.name, outlet.contract.compatibility]) if {
	some i, outlet in system.spec.outlets
	outlet.contract.compatibility != "Full"
}

missing[contracts.at(i)] contains message if {
	some i, outlet in system.spec.outlets
	message := contracts.unfound(outlet)
}

versioned(outlet) if trim_space(outlet.contract.version) != ""
