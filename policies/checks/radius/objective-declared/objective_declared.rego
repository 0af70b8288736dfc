# METADATA
# title: A service level objective is declared
# description: |
#   Asks whether the System declares an objective: what is measured, the share that is promised, and over which time.
#
#   Without a number nobody can say whether a change did harm, and each says of his own change that it did
#   none. An objective of nothing, or over no time, is none.
# related_resources:
# - ref: https://sre.google/sre-book/service-level-objectives/
#   description: Service level objectives
# custom:
#   level: 3
#   kind: goal
#   severity: medium
#   remediation: Declare spec.objective with statement, target and window.
package pocdr.checks.radius.objective_declared

import data.pocdr.lib.objective

subjects contains objective.at

passes contains objective.at if count(objective.faults) == 0

fails[objective.at] contains message if some message in objective.faults
