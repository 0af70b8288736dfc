# METADATA
# title: The release that serves was proven before it served
# description: |
#   Asks whether the latest delivery proof of the incumbent's release passed, met the declared criteria on every partition of the
#   intake, and is older than the switch that selected it.
#
#   A proof of another release, of a part of the input, or from after the switch says nothing about what
#   downstream drank in the meantime. And when a release was proven twice, the later answer is the one that counts, also if it is no.
# custom:
#   level: 3
#   kind: goal
#   release: true
#   severity: critical
#   remediation: Run the candidate on all of the input beside the incumbent until the criteria are met, record the comparison as a signed delivery proof, and only then switch. A system that serves already proves its own release against itself.
#   awaits: [evidence]
package pocdr.checks.delivery.proven
