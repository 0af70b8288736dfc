# METADATA
# title: Reading the input again was drilled lately
# description: |
#   Asks whether a drill that read the intake again from an earlier position, and came to the same
#   output, has passed within the age that the System allows.
#
#   That the input is kept does not say that it can be read again: readers change, schemas move on, and
#   how long it takes is only known once it was done.
# custom:
#   level: 5
#   kind: goal
#   severity: medium
#   remediation: Read the intake again from an earlier position into an outlet of its own, compare, and record the drill as signed evidence.
#   awaits: [evidence]
package pocdr.checks.intake.replay_drilled
