# METADATA
# title: Every release that served in the look-back was proven first
# description: |
#   Asks whether each change of the incumbent's release within the look-back had a passing delivery proof before its switch. A look-back without any
#   change is unknown: what was not done shows nothing.
#
#   One proven delivery shows that it can be done. The delivery that breaks production is the one that was too small
#   or too urgent to be proven, and the history shows whether there are any.
# custom:
#   level: 5
#   kind: goal
#   severity: high
#   remediation: Deliver every change by a proof and a switch, a dependency update as much as a feature; close what was pushed through in an emergency by proving it afterwards.
#   awaits: [history, evidence]
package pocdr.checks.delivery.always_proven
