# METADATA
# title: An error budget is declared, and what happens when it is spent
# description: |
#   Asks whether the objective leaves a budget of errors, and the System says what happens once it is spent.
#
#   A budget is what lets changes go on without an argument each time, and what stops them. One that
#   may be spent without anything happening bounds nothing.
# related_resources:
# - ref: https://sre.google/workbook/error-budget-policy/
#   description: An example of an error budget policy
# custom:
#   level: 5
#   kind: goal
#   severity: medium
#   remediation: Declare an objective below 100 %, and say in spec.objective.budget.whenSpent what happens when what it leaves is spent.
package pocdr.checks.radius.budgeted

import data.pocdr.lib.objective
import data.pocdr.lib.system

subjects contains objective.at

passes contains objective.at if count(faults) == 0

fails[objective.at] contains message if some message in faults

faults contains message if some message in objective.faults

faults contains "an objective of 100% leaves no budget" if objective.target == 100

faults contains "spec.objective.budget.whenSpent does not say what happens when the budget is spent" if {
	system.spec.objective
	not said
}

said if trim_space(system.spec.objective.budget.whenSpent) != ""
