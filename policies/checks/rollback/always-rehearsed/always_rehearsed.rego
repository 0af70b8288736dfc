# METADATA
# title: Each change of the release had its way back rehearsed first
# description: |
#   Asks whether each change of the incumbent's release in the look-back had its rollback proof before it served. Where nothing changed, nothing is known.
#
#   It is the small change, the dependency update on a Friday, that goes out without a rehearsal because it is small. A habit shows
#   in the history, not in the last delivery.
# custom:
#   level: 5
#   kind: goal
#   severity: high
#   remediation: Make the rollback proof a step of every delivery, whatever is delivered, and keep the evidence for as long as the look-back.
#   awaits: [history, evidence]
package pocdr.checks.rollback.always_rehearsed
