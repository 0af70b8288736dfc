# METADATA
# title: What runs is what is declared
# description: |
#   Asks whether all that an observation of the cluster shows of this system (workloads, config, topology, access) is what the delivered commit declares,
#   and whether nothing runs beside it.
#
#   A change that was made by hand, at night, to get through an incident is in no commit: it was not proven, nobody reviews it, and
#   the next delivery undoes it without saying so. What was proven then was another system than the one that serves.
# custom:
#   level: 4
#   kind: goal
#   severity: high
#   remediation: Deliver the declared state again, or declare what was changed by hand; then record an observation that shows no difference.
#   awaits: [cluster]
package pocdr.checks.declaration.no_drift
