# METADATA
# title: Going back was rehearsed before the switch
# description: |
#   Asks whether there is a passing rollback proof, from the incumbent's release back to the previous one, from before the switch: carried out within
#   the objective, no older than the System and the Profile allow, and with the previous release reading what the new one had written.
#
#   A rollback that was never done is a hope. It fails at what nobody thought of: a record that the old release cannot
#   read, a credential that has expired, a step that takes an hour. One turn there and back, on a quiet day, finds all of it.
# custom:
#   level: 4
#   kind: goal
#   release: true
#   severity: critical
#   remediation: Carry out the rollback procedure while nobody drinks from the candidate, there and back, let the previous release read the new one's output, and record it as signed evidence before the switch.
#   awaits: [evidence]
package pocdr.checks.rollback.rehearsed
