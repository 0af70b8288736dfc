# METADATA
# title: The last switch can be taken back by a revert
# description: |
#   Asks whether reverting the commit of the last switch onto the head applies cleanly and gives this system the facts that it had before.
#
#   At the worst moment nobody should have to work out how to go back. A revert that conflicts, or that applies and
#   leaves another state than the one that served before, is found out now or then.
# custom:
#   level: 4
#   kind: goal
#   severity: high
#   remediation: Keep what was added since the switch apart from the switch object, and what the earlier plant needs in place, until a revert onto the head applies and restores the earlier state.
#   awaits: [history]
package pocdr.checks.switch.revertible
