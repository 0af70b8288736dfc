# METADATA
# title: The last switch changed the switch and nothing else
# description: |
#   Asks whether the commit of the last switch changed the switch object alone, of all that belongs to this system.
#
#   A switch that also brings a new image, another limit or one more grant delivers what no proof was
#   about; and going back then takes that along, or leaves it behind. One change to one object can be read by anyone, and undone by anyone who may.
# custom:
#   level: 4
#   kind: goal
#   severity: high
#   remediation: Change the switch's field in a commit of its own; deliver everything else to the plant that is not selected, before or after.
#   awaits: [history]
package pocdr.checks.switch.single
