# METADATA
# title: Maintenance takes the same road as features
# description: |
#   Asks whether maintenance, as a signed change-kind or a difference in what the release is made of tells it, went this road in the look-back, the upgrades
#   of bedrock included.
#
#   Libraries, base images and platforms are what is postponed where each change is feared, and what fails in the largest
#   step once it cannot be postponed any longer. Where the plants stand, a proof is cheap, and an update is an ordinary day.
# custom:
#   level: 5
#   kind: goal
#   severity: medium
#   remediation: Deliver dependency updates and bedrock upgrades by the same switch, with the same proofs, often enough that the look-back has one; record the kind of each change as signed evidence.
#   awaits: [history, evidence]
package pocdr.checks.gate.routine
